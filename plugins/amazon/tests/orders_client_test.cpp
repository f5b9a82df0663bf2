#include "src/orders_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/amazon/tests/harness.hpp"

namespace marketplug::amazon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::html_answer;
using testing::json_answer;
using tests::Harness;
using tests::order_json;

SearchQuery query_of(Harness& h) {
  SearchQuery query;
  query.updated_after = h.clock.now() - std::chrono::hours(24);
  query.marketplace_ids = {"A1805IZSGTT6HS", "A1PA6795UKMFR9"};
  query.included_data = included_data(BuyersData::kAll);
  return query;
}

Result<SearchPage> search(Harness& h, const HttpResponse& answer) {
  h.http.answer("searchOrders", answer);
  return h.orders.search(query_of(h), QuotaPriority::kPresent, h.ctx);
}

TEST(OrdersClient, SearchesWithCsvListsAndEncodedValues) {
  Harness h;
  SearchQuery query = query_of(h);
  query.token = "a/b+c=";
  query.statuses = {"UNSHIPPED"};
  query.fulfilled_by = {"MERCHANT"};
  query.page_size = 1;
  h.http.answer("searchOrders", json_answer(200, tests::page_json("")));
  ASSERT_TRUE(h.orders.search(query, QuotaPriority::kPresent, h.ctx));
  EXPECT_EQ(h.http.requests_of("searchOrders").at(0).url,
            std::string(tests::kApi) +
                "/orders/2026-01-01/orders?lastUpdatedAfter=2026-11-22T10%3A00%3A00Z"
                "&marketplaceIds=A1805IZSGTT6HS,A1PA6795UKMFR9&fulfillmentStatuses=UNSHIPPED"
                "&fulfilledBy=MERCHANT&maxResultsPerPage=1&includedData=BUYER,RECIPIENT,TAX,"
                "PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,PAYMENT,"
                "FULFILLMENT_ORDERS&paginationToken=a%2Fb%2Bc%3D");
}

TEST(OrdersClient, WithoutAccessToPersonalDataTheirSetsAreNotAskedFor) {
  for (const std::string_view set : included_data(BuyersData::kNone)) {
    EXPECT_TRUE(set != "BUYER" && set != "RECIPIENT" && set != "TAX") << set;
  }
  EXPECT_EQ(included_data(BuyersData::kAll).size(), included_data(BuyersData::kNone).size() + 3);
}

TEST(OrdersClient, ReadsAPage) {
  Harness h;
  const auto page = search(
      h, json_answer(200, tests::page_json(order_json("1-1-1", "2026-11-22T10:00:00Z"), "next"),
                     {{"Date", "Mon, 23 Nov 2026 10:00:01 GMT"}}));
  ASSERT_TRUE(page);
  EXPECT_EQ(page.value().orders.size(), 1u);
  EXPECT_EQ(page.value().next_token, "next");
  EXPECT_EQ(page.value().updated_before, parse_time("2026-11-23T09:58:00Z"));
  EXPECT_EQ(page.value().server_time, parse_time("2026-11-23T10:00:01Z"));
}

TEST(OrdersClient, ThePlaceOfAnErrorBehindTheOrdersIsThatInTheWholeBody) {
  const std::string bad = "{\"orders\":[{\"orderId\":\"1\"},{}],\"x\":tru}";
  Harness h;
  const std::string place = " at byte " + std::to_string(bad.find("tru}"));
  EXPECT_THAT(search(h, json_answer(200, bad)).failure().message, HasSubstr(place));
}

TEST(OrdersClient, ADamagedOrderThatCameAloneIsCutOutFromItsEnd) {
  const std::string order = R"({"orderId":"1-1-1","title":"5" screws"]})";
  for (const auto& [end, token] :
       {std::pair<std::string, std::string>{R"(, "pagination":{"nextToken":"t2"})", "t2"},
        {"", ""}}) {
    Harness h;
    SearchQuery query = query_of(h);
    query.page_size = 1;
    std::string body = R"({"orders":[)";
    body.append(order).append("]").append(end);
    body += R"(,"lastUpdatedBefore":"2026-11-23T09:58:00Z"})";
    h.http.answer("searchOrders", json_answer(200, body));
    const auto page = h.orders.search(query, QuotaPriority::kPresent, h.ctx);
    ASSERT_TRUE(page) << page.failure().message;
    EXPECT_THAT(page.value().orders, ElementsAre(order));
    EXPECT_EQ(page.value().next_token, token);
    EXPECT_EQ(page.value().updated_before, parse_time("2026-11-23T09:58:00Z"));
    EXPECT_EQ(search(h, json_answer(200, body)).failure().code, "not_json") << "among others";
  }
}

