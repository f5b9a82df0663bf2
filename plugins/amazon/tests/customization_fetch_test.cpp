// Archives of Amazon Custom, fetched with the orders that they belong to.
#include "src/customization_fetch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "plugins/amazon/sandbox/zip_maker.hpp"
#include "plugins/amazon/tests/harness.hpp"

namespace marketplug::amazon {
namespace {

using amazon_sandbox::make_zip;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::html_answer;
using ::testing::IsEmpty;
using testing::json_answer;
using ::testing::Not;
using tests::Harness;
using tests::page_json;
using Kind = Failure::Kind;

constexpr const char* kDownload = "downloadCustomization";
constexpr const char* kSecretUrl = "https://zme-caps.amazon.example/t/SECRET/1";

std::string settings_with(const std::string& orders) {
  std::string json = tests::kSettings;
  const std::string old = R"("pii_access": true)";
  return json.replace(json.find(old), old.size(), orders);
}

std::string custom_order(const std::string& id, const std::string& url = kSecretUrl,
                         const std::string& changed = "2026-11-23T09:00:00Z") {
  std::string json = tests::order_json(id, changed);
  const std::string old = R"("title":"Mug")";
  return json.replace(json.find(old), old.size(),
                      old + R"(,"customization":{"customizedUrl":")" + url + "\"}");
}

HttpResponse archive(const std::string& words, const std::string& line = "1") {
  HttpResponse response;
  response.status = 200;
  response.headers = {{"Content-Type", "application/zip"}};
  response.body = make_zip({{line + ".json", R"({"orderItemId":")" + line +
                                                 R"(","customizationData":{"type":)"
                                                 R"("TextCustomization","label":"Name",)"
                                                 R"("inputValue":")" +
                                                 words + "\"}}"}});
  return response;
}

HttpResponse redirect(const std::string& to) {
  HttpResponse response;
  response.status = 302;
  response.headers = {{"Location", to}};
  return response;
}

class CustomizationFetch : public ::testing::Test {
 protected:
  explicit CustomizationFetch(
      const std::string& orders = R"("pii_access": true, "fetch_customization": true)")
      : h(settings_with(orders)) {}

  /// The orders of the next step.
  std::vector<Order> orders(const std::string& found) {
    h.http.answer("searchOrders", json_answer(200, page_json(found)));
    auto page = h.feed.fetch_orders(cursor, h.ctx);
    EXPECT_TRUE(page) << page.failure().message;
    if (!page) return {};
    cursor = page.value().next;
    EXPECT_TRUE(page.value().parked.empty());
    return page.value().items;
  }
  OrderLine line(const std::string& found) {
    auto items = orders(found);
    if (items.empty()) return {};
    EXPECT_EQ(items.back().lines.size(), 1u);
    return items.back().lines[0];
  }
  void next_order(const std::string& json) {
    h.http.answer("getOrder", json_answer(200, R"({"order":)" + json + "}"));
  }
  std::string waiting() const {
    const auto found = h.state.values.find(std::string(kWaitingCustomizations));
    return found == h.state.values.end() ? std::string() : found->second;
  }
  std::size_t downloads() const { return h.http.requests_of(kDownload).size(); }
  /// No address and no word of the buyer in what others read.
  void expect_discreet() const {
    for (const auto& entry : h.log.lines()) {
      EXPECT_THAT(entry, Not(HasSubstr("SECRET")));
      EXPECT_THAT(entry, Not(HasSubstr("Mila")));
    }
    for (const auto& [key, value] : h.state.values) {
      EXPECT_THAT(value, Not(HasSubstr("SECRET"))) << key;
    }
  }

  Harness h;
  Cursor cursor;
};

std::string mark(const std::string& word, const std::string& reason) {
  return R"({"customization":")" + word + R"(","customization_reason":")" + reason + "\"}";
}

