#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <sstream>
#include <vector>

#include "host/cli/command.hpp"

namespace marketplug::cli {
namespace {

Parsed parsed(const std::string& line) {
  std::vector<std::string> words{"marketplug"};
  std::istringstream input(line);
  for (std::string word; input >> word;) words.push_back(word);
  std::vector<const char*> argv;
  for (const auto& word : words) argv.push_back(word.c_str());
  return parse(static_cast<int>(argv.size()), argv.data(), "1.2.3");
}

struct Good {
  const char* line;
  const char* operation;
  const char* parameters;
};

class CommandLine : public ::testing::TestWithParam<Good> {};

TEST_P(CommandLine, BecomesAnOperationWithParameters) {
  const auto result = parsed(GetParam().line);
  ASSERT_TRUE(result.command) << result.err;
  EXPECT_EQ(result.command->operation, GetParam().operation);
  EXPECT_EQ(boost::json::value(result.command->parameters),
            boost::json::parse(GetParam().parameters))
      << boost::json::serialize(result.command->parameters);
}

INSTANTIATE_TEST_SUITE_P(
    Table, CommandLine,
    ::testing::Values(
        Good{"run", "run", "{}"},  //
        Good{"sync", "sync.run", "{}"},
        Good{"sync --shop a --until-idle", "sync.run", R"({"shop":"a","until_idle":true})"},
        Good{"check --shop a", "check.run", R"({"shop":"a"})"},
        Good{"plugins list", "plugins.list", "{}"}, Good{"plugins verify", "plugins.verify", "{}"},
        Good{"plugins verify ./a.so", "plugins.verify", R"({"plugin":"./a.so"})"},
        Good{"plugins release amazon", "plugins.release", R"({"plugin":"amazon"})"},
        Good{"plugins show amazon", "plugins.show", R"({"plugin":"amazon"})"},
        Good{"new-plugin my-market", "plugins.new", R"({"name":"my-market"})"},
        Good{"new-plugin my-market --folder ../a", "plugins.new",
             R"({"name":"my-market","folder":"../a"})"},
        Good{"shops list", "shops.list", "{}"},
        Good{"shops show a", "shops.show", R"({"shop":"a"})"},
        Good{"shops enable a", "shops.enable", R"({"shop":"a"})"},
        Good{"shops disable a", "shops.disable", R"({"shop":"a"})"},
        Good{"orders list --shop a --marketplace NL --status in_picking --state open --limit 7",
             "orders.list",
             R"({"shop":"a","marketplace":"NL","status":"in_picking","state":"open","limit":7})"},
        Good{"orders list --from 2026-11-01 --until 2026-11-02 --oldest-first", "orders.list",
             R"({"placed_from":"2026-11-01T00:00:00Z","placed_until":"2026-11-03T00:00:00Z",
                 "oldest_first":true})"},
        Good{"orders list --until 2026-11-02T10:00:00+01:00 --after x", "orders.list",
             R"({"placed_until":"2026-11-02T09:00:00Z","after":"x"})"},
        Good{"orders show 1-2-3", "orders.show", R"({"order":"1-2-3","personal":true})"},
        Good{"orders show 1-2-3 --shop a --no-personal", "orders.show",
             R"({"order":"1-2-3","shop":"a","personal":false})"},
        Good{"orders export --shop a", "orders.export", R"({"shop":"a","personal":true})"},
        Good{"orders export --no-personal --limit 100000", "orders.export",
             R"({"personal":false,"limit":100000})"},
        Good{"events tail --shop a --after 4 --limit 3 -f", "events.tail",
             R"({"shop":"a","after":4,"limit":3,"follow":true})"},
        Good{"parked list --shop a --all", "parked.list", R"({"shop":"a","all":true})"},
        Good{"parked show 4", "parked.show", R"({"parked":4,"personal":true})"},
        Good{"parked replay 4", "parked.replay", R"({"parked":4})"},
        Good{"parked replay --shop a", "parked.replay", R"({"shop":"a"})"},
        Good{"parked replay --all", "parked.replay", R"({"all":true})"},
        Good{"orders resync 1-2 3-4 --shop a", "orders.resync",
             R"({"orders":"1-2,3-4","shop":"a"})"},
        Good{"orders resync --from 2026-11-01 --to 2026-11-02", "orders.resync",
             R"({"from":"2026-11-01T00:00:00Z","until":"2026-11-03T00:00:00Z"})"},
        Good{"quota show", "quota.show", "{}"}, Good{"audit", "audit.run", "{}"},
        Good{"audit --shop a --from 2026-11-01 --to 2026-11-02", "audit.run",
             R"({"shop":"a","from":"2026-11-01T00:00:00Z","until":"2026-11-03T00:00:00Z"})"},
        Good{"audit list --shop a --limit 5", "audit.list", R"({"shop":"a","limit":5})"},
        Good{"audit show 7", "audit.show", R"({"audit":7})"},
        Good{"alerts list --shop a --all --limit 5", "alerts.list",
             R"({"shop":"a","all":true,"limit":5})"}));

class UsageError : public ::testing::TestWithParam<const char*> {};

TEST_P(UsageError, GivesExitCodeTwoWithCauseAndRemedy) {
  const auto result = parsed(GetParam());
  EXPECT_FALSE(result.command);
  EXPECT_EQ(result.exit_code, kExitUsage);
  EXPECT_EQ(result.err.substr(0, 7), "error: ");
  EXPECT_NE(result.err.find("remedy: "), std::string::npos);
  EXPECT_EQ(result.out, "");
}

INSTANTIATE_TEST_SUITE_P(
    Table, UsageError,
    ::testing::Values("", "fly", "orders", "orders fly", "plugins show", "new-plugin",
                      "orders list --limit 0", "orders list --limit ten", "orders list --state odd",
                      "orders list --from yesterday", "sync --shop", "parked show x",
                      "parked replay", "parked replay 4 --all", "parked replay --shop a --all",
                      "--format xml shops list", "shops list --verbose", "events tail --after -1"));

TEST(CommandLine, AnUnknownCommandIsNamedWithWhatWasMeant) {
  const auto all = "\n  remedy: `marketplug --help` lists the commands.\n";
  EXPECT_EQ(parsed("chek").err,
            std::string("error: there is no command chek; did you mean check?") + all);
  EXPECT_EQ(parsed("chek --shop a").err,
            std::string("error: there is no command chek; did you mean check?") + all);
  EXPECT_EQ(parsed("--format json navigate").err,
            std::string("error: there is no command navigate") + all);
  EXPECT_EQ(parsed("--verbose check-all").err,
            std::string("error: there is no option --verbose") + all);
  EXPECT_EQ(parsed("").err, std::string("error: no command was given") + all);
  const auto plugins = "\n  remedy: `marketplug plugins --help` lists the commands.\n";
  EXPECT_EQ(
      parsed("plugins lst").err,
      std::string("error: there is no command plugins lst; did you mean plugins list?") + plugins);
  EXPECT_EQ(parsed("plugins").err, std::string("error: no command was given") + plugins);
  EXPECT_NE(parsed("plugins show").err.find("plugin is required"), std::string::npos)
      << "it is not the command that is missing";
}

TEST(CommandLine, GlobalOptionsMayComeAnywhere) {
  for (const auto* line :
       {"--config a.yaml --format json shops list", "shops list --config a.yaml --format json",
        "shops --config a.yaml list --format json"}) {
    const auto result = parsed(line);
    ASSERT_TRUE(result.command) << line << ": " << result.err;
    EXPECT_EQ(result.command->config, "a.yaml");
    EXPECT_EQ(result.command->format, Format::kJson);
  }
}

TEST(CommandLine, HelpAndVersionAreNoErrors) {
  EXPECT_EQ(parsed("--version").out, "marketplug 1.2.3\n");
  EXPECT_EQ(parsed("--version").exit_code, kExitOk);
  const auto help = parsed("--help");
  EXPECT_EQ(help.exit_code, kExitOk);
  EXPECT_NE(help.out.find("Exit codes"), std::string::npos);
  const auto sub = parsed("orders export --help");
  EXPECT_EQ(sub.exit_code, kExitOk);
  EXPECT_NE(sub.out.find("--no-personal"), std::string::npos);
}

}  // namespace
}  // namespace marketplug::cli
