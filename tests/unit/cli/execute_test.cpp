#include "host/cli/execute.hpp"

#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <vector>

#include "marketplug/testing/fakes.hpp"
#include "unit/cli/fake_terminal.hpp"

namespace marketplug::cli {
namespace {

using boost::json::object;
using boost::json::value;

class FakeBackend : public api::Backend {
 public:
  value call(std::string_view operation, const object& parameters,
             const std::function<void(const value&)>& emit) override {
    called = operation;
    given = parameters;
    for (const auto& each : emits) emit(each);
    if (error) throw api::OperationError(*error);
    return result;
  }

  std::string called;
  object given;
  std::vector<value> emits;
  value result = object();
  std::optional<api::OperationError> error;
};

class Execute : public ::testing::Test {
 protected:
  int run(const std::string& operation, Format format = Format::kText) {
    Command command;
    command.operation = operation;
    command.parameters = {{"shop", "a"}};
    command.format = format;
    return execute(command, backend_, terminal_, clock_);
  }

  FakeBackend backend_;
  testing::FakeTerminal terminal_;
  marketplug::testing::FakeClock clock_;
};

TEST_F(Execute, PassesTheParametersOn) {
  EXPECT_EQ(run("shops.list"), kExitOk);
  EXPECT_EQ(backend_.called, "shops.list");
  EXPECT_EQ(backend_.given.at("shop"), "a");
  EXPECT_EQ(terminal_.flushed, "No shops. Put a file for each into the shops' folder.\n");
}

TEST_F(Execute, JsonIsOneDocument) {
  backend_.result = object{{"shops", boost::json::array()}};
  EXPECT_EQ(run("shops.list", Format::kJson), kExitOk);
  EXPECT_EQ(terminal_.flushed, "{\"shops\":[]}\n");
}

TEST_F(Execute, AProblemGoesToStandardErrorWithItsRemedy) {
  backend_.error.emplace(404, "no_such_shop", "there is no shop a\x1b[2J", "look again");
  EXPECT_EQ(run("shops.show"), kExitProblems);
  EXPECT_EQ(terminal_.errors, "error: there is no shop a\\x1b[2J\n  remedy: look again\n");
  EXPECT_EQ(terminal_.output, "");
}

TEST_F(Execute, AParameterThatMakesNoSenseIsUsage) {
  backend_.error.emplace(400, "bad_parameter", "after needs a shop", "name it");
  EXPECT_EQ(run("events.tail"), kExitUsage);
}

TEST_F(Execute, FoundProblemsDecideTheExitCode) {
  backend_.result = object{{"errors", 1}};
  EXPECT_EQ(run("check.run"), kExitProblems);
  backend_.result = object{{"errors", 0}, {"warnings", 3}};
  EXPECT_EQ(run("check.run"), kExitOk);
  backend_.result = object{{"ok", false}};
  EXPECT_EQ(run("sync.run"), kExitProblems);
  backend_.result = object{{"ok", true}};
  EXPECT_EQ(run("sync.run"), kExitOk);
  backend_.result = object{{"replayed", 1}, {"failed", 1}};
  EXPECT_EQ(run("parked.replay"), kExitProblems);
}

TEST_F(Execute, ExportIsJsonLinesInBothFormats) {
  backend_.emits = {object{{"id", "1"}}, nullptr, object{{"id", "2"}}};
  backend_.result = object{{"exported", 2}};
  EXPECT_EQ(run("orders.export"), kExitOk);
  EXPECT_EQ(terminal_.flushed, "{\"id\":\"1\"}\n{\"id\":\"2\"}\n");
  terminal_.output.clear();
  EXPECT_EQ(run("orders.export", Format::kJson), kExitOk);
  EXPECT_EQ(terminal_.flushed, "{\"id\":\"1\"}\n{\"id\":\"2\"}\n");
}

TEST_F(Execute, RecordsBeforeAProblemAreStillPrinted) {
  backend_.emits = {object{{"id", "1"}}};
  backend_.error.emplace(503, "stopping", "the service stops", "again");
  EXPECT_EQ(run("orders.export"), kExitProblems);
  EXPECT_EQ(terminal_.flushed, "{\"id\":\"1\"}\n");
}

TEST_F(Execute, AReaderWhoWentAwayIsNoError) {
  terminal_.reader_gone = true;
  backend_.emits = {object{{"id", "1"}}};
  EXPECT_EQ(run("orders.export"), kExitOk);
  EXPECT_EQ(terminal_.errors, "");
  EXPECT_EQ(run("orders.list"), kExitOk);
  backend_.error.emplace(404, "x", "gone too", "");
  EXPECT_EQ(run("orders.export"), kExitOk);
}

TEST_F(Execute, SyncShowsProgressOnStandardErrorOnly) {
  backend_.emits = {object{{"shop", "a"}, {"orders_new", 20}, {"steps", 1}},
                    object{{"shop", "a"}, {"orders_new", 40}, {"steps", 2}}};
  backend_.result = object{{"ok", true}, {"shops", boost::json::array()}};
  EXPECT_EQ(run("sync.run", Format::kJson), kExitOk);
  EXPECT_EQ(terminal_.errors,
            "a: 20 new, 0 updated, 0 unchanged, 0 parked, 1 steps\n"
            "a: 40 new, 0 updated, 0 unchanged, 0 parked, 2 steps\n");
  EXPECT_EQ(terminal_.flushed, "{\"ok\":true,\"shops\":[]}\n");
}

TEST_F(Execute, EventsAreFlushedOneByOne) {
  backend_.emits = {boost::json::parse(
      R"({"shop":"a","seq":3,"type":"order.imported","object":"1","at":"2026-11-23T10:00:00Z",
          "data":{"status":"open"}})")};
  EXPECT_EQ(run("events.tail"), kExitOk);
  EXPECT_EQ(terminal_.flushed, "2026-11-23 10:00:00  a #3  order.imported  1  status=open\n");
}

}  // namespace
}  // namespace marketplug::cli