TEST_F(CustomizationFetch, WhatTheBuyerChoseBecomesPropertiesOfTheLine) {
  h.http.answer(kDownload, archive("Mila"));
  const OrderLine found = line(custom_order("1-1-1"));
  EXPECT_THAT(found.properties, ElementsAre(LineProperty{"Name", "Mila"}));
  EXPECT_EQ(found.attributes, R"({"customization":"present"})");
  EXPECT_EQ(found.customization_url, kSecretUrl) << "kept";
  EXPECT_EQ(waiting(), "");
  ASSERT_EQ(downloads(), 1u);
  const HttpRequest request = h.http.requests_of(kDownload)[0];
  EXPECT_EQ(request.url, kSecretUrl);
  EXPECT_TRUE(request.secret_url && request.repeatable);
  EXPECT_THAT(request.headers, IsEmpty()) << "neither a token nor anything else goes with it";
  expect_discreet();
}

TEST_F(CustomizationFetch, AnOrderThatComesAgainIsNotFetchedAgain) {
  h.http.answer(kDownload, archive("Mila"));
  line(custom_order("1-1-1"));
  EXPECT_EQ(line(custom_order("1-1-1")).properties.size(), 1u);
  EXPECT_EQ(downloads(), 1u);
}

TEST_F(CustomizationFetch, ARedirectIsFollowedThreeTimesAndNeverToPlainHttp) {
  h.http.answer(kDownload, redirect("https://store.example/a"));
  h.http.answer(kDownload, redirect("/b"));
  h.http.answer(kDownload, archive("Mila"));
  EXPECT_EQ(line(custom_order("1-1-1")).properties.size(), 1u);
  EXPECT_EQ(h.http.requests_of(kDownload)[2].url, "https://store.example/b");
  for (int i = 0; i < 4; ++i) h.http.answer(kDownload, redirect("/again"));
  EXPECT_EQ(line(custom_order("2-2-2")).attributes, mark("missing", "status_302"));
  EXPECT_EQ(downloads(), 7u);
  for (const char* to : {"http://store.example/a", "//store.example/a", ""}) {
    h.http.answer(kDownload, redirect(to));
    EXPECT_EQ(line(custom_order("3-3-3")).attributes, mark("missing", "status_302")) << to;
  }
  EXPECT_EQ(downloads(), 10u);
}

TEST_F(CustomizationFetch, WhatIsOutOfReachKeepsNoOrderAndIsFetchedLater) {
  h.http.fail(kDownload, Kind::kTransient, "timeout");
  auto found = orders(custom_order("1-1-1") + "," + custom_order("2-2-2"));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].lines[0].attributes, mark("missing", "timeout"));
  EXPECT_EQ(found[0].lines[0].customization_url, kSecretUrl);
  EXPECT_EQ(found[1].lines[0].attributes, mark("missing", "not_tried")) << "the step goes on";
  EXPECT_EQ(downloads(), 1u);
  EXPECT_THAT(waiting(), HasSubstr("1-1-1 0 "));
  expect_discreet();

  next_order(custom_order("2-2-2", "https://zme-caps.amazon.example/t/NEW"));
  h.http.answer(kDownload, archive("Mila"));
  found = orders("");
  ASSERT_EQ(found.size(), 1u) << "the first one rests for ten minutes";
  EXPECT_EQ(found[0].id, "2-2-2");
  EXPECT_EQ(found[0].lines[0].properties.size(), 1u);
  EXPECT_THAT(h.http.requests_of(kDownload).back().url, HasSubstr("NEW")) << "its new address";

  h.clock.advance(minutes(10));
  next_order(custom_order("1-1-1"));
  h.http.answer(kDownload, archive("Jan"));
  EXPECT_EQ(line("").properties.size(), 1u);
  EXPECT_EQ(waiting(), "");
  EXPECT_TRUE(orders("").empty());
}

/// However long the store of archives is out of reach, nothing is given up for it.
TEST_F(CustomizationFetch, AnOutageCountsForNoTry) {
  h.http.answer(kDownload, html_answer(503));
  EXPECT_EQ(line(custom_order("1-1-1")).attributes, mark("missing", "status_503"));
  for (int i = 0; i < 20; ++i) {
    h.clock.advance(minutes(10));
    next_order(custom_order("1-1-1"));
    h.http.fail(kDownload, Kind::kConfig, "tls_untrusted");
    EXPECT_EQ(line("").attributes, mark("missing", "tls_untrusted"));
  }
}

