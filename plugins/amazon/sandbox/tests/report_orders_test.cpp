// The order tracking reports: which orders, which columns, which words.

#include <algorithm>

#include "plugins/amazon/sandbox/tests/report_bench.hpp"

namespace amazon_sandbox::tests {
namespace {

using namespace std::chrono_literals;

// The clock of these tests stands at 2026-11-23T10:00:00Z.

struct OrderReports : ::testing::Test {
  boost::json::value order(const std::string& id) {
    return boost::json::parse(bench.simulator.order_json(id));
  }
  std::set<std::string> ids(const std::string& type, int days = 14) {
    std::set<std::string> found;
    for (auto& row : bench.table(type, days).rows) found.insert(row["amazon-order-id"]);
    return found;
  }
  std::map<std::string, std::string> first_row(const std::string& type = kByUpdate) {
    auto table = bench.table(type);
    return table.rows.empty() ? std::map<std::string, std::string>{} : table.rows.front();
  }

  ReportBench bench;
};

TEST_F(OrderReports, ColumnsAreThoseThatAmazonDocuments) {
  bench.add(Status::kShipped);
  std::vector<std::string> columns{"amazon-order-id",
                                   "merchant-order-id",
                                   "purchase-date",
                                   "last-updated-date",
                                   "order-status",
                                   "fulfillment-channel",
                                   "sales-channel",
                                   "order-channel",
                                   "ship-service-level",
                                   "product-name",
                                   "sku",
                                   "asin",
                                   "item-status",
                                   "quantity",
                                   "currency",
                                   "item-price",
                                   "item-tax",
                                   "shipping-price",
                                   "shipping-tax",
                                   "gift-wrap-price",
                                   "gift-wrap-tax",
                                   "item-promotion-discount",
                                   "ship-promotion-discount",
                                   "ship-city",
                                   "ship-state",
                                   "ship-postal-code",
                                   "ship-country",
                                   "promotion-ids",
                                   "is-business-order",
                                   "purchase-order-number",
                                   "price-designation"};
  EXPECT_EQ(bench.table(kByUpdate).header, columns);
  columns.insert(columns.begin() + 28, "cpf");
  EXPECT_EQ(bench.table(kByCreation).header, columns);
}

TEST_F(OrderReports, EveryLineOfEveryOrderIsThereOnceWithItsAmounts) {
  bench.seed(300, {market("NL")});
  std::size_t lines = 0;
  auto table = bench.table(kByCreation);
  for (const auto& summary : bench.simulator.orders()) {
    const auto json = order(summary.id);
    lines += json.at("orderItems").as_array().size();
  }
  EXPECT_EQ(table.rows.size(), lines);
  std::size_t priced = 0;
  for (auto& row : table.rows) {
    const auto json = order(row["amazon-order-id"]);
    const auto& items = json.at("orderItems").as_array();
    const auto item = std::find_if(items.begin(), items.end(), [&](const auto& each) {
      return each.at("product").at("sellerSku").as_string() == row["sku"] &&
             (row["quantity"] == "0" ||
              std::to_string(each.at("quantityOrdered").as_int64()) == row["quantity"]);
    });
    ASSERT_NE(item, items.end());
    EXPECT_EQ(row["product-name"], std::string(item->at("product").at("title").as_string()));
    EXPECT_EQ(row["asin"], std::string(item->at("product").at("asin").as_string()));
    if (row["item-price"].empty()) continue;
    ++priced;
    EXPECT_EQ(row["currency"], "EUR");
    EXPECT_EQ(row["item-price"],
              std::string(item->at_pointer("/proceeds/breakdowns/0/subtotal/amount").as_string()));
  }
  EXPECT_GT(priced, 100u);
}

TEST_F(OrderReports, AmountsAddUpToTheLinesProceeds) {
  bench.seed(200, {market("DE")});
  const auto id = Bench::text(bench.send("POST", kReports,
                                         R"({"reportType":")" + kByCreation +
                                             R"(","marketplaceIds":["A1PA6795UKMFR9"],
                     "dataStartTime":"2026-11-01T00:00:00Z"})"),
                              "reportId");
  bench.finish();
  const auto bytes = bench.download(Bench::text(bench.document_of(id), "url")).body;
  auto table = read_table(gunzip(bytes));
  std::map<std::string, std::int64_t> sums;
  const auto cents = [](std::string text) {
    text.erase(std::remove(text.begin(), text.end(), '.'), text.end());
    return text.empty() ? 0 : std::stoll(text);
  };
  for (auto& row : table.rows) {
    if (row["item-price"].empty()) continue;
    auto& sum = sums[row["amazon-order-id"]];
    for (const auto* name : {"item-price", "item-tax", "shipping-price", "shipping-tax",
                             "gift-wrap-price", "gift-wrap-tax"}) {
      sum += cents(row[name]);
    }
    for (const auto* name : {"item-promotion-discount", "ship-promotion-discount"}) {
      EXPECT_GE(cents(row[name]), 0);
      sum -= cents(row[name]);
    }
  }
  EXPECT_GT(sums.size(), 100u);
  for (const auto& [order_id, sum] : sums) {
    const auto json = order(order_id);
    EXPECT_EQ(sum, cents(std::string(json.at_pointer("/proceeds/grandTotal/amount").as_string())))
        << order_id;
  }
}

