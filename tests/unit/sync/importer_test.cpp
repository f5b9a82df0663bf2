#include "host/sync/importer.hpp"

#include <gtest/gtest.h>

#include "support/sync_bench.hpp"

namespace marketplug::sync {
namespace {

using testing::at;
using testing::make_order;
using testing::make_page;
using testing::make_parked;
using Types = std::vector<std::string>;

class Importer : public ::testing::Test {
 protected:
  void SetUp() override {
    bench_.add_shop("s");
    bench_.store.ownership().register_node("n", std::chrono::seconds{30});
    token_ = bench_.store.ownership().claim(10).at(0);
  }

  ImportCounts import(Page<Order> page, const ImportOptions& options = {}) {
    PreparedPage prepared = prepare_page(std::move(page), rules_, bench_.clock.now());
    const OpenParked open = open_parked(bench_.store, "s", prepared);
    return import_setting_aside(prepared, [&] {
      const auto transaction = bench_.store.begin(token_);
      const ImportCounts counts = import_page(*transaction, prepared, open, options);
      transaction->commit();
      return counts;
    });
  }
  ImportCounts import(std::vector<Order> orders) {
    return import(make_page(std::move(orders), ""));
  }
  ImportCounts park(ParkedItem item) {
    Page<Order> page = make_page({}, "");
    page.parked.push_back(std::move(item));
    return import(std::move(page));
  }
  Types events() const { return bench_.event_types("s"); }
  std::string parked_state(const std::string& id) const {
    const auto data = bench_.store.data("s");
    const auto found = data.parked.find({"order", id});
    return found == data.parked.end() ? "" : found->second.state;
  }
  static Order correction(std::string_view changed) {
    Order order = make_order("1", changed, OrderState::kNeedsCorrection);
    order.correction_reasons = {"no address", "no price"};
    order.raw = R"({"id":1})";
    return order;
  }