TEST_F(CustomizationFetch, AnArchiveThatIsNotThereIsGivenUpAfterADay) {
  h.http.answer(kDownload, html_answer(404));
  EXPECT_EQ(line(custom_order("1-1-1")).attributes, mark("missing", "status_404"));
  for (const auto pause : {minutes(10), minutes(60), minutes(hours(6))}) {
    h.clock.advance(pause - seconds(1));
    EXPECT_TRUE(orders("").empty());
    h.clock.advance(seconds(1));
    next_order(custom_order("1-1-1"));
    h.http.answer(kDownload, html_answer(404));
    EXPECT_EQ(line("").attributes, mark("missing", "status_404"));
  }
  h.clock.advance(hours(24));
  next_order(custom_order("1-1-1"));
  h.http.answer(kDownload, html_answer(403));
  const OrderLine given_up = line("");
  EXPECT_EQ(given_up.attributes, mark("unreadable", "status_403"));
  EXPECT_EQ(given_up.customization_url, kSecretUrl);
  EXPECT_EQ(waiting(), "");
  EXPECT_TRUE(h.log.contains("warning orders.customization"));
  expect_discreet();
}

TEST_F(CustomizationFetch, ATryBetweenIsNotCounted) {
  h.http.otherwise(kDownload, html_answer(404));
  line(custom_order("1-1-1"));
  const std::string before = waiting();
  h.clock.advance(minutes(5));
  for (int i = 0; i < 8; ++i) line(custom_order("1-1-1"));
  EXPECT_EQ(waiting(), before);
  h.http.answer(kDownload, archive("Mila"));
  EXPECT_EQ(line(custom_order("1-1-1")).properties.size(), 1u) << "good news counts at any time";
  EXPECT_EQ(waiting(), "");
}

TEST_F(CustomizationFetch, ABrokenArchiveMayBeTheWaysFaultAndIsTriedAgain) {
  HttpResponse half = archive("Mila");
  half.body.resize(half.body.size() / 2);
  h.http.answer(kDownload, half);
  EXPECT_EQ(line(custom_order("1-1-1")).attributes, mark("missing", "not_zip"));
  h.clock.advance(minutes(10));
  next_order(custom_order("1-1-1"));
  h.http.answer(kDownload, html_answer(200));
  EXPECT_EQ(line("").attributes, mark("missing", "not_zip"));
  h.clock.advance(hours(1));
  next_order(custom_order("1-1-1"));
  h.http.answer(kDownload, archive("Mila"));
  EXPECT_EQ(line("").attributes, R"({"customization":"present"})");
}

TEST_F(CustomizationFetch, WhatNoOtherTryMendsIsUnreadableAtOnce) {
  HttpResponse bomb = archive("x");
  bomb.body = make_zip({{"1.json", std::string(8u << 20, ' ')}});
  h.http.answer(kDownload, bomb);
  EXPECT_EQ(line(custom_order("1-1-1")).attributes, mark("unreadable", "zip_too_large"));
  h.http.answer(kDownload, archive("Mila", "2"));
  EXPECT_EQ(line(custom_order("2-2-2")).attributes, mark("unreadable", "other_line"));
  h.http.fail(kDownload, Kind::kRemote, "too_large");
  EXPECT_EQ(line(custom_order("3-3-3")).attributes, mark("unreadable", "too_large"));
  const std::size_t asked = downloads();
  for (const char* url : {"http://zme-caps.amazon.example/a", "https://", "file:///etc/passwd",
                          "https:///etc/passwd", "https://a b/"}) {
    const OrderLine odd = line(custom_order("4-4-4", url));
    EXPECT_EQ(odd.attributes, mark("unreadable", "bad_address")) << url;
    EXPECT_EQ(odd.customization_url, url);
  }
  EXPECT_EQ(downloads(), asked);
  EXPECT_EQ(waiting(), "");
}

TEST_F(CustomizationFetch, AStepFetchesOnlySoManyAndLeavesTheRestForLater) {
  std::string all;
  const int count = kArchivesInStep + 3;
  for (int i = 0; i < count; ++i) {
    all += (i == 0 ? "" : ",") + custom_order("1-1-" + std::to_string(100 + i));
  }
  h.http.otherwise(kDownload, archive("Mila"));
  const auto found = orders(all);
  EXPECT_EQ(downloads(), static_cast<std::size_t>(kArchivesInStep));
  EXPECT_EQ(found.back().lines[0].attributes, mark("missing", "not_tried"));
  for (int i = kArchivesInStep; i < count; ++i) {
    next_order(custom_order("1-1-" + std::to_string(100 + i)));
  }
  EXPECT_EQ(orders("").size(), 3u);
  EXPECT_EQ(waiting(), "");
}

