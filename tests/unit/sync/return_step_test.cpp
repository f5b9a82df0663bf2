// A shop's returns from being due to being stored, in the engine on one seeded thread.
#include <gtest/gtest.h>

#include <deque>

#include "host/json/event_catalog.hpp"
#include "host/json/return_codec.hpp"
#include "host/json/schema.hpp"
#include "host/json/strict_parse.hpp"
#include "host/sync/return_import.hpp"
#include "support/sync_bench.hpp"

namespace marketplug::sync {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using store::ReturnLink;
using ::testing::_;
using testing::at;
using ::testing::HasSubstr;
using ::testing::Invoke;
using testing::make_failure;
using testing::make_order;
using testing::make_page;
using testing::make_parked;
using ::testing::NiceMock;
using testing::SyncBench;

BuyerReturn make_return(const std::string& id, const std::string& order = "1",
                        ReturnState state = ReturnState::kRequested) {
  BuyerReturn made;
  made.id = id;
  made.order_id = order;
  made.marketplace = "NL";
  made.state = state;
  made.marketplace_status = "Approved";
  made.fulfilled_by = FulfilledBy::kMerchant;
  made.requested_at = at("07:00");
  ReturnLine line;
  line.sku = "SKU-1";
  line.quantity = 1;
  line.reason = "CR-DEFECTIVE";
  line.buyer_comment = "Mila says it broke";
  made.lines.push_back(line);
  return made;
}

Page<BuyerReturn> page_of(std::vector<BuyerReturn> returns, const std::string& next = "r",
                          bool caught_up = true) {
  Page<BuyerReturn> page;
  page.items = std::move(returns);
  page.next.value = next;
  page.caught_up = caught_up;
  return page;
}

class ReturnStep : public ::testing::Test {
 protected:
  ReturnStep() : shop_(bench_.add_shop("s")) {
    shop_.returning = std::make_shared<NiceMock<testing::MockReturnsConnector>>();
    ON_CALL(*shop_.returning, fetch_orders(_, _))
        .WillByDefault(Invoke([this](const Cursor&, StepContext&) {
          return Result<Page<Order>>(make_page(orders_, "c"));
        }));
    ON_CALL(*shop_.returning, fetch_returns(_, _))
        .WillByDefault(Invoke([this](const Cursor& cursor, StepContext&) {
          cursors_.push_back(cursor.value);
          if (answers_.empty()) return Result<Page<BuyerReturn>>(page_of({}));
          auto answer = std::move(answers_.front());
          answers_.pop_front();
          return answer;
        }));
  }
  testing::FakeShopData data() { return bench_.store.data("s"); }
  store::JobRecord job() { return data().jobs.at("return-source"); }
  std::vector<std::string> open_alerts() {
    std::vector<std::string> codes;
    const auto kept = data();
    for (const auto& alert : kept.alerts) {
      if (!alert.cleared_at) codes.push_back(alert.alert.code);
    }
    return codes;
  }
  /// Until the next look at the returns.
  void again(std::chrono::milliseconds after = hours{2}) {
    bench_.clock.advance(after);
    bench_.run_due("s");
    bench_.run_due("s");
  }