TEST(OrdersClient, WithoutASoundEndNothingIsCutOut) {
  for (const char* body :
       {"", "<html>", R"({"orders":[{"a":"b)", R"({"orders":[{"a":"b"c"}],"pagination":{"nextTok)",
        R"({"orders":[{"a":"b"c"}],"pagination":{"nextToken":7}})",
        R"({"errors":[{"a":"b"c"}],"pagination":{"nextToken":"t"}})", R"("pagination":{}})",
        R"([],"pagination":{}})", R"({"orders":[,"pagination":{}})"}) {
    Harness h;
    SearchQuery query = query_of(h);
    query.page_size = 1;
    h.http.answer("searchOrders", json_answer(200, body));
    EXPECT_FALSE(h.orders.search(query, QuotaPriority::kPresent, h.ctx)) << body;
  }
}

TEST(OrdersClient, ADamagedFrameIsAFailureAndNeverAnEmptyPage) {
  for (const char* body :
       {"", "null", "[]", "{}", "{\"orders\":{}}", "{\"orders\":null}",
        "{\"orders\":[],\"pagination\":7}", "{\"orders\":[],\"pagination\":{\"nextToken\":7}}",
        "{\"orders\":[", "{\"orders\":[{\"orderId\":\"1\"}", "{\"orders\":[]} x",
        "{\"orders\":[{\"a\":\x01}],\"pagination\":[\"t\"]}",
        "{\"orders\":[{\"a\":\x01}],\"pagination\":{\"nextToken\":[]}}"}) {
    Harness h;
    const auto page = search(h, json_answer(200, body));
    ASSERT_FALSE(page) << body;
    EXPECT_EQ(page.failure().kind, Failure::Kind::kRemote) << body;
    EXPECT_EQ(page.failure().code, "not_json") << body;
  }
}

TEST(OrdersClient, AnHtmlPageWithStatus200IsNamed) {
  Harness h;
  EXPECT_THAT(search(h, html_answer(200)).failure().message,
              HasSubstr("text/html instead of JSON"));
}

TEST(OrdersClient, APageTokenThatFitsNoUrlIsRefused) {
  Harness h;
  EXPECT_FALSE(search(h, json_answer(200, tests::page_json("", std::string(9000, 't')))));
}

TEST(OrdersClient, ADamagedOrderIsCutOutLikeTheOthers) {
  Harness h;
  const auto page = search(
      h, json_answer(200, tests::page_json(R"({"orderId":"1"}, {"orderId":"2","x":NaN},{})")));
  ASSERT_TRUE(page);
  EXPECT_THAT(page.value().orders,
              ElementsAre(R"({"orderId":"1"})", R"({"orderId":"2","x":NaN})", "{}"));
}

TEST(OrdersClient, AnUnknownOrderIsNoFailure) {
  Harness h;
  h.http.answer("getOrder",
                json_answer(404, R"({"errors":[{"code":"NotFound","message":"no such order"}]})"));
  const auto found =
      h.orders.get("1-1-1", included_data(BuyersData::kAll), QuotaPriority::kPresent, h.ctx);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found.value().orders.empty());
}

TEST(OrdersClient, A404OfSomebodyElseIsAFailure) {
  Harness h;
  h.http.answer("getOrder", html_answer(404));
  EXPECT_FALSE(
      h.orders.get("1-1-1", included_data(BuyersData::kAll), QuotaPriority::kPresent, h.ctx));
}

TEST(OrdersClient, GetsOneOrder) {
  Harness h;
  h.http
      .answer("getOrder",
              json_answer(200, "{\"order\":" + order_json("1-1-1", "2026-11-22T10:00:00Z") + "}"))
      .answer("getOrder", json_answer(200, R"({"order":{"orderId":"1-1-1","x":"\ud800"}})"))
      .answer("getOrder", json_answer(200, "{}"));
  const auto get = [&] {
    return h.orders.get("1-1-1", included_data(BuyersData::kNone), QuotaPriority::kPresent, h.ctx);
  };
  EXPECT_EQ(get().value().orders.size(), 1u);
  EXPECT_EQ(get().value().orders.size(), 1u) << "a damaged order is the mapping's matter";
  EXPECT_FALSE(get());
}

}  // namespace
}  // namespace marketplug::amazon
