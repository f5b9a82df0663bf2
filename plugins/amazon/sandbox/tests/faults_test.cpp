// Injected faults: each kind, and when they strike.

#include "plugins/amazon/sandbox/tests/bench.hpp"

namespace amazon_sandbox::tests {
namespace {

using namespace std::chrono_literals;

const std::string kFirstPage =
    "/orders/2026-01-01/orders?maxResultsPerPage=3&lastUpdatedAfter=2026-11-01T00:00:00Z";

struct Faults : ::testing::Test {
  Faults() {
    bench.quotas_off();
    bench.seed(20);
  }
  void inject(FaultKind kind, std::string operation = "searchOrders") {
    Fault fault;
    fault.operation = std::move(operation);
    fault.kind = kind;
    bench.simulator.inject(fault);
  }
  Bench bench;
};

TEST_F(Faults, StatusComesInAmazonsWords) {
  Fault fault;
  fault.operation = "searchOrders";
  for (const auto& [status, code] :
       {std::pair{500, "InternalFailure"}, std::pair{503, "ServiceUnavailable"},
        std::pair{429, "QuotaExceeded"}, std::pair{400, "InvalidInput"},
        std::pair{403, "Unauthorized"}, std::pair{404, "NotFound"}}) {
    bench.simulator.clear_faults();
    fault.status = status;
    bench.simulator.inject(fault);
    const auto response = bench.get(kFirstPage);
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(Bench::error(response).substr(0, Bench::error(response).find(':')), code);
    EXPECT_EQ(bench.get("/sellers/v1/account").status, 200);
  }
  fault.body = "<html>down</html>";
  bench.simulator.clear_faults();
  bench.simulator.inject(fault);
  EXPECT_EQ(bench.get(kFirstPage).body, "<html>down</html>");
}

TEST_F(Faults, DelayResetAndTruncationAreForTheConnection) {
  Fault fault;
  fault.kind = FaultKind::kDelay;
  fault.delay = 1500ms;
  bench.simulator.inject(fault);
  EXPECT_EQ(bench.get(kFirstPage).delay, 1500ms);
  EXPECT_EQ(bench.login(bench.refresh_form()).delay, 1500ms);
  inject(FaultKind::kReset);
  EXPECT_EQ(bench.get(kFirstPage).fault, ConnectionFault::kReset);
  bench.simulator.clear_faults();
  inject(FaultKind::kTruncated);
  const auto response = bench.get(kFirstPage);
  EXPECT_EQ(response.fault, ConnectionFault::kTruncate);
  EXPECT_EQ(response.status, 200);
}

TEST_F(Faults, BodiesAreSpoiled) {
  inject(FaultKind::kMalformed);
  boost::system::error_code error;
  boost::json::parse(bench.get(kFirstPage).body, error);
  EXPECT_TRUE(error);
  bench.simulator.clear_faults();
  inject(FaultKind::kWrongContentType);
  const auto html = bench.get(kFirstPage);
  EXPECT_EQ(html.status, 200);
  EXPECT_EQ(Bench::header(html, "Content-Type"), "text/html;charset=UTF-8");
  bench.simulator.clear_faults();
  inject(FaultKind::kInvalidUtf8);
  const auto broken = bench.get(kFirstPage).body;
  EXPECT_NE(broken.find('\xff'), std::string::npos);
  boost::json::parse(broken, error);
  EXPECT_TRUE(error);
}

TEST_F(Faults, ExpiredTokenNeedsANewOne) {
  Fault fault;
  fault.kind = FaultKind::kExpiredToken;
  fault.operation = "searchOrders";
  fault.next = 1;
  bench.simulator.inject(fault);
  EXPECT_EQ(Bench::error(bench.get(kFirstPage)),
            "Unauthorized: The access token you provided has expired.");
  EXPECT_EQ(bench.get(kFirstPage).status, 403);
  bench.token = bench.fetch_token();
  EXPECT_EQ(bench.get(kFirstPage).status, 200);
}

TEST_F(Faults, RepeatedOrderComesTwiceOnAPageThatIsNoLonger) {
  inject(FaultKind::kRepeatedOrder);
  const auto ids = Bench::ids(bench.get(kFirstPage));
  ASSERT_EQ(ids.size(), 3u);
  EXPECT_EQ(ids.front(), ids.back());
  bench.seed(200);
  const auto full = Bench::ids(bench.search("lastUpdatedAfter=2026-11-01T00:00:00Z"));
  EXPECT_EQ(full.size(), 100u);
  EXPECT_EQ(full.front(), full.back());
}

TEST_F(Faults, RepeatedTokenIsTheSameTextAgain) {
  const auto token = Bench::next_token(bench.get(kFirstPage));
  inject(FaultKind::kRepeatedToken);
  EXPECT_EQ(Bench::next_token(bench.get(kFirstPage)), token);
  const auto second = bench.get(kFirstPage + "&paginationToken=" + token);
  EXPECT_EQ(Bench::next_token(second), token);
  EXPECT_EQ(bench.get(kFirstPage + "&paginationToken=" + token).body, second.body);
  const auto whole = "/orders/2026-01-01/orders?lastUpdatedAfter=2026-11-01T00:00:00Z";
  EXPECT_NE(Bench::next_token(bench.get(whole)), "");  // also where there is one page only
}

TEST_F(Faults, SamePageHasAnotherTokenEachTime) {
  inject(FaultKind::kSamePage);
  const auto first = bench.get(kFirstPage);
  const auto second = bench.get(kFirstPage + "&paginationToken=" + Bench::next_token(first));
  const auto third = bench.get(kFirstPage + "&paginationToken=" + Bench::next_token(second));
  EXPECT_EQ(Bench::ids(second), Bench::ids(first));
  EXPECT_EQ(Bench::ids(third), Bench::ids(first));
  EXPECT_NE(Bench::next_token(second), Bench::next_token(first));
  EXPECT_NE(Bench::next_token(third), Bench::next_token(second));
}

TEST_F(Faults, ShortAndEmptyPagesHaveATokenAndLoseNothing) {
  inject(FaultKind::kShortPage);
  std::vector<std::size_t> sizes;
  std::vector<std::string> found;
  std::string token;
  do {
    const auto page = bench.get(kFirstPage + (token.empty() ? "" : "&paginationToken=" + token));
    ASSERT_EQ(page.status, 200) << page.body;
    const auto ids = Bench::ids(page);
    sizes.push_back(ids.size());
    found.insert(found.end(), ids.begin(), ids.end());
    token = Bench::next_token(page);
  } while (!token.empty());
  EXPECT_EQ(sizes.at(0), 0u);
  EXPECT_EQ(sizes.at(1), 2u);
  bench.simulator.clear_faults();
  EXPECT_EQ(found, Bench::ids(bench.search("lastUpdatedAfter=2026-11-01T00:00:00Z")));
}

TEST_F(Faults, CostQuotaAsTheRequestTheyHit) {
  auto settings = bench.simulator.settings();
  settings.quota_factor = 1;
  settings.quotas["searchOrders"] = {0.001, 3};
  bench.simulator.configure(settings);
  Fault fault;
  fault.operation = "searchOrders";
  for (const int free : {403, 429}) {  // Amazon's front door refuses, or the quota itself
    bench.simulator.clear_faults();
    fault.status = free;
    bench.simulator.inject(fault);
    for (int i = 0; i < 4; ++i) EXPECT_EQ(bench.get(kFirstPage).status, free);
  }
  bench.simulator.clear_faults();
  fault.status = 503;
  bench.simulator.inject(fault);
  inject(FaultKind::kReset);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(bench.get(kFirstPage).status, 503);
  EXPECT_EQ(bench.get(kFirstPage).status, 429);  // the empty bucket is asked first
  bench.token = "Atza|invented";
  EXPECT_EQ(bench.get(kFirstPage).status, 503);  // nobody's quota
}

TEST_F(Faults, StrikeTheNextOrEverySoMany) {
  Fault fault;
  fault.next = 2;
  bench.simulator.inject(fault);
  std::string seen;
  for (int i = 0; i < 4; ++i) seen += std::to_string(bench.get(kFirstPage).status) + " ";
  EXPECT_EQ(seen, "500 500 200 200 ");
  fault.next.reset();
  fault.every = 3;
  bench.simulator.inject(fault);
  seen.clear();
  for (int i = 0; i < 6; ++i) seen += std::to_string(bench.get(kFirstPage).status) + " ";
  EXPECT_EQ(seen, "200 200 500 200 200 500 ");
  bench.simulator.reset();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(bench.get(kFirstPage).status, 200);
}

TEST_F(Faults, ImpossibleFaultsAreRefused) {
  Fault fault;
  fault.operation = "getOrders";
  EXPECT_THROW(bench.simulator.inject(fault), std::invalid_argument);
  fault.operation = "*";
  fault.status = 99;
  EXPECT_THROW(bench.simulator.inject(fault), std::invalid_argument);
  fault.status = 500;
  fault.every = 0;
  EXPECT_THROW(bench.simulator.inject(fault), std::invalid_argument);
  fault.every = 1;
  fault.kind = FaultKind::kDelay;
  EXPECT_THROW(bench.simulator.inject(fault), std::invalid_argument);
  struct Case {
    std::string_view body, because;
  };
  for (const auto& [body, because] : {
           Case{R"({"kind":"status","status":200})", "no failure"},
           Case{R"({"kind":"reset","body":"x"})", "goes with the kind status"},
           Case{R"({"kind":"truncated","delay":"1s"})", "two faults"},
           Case{R"({"kind":"repeated_order"})", "searchOrders"},
           Case{R"({"kind":"short_page","operation":"getOrder"})", "searchOrders"},
           Case{R"({"kind":"expired_token","operation":"token"})", "access token"},
           Case{R"({"kind":"delay","delay":"1s","status":500})", "\"status\""},
       }) {
    const auto response = bench.control("POST", "/faults", std::string(body));
    EXPECT_EQ(response.status, 400) << body;
    EXPECT_NE(Bench::text(response, "error").find(because), std::string::npos) << response.body;
  }
}

TEST_F(Faults, TokenEndpointFailsToo) {
  inject(FaultKind::kStatus, "token");
  const auto response = bench.login(bench.refresh_form());
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(Bench::text(response, "error"), "server_error");
  Fault fault;
  for (const auto& [status, error] :
       {std::pair{503, "temporarily_unavailable"}, std::pair{429, "temporarily_unavailable"},
        std::pair{401, "invalid_client"}, std::pair{400, "invalid_request"}}) {
    bench.simulator.clear_faults();
    fault.status = status;
    bench.simulator.inject(fault);
    EXPECT_EQ(Bench::text(bench.login(bench.refresh_form()), "error"), error);
  }
}

}  // namespace
}  // namespace amazon_sandbox::tests
