#include "src/order_feed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "plugins/amazon/tests/harness.hpp"

namespace marketplug::amazon {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::HasSubstr;
using testing::json_answer;
using ::testing::Not;
using tests::Harness;
using tests::order_json;
using tests::page_json;
using Kind = Failure::Kind;

constexpr const char* kChanged = "2026-11-23T09:00:00Z";

/// The value of a query parameter, still encoded; empty where it is absent.
std::string parameter(const HttpRequest& request, const std::string& name) {
  const std::size_t at = request.url.find(name + "=");
  if (at == std::string::npos) return {};
  const std::size_t begin = at + name.size() + 1;
  return request.url.substr(begin, request.url.find('&', begin) - begin);
}

class OrderFeedTest : public ::testing::Test {
 protected:
  void next(const std::string& body, HttpHeaders headers = {}) {
    h.http.answer("searchOrders", json_answer(200, body, std::move(headers)));
  }
  Result<Page<Order>> step() {
    auto page = h.feed.fetch_orders(cursor, h.ctx);
    if (page) cursor = page.value().next;
    return page;
  }
  HttpRequest last() { return h.http.requests_of("searchOrders").back(); }
  std::string before() { return parameter(last(), "lastUpdatedBefore"); }
  std::string after() { return parameter(last(), "lastUpdatedAfter"); }

  Harness h;
  Cursor cursor;
};

TEST_F(OrderFeedTest, BeginsAtTheStartDateAndGoesOnFromAmazonsOwnTime) {
  next(page_json(order_json("1-1-1", kChanged)));
  const auto page = step();
  ASSERT_TRUE(page);
  EXPECT_EQ(after(), "2026-11-01T00%3A00%3A00Z");
  EXPECT_THAT(last().url, Not(HasSubstr("lastUpdatedBefore")));
  EXPECT_THAT(last().url, HasSubstr("marketplaceIds=A1805IZSGTT6HS,A1PA6795UKMFR9"));
  ASSERT_EQ(page.value().items.size(), 1u);
  EXPECT_TRUE(page.value().caught_up);
  EXPECT_EQ(page.value().complete_until, parse_time("2026-11-23T09:58:00Z"));

  next(page_json(""));
  ASSERT_TRUE(step());
  EXPECT_EQ(after(), "2026-11-23T09%3A48%3A00Z") << "ten minutes before lastUpdatedBefore";
}

TEST_F(OrderFeedTest, WithoutAStartDateItBeginsAWeekBack) {
  Harness without(R"({"account":{"region":"EU","marketplaces":["NL"],"authorization":{
    "kind":"self","seller_id":"A1EXAMPLE000","lwa_client_id":"c",
    "lwa_client_secret":"secret:/account/authorization/lwa_client_secret",
    "refresh_token":"secret:/account/authorization/refresh_token"}}})");
  without.http.answer("searchOrders", json_answer(200, page_json("")));
  ASSERT_TRUE(without.feed.fetch_orders({}, without.ctx));
  EXPECT_EQ(parameter(without.http.requests_of("searchOrders").at(0), "lastUpdatedAfter"),
            "2026-11-16T08%3A00%3A00Z");
}

TEST_F(OrderFeedTest, AStartDateInTheFutureWaits) {
  h.clock.set(*parse_time("2026-10-30T00:00:00Z"));
  const auto page = step();
  ASSERT_TRUE(page);
  EXPECT_TRUE(page.value().caught_up);
  EXPECT_EQ(page.value().look_again_at, parse_time("2026-11-01T00:05:00Z"));
  EXPECT_TRUE(h.http.requests.empty());
  h.clock.set(*parse_time("2026-11-01T00:05:00Z"));
  next(page_json("", "", ""));
  ASSERT_TRUE(step());
  EXPECT_EQ(after(), "2026-11-01T00%3A00%3A00Z");
}

TEST_F(OrderFeedTest, PagesRepeatEveryOtherParameter) {
  next(page_json(order_json("1-1-1", kChanged), "t1"));
  const auto first = step();
  ASSERT_TRUE(first);
  EXPECT_FALSE(first.value().caught_up);
  EXPECT_FALSE(first.value().complete_until);
  std::string expected = last().url + "&paginationToken=t1";
  next(page_json(order_json("2-2-2", kChanged), "", "2026-11-23T10:30:00Z"));
  h.clock.advance(minutes(40));
  const auto second = step();
  ASSERT_TRUE(second);
  EXPECT_EQ(last().url, expected);
  EXPECT_TRUE(second.value().caught_up);
  EXPECT_EQ(second.value().complete_until, parse_time("2026-11-23T09:58:00Z"))
      << "only what the first page covered is complete";
}

TEST_F(OrderFeedTest, AFailureKeepsThePlace) {
  next(page_json("", "t1"));
  ASSERT_TRUE(step());
  const std::string place = cursor.value;
  h.http.fail("searchOrders", Kind::kTransient, "reset");
  EXPECT_FALSE(step());
  EXPECT_EQ(cursor.value, place);
  next(page_json(""));
  ASSERT_TRUE(step());
  EXPECT_EQ(parameter(last(), "paginationToken"), "t1");
}

