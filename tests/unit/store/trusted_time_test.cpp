// A clock that is wrong erases nothing, whichever way it went, and stops nothing.
#include "tests/unit/store/store_fixture.hpp"

namespace marketplug::store {
namespace {

using std::chrono::hours;
constexpr hours kYear{365 * 24};

class TrustedTimeTest : public StoreFixture {
 protected:
  void SetUp() override {
    token_ = own();
    OrderRow row = order("1");
    row.personal = R"({"buyer":"Ada"})";
    row.personal_data = PersonalData::kPresent;
    row.keep_personal_until = clock_.now() + hours(30 * 24);
    upsert(token_, row);
    const auto transaction = store().begin(token_);
    transaction->park("order", {"2", "code", "", "why", "remedy", R"({"buyer":"Ada"})", {}},
                      hours(30 * 24));
    transaction->commit();
    StoredDocument document{"doc", "shop-nl", "", 0, clock_.now() + hours(24)};
    store().documents().begin(document);
    store().documents().append("doc", "x");
    store().documents().finish("doc", "text/plain");
  }
  std::string personal(const std::string& id = "1") {
    return store().orders().find_personal("shop-nl", id, "me")->personal;
  }
  /// How much an hourly look erases.
  std::size_t hour_passes() {
    clock_.advance(hours(1));
    strange_ = store().look_at_clock(clock_.now());
    return store().orders().purge_personal(clock_.now()) +
           store().parked().purge_documents(clock_.now()) + store().documents().purge(clock_.now());
  }
  OwnerToken token_;
  std::optional<std::string> strange_;
};

TEST_F(TrustedTimeTest, AStartYearsAheadErasesNothingAndSaysWhatToDo) {
  clock_.advance(3 * kYear);
  notices_.clear();
  reopen();
  EXPECT_TRUE(noticed("clock says 2029-11-22"));
  EXPECT_TRUE(noticed("is 2026-11-23"));
  EXPECT_TRUE(noticed("Check the date and the time service"));
  EXPECT_EQ(store().orders().purge_personal(clock_.now()), 0u);
  EXPECT_EQ(store().parked().purge_documents(clock_.now()), 0u);
  EXPECT_EQ(store().documents().purge(clock_.now()), 0u);
  EXPECT_EQ(personal(), R"({"buyer":"Ada"})");

  clock_.advance(-3 * kYear);  // somebody sets it right
  EXPECT_EQ(store().look_at_clock(clock_.now()), std::nullopt);
  notices_.clear();
  reopen();
  EXPECT_TRUE(notices_.empty());
}

TEST_F(TrustedTimeTest, AClockThatJumpsWhileTheProgramRunsErasesNothing) {
  clock_.advance(3 * kYear);
  EXPECT_EQ(hour_passes(), 0u);
  ASSERT_TRUE(strange_.has_value());
  EXPECT_NE(strange_->find("24 more hour(s)"), std::string::npos) << *strange_;
}

TEST_F(TrustedTimeTest, WhatIsImportedUnderSuchAClockIsKeptToo) {
  clock_.advance(3 * kYear);
  const OwnerToken token = own();
  OrderRow row = order("3");
  row.personal = R"({"buyer":"Bea"})";
  row.keep_personal_until = row.changed_at + hours(30 * 24);
  upsert(token, row);
  EXPECT_EQ(personal("3"), R"({"buyer":"Bea"})");
}

TEST_F(TrustedTimeTest, ATimeThatRunsOnForADayIsBelieved) {
  clock_.advance(3 * kYear);
  reopen();
  for (int hour = 0; hour < 23; ++hour) {
    EXPECT_EQ(hour_passes(), 0u) << hour;
    EXPECT_TRUE(strange_.has_value()) << hour;
    if (hour == 11) reopen();  // a restart does not begin anew
  }
  EXPECT_EQ(hour_passes(), 3u);
  EXPECT_EQ(strange_, std::nullopt);
  EXPECT_EQ(personal(), "");
}

TEST_F(TrustedTimeTest, AClockThatKeepsJumpingIsNotBelieved) {
  for (int hour = 0; hour < 100; ++hour) {
    clock_.advance(kYear);
    EXPECT_EQ(hour_passes(), 0u);
  }
}

TEST_F(TrustedTimeTest, RestartsAndPausesOfLessThanAMonthAreOrdinary) {
  store_.reset();
  clock_.advance(hours(29 * 24));
  notices_.clear();
  reopen();
  EXPECT_TRUE(notices_.empty());
  clock_.advance(hours(2 * 24));
  EXPECT_EQ(hour_passes(), 2u) << "the document went with the start";
}

TEST_F(TrustedTimeTest, AClockThatWasSetBackStopsNothing) {
  clock_.advance(-3 * kYear);
  notices_.clear();
  reopen();
  EXPECT_TRUE(noticed("before 2026-11-23"));
  EXPECT_EQ(upsert(own(), order("3")), UpsertOutcome::kInserted);
  EXPECT_EQ(store().orders().purge_personal(clock_.now()), 0u);
  EXPECT_EQ(personal(), R"({"buyer":"Ada"})");
  clock_.advance(3 * kYear + hours(31 * 24));  // right again, a month later
  reopen();
  EXPECT_EQ(store().orders().purge_personal(clock_.now()), 0u) << "asked to prove itself";
}

}  // namespace
}  // namespace marketplug::store
