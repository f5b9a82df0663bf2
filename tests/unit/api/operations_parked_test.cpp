#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/api/api_bench.hpp"

namespace marketplug::api {
namespace {

using testing::Bench;

class ParkedOperations : public ::testing::Test {
 protected:
  ParkedOperations() { bench_.add_shop("a"); }

  std::int64_t park(const std::string& id,
                    const std::string& raw = R"({"name":"Juno Voorbeeld"})") {
    ParkedItem item;
    item.id = id;
    item.code = "missing_field";
    item.message = "no currency";
    item.remedy = "wait";
    item.raw = raw;
    bench_.write("a", [&](store::ShopTransaction& transaction) {
      transaction.park("order", item, std::chrono::hours(24));
    });
    std::int64_t newest = 0;
    for (const auto& record : bench_.store->parked().list("a", true, 100)) {
      newest = std::max(newest, record.id);
    }
    return newest;
  }

  Bench bench_;
};

TEST_F(ParkedOperations, ListNamesReasonsAndNoDocuments) {
  park("order-1");
  const auto answer = bench_.call("parked.list");
  ASSERT_EQ(answer.at("parked").as_array().size(), 1u);
  EXPECT_EQ(answer.at("parked").at(0).at("message"), "no currency");
  EXPECT_FALSE(answer.at("parked").at(0).as_object().contains("raw"));
}

TEST_F(ParkedOperations, TheDocumentOnlyWhereAskedFor) {
  const auto id = park("order-1");
  EXPECT_FALSE(bench_.call("parked.show", {{"parked", id}}).as_object().contains("raw"));
  const auto whole = bench_.call("parked.show", {{"parked", id}, {"personal", true}});
  EXPECT_EQ(whole.at("raw").at("name"), "Juno Voorbeeld");
  EXPECT_EQ(bench_.problem("parked.show", {{"parked", 99}}).status(), 404);
}

TEST_F(ParkedOperations, ADocumentThatIsNoTextIsShownAsText) {
  const auto id = park("order-1", "<order>\xff</order>");
  const auto whole = bench_.call("parked.show", {{"parked", id}, {"personal", true}});
  EXPECT_EQ(whole.at("raw"), "<order>\uFFFD</order>");
}

TEST_F(ParkedOperations, ReplayFetchesAgainAndTellsEachOutcome) {
  park("order-1");
  park("order-2");
  const auto answer = bench_.call("parked.replay", {{"all", true}});
  EXPECT_EQ(answer.at("replayed"), 2);
  EXPECT_THAT(bench_.engine.fetched, ::testing::UnorderedElementsAre("order-1", "order-2"));
  EXPECT_EQ(bench_.emitted.at(0).at("message"), "imported");
}

TEST_F(ParkedOperations, AReplayThatFailsSaysWhy) {
  const auto id = park("order-1");
  Failure failure;
  failure.kind = Failure::Kind::kAuth;
  failure.message = "access was withdrawn";
  failure.remedy = "grant it again";
  bench_.engine.fetch_result = failure;
  EXPECT_EQ(bench_.call("parked.replay", {{"parked", id}}).at("failed"), 1);
  EXPECT_EQ(bench_.emitted.at(0).at("ok"), false);
  EXPECT_EQ(bench_.emitted.at(0).at("remedy"), "grant it again");
}

TEST_F(ParkedOperations, ARecordWithoutAnIdCannotBeAskedFor) {
  for (const char* id : {"", "unknown:00c0ffee00c0ffee"}) {
    bench_.emitted.clear();
    const auto parked = park(id);
    EXPECT_EQ(bench_.call("parked.replay", {{"parked", parked}}).at("failed"), 1);
    EXPECT_TRUE(bench_.engine.fetched.empty());
    EXPECT_EQ(bench_.emitted.at(0).at("message"),
              "its id could not be read, so it cannot be asked for by itself");
    EXPECT_THAT(std::string(bench_.emitted.at(0).at("remedy").as_string()),
                ::testing::HasSubstr("marketplug parked show " + std::to_string(parked)));
  }
}

TEST_F(ParkedOperations, WhatToReplayMustBeSaid) {
  EXPECT_EQ(bench_.problem("parked.replay").status(), 400);
}

}  // namespace
}  // namespace marketplug::api