TEST_F(OrderFeedTest, APageTokenRefusedThreeTimesBeginsTheWindowAgainOnce) {
  const auto refusal = json_answer(400, R"({"errors":[{"code":"InvalidInput","message":"bad"}]})");
  next(page_json("", "t1"));
  ASSERT_TRUE(step());
  for (int i = 0; i < 3; ++i) h.http.answer("searchOrders", refusal);
  EXPECT_EQ(step().failure().code, "bad_request") << "whole regions refused good requests before";
  EXPECT_EQ(step().failure().code, "bad_request");
  const auto again = step();
  ASSERT_TRUE(again);
  EXPECT_FALSE(again.value().caught_up);
  EXPECT_TRUE(again.value().items.empty());
  next(page_json("", "t2"));
  ASSERT_TRUE(step());
  EXPECT_EQ(after(), "2026-11-01T00%3A00%3A00Z");
  EXPECT_EQ(before(), "2026-11-08T00%3A00%3A00Z") << "half the window, a week at most";
  EXPECT_EQ(parameter(last(), "paginationToken"), "");
  for (int i = 0; i < 3; ++i) h.http.answer("searchOrders", refusal);
  EXPECT_FALSE(step());
  EXPECT_FALSE(step());
  const auto failed = step();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.failure().kind, Kind::kRemote);
  EXPECT_EQ(failed.failure().code, "page_token_refused");
}

TEST_F(OrderFeedTest, ARefusalThatIsNotAmazonsCostsNoPlace) {
  next(page_json("", "t1"));
  ASSERT_TRUE(step());
  const std::string place = cursor.value;
  for (int i = 0; i < 10; ++i) {
    h.http.answer("searchOrders", testing::html_answer(400));
    EXPECT_EQ(step().failure().code, "status_400");
  }
  EXPECT_EQ(cursor.value, place);
}

TEST_F(OrderFeedTest, ABackFillOfDaysNeverBeginsAgain) {
  next(page_json("", "t0"));
  ASSERT_TRUE(step());
  for (int page = 1; page < 1500; ++page) {
    h.clock.advance(seconds(179));
    h.http.answer("searchOrders", json_answer(200, page_json("", "t" + std::to_string(page))));
    ASSERT_TRUE(step());
    ASSERT_EQ(parameter(last(), "paginationToken"), "t" + std::to_string(page - 1));
  }
}

TEST_F(OrderFeedTest, ALongBacklogIsReadInWindowsThatAreKeptWhilePagesLast) {
  std::string json = tests::kSettings;
  json.replace(json.find("2026-11-01"), 10, "2023-11-01");
  Harness old(json);
  const auto ask = [&](const std::string& body) {
    old.http.answer("searchOrders", json_answer(200, body));
    Page<Order> page = old.feed.fetch_orders(cursor, old.ctx).value();
    cursor = page.next;
    return page;
  };
  const auto url = [&] { return old.http.requests_of("searchOrders").back().url; };
  ask(page_json("", "t1", "2024-01-31T00:00:00Z"));
  EXPECT_THAT(url(), HasSubstr("lastUpdatedAfter=2023-11-01T00%3A00%3A00Z"
                               "&lastUpdatedBefore=2024-01-31T00%3A00%3A00Z&"));
  const std::string first = url();
  old.clock.advance(hours(5));
  const auto end = ask(page_json("", "", "2024-01-31T00:00:00Z"));
  EXPECT_EQ(url(), first + "&paginationToken=t1");
  EXPECT_FALSE(end.caught_up);
  EXPECT_EQ(end.complete_until, parse_time("2024-01-31T00:00:00Z"));
  for (int window = 0; window < 10; ++window) {
    if (ask(page_json("", "", "2026-11-23T09:58:00Z")).caught_up) break;
  }
  EXPECT_EQ(url().find("lastUpdatedBefore"), std::string::npos);
  EXPECT_LE(old.http.requests_of("searchOrders").size(), 6u);
  EXPECT_EQ(OrderCursor::parse(cursor.value)->after, parse_time("2026-11-23T09:48:00Z"));
}

TEST_F(OrderFeedTest, AnEndBeyondTheOneAskedForLosesNothing) {
  std::string json = tests::kSettings;
  json.replace(json.find("2026-11-01"), 10, "2023-11-01");
  Harness old(json);
  old.http.answer("searchOrders", json_answer(200, page_json("")));
  const auto page = old.feed.fetch_orders({}, old.ctx);
  EXPECT_EQ(page.value().complete_until, parse_time("2024-01-31T00:00:00Z"));
}

TEST_F(OrderFeedTest, AStartDateBeforeAmazonsOldestOrderIsThat) {
  std::string json = tests::kSettings;
  json.replace(json.find("2026-11-01"), 10, "1990-01-01");
  Harness ancient(json);
  for (int window = 0; window < 10; ++window) {
    ancient.http.answer("searchOrders", json_answer(200, page_json("")));
    const auto page = ancient.feed.fetch_orders(cursor, ancient.ctx);
    ASSERT_TRUE(page);
    cursor = page.value().next;
    if (page.value().caught_up) break;
  }
  EXPECT_THAT(ancient.http.requests_of("searchOrders").front().url,
              HasSubstr("lastUpdatedAfter=2016-01-01T00%3A00%3A00Z"));
  EXPECT_EQ(OrderCursor::parse(cursor.value)->after, parse_time("2026-11-23T09:48:00Z"));
  EXPECT_FALSE(ancient.log.contains("orders.window_restarted"));
}

