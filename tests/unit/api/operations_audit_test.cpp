#include <gtest/gtest.h>

#include <boost/json/array.hpp>

#include "unit/api/api_bench.hpp"

namespace marketplug::api {
namespace {

using std::chrono::days;
using std::chrono::hours;
using testing::Bench;

class AuditOperations : public ::testing::Test {
 protected:
  AuditOperations() {
    bench_.add_shop("a");
    bench_.engine.on_audit = [this](std::string_view shop, std::string_view who, TimePoint from,
                                    TimePoint until) -> Result<std::vector<std::int64_t>> {
      store::AuditRun run;
      run.shop = shop;
      run.asked_by = who;
      run.window = {AuditWindow::By::kChanged, from, until};
      run.state = "waiting";
      run.id = bench_.store->order_audits().add(run);
      run_ = run;
      return std::vector{run.id};
    };
  }
  void end(const std::string& state, std::int64_t unsettled = 0) {
    run_.state = state;
    run_.ended_at = bench_.clock.now();
    run_.known = 812;
    run_.held = 811;
    run_.missing = 1;
    run_.unsettled = unsettled;
    bench_.write(run_.shop, [&](store::ShopTransaction& transaction) {
      store::AuditFinding finding;
      finding.order = "028-1";
      finding.problem = "missing";
      finding.outcome = "imported";
      finding.settled_at = bench_.clock.now();
      transaction.note_finding(run_.id, finding);
      transaction.save_audit(run_);
    });
  }

  Bench bench_;
  store::AuditRun run_;
};

TEST_F(AuditOperations, AsksAndWaitsForTheEnd) {
  bench_.engine.on_run_due = [this] { end("done"); };
  const auto answer = bench_.call("audit.run", {{"shop", "a"}});
  EXPECT_EQ(bench_.engine.asked.at(0), "a until idle") << "nobody else runs the engine";
  EXPECT_EQ(run_.asked_by, "cli:somebody");
  EXPECT_EQ(run_.window.until, bench_.clock.now());
  EXPECT_EQ(run_.window.from, bench_.clock.now() - days{14});
  EXPECT_EQ(answer.at("failed"), 0);
  const auto& audit = answer.at("audits").at(0);
  EXPECT_EQ(audit.at("known"), 812);
  EXPECT_EQ(audit.at("by"), "changed");
  EXPECT_EQ(audit.at("findings").at(0).at("order"), "028-1");
  EXPECT_EQ(audit.at("findings").at(0).at("outcome"), "imported");
}

TEST_F(AuditOperations, TakesTheWindowThatIsAskedForAndTellsOfFailures) {
  bench_.engine.on_run_due = [this] { end("done", 1); };
  const auto answer = bench_.call(
      "audit.run", {{"from", "2026-11-01T00:00:00Z"}, {"until", "2026-11-02T00:00:00Z"}});
  EXPECT_EQ(run_.window.until - run_.window.from, hours{24});
  EXPECT_EQ(answer.at("failed"), 1);
  EXPECT_EQ(bench_
                .problem("audit.run",
                         {{"from", "2026-11-02T00:00:00Z"}, {"until", "2026-11-01T00:00:00Z"}})
                .status(),
            400);
}

TEST_F(AuditOperations, RefusesWhatCannotRun) {
  bench_.add_shop("off", "store", false);
  EXPECT_EQ(bench_.problem("audit.run", {{"shop", "off"}}).code(), "shop_disabled");
  EXPECT_EQ(bench_.problem("audit.run", {{"shop", "x"}}).status(), 404);
  Bench none;
  EXPECT_EQ(none.problem("audit.run", {}).code(), "shop_disabled");
}

TEST_F(AuditOperations, DoesNotWaitForAShopThatStandsStill) {
  sync::ShopStatus status;
  status.shop = "a";
  status.state = "not_running";
  status.reason = "there is no plugin amazn";
  bench_.engine.statuses = {status};
  bench_.engine.on_run_due = [this] { bench_.clock.advance(std::chrono::seconds{10}); };
  const auto problem = bench_.problem("audit.run", {});
  EXPECT_EQ(problem.code(), "shop_stands_still");
  EXPECT_NE(std::string(problem.what()).find("no plugin amazn"), std::string::npos);
  EXPECT_EQ(bench_.engine.asked.size(), 4u) << "half a minute";
}

TEST_F(AuditOperations, ListsAndShows) {
  bench_.engine.on_run_due = [this] { end("done"); };
  bench_.call("audit.run", {});
  const auto listed = bench_.call("audit.list", {{"shop", "a"}});
  EXPECT_EQ(listed.at("audits").at(0).at("id"), run_.id);
  EXPECT_FALSE(listed.at("audits").at(0).as_object().contains("findings"));
  EXPECT_EQ(bench_.call("audit.show", {{"audit", run_.id}}).at("findings").as_array().size(), 1u);
  EXPECT_EQ(bench_.problem("audit.show", {{"audit", 99}}).status(), 404);
}

}  // namespace
}  // namespace marketplug::api
