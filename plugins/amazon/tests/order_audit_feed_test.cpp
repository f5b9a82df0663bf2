#include "src/order_audit_feed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/amazon/tests/report_script.hpp"

namespace marketplug::amazon {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::json_answer;
using ::testing::Not;
using tests::Harness;

constexpr const char* kHeaders =
    "amazon-order-id\tmerchant-order-id\tpurchase-date\tlast-updated-date\torder-status\t"
    "fulfillment-channel\tsales-channel\tproduct-name\tsku\titem-status\tship-city\n";

std::string row(const std::string& id, const std::string& status = "Shipped",
                const std::string& channel = "Amazon.nl",
                const std::string& changed = "2026-11-20T09:00:00+00:00",
                const std::string& fulfilled = "Merchant") {
  return id + "\t\t2026-11-19T08:00:00+00:00\t" + changed + "\t" + status + "\t" + fulfilled +
         "\t" + channel + "\tMug\tMUG-1\tShipped\tUtrecht\n";
}

class OrderAuditTest : public ::testing::Test {
 protected:
  ~OrderAuditTest() override { tests::expect_address_kept(h); }

  Result<Page<OrderSighting>> step(Harness& with) {
    auto page = with.audit.fetch_sightings(window, cursor, with.ctx);
    if (page) {
      EXPECT_THAT(page.value().next.value, Not(HasSubstr("Signature")));
      cursor = page.value().next;
    }
    return page;
  }
  Result<Page<OrderSighting>> step() { return step(h); }
  /// One report with that text, asked for and read: the page.
  Page<OrderSighting> read(const std::string& text) { return read(h, text); }
  Page<OrderSighting> read(Harness& with, const std::string& text) {
    tests::expect_report(with);
    EXPECT_TRUE(step(with).value().items.empty());
    tests::expect_done(with, text);
    auto page = step(with);
    EXPECT_TRUE(page) << page.failure().message;
    return page ? page.value() : Page<OrderSighting>();
  }
  static std::vector<std::string> ids(const Page<OrderSighting>& page) {
    std::vector<std::string> out;
    for (const OrderSighting& order : page.items) out.push_back(order.id);
    return out;
  }
  std::string last_request() { return h.http.requests_of("createReport").back().body; }

