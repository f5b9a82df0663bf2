#include "host/json/schema.hpp"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>
#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

#include "host/json/strict_parse.hpp"

namespace marketplug::json::schema_test {
namespace {

Schema compiled(const std::string& text) { return Schema::compile(parse_or_throw(text, "schema")); }

/// "pointer: message" per error.
std::vector<std::string> errors(const std::string& schema, const std::string& data) {
  std::vector<std::string> lines;
  for (const auto& error : compiled(schema).validate(parse_or_throw(data, "data"))) {
    lines.push_back(error.pointer + ": " + error.message);
  }
  return lines;
}

using Lines = std::vector<std::string>;

const char* const kAccount = R"({
  "type": "object", "required": ["region"], "additionalProperties": false,
  "properties": {
    "region": {"type": "string", "enum": ["EU", "NA"], "default": "EU"},
    "marketplaces": {"type": "array", "items": {"type": "string"}},
    "authorization": {"oneOf": [{"$ref": "#/definitions/self"}, {"$ref": "#/definitions/website"}]}
  },
  "oneOf": [
    {"properties": {"region": {"const": "EU"}, "marketplaces": {"items": {"enum": ["NL", "DE"]}}}},
    {"properties": {"region": {"const": "NA"}, "marketplaces": {"items": {"enum": ["US"]}}}}
  ],
  "definitions": {
    "self": {"type": "object", "required": ["kind", "token"], "additionalProperties": false,
      "properties": {"kind": {"const": "self"}, "token": {"type": "string", "writeOnly": true},
                     "tries": {"type": "integer", "default": 3}}},
    "website": {"type": "object", "required": ["kind"], "additionalProperties": false,
      "properties": {"kind": {"const": "website"}, "uri": {"type": "string", "format": "uri"},
                     "draft": {"type": "boolean", "default": false}}}
  }
})";

struct Case {
  const char* schema;
  const char* data;
  Lines wanted;
};

class SchemaMessage : public testing::TestWithParam<Case> {};

TEST_P(SchemaMessage, IsForAPerson) {
  EXPECT_EQ(errors(GetParam().schema, GetParam().data), GetParam().wanted) << GetParam().schema;
}

INSTANTIATE_TEST_SUITE_P(
    Keywords, SchemaMessage,
    testing::Values(
        Case{R"({"type":"string"})", "1", {": must be text"}},
        Case{R"({"type":["integer","null"]})", "\"x\"", {": must be a whole number or null"}},
        Case{R"({"type":"integer"})", "1.0", {}},
        Case{R"({"enum":["NA","EU","FE"]})", "\"XX\"", {": must be one of NA, EU, FE"}},
        Case{
            R"({"enum":["",1,2.5,null,true]})", "0", {": must be one of \"\", 1, 2.5, null, true"}},
        Case{R"({"const":{"a":1}})", "{\"a\":2}", {": must be {\"a\":1}"}},
        Case{R"({"minimum":1})", "0", {": must be at least 1"}},
        Case{R"({"maximum":2.5})", "3", {": must be at most 2.5"}},
        Case{R"({"exclusiveMinimum":0})", "0", {": must be more than 0"}},
        Case{R"({"exclusiveMaximum":10})", "10", {": must be less than 10"}},
        Case{R"({"multipleOf":0.01})", "19.999", {": must be a multiple of 0.01"}},
        Case{R"({"multipleOf":0.01})", "19.99", {}},
        Case{R"({"maximum":18446744073709551614})",
             "18446744073709551615",
             {": must be at most 18446744073709551614"}},
        Case{R"({"minLength":1})", "\"\"", {": must not be empty"}},
        Case{R"({"minLength":3})", "\"é\U0001F600\"", {": must have at least 3 characters"}},
        Case{R"({"maxLength":1})", "\"ab\"", {": must have at most 1 character"}},
        Case{R"({"pattern":"^[A-Z]+$","examples":["ABC"]})",
             "\"x\"",
             {": does not have the expected form, for example ABC (pattern ^[A-Z]+$)"}},
        Case{R"({"format":"date"})", "\"2026-02-29\"", {": must be a date such as 2026-01-31"}},
        Case{R"({"format":"email"})", "\"x\"", {": must be an e-mail address"}},
        Case{R"({"format":"password"})", "\"x\"", {}},
        Case{R"({"minItems":2})", "[1]", {": must have at least 2 items"}},
        Case{R"({"maxItems":1})", "[1,2]", {": must have at most 1 item"}},
        Case{R"({"uniqueItems":true})", "[1,2,1.0]", {"/2: is in the list twice"}},
        Case{R"({"items":{"type":"string"}})",
             "[\"a\",1,2]",
             {"/1: must be text", "/2: must be text"}},
        Case{R"({"required":["a/b","c"]})", "{}", {"/a~1b: is required", "/c: is required"}},
        Case{R"({"properties":{"a":{}},"additionalProperties":false})",
             R"({"a":1,"b":2})",
             {"/b: is not known here"}},
        Case{R"({"minProperties":1})", "{}", {": must have at least 1 member"}},
        Case{R"({"dependencies":{"a":["b"]}})", R"({"a":1})", {"/b: is required where a is given"}},
        Case{R"({"properties":{"a":false}})", R"({"a":1})", {"/a: is not allowed here"}},
        Case{R"({"not":{"type":"string"}})", "\"x\"", {": has a form that is not allowed here"}},
        Case{R"({"contains":{"type":"string"}})",
             "[1]",
             {": lacks an item of the form that must be there"}},
        Case{
            R"({"anyOf":[{"type":"string"},{"type":"array"}]})", "1", {": must be text or a list"}},
        Case{R"({"anyOf":[{"required":["a","b"]},{"required":["c"]}]})", "{}", {"/c: is required"}},
        Case{R"({"oneOf":[{"type":"string"},{"minLength":1}]})",
             "\"x\"",
             {": fits more than one of the forms that are allowed here"}},
        Case{R"({"if":{"required":["a"]},"then":{"required":["b"]}})",
             R"({"a":1})",
             {"/b: is required"}}));