TEST_F(OrderFeedTest, ADamagedPageIsReadOnceMoreBeforeItsPlacePasses) {
  const std::string torn = "{\"x\":\"\xff\"}";
  next(page_json(order_json("1-1-1", kChanged) + "," + torn, "t1"));
  const auto first = step();
  ASSERT_TRUE(first);
  EXPECT_EQ(first.value().items.size(), 1u);
  EXPECT_TRUE(first.value().parked.empty()) << "nothing could ever close it";
  EXPECT_FALSE(first.value().caught_up);
  next(page_json(order_json("1-1-1", kChanged) + "," + order_json("2-2-2", kChanged), "t1"));
  EXPECT_EQ(step().value().items.size(), 2u);
  EXPECT_EQ(parameter(last(), "paginationToken"), "");
  next(page_json(torn));
  EXPECT_FALSE(step().value().caught_up);
  next(page_json(torn));
  const auto stays = step();
  EXPECT_EQ(parameter(last(), "paginationToken"), "t1");
  ASSERT_EQ(stays.value().parked.size(), 1u);
  EXPECT_EQ(stays.value().parked[0].code, "not_json");
  EXPECT_TRUE(stays.value().caught_up);
}

TEST_F(OrderFeedTest, ADamagedOrderKeepsItsChangeTimeWhereThatCanBeRead) {
  next(page_json(
      "{\"orderId\":\"4-4-4\",\"lastUpdatedTime\":\"2026-11-23T09:00:00Z\",\"x\":\"\xff\"},"
      "{\"orderId\":\"5-5-5\",\"lastUpdatedTime\":\"2036-11-23T09:00:00Z\",\"x\":\"\xff\"}"));
  const auto page = step();
  ASSERT_EQ(page.value().parked.size(), 2u);
  EXPECT_EQ(page.value().parked[0].changed_at, parse_time(kChanged));
  EXPECT_FALSE(page.value().parked[1].changed_at);
}

TEST_F(OrderFeedTest, APageThatCannotBeReadIsAskedForInSmallerOnes) {
  next(page_json("", "t1"));
  ASSERT_TRUE(step());
  const auto thrice = [&](const auto& fail) {
    for (int i = 0; i < 3; ++i) fail();
    EXPECT_FALSE(step());
    EXPECT_FALSE(step());
    return step();
  };
  ASSERT_TRUE(thrice([&] { next("{\"orders\":[{\"a\":\"5\" pipe\"}],\"x\":{}}"); }));
  EXPECT_EQ(parameter(last(), "maxResultsPerPage"), "100");
  ASSERT_TRUE(thrice([&] { h.http.fail("searchOrders", Kind::kRemote, "too_large"); }));
  EXPECT_EQ(parameter(last(), "maxResultsPerPage"), "10");
  EXPECT_EQ(parameter(last(), "paginationToken"), "t1");

  const std::string alone =
      R"({"orders":[{"orderId":"3-3-3","lastUpdatedTime":"2026-11-23T09:00:00Z","a":"5" pipe"}],)"
      R"("pagination":{"nextToken":"t2"},"lastUpdatedBefore":"2026-11-23T09:58:00Z"})";
  next(alone);
  ASSERT_TRUE(step());
  EXPECT_EQ(parameter(last(), "maxResultsPerPage"), "1");
  next(alone);
  const auto parked = step();
  ASSERT_TRUE(parked);
  ASSERT_EQ(parked.value().parked.size(), 1u);
  EXPECT_EQ(parked.value().parked[0].id, "3-3-3");
  for (int page = 3; page < 30; ++page) {
    next(page_json("", "t" + std::to_string(page)));
    ASSERT_TRUE(step());
  }
  EXPECT_EQ(parameter(last(), "maxResultsPerPage"), "100") << "behind the bad place";
}

TEST_F(OrderFeedTest, AnOrderThatCannotBeReadEvenAloneStopsTheImportVisibly) {
  for (int i = 0; i < 12; ++i) {
    h.http.fail("searchOrders", Kind::kRemote, "too_large");
    (void)step();
  }
  h.http.fail("searchOrders", Kind::kRemote, "too_large");
  const auto page = step();
  ASSERT_FALSE(page);
  EXPECT_EQ(parameter(last(), "maxResultsPerPage"), "1");
  EXPECT_THAT(page.failure().message, HasSubstr("one order alone"));
  EXPECT_THAT(page.failure().remedy, HasSubstr("developer support"));
}

TEST_F(OrderFeedTest, AClockThatIsFarBehindNeverBeginsAgain) {
  const HttpHeaders date = {{"Date", "Mon, 23 Nov 2026 10:00:00 GMT"}};
  next(page_json("", "", "2026-11-23T09:58:00Z"), date);
  h.clock.set(*parse_time("2026-11-20T10:00:00Z"));
  ASSERT_TRUE(step());
  for (int poll = 0; poll < 3; ++poll) {
    next(page_json("", "", "2026-11-23T09:58:00Z"), date);
    ASSERT_TRUE(step());
    EXPECT_EQ(after(), "2026-11-23T09%3A48%3A00Z");
  }
  EXPECT_FALSE(h.log.contains("orders.window_restarted"));
}

