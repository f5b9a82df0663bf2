// What the kit writes for people, for machines (schemas/conformance-report.schema.json) and for CI
// systems (JUnit XML).
#include "host/testkit/report.hpp"

#include <gtest/gtest.h>

#include "host/json/schema.hpp"
#include "host/json/strict_parse.hpp"
#include "tests/unit/testkit/folder.hpp"

namespace marketplug::testkit::report_test {
namespace {

std::vector<std::string> errors_in(const std::string& report) {
  const auto schema = json::Schema::compile(json::parse_or_throw(
      test::content_of(MARKETPLUG_SOURCE_DIR "/schemas/conformance-report.schema.json"), "schema"));
  std::vector<std::string> texts;
  for (const auto& error : schema.validate(json::parse_or_throw(report, "the report"))) {
    texts.push_back(error.pointer + ": " + error.message);
  }
  return texts;
}

Ran ran(const char* id, Verdict verdict, std::vector<std::string> faults = {},
        std::string reason = "") {
  const Check* check = find_check(id);
  EXPECT_NE(check, nullptr) << id;
  return {check, {verdict, std::move(faults), std::move(reason), std::chrono::milliseconds{1234}}};
}

const Subject kSubject{"/no/such/plugin.so", "", "", 18446744073709551615u};

TEST(Report, JsonHoldsToItsSchemaWhateverAPluginSays) {
  const std::vector<Ran> all{ran("A1", Verdict::kPassed),
                             ran("A8", Verdict::kFailed, {"slow \x80\x01", "<b>", ""}),
                             ran("D7", Verdict::kSkipped, {}, "by the author: \x02 none"),
                             ran("G2", Verdict::kPassed, {}, "without D6")};
  const auto report = json_report(all, kSubject);
  EXPECT_EQ(errors_in(report), std::vector<std::string>{});
  const auto document = json::parse_or_throw(report, "the report");
  EXPECT_EQ(document.at("conforms"), true) << "a recommended check is a warning";
  EXPECT_EQ(document.at("checks").as_array().size(), 4u);
  EXPECT_EQ(document.at("checks").at(1).at("result"), "failed");
  EXPECT_EQ(document.at("checks").at(1).at("faults").at(0), "slow ??");
  EXPECT_FALSE(document.at("checks").at(0).as_object().contains("faults"));
  EXPECT_EQ(document.at("checks").at(3).at("reason"), "without D6");
}

TEST(Report, TheSchemaRefusesWhatIsNoReport) {
  EXPECT_NE(errors_in("{}"), std::vector<std::string>{});
  auto report = json_report({ran("A1", Verdict::kPassed)}, kSubject);
  report.replace(report.find("passed"), 6, "fine!!");
  EXPECT_NE(errors_in(report), std::vector<std::string>{});
}

TEST(Report, ARequiredCheckThatFailedDecides) {
  EXPECT_TRUE(conforms({}));
  EXPECT_TRUE(conforms({ran("A8", Verdict::kFailed, {"slow"}), ran("A1", Verdict::kSkipped)}));
  EXPECT_FALSE(conforms({ran("A8", Verdict::kPassed), ran("A1", Verdict::kFailed, {"none"})}));
}

TEST(Report, JunitEscapesAndCounts) {
  const std::vector<Ran> all{ran("A1", Verdict::kFailed, {"a<b & \"c\"", "bell \x07"}),
                             ran("A8", Verdict::kFailed, {"slow"}),
                             ran("D7", Verdict::kSkipped, {}, "\"why\"")};
  const auto xml = junit_report(all, kSubject);
  EXPECT_TRUE(xml.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite ")) << xml;
  EXPECT_NE(xml.find("tests=\"3\" failures=\"1\" skipped=\"1\""), std::string::npos) << xml;
  EXPECT_NE(xml.find("<failure>a&lt;b &amp; &quot;c&quot;\nbell ?</failure>"), std::string::npos)
      << xml;
  EXPECT_NE(xml.find("<system-out>slow</system-out>"), std::string::npos) << xml;
  EXPECT_NE(xml.find("<skipped message=\"&quot;why&quot;\"/>"), std::string::npos) << xml;
  EXPECT_NE(xml.find("time=\"1.234\""), std::string::npos) << xml;
}

TEST(Report, LinesArePlain) {
  EXPECT_EQ(line_of(ran("A1", Verdict::kFailed, {"one", "two"})),
            "A1   FAILED  It is a whole library with an ABI block\n     ! one\n     ! two\n");
  EXPECT_TRUE(line_of(ran("A8", Verdict::kFailed, {"slow"})).starts_with("A8   warning "));
  const auto summary = summary_of({ran("A1", Verdict::kFailed, {"x"}), ran("A8", Verdict::kPassed),
                                   ran("D7", Verdict::kSkipped)},
                                  {"", "", "", 7});
  EXPECT_NE(summary.find("3 checks: 1 passed, 1 failed, 0 warnings, 1 skipped; seed 7"),
            std::string::npos)
      << summary;
  EXPECT_NE(summary.find("does not conform"), std::string::npos);
}

}  // namespace
}  // namespace marketplug::testkit::report_test