TEST_F(CustomizationFetch, NothingIsFetchedWhenTheStepsTimeIsNearlyOver) {
  testing::FakeContext late(h.clock.now() + seconds(15));
  h.http.answer("searchOrders", json_answer(200, page_json(custom_order("1-1-1"))));
  const auto page = h.feed.fetch_orders(cursor, late);
  ASSERT_TRUE(page);
  EXPECT_EQ(page.value().items[0].lines[0].attributes, mark("missing", "not_tried"));
  EXPECT_EQ(downloads(), 0u);
  EXPECT_TRUE(h.http.requests_of("getOrder").empty());
}

TEST_F(CustomizationFetch, AStopLeavesTheRestForLater) {
  h.http.answer(kDownload, archive("Mila"));
  h.http.inspect = [this](const HttpRequest& request) {
    h.ctx.stopped = request.operation == kDownload;
  };
  const auto found = orders(custom_order("1-1-1") + "," + custom_order("2-2-2"));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].lines[0].properties.size(), 1u);
  EXPECT_EQ(found[1].lines[0].attributes, mark("missing", "not_tried"));
}

TEST_F(CustomizationFetch, ADownloadThatAStopEndsIsNoTry) {
  h.http.fail(kDownload, Kind::kCancelled, "stop");
  h.http.inspect = [this](const HttpRequest& request) {
    h.ctx.stopped = request.operation == kDownload;
  };
  EXPECT_EQ(line(custom_order("1-1-1")).attributes, mark("missing", "not_tried"));
  EXPECT_THAT(waiting(), HasSubstr("1-1-1 0 "));
  h.ctx.stopped = false;
  h.http.inspect = nullptr;
  h.http.fail(kDownload, Kind::kCancelled, "deadline");
  EXPECT_EQ(line(custom_order("1-1-1")).attributes, mark("missing", "deadline"));
  EXPECT_THAT(waiting(), HasSubstr("1-1-1 1 ")) << "an archive that never comes in time is one";
}

/// The host parks an order of more than 4 MiB.
TEST_F(CustomizationFetch, AnOrdersPropertiesHaveALimitInAll) {
  std::string json = custom_order("1-1-1");
  const std::string first = json.substr(json.find(R"({"orderItemId")"));
  std::string more;
  for (const char* id : {"2", "3"}) {
    std::string next = first.substr(0, first.find("]}"));
    more += "," + next.replace(next.find(R"("1")"), 3, "\"" + std::string(id) + "\"");
  }
  json.insert(json.rfind("]}"), more);
  std::string words;  // such as no packing makes small
  testing::SeededRandom random;
  while (words.size() < (250u << 10)) words += static_cast<char>('a' + random.next() % 26);
  for (const char* id : {"1", "2", "3"}) h.http.answer(kDownload, archive(words, id));
  const auto found = orders(json);
  ASSERT_EQ(found.size(), 1u);
  ASSERT_EQ(found[0].lines.size(), 3u);
  EXPECT_EQ(found[0].lines[1].properties.size(), 1u);
  EXPECT_EQ(found[0].lines[2].attributes, mark("unreadable", "too_many_values"));
  EXPECT_TRUE(found[0].lines[2].properties.empty());
}

TEST_F(CustomizationFetch, WhatCannotBeAskedForAgainDoesNotStandInTheWay) {
  h.http.otherwise(kDownload, html_answer(404));
  orders(custom_order("1-1-1") + "," + custom_order("2-2-2") + "," + custom_order("3-3-3"));
  h.clock.advance(minutes(10));
  const auto not_known =
      json_answer(404, R"({"errors":[{"code":"NotFound","message":"no such order"}]})");
  h.http.answer("getOrder", not_known);
  h.http.answer("getOrder", json_answer(200, "{}"));
  next_order(custom_order("3-3-3"));
  h.http.answer(kDownload, archive("Mila"));
  const auto found = orders("");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].id, "3-3-3");
  EXPECT_THAT(waiting(), Not(HasSubstr("1-1-1"))) << "Amazon knows it no longer";
  EXPECT_THAT(waiting(), HasSubstr("2-2-2 1 "));
  h.clock.advance(minutes(10));
  h.http.fail("getOrder", Kind::kTransient, "reset");
  EXPECT_TRUE(orders("").empty()) << "and the page is not lost";
  EXPECT_THAT(waiting(), HasSubstr("2-2-2 1 "));
}