TEST_F(OrderReports, StatusesAreTheReportsOwnWords) {
  const std::vector<std::tuple<Status, std::string, std::string>> cases{
      {Status::kPendingAvailability, "Pending", "Unshipped"},
      {Status::kPending, "Pending", "Unshipped"},
      {Status::kUnshipped, "Unshipped", "Unshipped"},
      {Status::kShipped, "Shipped", "Shipped"},
      {Status::kCancelled, "Cancelled", "Cancelled"}};
  for (const auto& [status, word, item_word] : cases) {
    ReportBench one;
    one.add(status);
    auto row = one.table(kByUpdate).rows.front();
    EXPECT_EQ(row["order-status"], word);
    EXPECT_EQ(row["item-status"], item_word);
    const bool priced = status == Status::kUnshipped || status == Status::kShipped;
    EXPECT_EQ(row["item-price"].empty(), !priced) << word;
    EXPECT_EQ(row["currency"].empty(), !priced) << word;
    EXPECT_EQ(row["quantity"] == "0", status == Status::kCancelled) << word;
    EXPECT_EQ(row["ship-city"].empty(), word == "Pending") << word;
    if (word == "Pending") {
      EXPECT_EQ(row["promotion-ids"], "");
    }
    EXPECT_EQ(row["fulfillment-channel"], "Merchant");
    EXPECT_EQ(row["sales-channel"], "Amazon.nl");
  }
  ReportBench amazons;
  amazons.add(Status::kUnfulfillable, FulfilledBy::kAmazon);
  auto row = amazons.table(kByUpdate).rows.front();
  EXPECT_EQ(row["order-status"], "Unfulfillable");
  EXPECT_EQ(row["fulfillment-channel"], "Amazon");
  EXPECT_EQ(row["sales-channel"], "Non-Amazon.nl");
}

TEST_F(OrderReports, TimesHaveNoMillisecondsAndTheWindowIncludesItsEnds) {
  const auto id = bench.add(Status::kShipped, FulfilledBy::kMerchant, 24h * 14 - 1ms);
  auto row = first_row();
  EXPECT_EQ(row["purchase-date"], "2026-11-09T10:00:00+00:00");
  EXPECT_EQ(row["last-updated-date"], "2026-11-09T10:00:00+00:00");
  bench.clock.set(marketplug::parse_time("2026-11-23T10:00:00.001Z").value());
  EXPECT_EQ(ids(kByUpdate), std::set<std::string>{id});
  bench.clock.set(marketplug::parse_time("2026-11-23T10:00:00.002Z").value());
  const auto empty = bench.create_id(kByUpdate);
  bench.finish();
  EXPECT_EQ(bench.status(empty), "CANCELLED");
}

TEST_F(OrderReports, OneReportGoesByTheLastChangeAndTheOtherByTheOrder) {
  const auto id = bench.add(Status::kUnshipped, FulfilledBy::kMerchant, 24h * 20);
  OrderChange change;
  change.status = Status::kShipped;
  change.at = bench.clock.now() - 24h;
  bench.simulator.change_order(id, change);
  EXPECT_EQ(ids(kByUpdate, 2), std::set<std::string>{id});
  EXPECT_EQ(ids(kByCreation, 29), std::set<std::string>{id});
  bench.configure([](ReportSettings& settings) { settings.empty_cancelled = false; });
  EXPECT_TRUE(ids(kByCreation, 14).empty());
}

TEST_F(OrderReports, LateOrdersAreInTheReportBeforeSearchesFindThem) {
  NewOrder order;
  order.marketplace = market("NL");
  order.status = Status::kUnshipped;
  order.updated = bench.clock.now() - 5min;
  order.visible_after = 8min;
  const auto id = bench.simulator.add_order(order);
  const auto query = std::string("lastUpdatedAfter=2026-11-01T00:00:00Z");
  EXPECT_TRUE(Bench::ids(bench.search(query)).empty());
  EXPECT_EQ(ids(kByUpdate), std::set<std::string>{id});
  bench.clock.advance(8min);
  EXPECT_EQ(Bench::ids(bench.search(query)), std::vector<std::string>{id});
}

