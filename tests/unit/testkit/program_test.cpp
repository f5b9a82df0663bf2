// Exit codes and options of marketplug-testkit. Whole runs, each check in a process of its own, are
// tests/testkit; here the checks of the file alone are run in this process.
#include "host/testkit/program.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "host/json/schema.hpp"
#include "host/json/strict_parse.hpp"
#include "tests/unit/testkit/folder.hpp"

namespace marketplug::testkit::program_test {
namespace {

constexpr const char* kCases =
    R"({"hosts": ["api.example.com"], "settings": {}, "bad_settings": [{}]%})";

class ProgramTest : public ::testing::Test {
 protected:
  ProgramTest() { write_cases(""); }

  void write_cases(const std::string& more) {
    std::string text = kCases;
    text.replace(text.find('%'), 1, more);
    folder.write("cases.json", text);
  }
  int run(std::vector<std::string> arguments) {
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    const int code = run_program(arguments);
    out = ::testing::internal::GetCapturedStdout();
    err = ::testing::internal::GetCapturedStderr();
    return code;
  }
  int check(const std::string& plugin, std::vector<std::string> more = {}) {
    more.insert(more.begin(), {plugin, "--cases", folder.path(), "--in-process"});
    return run(std::move(more));
  }

  test::Folder folder;
  std::string out, err;
  const std::string good = TEST_PLUGINS_DIR "/good.so";
  const std::string talkative = TEST_PLUGINS_DIR "/talkative.so";
};

TEST_F(ProgramTest, ZeroWhereEveryRequiredCheckPasses) {
  EXPECT_EQ(check(good, {"--only", "A1,A2,A3,A4", "--seed", "9"}), 0) << out << err;
  EXPECT_NE(out.find("4 checks: 4 passed, 0 failed, 0 warnings, 0 skipped; seed 9"),
            std::string::npos)
      << out;
}

TEST_F(ProgramTest, OneWhereARequiredCheckFails) {
  EXPECT_EQ(check(talkative, {"--only", "A1,A4"}), 1) << out << err;
  EXPECT_NE(out.find("A4   FAILED"), std::string::npos) << out;
}

TEST_F(ProgramTest, PlacesAreJudgedInEverySourceThatIsOffered) {
  const std::string sources = BAD_PLUGINS_DIR "/all_sources.so";  // only its orders come to an end
  EXPECT_EQ(check(sources, {"--only", "D5"}), 1);
  for (const char* lacking : {"has no \"orders\"", "has no \"audit\"", "has no \"returns\""}) {
    EXPECT_NE(out.find(lacking), std::string::npos) << lacking << ": " << out;
  }
  write_cases(R"(, "orders": {"expect": {"A1": {}}}, "returns": {"expect": {"R1": {}}},
      "audit": {"from": "2026-11-20T00:00:00Z", "until": "2026-11-23T00:00:00Z",
                "changed": ["A1"], "placed": ["A1"]})");
  EXPECT_EQ(check(sources, {"--only", "D5,D10"}), 1);
  for (const char* endless : {"the audit by change", "the audit by order time", "returns"}) {
    const std::string told = std::string("reading all ") + endless + ": not caught up after 200";
    EXPECT_NE(out.find(told), std::string::npos) << told << ": " << out;
  }
  EXPECT_EQ(out.find("orders:"), std::string::npos) << out;
  EXPECT_EQ(out.find("audit", out.find("D10")), std::string::npos) << "it is not polled: " << out;
  EXPECT_EQ(check(good, {"--only", "D5,D10"}), 0) << out;
  EXPECT_EQ(check(BAD_PLUGINS_DIR "/all_sinks.so", {"--only", "D5,D10"}), 0) << out;
  EXPECT_NE(out.find("the plugin offers no orders, no audit and no returns"), std::string::npos);
  EXPECT_NE(out.find("the plugin offers no orders and no returns"), std::string::npos) << out;
}

TEST_F(ProgramTest, TheAuthorsSkipsStandInTheReportWithTheirReason) {
  write_cases(R"(, "skips": {"A4": "A test of what a skip looks like."})");
  EXPECT_EQ(check(talkative, {"--only", "A4"}), 0) << out << err;
  EXPECT_NE(out.find("by the author: A test of what a skip looks like."), std::string::npos) << out;
}

TEST_F(ProgramTest, WritesBothReports) {
  const auto report = folder.path("report.json"), junit = folder.path("report.xml");
  EXPECT_EQ(check(talkative, {"--only", "A1,A4,B6", "--report", report, "--junit", junit}), 1);
  const auto schema = json::Schema::compile(json::parse_or_throw(
      test::content_of(MARKETPLUG_SOURCE_DIR "/schemas/conformance-report.schema.json"), "schema"));
  const auto document = json::parse_or_throw(test::content_of(report), "report");
  for (const auto& error : schema.validate(document))
    ADD_FAILURE() << error.pointer << error.message;
  EXPECT_EQ(document.at("conforms"), false);
  EXPECT_NE(document.at("plugin"), "");
  EXPECT_NE(document.at("sha256"), "");
  EXPECT_NE(test::content_of(junit).find("failures=\"1\" skipped=\"1\""), std::string::npos);
}

TEST_F(ProgramTest, TwoWhereTheCommandMakesNoSense) {
  struct Wrong {
    std::vector<std::string> more;
    const char* told;
  };
  const std::vector<Wrong> all{
      {{"--only", "Z9"}, "there is no check 'Z9': see --list"},
      {{"--only", ""}, "--only wants ids"},
      {{"--seed", "-1"}, "--seed wants a whole number, not '-1'"},
      {{"--limit", "0"}, "--limit wants 1 to 86400 seconds"},
      {{"--limit", "18446744073709551615"}, "--limit wants 1 to 86400 seconds"},
      {{"--previous", "/no/such.so"}, "/no/such.so is no file"},
      {{"--quiet"}, "what is '--quiet'?"},
      {{"second.so"}, "what is 'second.so'?"},
      {{"--only", "A1", "--report", "/no/such/folder/report.json"}, "cannot be written"},
      {{"--seed"}, "--seed wants a value"},
  };
  for (const auto& wrong : all) {
    EXPECT_EQ(check(good, wrong.more), 2) << wrong.told;
    EXPECT_NE(err.find(wrong.told), std::string::npos) << wrong.told << ": " << err;
    EXPECT_NE(err.find("usage: marketplug-testkit"), std::string::npos) << err;
  }
  EXPECT_EQ(run({}), 2);
  EXPECT_EQ(run({good}), 2);
  EXPECT_NE(err.find("--cases DIR"), std::string::npos) << err;
  EXPECT_EQ(run({"/no/such.so", "--cases", folder.path()}), 2);
  EXPECT_NE(err.find("/no/such.so is no file"), std::string::npos) << err;
}

TEST_F(ProgramTest, TwoWhereTheCasesMakeNoSense) {
  write_cases(R"(, "skips": {"Z1": "There is no such check at all."})");
  EXPECT_EQ(check(good, {"--only", "A1"}), 2);
  EXPECT_NE(err.find("/skips/Z1: there is no such check\n  remedy:"), std::string::npos) << err;
  write_cases(R"(, "host": "one")");
  EXPECT_EQ(check(good, {"--only", "A1"}), 2);
  EXPECT_NE(err.find("cases.json: /host"), std::string::npos) << err;
  std::filesystem::remove(folder.path("cases.json"));
  EXPECT_EQ(check(good, {"--only", "A1"}), 2);
}

TEST_F(ProgramTest, ListsAndHelps) {
  EXPECT_EQ(run({"--list"}), 0);
  EXPECT_TRUE(out.starts_with("A1   required    ")) << out;
  EXPECT_NE(out.find("A8   recommended "), std::string::npos) << out;
  EXPECT_EQ(run({"--help"}), 0);
  EXPECT_TRUE(out.starts_with("usage: marketplug-testkit PLUGIN.so")) << out;
}

}  // namespace
}  // namespace marketplug::testkit::program_test