TEST_F(OrderFeedTest, ACursorInAmazonsFutureBeginsAgain) {
  OrderCursor future;
  future.origin = *parse_time("2026-11-01T00:00:00Z");
  future.after = *parse_time("2027-11-23T00:00:00Z");
  future.marketplaces = "A1805IZSGTT6HS,A1PA6795UKMFR9";
  cursor.value = future.to_text();
  h.http.answer("searchOrders", json_answer(400, R"({"errors":[{"code":"InvalidInput"}]})",
                                            {{"Date", "Mon, 23 Nov 2026 10:00:00 GMT"}}));
  ASSERT_TRUE(step());
  EXPECT_TRUE(h.log.contains("Amazon's future"));
  next(page_json(""));
  ASSERT_TRUE(step());
  EXPECT_EQ(after(), "2026-11-01T00%3A00%3A00Z");
}

TEST_F(OrderFeedTest, AnOddDateThrowsNoPageAwayAndBeginsNothingAgain) {
  next(page_json(""));
  ASSERT_TRUE(step());
  const HttpHeaders odd = {{"Date", "Thu, 23 Jan 2025 10:00:00 GMT"}};
  next(page_json(order_json("1-1-1", kChanged), "", "2026-11-23T09:59:00Z"), odd);
  EXPECT_EQ(step().value().items.size(), 1u);
  next(page_json("", "", "2026-11-23T10:09:00Z"), odd);
  ASSERT_TRUE(step());
  EXPECT_FALSE(h.log.contains("orders.window_restarted")) << "a single empty page may be odd";
  next(page_json("", "", "2026-11-23T10:19:00Z"), {{"Date", "Mon, 23 Nov 2026 10:20:00 GMT"}});
  ASSERT_TRUE(step());
  EXPECT_EQ(after(), "2026-11-23T09%3A48%3A00Z") << "read again from where it was complete";
  EXPECT_FALSE(h.log.contains("orders.window_restarted"));
}

TEST_F(OrderFeedTest, ADateThatCannotBeReadChangesNothing) {
  for (const char* date : {"", "yesterday", "Mon, 99 Foo 2026 10:00:00 GMT"}) {
    next(page_json(order_json("1-1-1", kChanged)), {{"Date", date}});
    const auto page = step();
    ASSERT_TRUE(page) << date;
    EXPECT_EQ(page.value().items.size(), 1u) << date;
    EXPECT_EQ(page.value().complete_until, parse_time("2026-11-23T09:58:00Z")) << date;
  }
}

TEST_F(OrderFeedTest, EmptyPagesFromThePastBeginAgainAtTheSecond) {
  OrderCursor future;
  future.origin = *parse_time("2026-11-01T00:00:00Z");
  future.after = *parse_time("2027-11-23T00:00:00Z");
  future.marketplaces = "A1805IZSGTT6HS,A1PA6795UKMFR9";
  cursor.value = future.to_text();
  for (int page = 0; page < 2; ++page) {
    EXPECT_FALSE(h.log.contains("Amazon's future"));
    next(page_json(""), {{"Date", "Mon, 23 Nov 2026 10:00:00 GMT"}});
    ASSERT_TRUE(step());
  }
  EXPECT_TRUE(h.log.contains("Amazon's future"));
  next(page_json(""));
  ASSERT_TRUE(step());
  EXPECT_EQ(after(), "2026-11-01T00%3A00%3A00Z");
}

TEST_F(OrderFeedTest, AnOldDateOfAmazonsIsNoReasonToBeginAgain) {
  next(page_json(""), {{"Date", "Mon, 23 Nov 2026 10:00:00 GMT"}});
  ASSERT_TRUE(step());
  h.clock.set(*parse_time("2026-11-20T10:00:00Z"));  // put back between two answers
  h.http.fail("searchOrders", Kind::kTransient, "reset");
  EXPECT_FALSE(step());
  h.quota.wait_until = h.clock.now() + seconds(179);
  EXPECT_EQ(step().failure().kind, Kind::kThrottled);
  EXPECT_FALSE(h.log.contains("orders.window_restarted"));
}

TEST_F(OrderFeedTest, ADateInTheFutureDoesNotMoveTheWindow) {
  next(page_json("", "", ""), {{"Date", "Thu, 01 Jan 2099 00:00:00 GMT"}});
  EXPECT_FALSE(step().value().complete_until);
}

TEST_F(OrderFeedTest, A400WithoutAPageTokenIsNoReasonToGiveUp) {
  h.http.otherwise("searchOrders", json_answer(400, R"({"errors":[{"code":"InvalidInput"}]})"));
  EXPECT_EQ(step().failure().kind, Kind::kRemote);
}

TEST_F(OrderFeedTest, AnOldPageTokenBeginsTheWindowAgain) {
  next(page_json("", "t1"));
  ASSERT_TRUE(step());
  h.clock.advance(hours(24));
  next(page_json("", "", "2026-11-24T09:58:00Z"));
  const auto page = step();
  ASSERT_TRUE(page);
  EXPECT_EQ(parameter(last(), "paginationToken"), "");
  EXPECT_EQ(after(), "2026-11-01T00%3A00%3A00Z");
  EXPECT_TRUE(h.log.contains("orders.window_restarted"));
}