TEST_F(OrderReports, HiddenOrdersAreFoundByGetOrderAndInTheReportOnly) {
  const auto response = bench.control(
      "POST", "/orders",
      R"({"hidden":true,"marketplace":"NL","status":"UNSHIPPED","ago":"1h","visible_after":"0s"})");
  ASSERT_EQ(response.status, 201) << response.body;
  const auto created = Bench::json(response);
  const std::string id(created.at("orders").at(0).as_string());
  for (const auto* by : {"lastUpdatedAfter", "createdAfter"}) {
    EXPECT_TRUE(Bench::ids(bench.search(std::string(by) + "=2026-11-01T00:00:00Z")).empty());
  }
  bench.control("POST", "/settle");
  OrderChange change;
  change.status = Status::kShipped;
  change.at = bench.clock.now() - 30min;
  bench.simulator.change_order(id, change);
  bench.clock.advance(1h);
  bench.token = bench.fetch_token();
  EXPECT_TRUE(Bench::ids(bench.search("lastUpdatedAfter=2026-11-01T00:00:00Z")).empty());
  EXPECT_EQ(bench.simulator.unsettled().hidden, 0u);
  EXPECT_EQ(bench.get("/orders/2026-01-01/orders/" + id).status, 200);
  EXPECT_EQ(ids(kByUpdate), std::set<std::string>{id});
  EXPECT_EQ(ids(kByCreation), std::set<std::string>{id});
  EXPECT_NE(bench.control("GET", "/orders").body.find(R"("hidden":true)"), std::string::npos);
}

TEST_F(OrderReports, OtherMarketplacesOrdersAreNotInIt) {
  bench.seed(100, {market("DE"), market("FR")});
  const auto id = bench.add(Status::kShipped);
  EXPECT_EQ(ids(kByUpdate), std::set<std::string>{id});
}

TEST_F(OrderReports, PatchedOrdersAndThoseGivenAsJsonAreAsTheyAreShown) {
  const auto patched = bench.add(Status::kShipped);
  OrderChange change;
  change.at = bench.clock.now() - 2h;
  change.set = R"({"/orderItems/0/product/sellerSku":"OTHER-1",
                   "/recipient/deliveryAddress/city":"Verzonnen"})";
  bench.simulator.change_order(patched, change);
  auto row = first_row();
  EXPECT_EQ(row["sku"], "OTHER-1");
  EXPECT_EQ(row["ship-city"], "Verzonnen");
  EXPECT_EQ(row["order-status"], "Shipped");

  bench.simulator.add_raw_order({.json = R"({"orderId":"405-0000000-0000001",
      "createdTime":"2026-11-23T07:00:00Z","lastUpdatedTime":"2026-11-23T09:00:00Z",
      "programs":["PRIME","AMAZON_BUSINESS"],
      "orderAliases":[{"aliasId":"SHOP-1","aliasType":"SELLER_ORDER_ID"}],
      "salesChannel":{"channelName":"AMAZON","marketplaceId":"A1805IZSGTT6HS"},
      "fulfillment":{"fulfillmentStatus":"UNSHIPPED","fulfilledBy":"MERCHANT",
        "fulfillmentServiceLevel":"SECOND_DAY"},
      "orderItems":[{"orderItemId":"1","quantityOrdered":3,
        "product":{"sellerSku":"RAW-1","asin":"B000000001","title":"Raw",
          "price":{"priceDesignation":"BUSINESS_PRICE"}},
        "promotion":{"breakdowns":[{"promotionId":"P1"},{"promotionId":"P2"}]},
        "proceeds":{"breakdowns":[{"type":"ITEM","subtotal":{"amount":"30.00"}},
          {"type":"DISCOUNT","subtotal":{"amount":"-4.5"},"detailedBreakdowns":[
            {"subtype":"ITEM","value":{"amount":"-3.5"}},
            {"subtype":"SHIPPING","value":{"amount":"-1.00"}}]},
          {"type":"TAX","subtotal":{"amount":"6.30"}}]}}]})"});
  auto rows = bench.table(kByUpdate, 14).rows;
  row = rows.back();
  EXPECT_EQ(row["amazon-order-id"], "405-0000000-0000001");
  EXPECT_EQ(row["merchant-order-id"], "SHOP-1");
  EXPECT_EQ(row["ship-service-level"], "SecondDay");
  EXPECT_EQ(row["sku"], "RAW-1");
  EXPECT_EQ(row["quantity"], "3");
  EXPECT_EQ(row["item-price"], "30.00");
  EXPECT_EQ(row["item-tax"], "6.30");
  EXPECT_EQ(row["item-promotion-discount"], "3.50");
  EXPECT_EQ(row["ship-promotion-discount"], "1.00");
  EXPECT_EQ(row["promotion-ids"], "P1,P2");
  EXPECT_EQ(row["is-business-order"], "true");
  EXPECT_EQ(row["price-designation"], "Business Price");
}

TEST_F(OrderReports, AReportShowsWhatWasTrueWhenItWasAskedFor) {
  const auto id = bench.add(Status::kUnshipped);
  const auto report = bench.create_id(kByUpdate);
  OrderChange change;
  change.status = Status::kCancelled;
  bench.simulator.change_order(id, change);
  bench.finish();
  const auto text = gunzip(bench.download(Bench::text(bench.document_of(report), "url")).body);
  EXPECT_EQ(read_table(text).rows.front()["order-status"], "Unshipped");
}

}  // namespace
}  // namespace amazon_sandbox::tests
