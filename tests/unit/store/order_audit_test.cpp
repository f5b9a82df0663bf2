#include "tests/unit/store/store_fixture.hpp"

namespace marketplug::store {
namespace {

using std::chrono::days;
using std::chrono::hours;

class OrderAuditTest : public StoreFixture {
 protected:
  void SetUp() override {
    StoreFixture::SetUp();
    token_ = own("shop-nl");
  }
  AuditRun make(const std::string& who = "") {
    AuditRun run;
    run.shop = "shop-nl";
    run.asked_by = who;
    run.asked_at = clock_.now();
    run.window = {AuditWindow::By::kPlaced, clock_.now() - days{14}, clock_.now()};
    run.state = "waiting";
    return run;
  }
  template <class Work>
  void in_transaction(Work&& work) {
    const auto transaction = store().begin(token_);
    work(*transaction);
    transaction->commit();
  }
  static AuditFinding finding(const std::string& order, const std::string& problem) {
    AuditFinding each;
    each.order = order;
    each.problem = problem;
    each.marketplace_status = "Shipped";
    each.outcome = problem.empty() ? "" : "open";
    return each;
  }
  OrderAudits& audits() { return store().order_audits(); }

  OwnerToken token_;
};

TEST_F(OrderAuditTest, KeepsEverythingOfARun) {
  const auto id = audits().add(make("cli:me"));
  auto run = audits().find(id).value();
  EXPECT_EQ(run.window.by, AuditWindow::By::kPlaced);
  EXPECT_EQ(run.window.until, clock_.now());
  EXPECT_EQ(run.asked_by, "cli:me");
  run.state = "reading";
  run.started_at = clock_.now();
  run.place.value = "page 2";
  run.known = 5;
  run.held = 4;
  run.missing = 1;
  run.stale = 2;
  run.unsettled = 3;
  run.later = 6;
  run.failing_since = clock_.now();
  run.message = "why";
  run.remedy = "do";
  in_transaction([&](ShopTransaction& to) { to.save_audit(run); });
  const auto read = audits().find(id).value();
  EXPECT_EQ(read.place.value, "page 2");
  EXPECT_EQ(read.started_at, clock_.now());
  EXPECT_EQ(read.ended_at, std::nullopt);
  EXPECT_EQ((std::vector{read.known, read.held, read.missing, read.stale, read.unsettled}),
            (std::vector<std::int64_t>{5, 4, 1, 2, 3}));
  EXPECT_EQ(read.later, 6);
  EXPECT_EQ(read.failing_since, clock_.now());
  EXPECT_EQ(read.message, "why");
  EXPECT_EQ(read.remedy, "do");
  EXPECT_EQ(audits().find(id + 1), std::nullopt);
}

TEST_F(OrderAuditTest, APersonsRunIsNextThenTheOldest) {
  in_transaction([&](ShopTransaction& to) {
    to.add_audit(make());
    to.add_audit(make());
  });
  const auto first = audits().next("shop-nl").value();
  const auto asked = audits().add(make("cli:me"));
  EXPECT_EQ(audits().next("shop-nl")->id, asked);
  for (const auto id : {asked, first.id}) {
    auto run = audits().find(id).value();
    run.ended_at = clock_.now();
    run.state = id == first.id ? "failed" : "done";
    in_transaction([&](ShopTransaction& to) { to.save_audit(run); });
  }
  EXPECT_EQ(audits().next("shop-nl")->id, first.id + 1);
  EXPECT_EQ(audits().next("other"), std::nullopt);
  EXPECT_EQ(audits().list("shop-nl", 2).at(0).id, asked) << "newest first";
  EXPECT_EQ(audits().list("", 10).size(), 3u);
  EXPECT_EQ(audits().first_done("shop-nl"), std::nullopt) << "none ended well";
}

TEST_F(OrderAuditTest, AnOrderIsNotedOnceAndOnlyProblemsStay) {
  const auto id = audits().add(make());
  in_transaction([&](ShopTransaction& to) {
    EXPECT_TRUE(to.note_finding(id, finding("1", "")));
    EXPECT_TRUE(to.note_finding(id, finding("2", "stale")));
    EXPECT_TRUE(to.note_finding(id, finding("3", "missing")));
    EXPECT_FALSE(to.note_finding(id, finding("3", "")));
  });
  ASSERT_EQ(audits().findings(id, true, 10).size(), 2u);
  EXPECT_EQ(audits().findings(id, true, 10)[0].order, "3") << "missing ones first";
  auto settled = finding("3", "missing");
  settled.outcome = "imported";
  settled.settled_at = clock_.now();
  settled.message = "well";
  in_transaction([&](ShopTransaction& to) { to.settle_finding(id, settled); });
  EXPECT_EQ(audits().findings(id, true, 10).size(), 1u);
  const auto all = audits().findings(id, false, 10);
  EXPECT_EQ(all.at(0).outcome, "imported");
  EXPECT_EQ(all.at(0).settled_at, clock_.now());
  EXPECT_EQ(all.at(0).message, "well");
  EXPECT_EQ(all.at(0).marketplace_status, "Shipped");
  auto run = audits().find(id).value();
  run.ended_at = clock_.now();
  in_transaction([&](ShopTransaction& to) { to.save_audit(run); });
  EXPECT_EQ(select_sql(db_path(), "SELECT order_id FROM order_audit_finding").size(), 2u);
}

TEST_F(OrderAuditTest, RemembersForWhichWordAnOrderWasFetchedForNothing) {
  const auto id = audits().add(make());
  auto known = finding("1", "stale");
  known.changed_at = clock_.now();
  in_transaction([&](ShopTransaction& to) {
    to.note_finding(id, known);
    EXPECT_FALSE(to.was_unchanged(known));
    known.outcome = "unchanged";
    to.settle_finding(id, known);
    EXPECT_TRUE(to.was_unchanged(known));
    auto other = known;
    other.marketplace_status = "Cancelled";
    EXPECT_FALSE(to.was_unchanged(other));
    other = known;
    other.changed_at = clock_.now() + hours{1};
    EXPECT_FALSE(to.was_unchanged(other));
  });
}

TEST_F(OrderAuditTest, IsForgottenWithItsFindings) {
  const auto id = audits().add(make());
  in_transaction([&](ShopTransaction& to) { to.note_finding(id, finding("3", "missing")); });
  auto run = audits().find(id).value();
  run.ended_at = clock_.now();
  in_transaction([&](ShopTransaction& to) { to.save_audit(run); });
  audits().add(make());
  EXPECT_EQ(audits().purge(clock_.now() - hours{1}), 0u);
  EXPECT_EQ(audits().purge(clock_.now()), 1u);
  EXPECT_TRUE(audits().findings(id, false, 10).empty());
  EXPECT_EQ(audits().list("", 10).size(), 1u) << "one that is open stays";
}

}  // namespace
}  // namespace marketplug::store