  Harness h;
  AuditWindow window{AuditWindow::By::kChanged, *parse_time("2026-11-09T00:00:00Z"),
                     *parse_time("2026-11-23T09:00:00Z")};
  Cursor cursor;
};

TEST_F(OrderAuditTest, AsksForOneReportOfAllMarketplacesAndComesBack) {
  tests::expect_report(h);
  const auto first = step();
  ASSERT_TRUE(first);
  EXPECT_TRUE(first.value().items.empty());
  EXPECT_FALSE(first.value().caught_up);
  EXPECT_EQ(first.value().look_again_at, h.clock.now() + std::chrono::seconds(30));
  EXPECT_EQ(last_request(),
            R"({"reportType":"GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL",)"
            R"("marketplaceIds":["A1805IZSGTT6HS","A1PA6795UKMFR9"],)"
            R"("dataStartTime":"2026-11-09T00:00:00Z","dataEndTime":"2026-11-23T09:00:00Z"})");
  tests::expect_status(h, "IN_PROGRESS");
  EXPECT_TRUE(step().value().look_again_at);
  tests::expect_done(
      h, kHeaders + row("1-1-1", "Shipped", "Amazon.de", "2026-11-20T09:00:00+01:00", "AFN"));
  const auto page = step();
  ASSERT_TRUE(page);
  OrderSighting expected;
  expected.id = "1-1-1";
  expected.marketplace = "DE";
  expected.marketplace_status = "Shipped";
  expected.state = OrderState::kShipped;
  expected.fulfilled_by = FulfilledBy::kMarketplace;
  expected.placed_at = parse_time("2026-11-19T08:00:00Z");
  expected.changed_at = parse_time("2026-11-20T08:00:00Z");
  EXPECT_THAT(page.value().items, ElementsAre(expected));
  EXPECT_TRUE(page.value().caught_up);
  EXPECT_EQ(page.value().complete_until, window.until);
  EXPECT_EQ(h.documents.count(), 0u) << "what was read is not kept";

  const auto after = step();
  EXPECT_TRUE(after.value().caught_up);
  EXPECT_THAT(after.value().items, IsEmpty());
  EXPECT_EQ(h.http.left(), 0u);
}

TEST_F(OrderAuditTest, AWindowByPlacingAsksTheOtherReport) {
  window.by = AuditWindow::By::kPlaced;
  const auto page = read(kHeaders + row("1-1-1"));
  EXPECT_THAT(last_request(), HasSubstr("GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL"));
  EXPECT_THAT(ids(page), ElementsAre("1-1-1"));
  EXPECT_FALSE(page.complete_until) << "that is about changes";
}

TEST_F(OrderAuditTest, ALongWindowIsCutIntoSlicesOfThirtyDays) {
  window = {AuditWindow::By::kPlaced, *parse_time("2026-09-01T00:00:00Z"),
            *parse_time("2026-11-01T00:00:00Z")};
  EXPECT_FALSE(read(kHeaders + row("1-1-1")).caught_up);
  EXPECT_THAT(last_request(), HasSubstr(R"("dataEndTime":"2026-10-01T00:00:00Z")"));
  tests::expect_report(h);
  ASSERT_TRUE(step());
  EXPECT_THAT(last_request(), HasSubstr(R"("dataStartTime":"2026-10-01T00:00:00Z")"));
  EXPECT_THAT(last_request(), HasSubstr(R"("dataEndTime":"2026-10-31T00:00:00Z")"));
  tests::expect_status(h, "CANCELLED");
  EXPECT_TRUE(step().value().look_again_at) << "it may have been cancelled for another reason";
  tests::expect_report(h);
  ASSERT_TRUE(step());
  tests::expect_status(h, "CANCELLED");
  const auto nothing = step();
  ASSERT_TRUE(nothing);
  EXPECT_THAT(nothing.value().items, IsEmpty());
  EXPECT_FALSE(nothing.value().caught_up);
  EXPECT_TRUE(read(kHeaders + row("2-2-2")).caught_up);
  EXPECT_THAT(last_request(), HasSubstr(R"("dataEndTime":"2026-11-01T00:00:00Z")"));
}

TEST_F(OrderAuditTest, WhatLiesAheadOrBeforeTheImportIsNotAskedFor) {
  window.until = h.clock.now() + hours(24);
  window.from = *parse_time("2026-10-01T00:00:00Z");
  tests::expect_report(h);
  ASSERT_TRUE(step());
  EXPECT_THAT(last_request(), HasSubstr(R"("dataStartTime":"2026-11-01T00:00:00Z")"));
  EXPECT_THAT(last_request(), HasSubstr(R"("dataEndTime":"2026-11-23T09:57:00Z")"));

  window.until = *parse_time("2026-10-20T00:00:00Z");
  EXPECT_TRUE(step().value().caught_up) << "all of it was before the import's begin";
  EXPECT_EQ(h.http.requests_of("createReport").size(), 1u);
}

TEST_F(OrderAuditTest, WithoutAStartDateTheImportsOwnBeginCounts) {
  Harness without(R"({"account":{"region":"EU","marketplaces":["NL"],"authorization":{
    "kind":"self","seller_id":"A1EXAMPLE000","lwa_client_id":"c",
    "lwa_client_secret":"secret:/account/authorization/lwa_client_secret",
    "refresh_token":"secret:/account/authorization/refresh_token"}}})");
  without.http.answer("searchOrders", json_answer(200, tests::page_json("")));
  ASSERT_TRUE(without.feed.fetch_orders({}, without.ctx));
  const auto page =
      read(without, kHeaders + row("1-1-1", "Shipped", "Amazon.nl", "2026-11-16T07:59:59+00:00") +
                        row("2-2-2", "Shipped", "Amazon.nl", "2026-11-16T08:00:00+00:00"));
  EXPECT_THAT(without.http.requests_of("createReport").at(0).body,
              HasSubstr(R"("dataStartTime":"2026-11-16T08:00:00Z")"));
  EXPECT_THAT(ids(page), ElementsAre("2-2-2"));
}

TEST_F(OrderAuditTest, LinesOfAnOrderAreOneSightingAndTheNewestCounts) {
  const auto page = read(kHeaders + row("1-1-1", "Unshipped") + row("2-2-2") +
                         row("1-1-1", "Shipped", "Amazon.nl", "2026-11-21T09:00:00+00:00") +
                         row("1-1-1", "Unshipped"));
  EXPECT_THAT(ids(page), ElementsAre("1-1-1", "2-2-2"));
  EXPECT_EQ(page.items[0].state, OrderState::kShipped);
}

TEST_F(OrderAuditTest, WhatTheImportLeavesOutIsLeftOut) {
  const std::string text =
      kHeaders + row("1-1-1", "Pending") + row("2-2-2", "Shipped", "Non-Amazon") +
      row("3-3-3", "Shipped", "Non-Amazon DE") + row("4-4-4", "Shipped", "Amazon.fr") +
      row("5-5-5", "Shipped", "AMAZON.DE") +
      row("6-6-6", "Shipped", "Amazon.nl", "2026-10-31T23:59:59+00:00") +
      row("7-7-7", "Shipped", "Some Store") + row("8-8-8", "Shipped", "Amazon.nl", "yesterday");
  const auto page = read(text);
  EXPECT_THAT(ids(page), ElementsAre("1-1-1", "5-5-5", "7-7-7", "8-8-8"));
  EXPECT_EQ(page.items[1].marketplace, "DE");
  EXPECT_EQ(page.items[2].marketplace, "Some Store");
  EXPECT_FALSE(page.items[3].changed_at);

  std::string settings = tests::kSettings;
  settings.insert(settings.find("\"pii_access\""), "\"import_pending\":false,");
  Harness strict(settings);
  cursor = {};
  EXPECT_THAT(ids(read(strict, text)), ElementsAre("5-5-5", "7-7-7", "8-8-8"));
}