  testing::SyncBench bench_;
  store::OwnerToken token_;
  ShopRules rules_;
};

TEST_F(Importer, OneEventForEachAppliedChange) {
  import({make_order("1", "09:00", OrderState::kPending)});
  import({make_order("1", "09:01", OrderState::kOpen)});
  import({make_order("1", "09:02", OrderState::kShipped)});
  import({make_order("1", "09:03", OrderState::kCancelled)});
  EXPECT_EQ(events(), (Types{"order.pending", "order.ready", "order.updated", "order.cancelled"}));
}

TEST_F(Importer, NoEventForUnchangedOrStale) {
  import({make_order("1", "09:05")});
  const ImportCounts counts = import({make_order("1", "09:05"), make_order("1", "09:04")});
  EXPECT_EQ(counts.unchanged, 1u);
  EXPECT_EQ(counts.stale, 1u);
  EXPECT_EQ(events(), Types{"order.imported"});
  EXPECT_EQ(bench_.store.data("s").orders.at("1")->changed_at, at("09:05"));
}

TEST_F(Importer, EqualTimeWithOtherContentIsAnUpdate) {
  Order other = make_order("1");
  other.marketplace_status = "SHIPPED";
  const ImportCounts counts = import({make_order("1"), other});
  EXPECT_EQ(counts.inserted, 1u);
  EXPECT_EQ(counts.updated, 1u);
  EXPECT_EQ(events(), (Types{"order.imported", "order.updated"}));
  EXPECT_EQ(bench_.store.data("s").orders.at("1")->marketplace_status, "SHIPPED");
}

TEST_F(Importer, DuplicatesAndOlderVersionsInOnePageAreHandledAndCounted) {
  const ImportCounts counts =
      import({make_order("1", "09:05"), make_order("1", "09:05"), make_order("1", "09:01"),
              make_order("1", "09:06"), make_order("2")});
  EXPECT_EQ(counts.inserted, 2u);
  EXPECT_EQ(counts.unchanged, 1u);
  EXPECT_EQ(counts.stale, 1u);
  EXPECT_EQ(counts.updated, 1u);
  EXPECT_EQ(events(), (Types{"order.imported", "order.updated", "order.imported"}));
}

TEST_F(Importer, NeedsCorrectionIsStoredAndParkedWithItsReasons) {
  const ImportCounts counts = import({correction("09:00")});
  EXPECT_EQ(counts.inserted, 1u);
  EXPECT_EQ(counts.parked, 1u);
  const auto data = bench_.store.data("s");
  const auto& record = data.parked.at({"order", "1"});
  EXPECT_EQ(record.item.code, "needs_correction");
  EXPECT_EQ(record.item.message, "no address; no price");
  EXPECT_EQ(record.item.raw, R"({"id":1})");
  EXPECT_TRUE(data.orders.contains("1"));
  EXPECT_EQ(events(), Types{"order.parked"});
}

TEST_F(Importer, NeedsCorrectionReadAgainCountsNoTryAndGivesNoEvent) {
  import({correction("09:00")});
  import({correction("09:00")});
  EXPECT_EQ(bench_.store.data("s").parked.at({"order", "1"}).tries, 1);
  EXPECT_EQ(events(), Types{"order.parked"});
  import({correction("09:01")});
  EXPECT_EQ(bench_.store.data("s").parked.at({"order", "1"}).tries, 2);
  EXPECT_EQ(events(), (Types{"order.parked", "order.updated"}));
}

TEST_F(Importer, ACorrectedOrderIsReadyAndNoLongerParked) {
  import({correction("09:00")});
  import({make_order("1", "09:01")});
  EXPECT_EQ(parked_state("1"), "replayed");
  EXPECT_EQ(events(), (Types{"order.parked", "order.ready"}));
}

TEST_F(Importer, AParkedItemTellsOnce) {
  park(make_parked("9"));
  park(make_parked("9"));
  EXPECT_EQ(bench_.store.data("s").parked.at({"order", "9"}).tries, 2);
  EXPECT_EQ(events(), Types{"order.parked"});
}

TEST_F(Importer, ADiscardedItemThatComesBackTellsAgain) {
  park(make_parked("9"));
  bench_.store.discard_parked("s", "9");
  park(make_parked("9"));
  EXPECT_EQ(events(), (Types{"order.parked", "order.parked"}));
}

TEST_F(Importer, AGoodImportOfTheSameIdUnparksIt) {
  park(make_parked("1"));
  import({make_order("1")});
  EXPECT_EQ(parked_state("1"), "replayed");
}

TEST_F(Importer, AnOlderGoodVersionDoesNotSettleANewerUnreadableOne) {
  ParkedItem item = make_parked("1");
  item.changed_at = at("09:30");
  park(item);
  import({make_order("1", "09:10")});
  EXPECT_EQ(parked_state("1"), "open");
  import({make_order("1", "09:30")});
  EXPECT_EQ(parked_state("1"), "replayed");
}

TEST_F(Importer, AnyGoodAnswerToAReplaySettles) {
  import({make_order("1", "09:10")});
  park(make_parked("1"));  // nobody could read when it changed
  import({make_order("1", "09:10")});
  EXPECT_EQ(parked_state("1"), "open")
      << "an unchanged version might be older than the damaged one";
  ImportOptions replay;
  replay.settle_parked = true;
  EXPECT_EQ(import(make_page({make_order("1", "09:10")}, ""), replay).unchanged, 1u);
  EXPECT_EQ(parked_state("1"), "replayed");
}

TEST_F(Importer, AnUnreadableVersionOlderThanTheStoredOneIsNotParked) {
  import({make_order("1", "09:30")});
  ParkedItem item = make_parked("1");
  item.changed_at = at("09:10");
  EXPECT_EQ(park(item).stale, 1u);
  EXPECT_EQ(parked_state("1"), "");
  EXPECT_EQ(events(), Types{"order.imported"});
}

TEST_F(Importer, ParkedThenGoodInOnePageEndsUnparked) {
  Page<Order> page = make_page({make_order("1")}, "");
  page.parked.push_back(make_parked("1"));
  import(std::move(page));
  EXPECT_EQ(parked_state("1"), "replayed");
}

TEST_F(Importer, APoisonOrderIsParkedWhileNinetyNineAreStored) {
  bench_.store.faults.on_upsert = [](const store::OrderRow& row) {
    if (row.id == "50") {
      throw store::StoreError(store::StoreError::Kind::kConstraint, "line 1 twice");
    }
  };
  std::vector<Order> orders;
  for (int i = 0; i < 100; ++i) orders.push_back(make_order(std::to_string(i)));
  orders[50].raw = "{}";
  const ImportCounts counts = import(std::move(orders));
  EXPECT_EQ(counts.inserted, 99u);
  EXPECT_EQ(counts.parked, 1u);
  EXPECT_EQ(parked_state("50"), "open");
  const auto data = bench_.store.data("s");
  EXPECT_EQ(data.orders.size(), 99u);
  EXPECT_EQ(data.events.size(), 100u);
  EXPECT_EQ(data.parked.at({"order", "50"}).item.raw, "{}");
  EXPECT_EQ(data.parked.at({"order", "50"}).item.code, "store_refused");
}

TEST_F(Importer, APageOfNothingButPoisonIsParkedWhole) {
  bench_.store.faults.on_upsert = [](const store::OrderRow&) {
    throw store::StoreError(store::StoreError::Kind::kConstraint, "no");
  };
  EXPECT_EQ(import({make_order("1"), make_order("2"), make_order("3")}).parked, 3u);
  EXPECT_EQ(events().size(), 3u);
}

TEST_F(Importer, AParkedItemThatIsRefusedLosesItsDocumentNotItsPlace) {
  bench_.store.faults.on_call = [done = false](std::string_view operation,
                                               std::string_view) mutable {
    if (operation != "park" || done) return;
    done = true;
    throw store::StoreError(store::StoreError::Kind::kConstraint, "too big");
  };
  EXPECT_EQ(park(make_parked("9")).parked, 1u);
  const auto record = bench_.store.data("s").parked.at({"order", "9"});
  EXPECT_TRUE(record.item.raw.empty());
  EXPECT_NE(record.item.message.find("too big"), std::string::npos);
}

TEST_F(Importer, AStoreThatRefusesEverythingFailsThePage) {
  bench_.store.faults.on_call = [](std::string_view operation, std::string_view) {
    if (operation != "append_event") return;
    throw store::StoreError(store::StoreError::Kind::kConstraint, "no events");
  };
  EXPECT_THROW(import({make_order("1")}), store::StoreError);
  EXPECT_TRUE(bench_.store.data("s").orders.empty());
}

TEST_F(Importer, AnOrderThatCannotBeEncodedIsParkedAndThePageGoesOn) {
  rules_.own_status = [](const Order& order) -> std::string {
    if (order.id == "2") throw std::runtime_error("no such status");
    return "open";
  };
  const ImportCounts counts = import({make_order("1"), make_order("2"), make_order("3")});
  EXPECT_EQ(counts.inserted, 2u);
  EXPECT_EQ(counts.parked, 1u);
  EXPECT_EQ(parked_state("2"), "open");
}

TEST_F(Importer, AnUnclearRefusalFailsThePageUntilItWasTriedOften) {
  bench_.store.faults.on_upsert = [](const store::OrderRow&) {
    throw store::StoreError(store::StoreError::Kind::kOther, "odd");
  };
  EXPECT_THROW(import({make_order("1")}), store::StoreError);
  EXPECT_TRUE(bench_.store.data("s").orders.empty());
  ImportOptions patient;
  patient.park_any_refusal = true;
  EXPECT_EQ(import(make_page({make_order("1")}, ""), patient).parked, 1u);
}

TEST_F(Importer, AFullDiskIsNeverAnOrdersFault) {
  bench_.store.faults.on_upsert = [](const store::OrderRow&) {
    throw store::StoreError(store::StoreError::Kind::kDiskFull, "full");
  };
  ImportOptions patient;
  patient.park_any_refusal = true;
  EXPECT_THROW(import(make_page({make_order("1")}, ""), patient), store::StoreError);
  EXPECT_EQ(parked_state("1"), "");
}

TEST(StoreTrouble, IsWhateverSaysNothingAboutOneOrder) {
  using Store = store::StoreError::Kind;
  for (const Store kind : {Store::kIo, Store::kBusy, Store::kDiskFull, Store::kReadOnly,
                           Store::kFenced, Store::kCorrupt}) {
    EXPECT_TRUE(is_store_trouble({kind, "trouble"}));
  }
  for (const Store kind : {Store::kOther, Store::kConstraint, Store::kNotFound}) {
    EXPECT_FALSE(is_store_trouble({kind, "refused"}));
  }
}

// What a person should know of an order.

class OrderAlertsOfAnImport : public Importer {
 protected:
  static Order wished(std::string_view changed, bool asks = true) {
    Order order = make_order("1", changed);
    if (asks) order.lines.at(0).cancel_requested = Cancellation{"buyer", "NO_LONGER_NEEDED"};
    return order;
  }
  std::vector<std::string> open() {
    std::vector<std::string> codes;
    for (const auto& record : bench_.store.alerts().list("s", true, 10)) {
      codes.push_back(record.item + " " + record.alert.code);
    }
    return codes;
  }
};

TEST_F(OrderAlertsOfAnImport, TheBuyersWishIsAnEventOfItsOwnOnceAndAnAlertUntilItIsOver) {
  import({wished("09:00", false)});
  import({wished("09:01")});
  EXPECT_EQ(events(), (Types{"order.imported", "order.updated", "order.cancel_requested"}));
  EXPECT_EQ(open(), std::vector<std::string>{"1 buyer_cancel_requested"});
  Order again = wished("09:02");
  again.service_level = "EXPEDITED";
  import({again});
  EXPECT_EQ(events().size(), 4u) << "asked for once";
  import({wished("09:03", false)});
  EXPECT_TRUE(open().empty());
  import({wished("09:04")});
  EXPECT_EQ(events().back(), "order.cancel_requested") << "asked for anew";
  Order cancelled = wished("09:05");
  cancelled.state = OrderState::kCancelled;
  import({cancelled});
  EXPECT_EQ(events().back(), "order.cancelled");
  EXPECT_TRUE(open().empty());
}

TEST_F(OrderAlertsOfAnImport, AWishInTheFirstVersionIsToldToo) {
  import({wished("09:00")});
  EXPECT_EQ(events(), (Types{"order.imported", "order.cancel_requested"}));
  EXPECT_EQ(open().size(), 1u);
}

TEST_F(OrderAlertsOfAnImport, AnOlderVersionRaisesAndClearsNothing) {
  import({wished("09:05")});
  import({wished("09:04", false)});
  EXPECT_EQ(open().size(), 1u);
}

TEST_F(OrderAlertsOfAnImport, AnOrderThatIsCancelledAfterItWasSentIsOne) {
  import({make_order("1", "09:00", OrderState::kPartiallyShipped)});
  import({make_order("1", "09:01", OrderState::kCancelled)});
  import({make_order("2", "09:00")});
  import({make_order("2", "09:01", OrderState::kCancelled)});
  EXPECT_EQ(open(), std::vector<std::string>{"1 cancelled_after_shipment"});
  // A later version of the cancelled order says nothing of what it was.
  Order later = make_order("1", "09:02", OrderState::kCancelled);
  later.service_level = "EXPEDITED";
  import({later});
  EXPECT_EQ(open().size(), 1u);
}

TEST_F(OrderAlertsOfAnImport, BuyersDataThatLackAreOneForTheShopUntilADayAfterTheLast) {
  const auto lacking = [](const char* id, std::string_view changed) {
    Order order = make_order(id, changed);
    order.fulfilled_by = FulfilledBy::kMerchant;
    order.personal_data = PersonalData::kMissing;
    return order;
  };
  rules_.id = "s";
  Order pending = lacking("p", "09:00");
  pending.state = OrderState::kPending;
  Order theirs = lacking("t", "09:00");
  theirs.fulfilled_by = FulfilledBy::kMarketplace;
  import({pending, theirs});
  EXPECT_TRUE(open().empty()) << "nobody has to send them";
  import({lacking("1", "09:00"), lacking("2", "09:00")});
  import({lacking("3", "09:00")});
  EXPECT_EQ(open(), std::vector<std::string>{"s buyers_data_missing"});
  const TimePoint now = bench_.clock.now();
  EXPECT_EQ(bench_.store.alerts().expire(now + std::chrono::hours{23}, std::chrono::hours{1}), 0u);
  EXPECT_EQ(bench_.store.alerts().expire(now + std::chrono::hours{24}, std::chrono::hours{1}), 1u);
}

}  // namespace
}  // namespace marketplug::sync
