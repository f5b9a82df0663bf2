#include "src/order_backlog.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "plugins/amazon/tests/report_script.hpp"

namespace marketplug::amazon {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::json_answer;
using ::testing::Not;
using tests::Harness;
using tests::order_json;
using tests::page_json;

constexpr const char* kRowHeaders =
    "amazon-order-id\tpurchase-date\tlast-updated-date\torder-status\tfulfillment-channel\t"
    "sales-channel\n";

std::string line(const std::string& id, const std::string& changed, const std::string& status,
                 const std::string& channel = "Amazon.nl") {
  return id + "\t2026-11-02T08:00:00+00:00\t" + changed + "\t" + status + "\tMerchant\t" + channel +
         "\n";
}

/// Tokens as the test gives them; operations that it does not name have enough.
class CountedQuota : public Quota {
 public:
  QuotaAnswer take(const QuotaKey& key, const QuotaPlan&, QuotaPriority) override {
    const auto found = tokens.find(key.operation);
    if (found == tokens.end()) return {true, {}};
    if (found->second < 1) return {false, again_at};
    --found->second;
    return {true, {}};
  }
  void observe(const QuotaKey&, double) override {}
  TimePoint refused(const QuotaKey& key, const QuotaPlan&) override {
    tokens[std::string(key.operation)] = 0;
    return again_at;
  }
  double left(const QuotaKey& key, const QuotaPlan& plan, QuotaPriority) override {
    const auto found = tokens.find(key.operation);
    return found == tokens.end() ? plan.burst : found->second;
  }
  std::map<std::string, double, std::less<>> tokens;
  TimePoint again_at{};
};

class OrderBacklogTest : public ::testing::Test {
 protected:
  OrderBacklogTest() {
    h.services.quota = &quota;
    quota.again_at = h.clock.now() + minutes(3);
    quota.tokens["searchOrders"] = 0;
    quota.tokens["getOrder"] = 28;
  }
  ~OrderBacklogTest() override { tests::expect_address_kept(h); }

  Result<Page<Order>> step() {
    auto page = h.feed.fetch_orders(cursor, h.ctx);
    if (page) cursor = page.value().next;
    return page;
  }
  /// As after a restart: nothing in memory.
  Result<Page<Order>> step_anew() {
    OrderFeed anew(h.settings, h.services, h.orders, h.reports);
    auto page = anew.fetch_orders(cursor, h.ctx);
    if (page) cursor = page.value().next;
    return page;
  }
  /// A page of a search, with a token of the quota for it.
  Page<Order> search(const std::string& orders, const std::string& token) {
    quota.tokens["searchOrders"] = 1;
    h.http.answer("searchOrders", json_answer(200, page_json(orders, token)));
    auto page = step();
    EXPECT_TRUE(page) << page.failure().message;
    return page ? page.value() : Page<Order>();
  }
  /// The first page of a window from 1 November on, which has come to the third.
  Page<Order> first_page() {
    return search(order_json("1-1-1", "2026-11-02T09:00:00Z") + "," +
                      order_json("1-1-2", "2026-11-03T09:00:00Z") + "," +
                      order_json("1-1-3", "2026-11-03T09:00:00Z"),
                  "t1");
  }
  void give(const std::string& id, const std::string& changed,
            const std::string& status = "SHIPPED") {
    h.http.answer("getOrder",
                  json_answer(200, R"({"order":)" + order_json(id, changed, status) + "}"));
  }
  /// Up to the first fetching, with these rows in the report.
  Page<Order> begin(const std::string& rows) {
    first_page();
    tests::expect_report(h);
    EXPECT_TRUE(step());
    tests::expect_done(h, kRowHeaders + rows);
    auto page = step();
    EXPECT_TRUE(page) << page.failure().message;
    return page ? page.value() : Page<Order>();
  }
  std::vector<std::string> fetched() const {
    std::vector<std::string> ids;
    for (const HttpRequest& request : h.http.requests_of("getOrder")) {
      const std::size_t begin = request.url.rfind('/') + 1;
      ids.push_back(request.url.substr(begin, request.url.find('?') - begin));
    }
    return ids;
  }
  static std::vector<std::string> ids(const Page<Order>& page) {
    std::vector<std::string> out;
    for (const Order& order : page.items) out.push_back(order.id);
    return out;
  }
  std::string last_search() const { return h.http.requests_of("searchOrders").back().url; }
  void expect_left_to_the_search(std::size_t reports = 1) {
    EXPECT_TRUE(h.log.contains("orders.backlog_left"));
    EXPECT_THAT(cursor.value, HasSubstr(R"("backlog":{"state":"left"})"));
    search(order_json("9-9-9", "2026-11-20T09:00:00Z"), "t2");
    EXPECT_THAT(last_search(), HasSubstr("paginationToken=t1"));
    EXPECT_THAT(last_search(), Not(HasSubstr("fulfillmentStatuses")));
    EXPECT_EQ(h.http.requests_of("createReport").size(), reports) << "not again in this window";
  }

