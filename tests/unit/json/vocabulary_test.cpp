#include "host/json/vocabulary.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "host/json/pointer.hpp"
#include "host/json/strict_parse.hpp"

namespace marketplug::json::vocabulary_test {
namespace {

namespace fs = std::filesystem;

boost::json::value read_json(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return parse_or_throw(text, file.string());
}

std::vector<fs::path> own_schemas() {
  std::vector<fs::path> files;
  for (const auto& entry :
       fs::recursive_directory_iterator(fs::path(MARKETPLUG_SOURCE_DIR) / "schemas")) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  return files;
}

std::vector<std::string> errors(const std::string& text) {
  std::vector<std::string> lines;
  for (const auto& error : check_vocabulary(parse_or_throw(text, "schema"))) {
    lines.push_back(error.pointer + ": " + error.message);
  }
  return lines;
}

TEST(Vocabulary, HoldsForEveryOwnSchemaItselfIncluded) {
  ASSERT_GE(own_schemas().size(), 8u);
  for (const auto& file : own_schemas()) {
    for (const auto& error : check_vocabulary(read_json(file))) {
      ADD_FAILURE() << file.filename() << " " << error.pointer << ": " << error.message;
    }
  }
}

TEST(Vocabulary, OwnSchemasAreDraft7) {
  const auto meta = Schema::compile(
      read_json(fs::path(MARKETPLUG_SOURCE_DIR) / "tests/unit/json/draft-07.schema.json"));
  for (const auto& file : own_schemas()) {
    EXPECT_TRUE(meta.validate(read_json(file)).empty()) << file;
  }
}

/// Title and description stand at every property: the page and the docs show them.
void expect_described(const boost::json::value& schema, const std::string& where) {
  const auto* object = schema.if_object();
  if (object == nullptr) return;
  if (const auto* properties = object->if_contains("properties")) {
    for (const auto& member : properties->as_object()) {
      const auto at = join_pointer(where + "/properties", member.key());
      const auto& property = member.value().as_object();
      // A property that only tells a branch apart is described where it is a setting.
      if (property.size() == 1 && property.contains("const")) continue;
      EXPECT_TRUE(property.contains("title") && property.contains("description")) << at;
      expect_described(member.value(), at);
    }
  }
  if (const auto* definitions = object->if_contains("definitions")) {
    for (const auto& member : definitions->as_object()) {
      expect_described(member.value(), where + "/definitions");
    }
  }
  for (const char* keyword : {"items", "additionalProperties"}) {
    if (const auto* below = object->if_contains(keyword)) {
      expect_described(*below, where + "/" + keyword);
    }
  }
}

TEST(Vocabulary, OwnSchemasAreDescribedEverywhere) {
  for (const auto& file : own_schemas()) {
    const auto document = read_json(file);
    EXPECT_TRUE(document.as_object().contains("title")) << file;
    EXPECT_TRUE(document.as_object().contains("description")) << file;
    expect_described(document, file.filename().string());
  }
}

TEST(Vocabulary, AcceptsTheWholeOfItself) {
  EXPECT_EQ(errors(R"({
    "$schema": "http://json-schema.org/draft-07/schema#", "$id": "https://example.com/settings",
    "title": "T", "description": "D", "type": "object", "required": ["a"],
    "additionalProperties": false, "x-order": ["a", "b"],
    "definitions": {"secret": {"type": "string", "writeOnly": true, "format": "password"}},
    "properties": {
      "a": {"type": ["string", "null"], "enum": ["x", null], "default": "x", "examples": ["x"],
            "minLength": 0, "maxLength": 9, "pattern": "^x$", "x-group": "G", "x-advanced": true,
            "x-widget": "select", "x-options-from": "marketplaces", "x-i18n": {"nl": {"title": "N"}}},
      "b": {"type": "boolean", "x-capability": "shipment-sink", "x-order": 2},
      "c": {"$ref": "#/definitions/secret", "title": "C", "x-order": 3},
      "d": {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 2},
            "minItems": 0, "maxItems": 3, "uniqueItems": true},
      "e": {"type": "object", "additionalProperties": {}},
      "f": {"oneOf": [
        {"type": "object", "properties": {"kind": {"const": "self"}}},
        {"type": "object", "properties": {"kind": {"const": "website"}}}]}
    }})"),
            std::vector<std::string>());
}

