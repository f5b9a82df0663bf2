// Answers that are none to the call under way: late, doubled, without sense. Each ends its process,
// fails its call, and the call after it has another process.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/socket.h>

#include <boost/json/serialize.hpp>
#include <cerrno>
#include <cstdlib>

#include "host/isolation/host_line.hpp"
#include "host/isolation/wire.hpp"
#include "tests/unit/isolation/workers.hpp"

namespace marketplug::isolation {
namespace {

using ::testing::ExitedWithCode;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class OddAnswers : public ::testing::Test {
 protected:
  OddAnswers() {
    host_.offer<Clock>(clock_);
    host_.offer<Log>(log_);
    parts_.options.program = ODD_WORKER_PROGRAM;
    parts_.crashed = [this](std::string_view, std::string_view how) { crashes_.emplace_back(how); };
    plugin_.emplace(test::animal("plain"), "{}", parts_);
    auto made = plugin_->create(host_, "{}");
    if (!made) throw std::runtime_error(made.failure().message);
    connector_ = std::move(made).value();
  }

  Result<Page<Order>> fetch(std::string_view id) {
    return part<OrderSource>(*connector_)->fetch_order(id, ctx_);
  }
  std::string told(std::string_view id) {
    auto page = fetch(id);
    return page ? page.value().next.value : page.failure().message + page.failure().detail;
  }

  /// The processes so far, as they said themselves.
  std::vector<pid_t> processes() {
    std::vector<pid_t> found;
    for (const std::string& line : log_.lines()) {
      const auto at = line.find("pid ");
      if (at != std::string::npos) found.push_back(std::atoi(line.c_str() + at + 4));
    }
    return found;
  }
  static bool is_there(pid_t pid) { return ::kill(pid, 0) == 0 || errno != ESRCH; }

  void expect_ended(const Result<Page<Order>>& page, std::string_view cause) {
    ASSERT_FALSE(page);
    const Failure& failure = page.failure();
    EXPECT_EQ(failure.kind, Failure::Kind::kInternal);
    EXPECT_EQ(failure.code, "worker_frame");
    EXPECT_THAT(failure.message, HasSubstr("The process of plugin bad "));
    EXPECT_THAT(failure.message, HasSubstr(" in fetch_order"));
    EXPECT_THAT(failure.message + failure.detail, HasSubstr(cause));
    EXPECT_FALSE(failure.remedy.empty());
    ASSERT_THAT(processes(), SizeIs(1));
    EXPECT_FALSE(is_there(processes()[0])) << "a zombie, or still running";
  }
  void expect_next_is_another() {
    EXPECT_EQ(told("1"), "1");
    ASSERT_THAT(processes(), SizeIs(2));
    EXPECT_NE(processes()[0], processes()[1]);
    EXPECT_EQ(told("2"), "2");
    EXPECT_THAT(processes(), SizeIs(2)) << "which lives on";
  }

  marketplug::testing::FakeClock clock_;
  marketplug::testing::FakeHost host_;
  marketplug::testing::CapturedLog log_;
  marketplug::testing::FakeContext ctx_;
  Spawner spawner_;
  IsolationParts parts_{spawner_, test::worker_options()};
  std::vector<std::string> crashes_;
  std::optional<RemotePlugin> plugin_;
  loading::ConnectorPtr connector_;
};

TEST_F(OddAnswers, OnesThatAreInOrderAreTaken) {
  EXPECT_EQ(told("1"), "1");
  EXPECT_EQ(told("2"), "2");
  ASSERT_THAT(processes(), SizeIs(1));
  EXPECT_TRUE(is_there(processes()[0]));
}

struct OddAnswer {
  const char* fault;
  const char* cause;
  bool counted = true;
};
class Senseless : public OddAnswers, public ::testing::WithParamInterface<OddAnswer> {};

TEST_P(Senseless, EndTheirProcessAndTheCall) {
  expect_ended(fetch(GetParam().fault), GetParam().cause);
  EXPECT_THAT(crashes_, SizeIs(GetParam().counted ? 1 : 0));
  expect_next_is_another();
}

INSTANTIATE_TEST_SUITE_P(
    All, Senseless,
    ::testing::Values(OddAnswer{"stale", "an answer is to call 2, call 3 is under way"},
                      OddAnswer{"early", "an answer is to call 4, call 3 is under way"},
                      OddAnswer{"no_number", "an answer has no number"},
                      OddAnswer{"number_is_text", "an answer has no number"},
                      OddAnswer{"no_json", "sent a frame that is none"},
                      OddAnswer{"no_object", "sent a frame that is none"},
                      OddAnswer{"no_frame", "sent a frame that is none"},
                      OddAnswer{"both", "neither a value nor a failure"},
                      OddAnswer{"neither", "neither a value nor a failure"},
                      OddAnswer{"more", "neither a value nor a failure"},
                      OddAnswer{"no_page", "gave an answer without sense", false},
                      OddAnswer{"no_failure", "gave an answer without sense", false},
                      OddAnswer{"asks_for_another_call", "belongs to call 2, call 3 is under way"},
                      OddAnswer{"asks_twice", "a question has number 1, 2 is the next"},
                      OddAnswer{"asks_out_of_turn", "a question has number 2, 1 is the next"}),
    [](const auto& odd) { return std::string(odd.param.fault); });

// The answer itself is taken; what comes behind it is not taken for the answer of the next call.
class Unasked : public OddAnswers, public ::testing::WithParamInterface<const char*> {};

TEST_P(Unasked, EndTheirProcessBeforeTheNextCall) {
  EXPECT_EQ(told(GetParam()), GetParam());
  EXPECT_THAT(crashes_, IsEmpty());
  expect_ended(fetch("next"), "had sent a frame that nobody asked for");
  EXPECT_THAT(crashes_, SizeIs(1));
  expect_next_is_another();
}

INSTANTIATE_TEST_SUITE_P(All, Unasked,
                         ::testing::Values("doubled", "beforehand", "asks_afterwards"),
                         [](const auto& fault) { return std::string(fault.param); });

/// The host's end of a worker's line.
class OddHost : public ::testing::Test {
 protected:
  OddHost() {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_) != 0) std::abort();
    host_.emplace(ends_[0]);
    line_.emplace(ends_[1]);
  }
  void send(const boost::json::object& frame) {
    host_->send(boost::json::serialize(frame), std::chrono::seconds{5});
  }
  std::string received() {
    std::string frame;
    host_->receive(frame, std::chrono::seconds{5});
    return frame;
  }