  Harness h;
  CountedQuota quota;
  Cursor cursor;
};

TEST_F(OrderBacklogTest, AReportIsAskedForWhereTheSearchMustWaitForLong) {
  EXPECT_FALSE(first_page().look_again_at);
  tests::expect_report(h);
  const auto asked = step();
  ASSERT_TRUE(asked);
  EXPECT_EQ(h.http.requests_of("createReport").at(0).body,
            R"({"reportType":"GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL",)"
            R"("marketplaceIds":["A1805IZSGTT6HS","A1PA6795UKMFR9"],)"
            R"("dataStartTime":"2026-11-03T09:00:00Z","dataEndTime":"2026-11-23T09:50:00Z"})");
  EXPECT_EQ(asked.value().look_again_at, h.clock.now() + seconds(30));
  EXPECT_FALSE(asked.value().caught_up);
  search(order_json("2-2-2", "2026-11-04T09:00:00Z"), "t2");
  EXPECT_THAT(last_search(), HasSubstr("paginationToken=t1")) << "the search comes first";
  EXPECT_THAT(h.http.requests_of("getReport"), IsEmpty());
}

TEST_F(OrderBacklogTest, NoReportWhereTheSearchNeedNotWaitOrHasLittleToRead) {
  quota.tokens["searchOrders"] = 2;
  h.http.answer("searchOrders",
                json_answer(200, page_json(order_json("1-1-1", "2026-11-02T09:00:00Z"), "t1")));
  ASSERT_TRUE(step());
  EXPECT_THAT(cursor.value, Not(HasSubstr("backlog")));
  search(order_json("2-2-1", "2026-11-18T09:00:00Z") + "," +
             order_json("2-2-2", "2026-11-19T09:00:00Z"),
         "t2");
  EXPECT_THAT(cursor.value, Not(HasSubstr("backlog"))) << "a page or two are left";
  EXPECT_THAT(h.http.requests_of("createReport"), IsEmpty());
}

TEST_F(OrderBacklogTest, PagesOutOfOrderAskForNoReport) {
  search(order_json("1-1-1", "2026-11-03T09:00:00Z") + "," +
             order_json("1-1-2", "2026-11-02T09:00:00Z"),
         "t1");
  EXPECT_THAT(cursor.value, Not(HasSubstr("backlog")));
  search(order_json("1-1-3", "2026-11-04T09:00:00Z") + "," +
             order_json("1-1-4", "2026-11-05T09:00:00Z"),
         "t2");
  EXPECT_THAT(cursor.value, Not(HasSubstr("backlog"))) << "nor later in this window";
}

TEST_F(OrderBacklogTest, APageThatLiesBeforeTheOthersEndsTheWishForAReport) {
  first_page();
  tests::expect_report(h);
  ASSERT_TRUE(step());
  search(order_json("2-2-2", "2026-11-02T09:00:00Z"), "t2");
  const auto page = step();
  ASSERT_TRUE(page);
  EXPECT_TRUE(h.log.contains("orders.backlog_left"));
  EXPECT_THAT(h.http.requests_of("getReport"), IsEmpty());
}

TEST_F(OrderBacklogTest, WhatIsToBeShippedComesFirstAndThenTheNewest) {
  begin(line("3-3-1", "2026-11-05T09:00:00+00:00", "Shipped") +
        line("3-3-2", "2026-11-06T09:00:00+00:00", "Unshipped") +
        line("3-3-3", "2026-11-07T09:00:00+00:00", "Cancelled") +
        line("3-3-4", "2026-11-08T09:00:00+00:00", "PartiallyShipped") +
        line("3-3-5", "2026-11-09T09:00:00+00:00", "Shipped", "Amazon.fr") +
        line("0-0-0", "2026-11-02T09:00:00+00:00", "Unshipped"));
  give("3-3-4", "2026-11-08T09:00:00Z", "PARTIALLY_SHIPPED");
  give("3-3-2", "2026-11-06T09:00:00Z", "UNSHIPPED");
  const auto open = step();
  ASSERT_TRUE(open);
  EXPECT_THAT(ids(open.value()), ElementsAre("3-3-4", "3-3-2"));
  EXPECT_THAT(cursor.value, HasSubstr(R"("state":"others")"));
  give("3-3-3", "2026-11-07T09:00:00Z", "CANCELLED");
  give("3-3-1", "2026-11-05T09:00:00Z");
  const auto others = step();
  ASSERT_TRUE(others);
  EXPECT_THAT(ids(others.value()), ElementsAre("3-3-3", "3-3-1"));
  EXPECT_EQ(others.value().complete_until, parse_time("2026-11-23T09:50:00Z"));
  EXPECT_FALSE(others.value().caught_up);
  EXPECT_EQ(others.value().look_again_at, quota.again_at);
  EXPECT_EQ(h.documents.count(), 0u) << "what was read is not kept";

  search("", "");
  EXPECT_THAT(last_search(), HasSubstr("lastUpdatedAfter=2026-11-23T09%3A40%3A00Z"));
  EXPECT_THAT(last_search(), Not(HasSubstr("fulfillmentStatuses")));
  EXPECT_EQ(h.http.left(), 0u);
}

TEST_F(OrderBacklogTest, SearchAndFetchingMeetWithinThePart) {
  std::string rows;
  for (int day = 10; day < 22; ++day) {
    rows += line("4-4-" + std::to_string(day), "2026-11-" + std::to_string(day) + "T09:00:00+00:00",
                 "Unshipped");
  }
  begin(rows);
  for (int day = 21; day > 11; --day) {
    give("4-4-" + std::to_string(day), "2026-11-" + std::to_string(day) + "T09:00:00Z",
         "UNSHIPPED");
  }
  ASSERT_EQ(step().value().items.size(), 10u) << "a handful a step";
  quota.tokens["getOrder"] = 0;
  const auto waits = step();
  EXPECT_EQ(waits.value().look_again_at, h.clock.now() + seconds(4)) << "for two tokens";
  search(order_json("4-4-10", "2026-11-10T09:00:00Z") + "," +
             order_json("4-4-11", "2026-11-11T09:00:00Z"),
         "p2");
  EXPECT_THAT(last_search(), HasSubstr("lastUpdatedAfter=2026-11-03T09%3A00%3A00Z"));
  EXPECT_THAT(last_search(), HasSubstr("lastUpdatedBefore=2026-11-23T09%3A50%3A00Z"));
  EXPECT_THAT(last_search(), HasSubstr("fulfillmentStatuses=UNSHIPPED,PARTIALLY_SHIPPED"));
  EXPECT_TRUE(h.log.contains("orders.backlog_read"));
  EXPECT_EQ(fetched().size(), 10u) << "none is read twice";
}

TEST_F(OrderBacklogTest, EverythingElseIsSearchedForByItsStatuses) {
  begin(line("3-3-1", "2026-11-05T09:00:00+00:00", "Shipped") +
        line("3-3-2", "2026-11-06T09:00:00+00:00", "Pending"));
  quota.tokens["getOrder"] = 1;
  search(order_json("3-3-1", "2026-11-05T09:00:00Z", "SHIPPED"), "");
  EXPECT_THAT(
      last_search(),
      HasSubstr(
          "fulfillmentStatuses=PENDING_AVAILABILITY,PENDING,SHIPPED,CANCELLED,UNFULFILLABLE"));
  give("3-3-2", "2026-11-06T09:00:00Z", "PENDING");
  const auto last = step();
  EXPECT_THAT(ids(last.value()), ElementsAre("3-3-2")) << "what no search shows is fetched";
  EXPECT_EQ(last.value().complete_until, parse_time("2026-11-23T09:50:00Z"));
}

TEST_F(OrderBacklogTest, ARestartGoesOnWhereItWas) {
  std::string rows;
  for (int day = 10; day < 22; ++day) {
    rows += line("4-4-" + std::to_string(day), "2026-11-" + std::to_string(day) + "T09:00:00+00:00",
                 "Unshipped");
  }
  begin(rows);
  for (int day = 21; day > 11; --day) {
    give("4-4-" + std::to_string(day), "2026-11-" + std::to_string(day) + "T09:00:00Z",
         "UNSHIPPED");
  }
  ASSERT_TRUE(step());
  give("4-4-11", "2026-11-11T09:00:00Z", "UNSHIPPED");
  give("4-4-10", "2026-11-10T09:00:00Z", "UNSHIPPED");
  const auto page = step_anew();
  ASSERT_TRUE(page);
  EXPECT_THAT(ids(page.value()), ElementsAre("4-4-11", "4-4-10"));
  EXPECT_TRUE(page.value().complete_until);
}

TEST_F(OrderBacklogTest, AfterARestartWhatTheSearchHasPassedIsNotFetched) {
  begin(line("3-3-1", "2026-11-05T09:00:00+00:00", "Unshipped") +
        line("3-3-2", "2026-11-06T09:00:00+00:00", "Unshipped") +
        line("3-3-3", "2026-11-07T09:00:00+00:00", "Unshipped") +
        line("3-3-4", "2026-11-07T09:00:00+00:00", "Unshipped"));
  quota.tokens["getOrder"] = 0;
  search(order_json("3-3-1", "2026-11-05T09:00:00Z") + "," +
             order_json("3-3-2", "2026-11-06T09:00:00Z") + "," +
             order_json("3-3-3", "2026-11-07T09:00:00Z"),
         "p2");
  quota.tokens["getOrder"] = 28;
  for (const char* id : {"3-3-4", "3-3-2"}) give(id, "2026-11-07T09:00:00Z", "UNSHIPPED");
  ASSERT_TRUE(step_anew());
  EXPECT_THAT(fetched(), ElementsAre("3-3-4", "3-3-2"))
      << "near the search's place: read twice rather than not at all";
}

TEST_F(OrderBacklogTest, APageThatWasNotStoredIsReadAgain) {
  begin(line("3-3-1", "2026-11-05T09:00:00+00:00", "Unshipped") +
        line("3-3-2", "2026-11-06T09:00:00+00:00", "Shipped"));
  const Cursor before = cursor;
  for (int i = 0; i < 2; ++i) {
    cursor = before;
    give("3-3-1", "2026-11-05T09:00:00Z", "UNSHIPPED");
    EXPECT_THAT(ids(step().value()), ElementsAre("3-3-1"));
  }
}

TEST_F(OrderBacklogTest, ADocumentThatIsGoneIsDownloadedAgain) {
  const std::string rows = line("3-3-1", "2026-11-05T09:00:00+00:00", "Unshipped");
  begin(rows);
  h.documents.drop("document-1");
  tests::expect_done(h, kRowHeaders + rows);
  give("3-3-1", "2026-11-05T09:00:00Z", "UNSHIPPED");
  EXPECT_THAT(ids(step_anew().value()), ElementsAre("3-3-1"));
}

TEST_F(OrderBacklogTest, AReportThatIsGoneForGoodLeavesTheRestToTheSearch) {
  begin(line("3-3-1", "2026-11-05T09:00:00+00:00", "Unshipped"));
  h.documents.drop("document-1");
  tests::expect_status(h, "FATAL");
  ASSERT_TRUE(step_anew());
  EXPECT_TRUE(h.log.contains("orders.backlog_left"));
  search("", "");
  EXPECT_THAT(last_search(), HasSubstr("lastUpdatedAfter=2026-11-03T09%3A00%3A00Z"));
  EXPECT_THAT(last_search(), Not(HasSubstr("lastUpdatedBefore")));
}

TEST_F(OrderBacklogTest, AReportThatIsGoneADayLaterLeavesTheRestToTheSearch) {
  begin(line("3-3-1", "2026-11-05T09:00:00+00:00", "Unshipped"));
  h.documents.drop("document-1");
  h.clock.advance(std::chrono::hours(25));
  tests::expect_status(h, "FATAL");
  ASSERT_TRUE(step_anew());
  EXPECT_THAT(cursor.value, HasSubstr(R"("backlog":{"state":"left"})"));
  search("", "");
  EXPECT_THAT(last_search(), HasSubstr("lastUpdatedAfter=2026-11-03T09%3A00%3A00Z"))
      << "the place makes sense still";
}

TEST_F(OrderBacklogTest, OneOrderThatAServerFailsForKeepsNobodyWaiting) {
  begin(line("3-3-1", "2026-11-05T09:00:00+00:00", "Unshipped") +
        line("3-3-2", "2026-11-04T09:00:00+00:00", "Unshipped"));
  for (int i = 0; i < 3; ++i) h.http.answer("getOrder", json_answer(500, "{}"));
  EXPECT_FALSE(step());
  EXPECT_FALSE(step());
  give("3-3-2", "2026-11-04T09:00:00Z", "UNSHIPPED");
  const auto page = step();
  ASSERT_TRUE(page);
  EXPECT_THAT(ids(page.value()), ElementsAre("3-3-2"));
  EXPECT_TRUE(h.log.contains("orders.backlog_skipped"));
}

TEST_F(OrderBacklogTest, AListThatTheSettingsHaveChangedIsNotGoneOnWith) {
  begin(line("3-3-1", "2026-11-05T09:00:00+00:00", "Shipped") +
        line("3-3-2", "2026-11-04T09:00:00+00:00", "Pending"));
  h.settings.orders.import_pending = false;
  ASSERT_TRUE(step_anew());
  EXPECT_TRUE(h.log.contains("orders.backlog_left"));
  EXPECT_THAT(fetched(), IsEmpty());
}

TEST_F(OrderBacklogTest, ReportsThatComeToNothingLeaveTheWindowToTheSearch) {
  for (const char* status : {"FATAL", "CANCELLED"}) {
    SCOPED_TRACE(status);
    cursor = Cursor();
    h.http.requests.clear();
    first_page();
    tests::expect_report(h);
    ASSERT_TRUE(step());
    tests::expect_status(h, status);
    EXPECT_EQ(step().value().look_again_at, quota.again_at);
    expect_left_to_the_search();
  }
}

TEST_F(OrderBacklogTest, ADeniedReportLeavesTheWindowToTheSearch) {
  first_page();
  const auto denial =
      json_answer(403, R"({"errors":[{"code":"Unauthorized","message":"Access is denied."}]})");
  h.http.answer("createReport", denial).answer("createReport", denial);
  const auto page = step();
  ASSERT_TRUE(page) << "the import has the role that it needs";
  EXPECT_EQ(page.value().look_again_at, quota.again_at);
  expect_left_to_the_search(2);
}

TEST_F(OrderBacklogTest, AReportThatCannotBeReadLeavesTheWindowToTheSearch) {
  for (const std::string& text : {std::string("order\n1\n"), std::string(kRowHeaders),
                                  kRowHeaders + line("", "2026-11-05T09:00:00+00:00", "Shipped"),
                                  kRowHeaders + line("3-3-1", "yesterday", "Shipped")}) {
    SCOPED_TRACE(text);
    cursor = Cursor();
    h.http.requests.clear();
    first_page();
    tests::expect_report(h);
    ASSERT_TRUE(step());
    tests::expect_done(h, text);
    ASSERT_TRUE(step());
    expect_left_to_the_search();
  }
}

TEST_F(OrderBacklogTest, TroubleOnTheWayToAReportIsWaitedFor) {
  first_page();
  h.http.fail("createReport", Failure::Kind::kTransient, "reset");
  EXPECT_EQ(step().value().look_again_at, quota.again_at) << "the search goes on as ever";
  tests::expect_report(h);
  ASSERT_TRUE(step());
  EXPECT_THAT(cursor.value, HasSubstr(R"("report":"report-1")"));
}

TEST_F(OrderBacklogTest, AnOrderThatTheReportDoesNotKnowLeavesTheRestToTheSearch) {
  begin(line("3-3-1", "2026-11-05T09:00:00+00:00", "Unshipped"));
  quota.tokens["getOrder"] = 0;
  const auto page = search(order_json("3-3-9", "2026-11-05T10:00:00Z"), "p2");
  EXPECT_THAT(ids(page), ElementsAre("3-3-9"));
  EXPECT_TRUE(h.log.contains("orders.backlog_left"));
  search("", "");
  EXPECT_THAT(last_search(), HasSubstr("lastUpdatedAfter=2026-11-03T09%3A00%3A00Z"));
  EXPECT_THAT(last_search(), Not(HasSubstr("fulfillmentStatuses")));
}

TEST_F(OrderBacklogTest, ARefusedSearchByStatusLeavesTheRestToTheSearch) {
  begin(line("3-3-1", "2026-11-05T09:00:00+00:00", "Unshipped"));
  quota.tokens["getOrder"] = 0;
  h.http.otherwise("searchOrders", json_answer(400, R"({"errors":[{"code":"InvalidInput"}]})"));
  quota.tokens["searchOrders"] = 9;
  auto page = step();
  ASSERT_TRUE(page);
  EXPECT_TRUE(h.log.contains("orders.backlog_left"));
}

TEST_F(OrderBacklogTest, ThrottledFetchingWaitsAndKeepsWhatCame) {
  begin(line("3-3-1", "2026-11-05T09:00:00+00:00", "Unshipped") +
        line("3-3-2", "2026-11-06T09:00:00+00:00", "Unshipped"));
  give("3-3-2", "2026-11-06T09:00:00Z", "UNSHIPPED");
  h.http.answer("getOrder", json_answer(429, R"({"errors":[{"code":"QuotaExceeded"}]})"));
  EXPECT_THAT(ids(step().value()), ElementsAre("3-3-2"));
  const auto waits = step();
  ASSERT_TRUE(waits);
  EXPECT_EQ(waits.value().look_again_at, h.clock.now() + seconds(2));
  quota.tokens["getOrder"] = 1;
  give("3-3-1", "2026-11-05T09:00:00Z", "UNSHIPPED");
  EXPECT_THAT(ids(step().value()), ElementsAre("3-3-1"));
}

TEST_F(OrderBacklogTest, ASearchThatIsThrottledHoldsNoFetchingUp) {
  begin(line("3-3-1", "2026-11-05T09:00:00+00:00", "Unshipped"));
  quota.tokens["getOrder"] = 0;
  quota.tokens["searchOrders"] = 1;
  h.http.answer("searchOrders", json_answer(429, R"({"errors":[{"code":"QuotaExceeded"}]})"));
  const auto page = step();
  ASSERT_TRUE(page);
  EXPECT_EQ(page.value().look_again_at, h.clock.now() + seconds(1));
  quota.tokens["getOrder"] = 1;
  give("3-3-1", "2026-11-05T09:00:00Z", "UNSHIPPED");
  EXPECT_THAT(ids(step().value()), ElementsAre("3-3-1"));
}

TEST_F(OrderBacklogTest, OneOrderThatFailsIsLeftToTheSearchAndOneThatIsGoneToNobody) {
  begin(line("3-3-1", "2026-11-05T09:00:00+00:00", "Unshipped") +
        line("3-3-2", "2026-11-06T09:00:00+00:00", "Unshipped") +
        line("3-3-3", "2026-11-07T09:00:00+00:00", "Unshipped"));
  h.http.answer("getOrder", testing::html_answer(200));
  h.http.answer("getOrder", json_answer(404, R"({"errors":[{"code":"NotFound"}]})"));
  give("3-3-1", "2026-11-05T09:00:00Z", "UNSHIPPED");
  EXPECT_THAT(ids(step().value()), ElementsAre("3-3-1"));
  EXPECT_TRUE(h.log.contains("orders.backlog_skipped"));
  EXPECT_EQ(step().value().look_again_at, quota.again_at) << "for the search alone";
  EXPECT_EQ(fetched().size(), 3u);
  const auto page = search(order_json("3-3-1", "2026-11-05T09:00:00Z") + "," +
                               order_json("3-3-3", "2026-11-07T09:00:00Z"),
                           "p2");
  EXPECT_THAT(page.complete_until, parse_time("2026-11-23T09:50:00Z"));
}

TEST_F(OrderBacklogTest, ADenialIsAnImportsOwnFailure) {
  begin(line("3-3-1", "2026-11-05T09:00:00+00:00", "Unshipped"));
  h.http.otherwise("getOrder", json_answer(403, R"({"errors":[{"code":"Unauthorized"}]})"));
  const std::string place = cursor.value;
  const auto page = step();
  ASSERT_FALSE(page);
  EXPECT_EQ(page.failure().kind, Failure::Kind::kConfig);
  EXPECT_EQ(cursor.value, place);
}

TEST_F(OrderBacklogTest, WhatCameWithoutBuyersDataIsReadAgainLater) {
  begin(line("3-3-1", "2026-11-05T09:00:00+00:00", "Unshipped") +
        line("3-3-2", "2026-11-06T09:00:00+00:00", "Shipped"));
  h.http.answer("getOrder", json_answer(400, R"({"errors":[{"code":"InvalidInput"}]})"));
  give("3-3-1", "2026-11-05T09:00:00Z", "UNSHIPPED");
  EXPECT_THAT(ids(step().value()), ElementsAre("3-3-1"));
  EXPECT_THAT(cursor.value, HasSubstr(R"("lacking_since":"2026-11-03T09:00:00Z")"));
}

TEST_F(OrderBacklogTest, SalesOutsideAmazonCountWhereTheOrderItselfIsOfTheShop) {
  begin(line("3-3-1", "2026-11-05T09:00:00+00:00", "Unshipped", "Non-Amazon.nl") +
        line("3-3-2", "2026-11-06T09:00:00+00:00", "Unshipped", "Non-Amazon.de"));
  std::string foreign = order_json("3-3-2", "2026-11-06T09:00:00Z");
  foreign.replace(foreign.find("A1805IZSGTT6HS"), 14, "A38D8NSA03LJTC");
  h.http.answer("getOrder", json_answer(200, R"({"order":)" + foreign + "}"));
  give("3-3-1", "2026-11-05T09:00:00Z", "UNSHIPPED");
  EXPECT_THAT(ids(step().value()), ElementsAre("3-3-1"));
}

}  // namespace
}  // namespace marketplug::amazon