TEST_F(OrderFeedTest, ALoopOfPageTokensIsFoundRestartedAndThenNamed) {
  h.http.otherwise("searchOrders",
                   json_answer(200, page_json(order_json("1-1-1", kChanged), "same")));
  std::optional<Failure> failure;
  int steps = 0;
  for (; steps < 20 && !failure; ++steps) {
    const auto page = step();
    if (!page) failure = page.failure();
  }
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, Kind::kRemote);
  EXPECT_EQ(failure->code, "page_token_loop");
  EXPECT_EQ(steps, 4) << "two pages, one restart, two pages";
  h.clock.advance(hours(24));
  EXPECT_TRUE(step()) << "a day later it is tried anew";
}

TEST_F(OrderFeedTest, ALongLoopIsFoundToo) {
  int page = 0;
  std::optional<Failure> failure;
  for (int i = 0; i < 200 && !failure; ++i) {
    next(page_json("", "t" + std::to_string(page++ % 7)));
    const auto result = step();
    if (!result) failure = result.failure();
  }
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->code, "page_token_loop");
}

TEST_F(OrderFeedTest, ALoopUnderEverNewPageTokensIsFoundByItsOrders) {
  std::optional<Failure> failure;
  for (int i = 0; i < 40 && !failure; ++i) {
    const std::string order = order_json(std::to_string(i % 3) + "-1-1", kChanged);
    next(page_json(order, "t" + std::to_string(i)));
    const auto result = step();
    if (!result) failure = result.failure();
  }
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->code, "page_token_loop");
}

TEST_F(OrderFeedTest, WithoutLastUpdatedBeforeTheServersDateIsTaken) {
  next(page_json("", "", ""), {{"Date", "Mon, 23 Nov 2026 10:00:00 GMT"}});
  const auto page = step();
  EXPECT_EQ(page.value().complete_until, parse_time("2026-11-23T09:57:45Z"));
}

TEST_F(OrderFeedTest, WithoutAnyTimeOfAmazonTheWindowIsReadAgain) {
  next(page_json("", "", ""));
  const auto page = step();
  ASSERT_TRUE(page);
  EXPECT_TRUE(page.value().caught_up);
  EXPECT_FALSE(page.value().complete_until);
  next(page_json(""));
  ASSERT_TRUE(step());
  EXPECT_EQ(after(), "2026-11-01T00%3A00%3A00Z");
}

TEST_F(OrderFeedTest, WhereTheFirstPageTellsNoEndALaterOneDoesNotCount) {
  next(page_json("", "t1", ""));
  ASSERT_TRUE(step());
  next(page_json(""));
  const auto page = step();
  EXPECT_FALSE(page.value().complete_until);
}

TEST_F(OrderFeedTest, AnEndInTheFarFutureDoesNotMoveTheWindow) {
  next(page_json("", "", "2099-01-01T00:00:00Z"));
  const auto page = step();
  ASSERT_TRUE(page);
  EXPECT_FALSE(page.value().complete_until);
  next(page_json("", "", "2099-01-01T00:00:00Z"), {{"Date", "Mon, 23 Nov 2026 10:00:00 GMT"}});
  ASSERT_TRUE(step());
  EXPECT_EQ(after(), "2026-11-01T00%3A00%3A00Z");
}

TEST_F(OrderFeedTest, TheWindowNeverGoesBack) {
  next(page_json(""));
  ASSERT_TRUE(step());
  next(page_json("", "", "2026-11-20T00:00:00Z"));
  ASSERT_TRUE(step());
  next(page_json(""));
  ASSERT_TRUE(step());
  EXPECT_EQ(after(), "2026-11-23T09%3A48%3A00Z");
}

class ClockSkew : public ::testing::TestWithParam<int> {};

TEST_P(ClockSkew, AnHourEitherWayChangesNothing) {
  Harness h;
  h.clock.advance(minutes(GetParam()));
  Cursor cursor;
  std::string before = "2026-11-23T09:58:00Z";
  for (const char* expected :
       {"2026-11-01T00%3A00%3A00Z", "2026-11-23T09%3A48%3A00Z", "2026-11-23T09%3A53%3A00Z"}) {
    h.http.answer("searchOrders",
                  json_answer(200, page_json(order_json("1-1-1", kChanged), "", before)));
    const auto page = h.feed.fetch_orders(cursor, h.ctx);
    ASSERT_TRUE(page);
    EXPECT_EQ(page.value().items.size(), 1u);
    EXPECT_EQ(parameter(h.http.requests_of("searchOrders").back(), "lastUpdatedAfter"), expected);
    cursor = page.value().next;
    before = "2026-11-23T10:03:00Z";
    h.clock.advance(minutes(5));
  }
}

INSTANTIATE_TEST_SUITE_P(Minutes, ClockSkew, ::testing::Values(-61, -60, 0, 60, 61));

TEST_F(OrderFeedTest, ACursorThatMakesNoSenseBeginsAgain) {
  OrderCursor future;
  future.origin = future.after = *parse_time("2027-11-23T00:00:00Z");
  future.marketplaces = "A1805IZSGTT6HS,A1PA6795UKMFR9";
  OrderCursor ancient = future;
  ancient.origin = ancient.after = *parse_time("0001-01-01T00:00:00Z");
  for (const std::string& text :
       {std::string("x"), std::string("\xff\x00\x01", 3), std::string(1u << 20, '{'),
        future.to_text(), ancient.to_text()}) {
    Harness fresh;
    fresh.http.answer("searchOrders", json_answer(200, page_json("")));
    const auto page = fresh.feed.fetch_orders({text}, fresh.ctx);
    ASSERT_TRUE(page);
    EXPECT_EQ(parameter(fresh.http.requests_of("searchOrders").at(0), "lastUpdatedAfter"),
              "2026-11-01T00%3A00%3A00Z");
    EXPECT_TRUE(fresh.log.contains("orders.window_restarted"));
  }
}