  int ends_[2]{};
  std::optional<Channel> host_;
  std::optional<HostLine> line_;
};

TEST_F(OddHost, QuestionsAndAnswersOfAWorkerHaveNumbers) {
  send({{"call", "check"}, {"serial", 7}});
  line_->next_call();
  send({{"value", 1}, {"serial", 1}});
  EXPECT_EQ(line_->ask({{"ask", "now"}}).at("value"), 1);
  EXPECT_EQ(received(), R"({"ask":"now","within":7,"serial":1})");
  line_->tell({{"tell", "log"}});
  EXPECT_EQ(received(), R"({"tell":"log","within":7,"serial":2})");
  EXPECT_TRUE(line_->answer({{"value", 2}}));
  EXPECT_EQ(received(), R"({"value":2,"serial":7})");
  EXPECT_THROW(line_->ask({{"ask", "now"}}), std::logic_error) << "the call is over";
}

TEST_F(OddHost, AnotherAnswerThanTheOneToItsQuestionEndsTheWorker) {
  send({{"call", "check"}, {"serial", 1}});
  line_->next_call();
  send({{"value", 1}, {"serial", 2}});
  EXPECT_EXIT(line_->ask({{"ask", "now"}}), ExitedWithCode(1), "has another number");
}

TEST_F(OddHost, ACallWithoutANumberEndsTheWorker) {
  send({{"call", "check"}});
  EXPECT_EXIT(line_->next_call(), ExitedWithCode(1), "a call without a number");
}

}  // namespace
}  // namespace marketplug::isolation
