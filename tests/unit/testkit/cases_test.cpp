// What is wrong with cases.json is told with file, place, cause and remedy.
#include "host/testkit/cases.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "host/json/pointer.hpp"
#include "marketplug/model/time.hpp"
#include "tests/unit/testkit/folder.hpp"

namespace marketplug::testkit::cases_test {
namespace {

using boost::json::value;

constexpr const char* kSound = R"({
  "hosts": ["api.example.com"],
  "settings": {"api": "https://api.example.com", "api_key": "given"},
  "bad_settings": [{}],
  "secrets": {"/api_key": "key-{canary}"},
  "exchanges": [
    {"request": {"method": "POST", "path": "/set"}, "answer": {"json": {"a": 1}},
     "each": "/items", "effect": "{body:/order} {item:/sku} {query:q} {path:1}"},
    {"request": {"method": "GET", "path": "/get", "query": {"page": "2", "old": null}},
     "if_effect": "{body:/order}", "answer": {"file": "get.txt"}, "times": 2}
  ],
  "refusals": {"429": {"text": "slow down"}},
  "stock": {"good": [{"sku": "MUG", "quantity": 1}, {"sku": "CUP", "quantity": 2}]},
  "orders": {"expect": {"A1": {"state": "open"}}, "parked": ["A3"], "unknown": "A9"},
  "audit": {"from": "2026-11-20T00:00:00Z", "until": "2026-11-23T00:00:00Z",
            "changed": ["A1", "A2"], "placed": ["A1"]},
  "returns": {"expect": {"R1": {"state": "closed"}}, "parked": ["R9"]}
})";

class CasesTest : public ::testing::Test {
 protected:
  CasesTest() { folder.write("get.txt", "HTTP/1.1 203 Odd\r\nX-Age: 7\r\n\r\nbody"); }

  Cases read(const std::string& text) {
    folder.write("cases.json", text);
    return read_cases(folder.path());
  }
  /// The message about the sound cases with another value at a place.
  std::string refusal(const std::string& pointer, const std::string& changed) {
    value cases = boost::json::parse(kSound);
    json::find_value(cases, json::parent_pointer(pointer))
        ->as_object()[json::split_pointer(pointer)->back()] = boost::json::parse(changed);
    return refusal_of(boost::json::serialize(cases));
  }
  std::string refusal_of(const std::string& text) {
    try {
      read(text);
    } catch (const CasesError& error) {
      return error.what();
    }
    return "taken";
  }

  test::Folder folder;
};

TEST_F(CasesTest, ReadsWhatIsThere) {
  const auto cases = read(kSound);
  EXPECT_EQ(cases.file, folder.path("cases.json"));
  ASSERT_EQ(cases.exchanges.size(), 2u);
  const auto& first = cases.exchanges[0];
  EXPECT_EQ(first.pointer, "/exchanges/0");
  EXPECT_EQ(first.answer.status, 200);
  EXPECT_EQ(first.answer.body, R"({"a":1})");
  EXPECT_EQ(first.answer.header("content-type"), "application/json");
  const auto& second = cases.exchanges[1];
  EXPECT_EQ(second.query.at("page"), "2");
  EXPECT_EQ(second.query.at("old"), std::nullopt);
  EXPECT_EQ(second.answer.status, 203);
  EXPECT_EQ(second.answer.body, "body");
  EXPECT_EQ(second.times, 2);
  EXPECT_EQ(cases.refusals.at("429").body, "slow down");
  EXPECT_EQ(cases.sinks.at("stock").good.size(), 2u);
  EXPECT_TRUE(cases.has_orders);
  EXPECT_EQ(cases.unknown_order, "A9");
  EXPECT_EQ(cases.now, parse_time("2026-11-23T10:00:00Z"));
  ASSERT_TRUE(cases.audit);
  EXPECT_EQ(cases.audit->from, parse_time("2026-11-20T00:00:00Z"));
  EXPECT_EQ(cases.audit->until, parse_time("2026-11-23T00:00:00Z"));
  EXPECT_EQ(cases.audit->changed, (std::vector<std::string>{"A1", "A2"}));
  EXPECT_EQ(cases.audit->placed, std::vector<std::string>{"A1"});
  EXPECT_TRUE(cases.has_returns);
  EXPECT_EQ(cases.expected_returns.size(), 1u);
  EXPECT_EQ(cases.parked_returns, std::vector<std::string>{"R9"});
}