TEST_F(OrderFeedTest, AnAddedMarketplaceOrAnEarlierStartDateBeginsAgain) {
  next(page_json(""));
  ASSERT_TRUE(step());
  for (const auto& [from, to] : {std::pair<std::string, std::string>{R"("DE"])", R"("DE","FR"])"},
                                 {"2026-11-01", "2026-10-01"}}) {
    std::string json = tests::kSettings;
    json.replace(json.find(from), from.size(), to);
    Harness changed(json);
    changed.http.answer("searchOrders", json_answer(200, page_json("")));
    ASSERT_TRUE(changed.feed.fetch_orders(cursor, changed.ctx));
    EXPECT_THAT(parameter(changed.http.requests_of("searchOrders").at(0), "lastUpdatedAfter"),
                HasSubstr("-01T00%3A00%3A00Z"));
  }
}

TEST_F(OrderFeedTest, AMarketplaceLessKeepsTheTimeButNotThePageToken) {
  next(page_json(""));
  ASSERT_TRUE(step());
  next(page_json("", "t1"));
  ASSERT_TRUE(step());
  std::string json = tests::kSettings;
  json.replace(json.find(R"("NL", "DE")"), 10, R"("NL")");
  Harness changed(json);
  changed.http.answer("searchOrders", json_answer(200, page_json("")));
  ASSERT_TRUE(changed.feed.fetch_orders(cursor, changed.ctx));
  const HttpRequest request = changed.http.requests_of("searchOrders").at(0);
  EXPECT_EQ(parameter(request, "paginationToken"), "");
  EXPECT_EQ(parameter(request, "lastUpdatedAfter"), "2026-11-23T09%3A48%3A00Z");
}

TEST_F(OrderFeedTest, OneBadOrderIsParkedAndTheOthersGoOn) {
  std::string bad = order_json("2-2-2", kChanged);
  bad.replace(bad.find("\"quantityOrdered\":2"), 19, "\"quantityOrdered\":\"two\"");
  next(page_json(order_json("1-1-1", kChanged) + "," + bad +
                 ",null,{\"orderId\":\"4-4-4\",\"x\":\"\xff\"}," + order_json("5-5-5", kChanged)));
  const auto page = step();
  ASSERT_TRUE(page);
  ASSERT_EQ(page.value().items.size(), 2u);
  ASSERT_EQ(page.value().parked.size(), 3u);
  EXPECT_EQ(page.value().parked[0].id, "2-2-2");
  EXPECT_EQ(page.value().parked[0].pointer, "/orderItems/0/quantityOrdered");
  EXPECT_EQ(page.value().parked[1].code, "wrong_type");
  EXPECT_EQ(page.value().parked[2].id, "4-4-4");
  EXPECT_EQ(page.value().parked[2].code, "not_json");
}

TEST_F(OrderFeedTest, RawIsKeptOnlyWhereTheOperatorWantsIt) {
  next(page_json(order_json("1-1-1", kChanged)));
  h.ctx.raw = false;
  EXPECT_TRUE(step().value().items[0].raw.empty());
  next(page_json(order_json("1-1-1", kChanged)));
  h.ctx.raw = true;
  EXPECT_THAT(step().value().items[0].raw, HasSubstr("\"orderId\":\"1-1-1\""));
}

TEST_F(OrderFeedTest, PendingOrdersCanBeLeftOut) {
  std::string json = tests::kSettings;
  json.replace(json.find("\"pii_access\""), 12, "\"import_pending\":false,\"pii_access\"");
  Harness without(json);
  const std::string orders =
      order_json("1-1-1", kChanged, "PENDING") + "," + order_json("2-2-2", kChanged, "UNSHIPPED");
  without.http.answer("searchOrders", json_answer(200, page_json(orders)));
  EXPECT_EQ(without.feed.fetch_orders({}, without.ctx).value().items.size(), 1u);
  next(page_json(orders));
  EXPECT_EQ(step().value().items.size(), 2u);
}

TEST_F(OrderFeedTest, WhereTheQuotaIsUsedUpItComesBackWhenTheGovernorSays) {
  class EmptyQuota : public testing::FakeQuota {
   public:
    QuotaAnswer take(const QuotaKey& key, const QuotaPlan& plan, QuotaPriority priority) override {
      const bool first = taken.empty();
      FakeQuota::take(key, plan, priority);
      return first ? QuotaAnswer{true, {}} : QuotaAnswer{false, at};
    }
    double left(const QuotaKey&, const QuotaPlan&, QuotaPriority) override { return 0.5; }
    TimePoint at{};
  } quota;
  quota.at = h.clock.now() + seconds(42);
  h.services.quota = &quota;
  next(page_json(""));
  EXPECT_EQ(step().value().look_again_at, quota.at);
}

TEST_F(OrderFeedTest, WithQuotaLeftTheHostDecidesWhenToCome) {
  next(page_json(""));
  EXPECT_FALSE(step().value().look_again_at);
}