INSTANTIATE_TEST_SUITE_P(
    Choices, SchemaMessage,
    testing::Values(Case{kAccount,
                         R"({"region":"EU","marketplaces":["NL","US"]})",
                         {"/marketplaces/1: must be one of NL, DE"}},
                    // The enum beside it and the oneOf say the same: once is enough.
                    Case{kAccount, R"({"region":"XX"})", {"/region: must be one of EU, NA"}},
                    Case{kAccount,
                         R"({"region":"EU","authorization":{"kind":"webside"}})",
                         {"/authorization/kind: must be one of self, website"}},
                    Case{kAccount,
                         R"({"region":"EU","authorization":{"token":"x"}})",
                         {"/authorization/kind: is required"}},
                    Case{kAccount,
                         R"({"region":"EU","authorization":{"kind":"self","tokn":"x"}})",
                         {"/authorization/token: is required",
                          "/authorization/tokn: is not known here"}},
                    Case{kAccount,
                         R"({"region":"EU","authorization":7})",
                         {"/authorization: must be an object with members"}}));

TEST(Schema, SaysWhatWouldBeKnown) {
  const auto found = compiled(kAccount).validate(
      parse_or_throw(R"({"region":"EU","authorization":{"kind":"website","url":"x"}})", "data"));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].keyword, "additionalProperties");
  EXPECT_EQ(found[0].property, "url");
  EXPECT_EQ(found[0].known, (Lines{"kind", "uri", "draft"}));
  EXPECT_EQ(found[0].schema_pointer, "/definitions/website/additionalProperties");
}

TEST(Schema, NeverQuotesTheData) {
  for (const char* schema : {R"({"type":"integer"})", R"({"enum":["a"]})", R"({"const":"a"})",
                             R"({"pattern":"^a$"})", R"({"maxLength":1})", R"({"format":"uri"})",
                             R"({"oneOf":[{"const":"a"},{"const":"b"}]})"}) {
    for (const auto& line : errors(schema, "\"Atzr|secret\"")) {
      EXPECT_EQ(line.find("secret"), std::string::npos) << line;
    }
  }
}

