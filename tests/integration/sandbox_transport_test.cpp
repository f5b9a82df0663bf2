// The test's own transport: late answers move the clock and end at the deadline, as on a network.

#include <gtest/gtest.h>

#include "marketplug/testing/mocks.hpp"
#include "tests/integration/sandbox_transport.hpp"

namespace marketplug::testing {
namespace {

using namespace std::chrono_literals;

class Context : public StepContext {
 public:
  TimePoint deadline() const noexcept override { return end; }
  bool stop_requested() const noexcept override { return false; }
  bool keep_raw() const noexcept override { return false; }
  TimePoint end = TimePoint::max();
};

struct LateAnswers : ::testing::Test {
  Result<HttpResponse> send(std::chrono::milliseconds delay) {
    simulator.clear_faults();
    amazon_sandbox::Fault fault;
    fault.kind = amazon_sandbox::FaultKind::kDelay;
    fault.delay = delay;
    simulator.inject(fault);
    HttpRequest request;
    request.method = "GET";
    request.url = "https://localhost:8443/sellers/v1/account";
    request.operation = "getAccount";
    request.headers = {{"x-amz-access-token", "Atza|none"},
                       {"user-agent", "Marketplug/0.1 (Language=C++; Platform=Linux)"}};
    return transport.send(request, {}, context);
  }
  FakeClock clock;
  const TimePoint start = clock.now();
  amazon_sandbox::Simulator simulator{clock};
  SandboxTransport transport{simulator, clock};
  Context context;
};

TEST_F(LateAnswers, MoveTheClock) {
  EXPECT_TRUE(send(5s));
  EXPECT_EQ(clock.now(), start + 5s);
}

TEST_F(LateAnswers, EndAtTheTransportsTimeout) {
  const auto answer = send(30s);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.failure().kind, Failure::Kind::kTransient);
  EXPECT_EQ(answer.failure().code, "timeout");
  EXPECT_EQ(clock.now(), start + 30s);
}

TEST_F(LateAnswers, EndAtTheStepsDeadlineWhereThatIsSooner) {
  context.end = start + 2s;
  const auto answer = send(3s);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.failure().kind, Failure::Kind::kCancelled);
  EXPECT_EQ(answer.failure().code, "deadline");
  EXPECT_EQ(clock.now(), start + 2s);
}

}  // namespace
}  // namespace marketplug::testing