TEST_F(OrderFeedTest, OneOrderById) {
  h.http.answer("getOrder", json_answer(200, "{\"order\":" + order_json("1-1-1", kChanged) + "}"));
  const auto page = h.feed.fetch_order("1-1-1", h.ctx);
  ASSERT_TRUE(page);
  ASSERT_EQ(page.value().items.size(), 1u);
  EXPECT_EQ(page.value().items[0].id, "1-1-1");
}

TEST_F(OrderFeedTest, AnotherOrderThanTheOneAskedForIsNotTaken) {
  const std::string other = order_json("2-2-2", kChanged);
  h.http.answer("getOrder", json_answer(200, "{\"order\":" + other + "}"))
      .answer("getOrder", json_answer(200, "{\"order\":{\"orderId\":\"2-2-2\"}}"))
      .answer("getOrder", json_answer(200, "{\"order\":{\"orderId\":7}}"));
  for (int i = 0; i < 2; ++i) {
    const auto page = h.feed.fetch_order("1-1-1", h.ctx);
    ASSERT_FALSE(page);
    EXPECT_EQ(page.failure().code, "other_order");
    EXPECT_FALSE(page.failure().remedy.empty());
  }
  EXPECT_EQ(h.feed.fetch_order("1-1-1", h.ctx).value().parked.at(0).id, "1-1-1");
}

TEST_F(OrderFeedTest, AnIdThatAmazonDoesNotKnowGivesNothing) {
  h.http.answer("getOrder", json_answer(404, R"({"errors":[{"code":"NotFound"}]})"));
  const auto page = h.feed.fetch_order("1-1-1", h.ctx);
  ASSERT_TRUE(page);
  EXPECT_TRUE(page.value().items.empty());
  EXPECT_TRUE(page.value().parked.empty());
}

TEST_F(OrderFeedTest, AnIdThatIsNoneIsNotAskedFor) {
  for (const char* id : {"", "..", "a/b", "a?b", "1 2"}) {
    const auto page = h.feed.fetch_order(id, h.ctx);
    ASSERT_TRUE(page) << id;
    EXPECT_TRUE(page.value().items.empty());
  }
  EXPECT_TRUE(h.http.requests.empty());
}

TEST_F(OrderFeedTest, AChangeTimeInTheFutureIsParked) {
  next(page_json(order_json("1-1-1", "2026-11-26T00:00:00Z")));
  const auto page = step();
  ASSERT_EQ(page.value().parked.size(), 1u);
  EXPECT_EQ(page.value().parked[0].pointer, "/lastUpdatedTime");
  EXPECT_FALSE(page.value().parked[0].changed_at);
}

TEST_F(OrderFeedTest, TimesThatNoOrderOfAmazonHasAreParkedWithTheirPlace) {
  const std::string good = order_json("1-1-1", kChanged);
  const auto with = [&](const std::string& name, const std::string& time) {
    std::string text = good;
    const std::size_t at = text.find(name) + name.size() + 3;
    return text.replace(at, 20, time);
  };
  next(page_json(with("lastUpdatedTime", "1995-05-05T00:00:00Z") + "," +
                 with("createdTime", "1995-05-05T00:00:00Z") + "," +
                 with("createdTime", "2036-05-05T00:00:00Z")));
  const auto page = step();
  ASSERT_EQ(page.value().parked.size(), 3u);
  const char* pointers[] = {"/lastUpdatedTime", "/createdTime", "/createdTime"};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(page.value().parked[i].code, "bad_time");
    EXPECT_EQ(page.value().parked[i].pointer, pointers[i]);
    EXPECT_EQ(page.value().parked[i].id, "1-1-1");
  }
  EXPECT_FALSE(page.value().parked[0].changed_at);
  EXPECT_EQ(page.value().parked[1].changed_at, parse_time(kChanged));
}

TEST_F(OrderFeedTest, AClockThatIsFarBehindParksNothing) {
  h.clock.set(*parse_time("2026-11-10T00:00:00Z"));
  next(page_json(order_json("1-1-1", kChanged)), {{"Date", "Mon, 23 Nov 2026 10:00:00 GMT"}});
  EXPECT_EQ(step().value().items.size(), 1u);
}

TEST_F(OrderFeedTest, LogsHoldNoOrder) {
  std::string order = order_json("1-1-1", kChanged);
  order.insert(1, R"("brandNew":"Jansen","buyer":{"buyerName":"Jansen"},)");
  next(page_json(order));
  ASSERT_TRUE(step());
  EXPECT_TRUE(h.log.contains("pointer=/brandNew"));
  EXPECT_FALSE(h.log.contains("Jansen"));
  EXPECT_FALSE(h.log.contains("1-1-1"));
}

// ---- a role that lacks

class BuyersDataRefused : public OrderFeedTest {
 protected:
  static constexpr const char* kDenied =
      R"({"errors":[{"code":"Unauthorized","message":"Access to requested resource is denied."}]})";
  static constexpr const char* kBadSet =
      R"({"errors":[{"code":"InvalidInput","message":"Invalid Input"}]})";

  void refuse(int status = 403, const char* body = kDenied) {
    h.http.answer("searchOrders", json_answer(status, body));
  }
  /// What of the buyers' data each request asked for, from the `first` on.
  std::vector<std::string> asked(std::size_t first = 0) {
    std::vector<std::string> all;
    const auto requests = h.http.requests_of("searchOrders");
    for (std::size_t i = first; i < requests.size(); ++i) {
      std::string sets;
      for (const char* set : {"BUYER", "RECIPIENT", "TAX"}) {
        if (parameter(requests[i], "includedData").find(set) != std::string::npos) sets += *set;
      }
      all.push_back(sets);
    }
    return all;
  }
  std::size_t sent() { return h.http.requests_of("searchOrders").size(); }
};