  SyncBench bench_;
  testing::MockSource::Made& shop_;
  std::vector<Order> orders_{make_order("1")};
  std::deque<Result<Page<BuyerReturn>>> answers_;
  std::vector<std::string> cursors_;
};

TEST_F(ReturnStep, IsStoredLinkedAndTold) {
  answers_.emplace_back(page_of({make_return("r1")}, "place 1", false));
  answers_.emplace_back(page_of({make_return("r2")}, "place 2"));
  EXPECT_TRUE(bench_.run_due("s", true));
  EXPECT_EQ(cursors_, (std::vector<std::string>{"", "place 1"}));
  EXPECT_EQ(data().cursors.at("return-source").value, "place 2");
  ASSERT_EQ(data().returns.size(), 2u);
  const auto row = data().returns.at("r1");
  EXPECT_EQ(row.links, (std::vector<store::LineLink>{{ReturnLink::kLinked, "1"}}));
  EXPECT_EQ(row.begun_at, at("07:00"));
  EXPECT_THAT(row.document, ::testing::Not(HasSubstr("Mila")));
  EXPECT_THAT(row.personal, HasSubstr("Mila"));
  EXPECT_EQ(bench_.event_types("s"),
            (std::vector<std::string>{"order.imported", "return.imported", "return.imported"}));
  EXPECT_EQ(job().last_succeeded, bench_.clock.now());
  EXPECT_GE(job().due_at, bench_.clock.now() + minutes{50});
  EXPECT_EQ(bench_.metrics.value("sync_returns_total"), 2);
  EXPECT_TRUE(data().marks.empty());
}

TEST_F(ReturnStep, EventsKeepToTheirSchemas) {
  auto odd = make_return("r2", "1");
  odd.lines[0].sku = "other";
  odd.changed_at = at("08:00");
  auto page = page_of({make_return("r1"), odd});
  page.parked.push_back(make_parked("r3"));
  answers_.emplace_back(page);
  auto newer = make_return("r1");
  newer.state = ReturnState::kReceived;
  answers_.emplace_back(page_of({newer}));
  bench_.run_due("s", true);
  again();
  std::size_t looked_at = 0;
  const auto kept = data();
  for (const auto& event : kept.events) {
    if (!event->type.starts_with("return.")) continue;
    const auto schema =
        json::Schema::compile(json::parse_or_throw(json::event_schema(event->type), "schema"));
    for (const auto& error : schema.validate(json::parse_or_throw(event->data, "event"))) {
      ADD_FAILURE() << event->type << error.pointer << error.message;
    }
    EXPECT_THAT(event->data, ::testing::Not(HasSubstr("Mila")));
    ++looked_at;
  }
  EXPECT_EQ(looked_at, 4u);
}

TEST_F(ReturnStep, WaitsUntilOrdersHaveCaughtUp) {
  bool caught_up = false;
  int pages = 0;
  ON_CALL(*shop_.returning, fetch_orders(_, _))
      .WillByDefault(Invoke([&](const Cursor&, StepContext&) {
        EXPECT_TRUE(cursors_.empty());
        caught_up = ++pages == 3;
        return Result<Page<Order>>(make_page({}, "c" + std::to_string(pages), caught_up));
      }));
  bench_.run_due("s", true);
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(cursors_.size(), 1u);
}

TEST_F(ReturnStep, AReportThatIsPreparedIsNotWaitedFor) {
  auto waits = page_of({}, "report 1", false);
  waits.look_again_at = bench_.clock.now() + std::chrono::seconds{30};
  answers_.emplace_back(waits);
  EXPECT_TRUE(bench_.run_due("s", true));
  EXPECT_EQ(cursors_.size(), 1u) << "who asked for orders has them";
  EXPECT_EQ(job().due_at, waits.look_again_at);
  again(std::chrono::seconds{30});
  EXPECT_EQ(cursors_.back(), "report 1");
}

TEST_F(ReturnStep, ANewerVersionIsAnUpdateAndAnOlderOneIsNone) {
  auto first = make_return("r1");
  first.changed_at = at("09:00");
  auto newer = make_return("r1", "1", ReturnState::kReceived);
  newer.changed_at = at("09:30");
  answers_.emplace_back(page_of({first}));
  answers_.emplace_back(page_of({newer}));
  answers_.emplace_back(page_of({first}));
  answers_.emplace_back(page_of({newer}));
  bench_.run_due("s", true);
  for (int i = 0; i < 3; ++i) again();
  EXPECT_EQ(data().returns.at("r1").state, ReturnState::kReceived);
  EXPECT_EQ(bench_.event_types("s"),
            (std::vector<std::string>{"order.imported", "return.imported", "return.updated"}));
}

TEST_F(ReturnStep, IsLinkedOnceItsOrderIsThere) {
  answers_.emplace_back(page_of({make_return("r1", "2")}));
  bench_.run_due("s", true);
  EXPECT_EQ(data().returns.at("r1").links.at(0).link, ReturnLink::kNoOrder);
  EXPECT_TRUE(open_alerts().empty()) << "it may be older than the import";
  orders_.push_back(make_order("2"));
  again();
  EXPECT_EQ(data().returns.at("r1").links,
            (std::vector<store::LineLink>{{ReturnLink::kLinked, "1"}}));
  EXPECT_EQ(bench_.event_types("s").back(), "return.updated");
}

TEST_F(ReturnStep, ALineThatFitsNoneOrSeveralIsAnAlert) {
  auto order = make_order("1");
  order.lines.push_back(order.lines[0]);
  order.lines[1].id = "2";
  orders_ = {order};
  answers_.emplace_back(page_of({make_return("r1")}));
  auto mended = make_return("r1");
  mended.lines[0].line_id = "2";
  answers_.emplace_back(page_of({mended}));
  bench_.run_due("s", true);
  EXPECT_EQ(open_alerts(), (std::vector<std::string>{"return_unlinked"}));
  EXPECT_EQ(data().alerts.at(0).kind, "return");
  again();
  EXPECT_EQ(data().returns.at("r1").links.at(0).order_line, "2");
  EXPECT_TRUE(open_alerts().empty());
}

TEST_F(ReturnStep, WhatCannotBeReadIsParkedAndSettledByAGoodVersion) {
  auto bad = make_return("r1");
  bad.lines[0].attributes = "no object";
  auto nameless = make_return("");
  auto no_order = make_return("r2", "");
  auto long_id = make_return(std::string(300, 'r'));
  auto control = make_return("a\nb");
  auto future = make_return("r3");
  future.changed_at = bench_.clock.now() + hours{48};
  auto huge = make_return("r4");
  huge.lines[0].title = std::string(2u << 20, 'x');
  answers_.emplace_back(
      page_of({bad, nameless, no_order, long_id, control, future, huge, make_return("good")}));
  answers_.emplace_back(page_of({make_return("r1")}));
  bench_.run_due("s", true);
  std::vector<std::string> codes;
  const auto kept = data();
  for (const auto& [key, record] : kept.parked) {
    EXPECT_EQ(key.first, "return");
    EXPECT_FALSE(record.item.remedy.empty());
    codes.push_back(record.item.code);
  }
  std::sort(codes.begin(), codes.end());
  EXPECT_EQ(codes,
            (std::vector<std::string>{"bad_id", "future_change_time", "invalid_return", "long_id",
                                      "missing_id", "missing_order_id", "too_large"}));
  EXPECT_EQ(data().returns.size(), 1u) << "the others go on";
  again();
  EXPECT_EQ(data().parked.at({"return", "r1"}).state, "replayed");
}

TEST_F(ReturnStep, OneThatTheStoreRefusesIsParkedAndTheOthersGoOn) {
  bench_.store.faults.on_return = [](const store::ReturnRow& row) {
    if (row.id == "r1") throw store::StoreError(store::StoreError::Kind::kConstraint, "refused");
  };
  answers_.emplace_back(page_of({make_return("r1"), make_return("r2")}));
  bench_.run_due("s", true);
  EXPECT_TRUE(data().returns.contains("r2"));
  EXPECT_EQ(data().parked.at({"return", "r1"}).item.code, "store_refused");
}

TEST_F(ReturnStep, WhatHasArrivedIsKeptAsLongAsTheShopSaysAndTheRestForLonger) {
  shop_.rules.retention_days = 30;
  auto arrived = make_return("r1", "1", ReturnState::kReceived);
  arrived.received_at = at("08:00");
  answers_.emplace_back(page_of({arrived, make_return("r2")}));
  bench_.run_due("s", true);
  EXPECT_EQ(data().returns.at("r1").keep_personal_until, at("08:00") + std::chrono::days{30});
  EXPECT_EQ(data().returns.at("r2").keep_personal_until, at("07:00") + std::chrono::days{90});
}

TEST_F(ReturnStep, NothingPersonalIsKeptWhereTheShopForbidsIt) {
  shop_.rules.keep_personal_data = false;
  answers_.emplace_back(page_of({make_return("r1")}));
  bench_.run_due("s", true);
  EXPECT_EQ(data().returns.at("r1").personal, "");
}

TEST_F(ReturnStep, FailuresLeaveTheShopAloneAndAreAnAlertWhereAPersonMustMendThem) {
  answers_.emplace_back(make_failure(Failure::Kind::kTransient));
  answers_.emplace_back(make_failure(Failure::Kind::kConfig, "role_lacks"));
  EXPECT_TRUE(bench_.run_due("s", true));
  EXPECT_EQ(job().failures, 1);
  EXPECT_TRUE(open_alerts().empty());
  again(minutes{20});
  EXPECT_EQ(data().record.state, "ok");
  EXPECT_EQ(open_alerts(), (std::vector<std::string>{"returns_failing"}));
  EXPECT_EQ(job().state, "queued");
  EXPECT_EQ(job().due_at, bench_.clock.now() + hours{6});
  answers_.emplace_back(page_of({make_return("r1")}));
  again(hours{6});
  EXPECT_TRUE(open_alerts().empty());
  EXPECT_TRUE(data().returns.contains("r1"));
}

TEST_F(ReturnStep, AFailureThatLastsIsAnAlert) {
  ON_CALL(*shop_.returning, fetch_returns(_, _))
      .WillByDefault(::testing::Return(make_failure(Failure::Kind::kTransient)));
  bench_.run_due("s", true);
  for (int i = 1; i < 20; ++i) {
    EXPECT_TRUE(open_alerts().empty());
    again(minutes{20});
  }
  EXPECT_EQ(open_alerts(), (std::vector<std::string>{"returns_failing"}));
}

TEST_F(ReturnStep, TheSamePlaceAgainIsAFailure) {
  answers_.emplace_back(page_of({}, "", false));
  bench_.run_due("s", true);
  EXPECT_EQ(job().last_code, "no_progress");
}

TEST_F(ReturnStep, AChangedShopTriesAgainAtOnce) {
  answers_.emplace_back(make_failure(Failure::Kind::kAuth, "denied"));
  bench_.run_due("s", true);
  bench_.add_shop("s", R"({"plugin":"mock","name":"role given"})");
  bench_.engine->reload();
  bench_.run_due("s", true);
  EXPECT_EQ(cursors_.size(), 2u);
}

TEST_F(ReturnStep, TheShopsSwitchDecides) {
  shop_.rules.import_returns = false;
  bench_.run_due("s", true);
  EXPECT_TRUE(cursors_.empty());
}

TEST_F(ReturnStep, AShopThatImportsNoOrdersHasNoneToWaitFor) {
  shop_.rules.import_orders = false;
  bench_.run_due("s", true);
  EXPECT_EQ(cursors_.size(), 1u);
}

TEST_F(ReturnStep, AnOrderThatChangedLinksItAnew) {
  auto other = make_order("1");
  other.lines[0].sku = "ANOTHER";
  orders_ = {other};
  answers_.emplace_back(page_of({make_return("r1")}));
  answers_.emplace_back(page_of({make_return("r1")}));
  bench_.run_due("s", true);
  EXPECT_EQ(open_alerts(), (std::vector<std::string>{"return_unlinked"}));
  orders_ = {make_order("1", "09:30")};
  again();
  EXPECT_EQ(data().returns.at("r1").links,
            (std::vector<store::LineLink>{{ReturnLink::kLinked, "1"}}));
  EXPECT_TRUE(open_alerts().empty());
  EXPECT_EQ(bench_.event_types("s").back(), "return.updated");
}

TEST_F(ReturnStep, AStoredOneThatCannotBeReadKeepsNobodyWaiting) {
  auto waits = make_return("r1", "2");
  answers_.emplace_back(page_of({waits}));
  bench_.run_due("s", true);
  bench_.store.spoil_return("s", "r1");
  orders_.push_back(make_order("2"));
  answers_.emplace_back(page_of({make_return("r2")}));
  again();
  EXPECT_TRUE(data().returns.contains("r2"));
}

TEST_F(ReturnStep, APluginWithoutReturnsCostsNoStep) {
  shop_.returning.reset();
  ON_CALL(*shop_.connector, fetch_orders(_, _))
      .WillByDefault(Invoke([this](const Cursor&, StepContext&) {
        return Result<Page<Order>>(make_page(orders_, "c"));
      }));
  bench_.run_due("s", true);
  EXPECT_EQ(bench_.status("s").steps, 1u);
}

TEST_F(ReturnStep, ARestartGoesOnAtThePlace) {
  auto waits = page_of({}, "report 1", false);
  waits.look_again_at = bench_.clock.now() + minutes{10};
  answers_.emplace_back(waits);
  bench_.run_due("s", true);
  bench_.clock.advance(minutes{10});
  bench_.start();
  bench_.run_due("s", true);
  EXPECT_EQ(cursors_, (std::vector<std::string>{"", "report 1"}));
}

TEST_F(ReturnStep, AStoreInTroubleLosesNothing) {
  bool broken = true;
  bench_.store.faults.on_call = [&](std::string_view operation, std::string_view) {
    if (broken && operation == "upsert_return") {
      broken = false;
      throw store::StoreError(store::StoreError::Kind::kDiskFull, "no room");
    }
  };
  answers_.emplace_back(page_of({make_return("r1")}));
  answers_.emplace_back(page_of({make_return("r1")}));
  bench_.run_due("s", true);
  EXPECT_EQ(data().returns.size(), 0u);
  EXPECT_FALSE(data().cursors.contains("return-source"));
  again(minutes{20});
  EXPECT_EQ(data().returns.size(), 1u);
  bench_.store.faults.on_call = nullptr;
}

}  // namespace
}  // namespace marketplug::sync