TEST_F(OrderAuditTest, ARowWithoutAnIdIsSkippedAndCountedWithoutItsContent) {
  const auto page =
      read(kHeaders + row("") + row("Jane Sample, Utrecht") + row("1-1-1") + "2-2-2\tonly an id\n");
  EXPECT_THAT(ids(page), ElementsAre("1-1-1", "2-2-2"));
  EXPECT_EQ(page.items[1].marketplace_status, "");
  EXPECT_TRUE(h.log.contains("rows=2"));
  EXPECT_FALSE(h.log.contains("Jane"));
  EXPECT_FALSE(h.log.contains("Utrecht"));
}

TEST_F(OrderAuditTest, AMissingColumnIsNamedAndAskedForAgainAfterHours) {
  tests::expect_report(h);
  ASSERT_TRUE(step());
  const std::string text = "amazon-order-id\tpurchase-date\tlast-updated-date\tsales-channel\n";
  tests::expect_done(h, text);
  const auto failure = step();
  EXPECT_EQ(failure.failure().code, "report_column");
  EXPECT_THAT(failure.failure().message, HasSubstr("order-status"));
  h.clock.advance(hours(6));
  tests::expect_done(h, text);
  ASSERT_TRUE(step());
  EXPECT_EQ(read(kHeaders + row("1-1-1")).items.size(), 1u);
}

TEST_F(OrderAuditTest, PagesOfAThousandGoOnAtTheirOffset) {
  std::string text = kHeaders;
  for (int i = 0; i < 2100; ++i) {
    text += row("1-" + std::to_string(i) + "-1");
    if (i == 999) text += row("1-999-1");
  }
  const auto first = read(text);
  ASSERT_EQ(first.items.size(), 1000u);
  EXPECT_FALSE(first.caught_up);
  EXPECT_FALSE(first.look_again_at) << "the rest is there";
  const Cursor place = cursor;
  const auto second = step();
  ASSERT_EQ(second.value().items.size(), 1000u);
  EXPECT_EQ(second.value().items[0].id, "1-1000-1") << "the last order's second line was read";
  cursor = place;
  EXPECT_EQ(step().value().items, second.value().items) << "the same cursor gives the same page";
  const auto third = step();
  EXPECT_EQ(third.value().items.size(), 100u);
  EXPECT_TRUE(third.value().caught_up);
  EXPECT_EQ(h.http.requests_of("downloadReport").size(), 1u);
  EXPECT_EQ(h.http.left(), 0u);
}

TEST_F(OrderAuditTest, AReportThatIsTooLargeIsAskedForInHalves) {
  tests::expect_report(h);
  ASSERT_TRUE(step());
  tests::expect_status(h, "DONE", "amzn1.document.1");
  tests::expect_address(h);
  h.http.fail("downloadReport", Failure::Kind::kRemote, "too_large");
  const auto halved = step();
  ASSERT_TRUE(halved);
  EXPECT_FALSE(halved.value().look_again_at);
  tests::expect_report(h);
  ASSERT_TRUE(step());
  EXPECT_THAT(last_request(), HasSubstr(R"("dataStartTime":"2026-11-09T00:00:00Z")"));
  EXPECT_THAT(last_request(), HasSubstr(R"("dataEndTime":"2026-11-16T04:00:00Z")"));

  window.from = window.until - minutes(119);
  cursor = {};
  tests::expect_report(h);
  ASSERT_TRUE(step());
  tests::expect_status(h, "DONE", "amzn1.document.1");
  tests::expect_address(h);
  h.http.fail("downloadReport", Failure::Kind::kRemote, "too_large");
  EXPECT_EQ(step().failure().code, "too_large") << "an hour is the least";
}

TEST_F(OrderAuditTest, AnotherWindowAnotherShopOrNonsenseBeginsAnew) {
  tests::expect_report(h);
  ASSERT_TRUE(step());
  const Cursor place = cursor;
  window.until -= hours(1);
  tests::expect_report(h);
  ASSERT_TRUE(step());
  EXPECT_EQ(h.http.requests_of("createReport").size(), 2u);
  for (const char* text : {"{}", "nonsense", R"({"v":2})"}) {
    cursor.value = text;
    tests::expect_report(h);
    ASSERT_TRUE(step()) << text;
  }
  std::string other = place.value;
  other.replace(other.find("A1805IZSGTT6HS"), 14, "A13V1IB3VIYZZH");
  cursor.value = other;
  window.until += hours(1);
  tests::expect_report(h);
  ASSERT_TRUE(step());
  EXPECT_EQ(h.http.left(), 0u);
}

TEST_F(OrderAuditTest, FailuresKeepThePlaceAndAskInTheBackground) {
  h.quota.wait_until = h.clock.now() + minutes(1);
  const auto failure = step();
  EXPECT_EQ(failure.failure().kind, Failure::Kind::kThrottled);
  EXPECT_TRUE(cursor.value.empty());
}

}  // namespace
}  // namespace marketplug::amazon