TEST(Schema, RefusesWhatIsNotASchemaWithAPointer) {
  const std::vector<std::pair<const char*, const char*>> kBroken{
      {"[]", "\"\""},
      {R"({"type":"text"})", "/type"},
      {R"({"type":[]})", "/type"},
      {R"({"properties":{"a":{"minimum":"1"}}})", "/properties/a/minimum"},
      {R"({"minLength":-1})", "/minLength"},
      {R"({"minLength":1.5})", "/minLength"},
      {R"({"pattern":"("})", "/pattern"},
      {R"({"patternProperties":{"[":{}}})", "/patternProperties/["},
      {R"({"required":"a"})", "/required"},
      {R"({"enum":{}})", "/enum"},
      {R"({"allOf":[]})", "/allOf"},
      {R"({"oneOf":{}})", "/oneOf"},
      {R"({"items":1})", "/items"},
      {R"({"uniqueItems":1})", "/uniqueItems"},
      {R"({"multipleOf":0})", "/multipleOf"},
      {R"({"format":1})", "/format"},
      {R"({"properties":[]})", "/properties"},
      {R"({"dependencies":{"a":[1]}})", "/dependencies/a"},
      {R"({"$ref":"#/definitions/none"})", "/$ref"},
      {R"({"$ref":"http://example.com/other"})", "/$ref"},
      {R"({"$ref":1})", "/$ref"},
  };
  for (const auto& [text, pointer] : kBroken) {
    try {
      compiled(text);
      ADD_FAILURE() << text;
    } catch (const std::invalid_argument& error) {
      EXPECT_NE(std::string(error.what()).find(pointer), std::string::npos) << error.what();
    }
  }
}

TEST(Schema, EndsOnSchemasWithoutEnd) {
  const Lines endless{
      ": cannot be checked: the schema refers to itself without end or is too complex"};
  EXPECT_EQ(errors(R"({"$ref":"#"})", "1"), endless);
  EXPECT_EQ(errors(R"({"allOf":[{"$ref":"#"},{"$ref":"#"}]})", "1"), endless);
  EXPECT_EQ(errors(R"({"not":{"$ref":"#"}})", "1"), endless);
  std::string doubling = R"({"$ref":"#/definitions/d0","definitions":{)";
  for (int i = 0; i < 60; ++i) {
    const auto next = "{\"$ref\":\"#/definitions/d" + std::to_string(i + 1) + "\"}";
    doubling += "\"d" + std::to_string(i) + "\":{\"anyOf\":[" + next + "," + next + "]},";
  }
  doubling += R"("d60":false}})";
  EXPECT_EQ(errors(doubling, "1"), endless);
}

TEST(Schema, EndsOnPatternsThatRunAway) {
  const auto start = std::chrono::steady_clock::now();
  const std::string evil = "\"" + std::string(40, 'a') + "!\"";
  EXPECT_EQ(errors(R"({"pattern":"^(a+)+$"})", evil).size(), 1u);
  const std::string large = "\"" + std::string(1'000'000, 'a') + "\"";
  errors(R"({"pattern":"^(a|b)*$"})", large);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST(Schema, AnchorsPatternsAtTheTextNotAtItsLines) {
  EXPECT_EQ(errors(R"({"pattern":"^[a-z]+$"})", R"("abc")").size(), 0u);
  EXPECT_EQ(errors(R"({"pattern":"^[a-z]+$"})", R"("abc\n")").size(), 1u);
  EXPECT_EQ(errors(R"({"pattern":"^[a-z]+$"})", R"("abc\n123")").size(), 1u);
  EXPECT_EQ(errors(R"({"pattern":"^.$"})", "\"\U0001F600\"").size(), 0u);
}

std::string with_defaults(const std::string& schema, const std::string& data) {
  auto value = parse_or_throw(data, "data");
  compiled(schema).apply_defaults(value);
  return boost::json::serialize(value);
}

TEST(Schema, FillsInDefaults) {
  const char* group = R"({"properties":{"a":{"default":1},
    "g":{"default":{},"properties":{"b":{"default":"x"},"c":{}}},
    "h":{"properties":{"d":{"default":true}}}}})";
  EXPECT_EQ(with_defaults(group, "{}"), R"({"a":1,"g":{"b":"x"}})");
  EXPECT_EQ(with_defaults(group, R"({"a":2,"g":{"b":null},"h":{}})"),
            R"({"a":2,"g":{"b":null},"h":{"d":true}})");
  EXPECT_EQ(with_defaults(R"({"items":{"properties":{"a":{"default":1}}}})", "[{},{\"a\":2},3]"),
            R"([{"a":1},{"a":2},3])");
  EXPECT_EQ(with_defaults(R"({"additionalProperties":{"properties":{"a":{"default":1}}}})",
                          R"({"x":{}})"),
            R"({"x":{"a":1}})");
  EXPECT_EQ(with_defaults(R"({"if":{"required":["a"]},"then":{"properties":{"b":{"default":1}}},
                              "else":{"properties":{"c":{"default":1}}}})",
                          R"({"a":0})"),
            R"({"a":0,"b":1})");
}

TEST(Schema, FillsInDefaultsOfTheChosenBranchOnly) {
  EXPECT_EQ(with_defaults(kAccount, R"({"authorization":{"kind":"self","token":"t"}})"),
            R"({"authorization":{"kind":"self","token":"t","tries":3},"region":"EU"})");
  EXPECT_EQ(with_defaults(kAccount, R"({"authorization":{"kind":"website"}})"),
            R"({"authorization":{"kind":"website","draft":false},"region":"EU"})");
  EXPECT_EQ(with_defaults(kAccount, R"({"region":"NA","authorization":{"kind":"none"}})"),
            R"({"region":"NA","authorization":{"kind":"none"}})");
}

TEST(Schema, StopsDefaultsThatContainThemselves) {
  EXPECT_EQ(with_defaults(R"({"properties":{"a":{"$ref":"#/definitions/n"}},
    "definitions":{"n":{"default":{},"properties":{"a":{"$ref":"#/definitions/n"}}}}})",
                          "{}"),
            R"({"a":{}})");
}

TEST(Schema, FindsTheSubschemaOfAPlace) {
  const auto schema = compiled(kAccount);
  const auto data = parse_or_throw(
      R"({"region":"EU","marketplaces":["NL"],"authorization":{"kind":"self","token":"x"}})",
      "data");
  const auto* token = schema.at(data, "/authorization/token");
  ASSERT_NE(token, nullptr);
  EXPECT_EQ(token->at("writeOnly"), boost::json::value(true));
  EXPECT_EQ(schema.at(data, "/authorization/uri"), nullptr);
  EXPECT_EQ(schema.at(data, "/authorization/tries")->at("type"), "integer");
  EXPECT_EQ(schema.at(data, "/marketplaces/0")->at("type"), "string");
  EXPECT_EQ(schema.all_at(data, "/marketplaces/0").size(), 2u);
  EXPECT_EQ(schema.at(data, "/nothing"), nullptr);
  EXPECT_EQ(schema.at(data, "/marketplaces/x"), nullptr);
  EXPECT_EQ(schema.at(data, "no pointer"), nullptr);
  EXPECT_EQ(schema.at(data, "")->at("type"), "object");
}

TEST(Schema, FindsDefaultsThatTheirOwnSchemaRefuses) {
  const auto wrong = compiled(R"({"properties":{"a":{"type":"integer","default":"x"},
    "g":{"type":"object","required":["b"],"default":{}}}})")
                         .check_defaults();
  ASSERT_EQ(wrong.size(), 1u);
  EXPECT_EQ(wrong[0].pointer, "/properties/a/default");
}

TEST(Schema, ResolvesOtherDocumentsThroughTheHook) {
  const auto schema = Schema::compile(
      parse_or_throw(R"({"items":{"$ref":"http://example.com/a.json#/definitions/b"}})", "schema"),
      [](std::string_view uri) -> std::optional<boost::json::value> {
        if (uri != "http://example.com/a.json") return std::nullopt;
        return parse_or_throw(R"({"definitions":{"b":{"type":"integer"}}})", "a.json");
      });
  EXPECT_TRUE(schema.validate(parse_or_throw("[1]", "data")).empty());
  EXPECT_EQ(schema.validate(parse_or_throw("[\"x\"]", "data")).size(), 1u);
}

}  // namespace
}  // namespace marketplug::json::schema_test