struct Refused {
  const char* schema;
  const char* error;
};

class VocabularyRefuses : public testing::TestWithParam<Refused> {};

TEST_P(VocabularyRefuses, WithAPointer) {
  const auto found = errors(GetParam().schema);
  EXPECT_NE(std::find(found.begin(), found.end(), GetParam().error), found.end())
      << GetParam().schema << "\n"
      << testing::PrintToString(found);
}

INSTANTIATE_TEST_SUITE_P(
    Schemas, VocabularyRefuses,
    testing::Values(
        Refused{"[]", ": must be a schema: an object with members"},
        Refused{R"({"allOf":[{}]})", "/allOf: is not a keyword of the settings vocabulary"},
        Refused{R"({"properties":{"a":{"if":{}}}})",
                "/properties/a/if: is not a keyword of the settings vocabulary"},
        Refused{R"({"definitions":{"a":{"items":{"not":{}}}}})",
                "/definitions/a/items/not: is not a keyword of the settings vocabulary"},
        Refused{R"({"additionalProperties":{"anyOf":[]}})",
                "/additionalProperties/anyOf: is not a keyword of the settings vocabulary"},
        Refused{R"({"x-other":1})", "/x-other: is not a keyword of the settings vocabulary"},
        Refused{R"({"type":["string","integer"]})",
                "/type: must be one type, or one type and null"},
        Refused{R"({"type":["null","null"]})", "/type: must be one type, or one type and null"},
        Refused{R"({"type":"text"})", "/type: must be one type, or one type and null"},
        Refused{R"({"additionalProperties":true})",
                "/additionalProperties: must be false or one schema"},
        Refused{R"({"items":[{}]})", "/items: must be one schema"},
        Refused{R"({"format":"ipv4"})",
                "/format: must be one of date, date-time, uri, email, password"},
        Refused{R"({"properties":{"a":{"$ref":"http://example.com/x"}}})",
                "/properties/a/$ref: does not have the expected form, for example "
                "#/definitions/secret (pattern ^#(/definitions/.+)?$)"},
        Refused{
            R"({"definitions":{"s":{}},"properties":{"a":{"$ref":"#/definitions/s","default":1}}})",
            "/properties/a/default: has no effect beside $ref"},
        Refused{
            R"({"properties":{"a":{"$ref":"#/definitions/none"}}})",
            ": the schema at \"/properties/a/$ref\": the reference \"#/definitions/none\" leads "
            "nowhere"},
        Refused{R"({"type":"integer","writeOnly":true})",
                "/writeOnly: is only for a schema of type string"},
        Refused{R"({"type":"string","x-capability":"order-source"})",
                "/x-capability: is only for a schema of type boolean"},
        Refused{R"({"x-order":"first"})", "/x-order: must be a whole number or a list of names"},
        Refused{R"({"pattern":"("})", "/pattern: must be a regular expression"},
        Refused{R"({"type":"integer","default":"x"})", "/default: must be a whole number"},
        Refused{R"({"oneOf":[{"type":"string"}]})",
                "/oneOf/0: must have exactly one property that is a const text: it tells the "
                "branches apart"},
        Refused{R"({"oneOf":[{"properties":{"k":{"const":"a"},"l":{"const":"b"}}}]})",
                "/oneOf/0: must have exactly one property that is a const text: it tells the "
                "branches apart"},
        Refused{
            R"({"oneOf":[{"properties":{"k":{"const":"a"}}},{"properties":{"k":{"const":"a"}}}]})",
            "/oneOf/1: has the same const text as another branch"},
        Refused{
            R"({"oneOf":[{"properties":{"k":{"const":"a"}}},{"properties":{"l":{"const":"b"}}}]})",
            "/oneOf: must tell all branches apart by one property of one name"},
        Refused{R"({"oneOf":[{"$ref":"#/oneOf/0"}]})",
                "/oneOf/0: must have exactly one property that is a const text: it tells the "
                "branches apart"}));

}  // namespace
}  // namespace marketplug::json::vocabulary_test