/// Each mistake, and what of the message a person needs: the place, the cause, a remedy.
TEST_F(CasesTest, NamesPlaceCauseAndRemedy) {
  struct Mistake {
    const char *pointer, *changed;
    std::vector<const char*> told;
  };
  const std::vector<Mistake> mistakes{
      {"/hostss", "[]", {"hostss"}},
      {"/now", "\"tomorrow\"", {"/now"}},
      {"/bad_settings", "[]", {"/bad_settings"}},
      {"/secrets", R"({"/apikey": "{canary}"})", {"/secrets", "/apikey is no text in /settings"}},
      {"/secrets/~1api_key", "\"no mark\"", {"/secrets/~1api_key"}},
      {"/refusals", R"({"4229": {}})", {"/refusals", "4229", "no HTTP status", "429"}},
      {"/refusals/429/json", "{}", {"/refusals/429", "more than one of json, text and file"}},
      {"/exchanges/0/request/path", "\"set\"", {"/exchanges/0/request/path"}},
      {"/exchanges/0/each", "\"items\"", {"/exchanges/0/each"}},
      {"/exchanges/0/effect", "\"{bdy:/order}\"", {"/exchanges/0/effect", "{bdy:/order}", "{item"}},
      {"/exchanges/0/effect", "\"{body:/order\"", {"/exchanges/0/effect", "stands for nothing"}},
      {"/exchanges/0/effect", "\"{body}\"", {"/exchanges/0/effect", "{body}"}},
      {"/exchanges/1/if_effect", "\"{item:/a}\"", {"/exchanges/1/if_effect", "needs `each`"}},
      {"/exchanges/1/each", "\"/a\"", {"/exchanges/1", "`each` without `effect`"}},
      {"/exchanges/1/times", "0", {"/exchanges/1/times"}},
      {"/exchanges/1/unmetered", "\"short\"", {"/exchanges/1/unmetered"}},
      {"/exchanges/1/answer/file",
       "\"none.txt\"",
       {"/exchanges/1/answer/file", "none.txt", "curl -i"}},
      {"/exchanges/1/answer/status", "500", {"/exchanges/1/answer", "has a file and more"}},
      {"/stock/good", R"([{"sku": "MUG", "quantity": 1}])", {"/stock/good"}},
      {"/stock/good",
       R"([{"sku": "MUG", "quantity": 1}, {"sku": "CUP", "quantity": -2}])",
       {"/stock/good/1/quantity"}},
      {"/stock/bad", R"([{"quantity": 1}])", {"/stock/bad/0", "sku"}},
      {"/rotation",
       R"({"secret": "/key", "exchanges": [{"request": {"method": "GET",
        "path": "/"}, "answer": {}}]})",
       {"/rotation/secret", "/key is no text in /settings"}},
      {"/audit/until", "\"2026-11-20T00:00:00Z\"", {"/audit", "ends before it begins"}},
      {"/audit/from", "\"yesterday\"", {"/audit/from"}},
      {"/audit/placed", "[]", {"/audit/placed"}},
      {"/returns/expect", "{}", {"/returns/expect"}},
      {"/skips", R"({"D7": "so"})", {"/skips/D7"}},
  };
  for (const auto& mistake : mistakes) {
    const auto text = refusal(mistake.pointer, mistake.changed);
    EXPECT_TRUE(text.starts_with(folder.path("cases.json") + ": /")) << text;
    EXPECT_NE(text.find("remedy: "), std::string::npos) << text;
    for (const char* part : mistake.told) {
      EXPECT_NE(text.find(part), std::string::npos) << part << " is missing: " << text;
    }
  }
}

TEST_F(CasesTest, TellsAllMistakesOfTheShapeAtOnce) {
  const auto text = refusal_of(R"({"hosts": [], "settings": 1, "bad_settings": [{}]})");
  EXPECT_NE(text.find("/hosts"), std::string::npos) << text;
  EXPECT_NE(text.find("/settings"), std::string::npos) << text;
}

TEST_F(CasesTest, RefusesWhatIsNoJsonAndWhatIsNoRecording) {
  const auto cut = refusal_of("{\"hosts\": [");
  EXPECT_NE(cut.find("cases.json: the whole: "), std::string::npos) << cut;
  EXPECT_NE(cut.find("remedy: Correct the JSON."), std::string::npos) << cut;
  const auto twice =
      refusal_of(R"({"hosts": ["a"], "hosts": ["b"], "settings": {}, "bad_settings": [{}]})");
  EXPECT_NE(twice.find("hosts"), std::string::npos) << twice;
  folder.write("get.txt", "<html>");
  const auto recording = refusal_of(kSound);
  EXPECT_NE(recording.find("/exchanges/1/answer/file: "), std::string::npos) << recording;
  EXPECT_NE(recording.find("remedy: Record it with curl -i."), std::string::npos) << recording;
}

TEST_F(CasesTest, NamesTheFileThatIsNotThere) {
  try {
    read_cases(folder.path());
    FAIL() << "there is no cases.json";
  } catch (const CasesError& error) {
    const std::string text = error.what();
    EXPECT_TRUE(text.starts_with(folder.path("cases.json") + " cannot be read")) << text;
    EXPECT_NE(text.find("--cases DIR"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace marketplug::testkit::cases_test