TEST_F(CustomizationFetch, AnOrderThatAServerFailsForLetsTheOthersGoFirst) {
  h.http.otherwise(kDownload, html_answer(404));
  orders(custom_order("1-1-1") + "," + custom_order("2-2-2"));
  h.clock.advance(minutes(10));
  h.http.fail("getOrder", Kind::kTransient, "reset");
  EXPECT_TRUE(orders("").empty());
  next_order(custom_order("2-2-2"));
  h.http.answer(kDownload, archive("Mila"));
  const auto found = orders("");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].id, "2-2-2");
}

TEST_F(CustomizationFetch, AnOddStateIsReadAsFarAsItGoes) {
  h.state.values[std::string(kWaitingCustomizations)] =
      "nonsense\n1-1-1 x 5\n\n2-2-2 1\n3-3-3 1 0\n4-4-4 1 99999999999999x\n5-5-5 99999999999 1\n";
  next_order(custom_order("3-3-3"));
  h.http.answer(kDownload, archive("Mila"));
  EXPECT_EQ(orders("").size(), 1u);
  EXPECT_EQ(h.http.requests_of("getOrder").size(), 1u);
}

TEST_F(CustomizationFetch, WhereTooManyWaitItIsGivenUpInTheOpen) {
  std::string full;
  const std::string later = std::to_string((h.clock.now() + hours(2)).time_since_epoch().count());
  for (std::size_t i = 0; i < kMostWaiting; ++i) {
    full += "901-1234567-" + std::to_string(1000000 + i) + " 4 " + later + "\n";
  }
  EXPECT_LT(full.size(), 65536u) << "what the state of a connector holds";
  h.state.values[std::string(kWaitingCustomizations)] = full;
  h.http.answer(kDownload, html_answer(404));
  EXPECT_EQ(line(custom_order("1-1-1")).attributes, mark("unreadable", "status_404"));
  EXPECT_EQ(waiting(), full);
}

TEST_F(CustomizationFetch, APersonsResyncFetchesToo) {
  next_order(custom_order("1-1-1"));
  h.http.answer(kDownload, html_answer(404));
  auto page = h.feed.fetch_order("1-1-1", h.ctx);
  ASSERT_TRUE(page);
  EXPECT_EQ(page.value().items[0].lines[0].attributes, mark("missing", "status_404"));
  next_order(custom_order("1-1-1"));
  h.http.answer(kDownload, archive("Mila"));
  page = h.feed.fetch_order("1-1-1", h.ctx);
  ASSERT_TRUE(page);
  EXPECT_EQ(page.value().items[0].lines[0].properties.size(), 1u);
  EXPECT_EQ(waiting(), "");
}

TEST_F(CustomizationFetch, AnOrderWithoutAnAddressIsAsItWas) {
  const auto found = orders(tests::order_json("1-1-1", "2026-11-23T09:00:00Z"));
  EXPECT_EQ(found[0].lines[0].attributes, "");
  EXPECT_EQ(downloads(), 0u);
}

class CustomizationNotFetched : public CustomizationFetch,
                                public ::testing::WithParamInterface<const char*> {
 protected:
  CustomizationNotFetched() : CustomizationFetch(GetParam()) {}
};

TEST_P(CustomizationNotFetched, UnlessTheShopSaysSoAndMayHaveBuyersData) {
  const OrderLine found = line(custom_order("1-1-1"));
  EXPECT_EQ(downloads(), 0u);
  EXPECT_EQ(found.attributes, "");
  EXPECT_EQ(found.customization_url.empty(), !h.settings.orders.pii_access);
}

INSTANTIATE_TEST_SUITE_P(Settings, CustomizationNotFetched,
                         ::testing::Values(R"("pii_access": true)",
                                           R"("pii_access": true, "fetch_customization": false)",
                                           R"("pii_access": false, "fetch_customization": true)"));

}  // namespace
}  // namespace marketplug::amazon