TEST_F(BuyersDataRefused, LessIsAskedForAndTheOrdersComeWithoutIt) {
  for (int i = 0; i < 3; ++i) refuse(400, kBadSet);
  next(page_json(order_json("1-1-1", kChanged)));
  const auto page = step();
  ASSERT_TRUE(page) << page.failure().message;
  EXPECT_EQ(asked(), (std::vector<std::string>{"BRT", "R", "BT", ""}));
  ASSERT_EQ(page.value().items.size(), 1u);
  EXPECT_EQ(page.value().items[0].personal_data, PersonalData::kMissing);
  EXPECT_THAT(page.value().next.value, HasSubstr("\"lacking_since\":\"2026-11-01T00:00:00Z\""));
  EXPECT_THAT(h.log.lines(), ::testing::Contains(HasSubstr("orders.buyers_data_refused")));

  next(page_json(""));
  ASSERT_TRUE(step());
  EXPECT_EQ(asked(4), std::vector<std::string>{""}) << "it is not tried at each step";
  EXPECT_EQ(after(), "2026-11-23T09%3A48%3A00Z");

  h.clock.advance(hours{6});
  next(page_json(order_json("1-1-1", kChanged), "", "2026-11-23T15:58:00Z"));
  const auto filled = step();
  ASSERT_TRUE(filled);
  EXPECT_EQ(asked(5), std::vector<std::string>{"BRT"});
  EXPECT_EQ(after(), "2026-11-01T00%3A00%3A00Z") << "what came without is read again";
  EXPECT_THAT(filled.value().next.value, Not(HasSubstr("lacking_since")));
  next(page_json("", "", "2026-11-23T16:30:00Z"));
  ASSERT_TRUE(step());
  EXPECT_EQ(after(), "2026-11-23T15%3A48%3A00Z");
}

TEST_F(BuyersDataRefused, TheAddressIsKeptWhereOnlyTheTaxRoleLacks) {
  refuse();
  refuse();  // with a fresh token
  next(page_json(order_json("1-1-1", kChanged)));
  ASSERT_TRUE(step());
  EXPECT_EQ(asked(), (std::vector<std::string>{"BRT", "BRT", "R"}));
}

TEST_F(BuyersDataRefused, ADenialOfTheAddressTooIsForAPerson) {
  for (int i = 0; i < 3; ++i) refuse();
  const auto page = step();
  ASSERT_FALSE(page);
  EXPECT_EQ(page.failure().kind, Kind::kConfig);
  EXPECT_EQ(page.failure().code, "access_denied");
  EXPECT_EQ(asked(), (std::vector<std::string>{"BRT", "BRT", "R"}));
  next(page_json(""));
  const auto before = sent();
  ASSERT_TRUE(step());
  EXPECT_EQ(asked(before), std::vector<std::string>{"BRT"}) << "all is asked for again";
}

TEST_F(BuyersDataRefused, WhatIsRefusedWithoutThemTooCostsMoreRequestsOnceAnHour) {
  const auto refused_step = [&](int requests) {
    for (int i = 0; i < requests; ++i) refuse(400, kBadSet);
    EXPECT_FALSE(step());
  };
  refused_step(4);
  EXPECT_EQ(sent(), 4u);
  refused_step(1);
  EXPECT_EQ(sent(), 5u);
  h.clock.advance(hours{1});
  refused_step(4);
  EXPECT_EQ(sent(), 9u);
}

TEST_F(BuyersDataRefused, ADisturbanceBetweenTheTriesIsTriedAgainFromThere) {
  refuse(400, kBadSet);
  h.http.answer("searchOrders", json_answer(503, "{}"));
  EXPECT_EQ(step().failure().kind, Kind::kTransient);
  next(page_json(order_json("1-1-1", kChanged)));
  ASSERT_TRUE(step());
  EXPECT_EQ(asked(), (std::vector<std::string>{"BRT", "R", "R"}));
}

TEST_F(BuyersDataRefused, WithoutThemTheShopAsksForNothingLess) {
  std::string settings = tests::kSettings;
  settings.replace(settings.find(R"("pii_access": true)"), 18, R"("pii_access": false)");
  Harness without(settings);
  for (int i = 0; i < 2; ++i) without.http.answer("searchOrders", json_answer(403, kDenied));
  EXPECT_FALSE(without.feed.fetch_orders({}, without.ctx));
  EXPECT_EQ(without.http.requests_of("searchOrders").size(), 2u);
}

TEST_F(BuyersDataRefused, ASingleOrderComesWithoutThemToo) {
  h.http.answer("getOrder", json_answer(400, kBadSet));
  h.http.answer("getOrder", json_answer(200, R"({"order":)" + order_json("1-1-1", kChanged) + "}"));
  const auto page = h.feed.fetch_order("1-1-1", h.ctx);
  ASSERT_TRUE(page) << page.failure().message;
  EXPECT_EQ(page.value().items.size(), 1u);
}

}  // namespace
}  // namespace marketplug::amazon
