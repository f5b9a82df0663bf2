// The invented orders: the same for the same seed, varied, and every sum exact.

#include <map>
#include <set>

#include "plugins/amazon/sandbox/order_maker.hpp"
#include "plugins/amazon/sandbox/tests/bench.hpp"

namespace amazon_sandbox::tests {
namespace {

using boost::json::object;
using boost::json::value;

/// Minor units of {"amount": …}; the decimals must be those of the currency.
std::int64_t minor(const value& money) {
  std::string text(money.at("amount").as_string());
  const bool yen = money.at("currencyCode").as_string() == "JPY";
  const auto point = text.find('.');
  EXPECT_EQ(point == std::string::npos, yen) << text;
  if (!yen) {
    EXPECT_EQ(text.size() - point, 3u) << text;
    text.erase(point, 1);
  }
  return std::stoll(text);
}

std::int64_t sum_of(const object& proceeds, std::map<std::string, std::int64_t>* by_type) {
  std::int64_t sum = 0;
  for (const auto& part : proceeds.at("breakdowns").as_array()) {
    const auto subtotal = minor(part.at("subtotal"));
    sum += subtotal;
    if (by_type != nullptr) (*by_type)[std::string(part.at("type").as_string())] += subtotal;
    if (const auto* details = part.as_object().if_contains("detailedBreakdowns")) {
      std::int64_t inner = 0;
      for (const auto& detail : details->as_array()) inner += minor(detail.at("value"));
      EXPECT_EQ(inner, subtotal);
    }
  }
  return sum;
}

std::vector<value> everything(Bench& bench) {
  std::vector<value> orders;
  for (const auto& order : bench.simulator.orders()) {
    orders.push_back(boost::json::parse(bench.simulator.order_json(order.id)));
  }
  return orders;
}

void expect_exact(const value& order) {
  if (order.as_object().if_contains("proceeds") == nullptr) return;
  std::map<std::string, std::int64_t> of_lines, of_order;
  std::int64_t lines = 0;
  for (const auto& item : order.at("orderItems").as_array()) {
    const auto& proceeds = item.at("proceeds").as_object();
    EXPECT_EQ(sum_of(proceeds, &of_lines), minor(proceeds.at("proceedsTotal")));
    lines += minor(proceeds.at("proceedsTotal"));
    const auto& first = proceeds.at("breakdowns").as_array().at(0);
    EXPECT_EQ(minor(item.at("product").at("price").at("unitPrice")) *
                  item.at("quantityOrdered").as_int64(),
              minor(first.at("subtotal")));
  }
  const auto total = minor(order.at("proceeds").at("grandTotal"));
  EXPECT_EQ(sum_of(order.at("proceeds").as_object(), &of_order), total);
  lines += of_order["DELIVERY_TIP"];
  EXPECT_EQ(lines, total);
  of_order.erase("DELIVERY_TIP");
  EXPECT_EQ(of_lines, of_order);
  EXPECT_EQ(minor(order.at("payment").at("paymentExecutions").as_array().at(0).at("paymentAmount")),
            total);
}

TEST(OrderData, EverySumIsExactInEveryCurrency) {
  for (const auto region : {Region::kNorthAmerica, Region::kEurope, Region::kFarEast}) {
    Bench bench(11, region);
    bench.seed(600);
    for (const auto& order : everything(bench)) {
      expect_exact(order);
      if (::testing::Test::HasFailure()) FAIL() << boost::json::serialize(order);
    }
  }
}

TEST(OrderData, SameSeedSameBytesOtherSeedOtherBytes) {
  const auto bytes = [](std::uint64_t seed) {
    Bench bench(seed);
    bench.seed(200);
    std::string all;
    for (const auto& order : bench.simulator.orders()) all += bench.simulator.order_json(order.id);
    return all;
  };
  EXPECT_EQ(bytes(3), bytes(3));
  EXPECT_NE(bytes(3), bytes(4));
}

TEST(OrderData, IdsAreUniqueWellFormedAndFoundAgain) {
  Bench bench;
  bench.seed(20'000);
  std::set<std::string> ids;
  for (const auto& order : bench.simulator.orders()) {
    EXPECT_TRUE(ids.insert(order.id).second) << order.id;
    ASSERT_EQ(order.id.size(), 19u);
    EXPECT_EQ(order.id[3], '-');
    EXPECT_EQ(order.id[11], '-');
  }
  EXPECT_NE(bench.simulator.order_json(*ids.begin()), "");
  auto wrong = *ids.begin();
  wrong[0] = '9';
  EXPECT_THROW(bench.simulator.order_json(wrong), std::out_of_range);
}

constexpr const char* kVariety[] = {"PENDING_AVAILABILITY",
                                    "\"PENDING\"",
                                    "\"UNSHIPPED\"",
                                    "PARTIALLY_SHIPPED",
                                    "\"SHIPPED\"",
                                    "\"CANCELLED\"",
                                    "UNFULFILLABLE",
                                    "\"AMAZON\"",
                                    "\"MERCHANT\"",
                                    "\"PRIME\"",
                                    "PREMIUM",
                                    "PREORDER",
                                    "AMAZON_BUSINESS",
                                    "buyerCompanyName",
                                    "buyerPurchaseOrderNumber",
                                    "giftMessage",
                                    "giftWrapLevel",
                                    "REPLACEMENT_ORIGINAL_ID",
                                    "\"TAX\"",
                                    "\"DISCOUNT\"",
                                    "\"COD_FEE\"",
                                    "DELIVERY_TIP",
                                    "promotionId",
                                    "pointsGranted",
                                    "iossNumber",
                                    "\"IOSS\"",
                                    "MARKETPLACE_FACILITATOR",
                                    "packages",
                                    "trackingNumber",
                                    "cancellationRequest",
                                    "cancellationExecution",
                                    "serialNumbers",
                                    "customizedUrl",
                                    "extendedFields",
                                    "NON_AMAZON",
                                    "SELLER_ORDER_ID",
                                    "PICKUP_POINT",
                                    "businessHours",
                                    "labelPrintingWindow",
                                    "AMAZON_EASY_SHIP",
                                    "fulfillmentOrderId",
                                    "CashOnDelivery",
                                    "Pix",
                                    "Invoice",
                                    "ü",
                                    "ß",
                                    "é",
                                    "ł",
                                    "日本",
                                    "🎉",
                                    "İstanbul",
                                    "TRANSPARENCY",
                                    "SUBSCRIBE_AND_SAVE",
                                    "BUSINESS_PRICE",
                                    "SHIPPING",
                                    "\"JPY\""};

TEST(OrderData, HasTheVarietyThatShopsMeet) {
  std::map<std::string, int> seen;
  int orders = 0;
  for (const auto region : {Region::kNorthAmerica, Region::kEurope, Region::kFarEast}) {
    Bench bench(5, region);
    bench.seed(3000);
    for (const auto& order : bench.simulator.orders()) {
      const auto text = bench.simulator.order_json(order.id);
      ++orders;
      for (const auto* mark : kVariety) {
        if (text.find(mark) != std::string::npos) ++seen[mark];
      }
    }
  }
  for (const auto* mark : kVariety) EXPECT_GT(seen[mark], 0) << mark;
  EXPECT_LT(seen["🎉"], orders / 50);
}

TEST(OrderData, QuantitiesAndPackagesFitTheStatus) {
  Bench bench(6);
  bench.seed(1000);
  for (const auto& order : everything(bench)) {
    const std::string status(order.at("fulfillment").at("fulfillmentStatus").as_string());
    std::int64_t ordered = 0, fulfilled = 0, packed = 0;
    for (const auto& item : order.at("orderItems").as_array()) {
      const auto& done = item.at("fulfillment").as_object();
      ordered += item.at("quantityOrdered").as_int64();
      fulfilled += done.at("quantityFulfilled").as_int64();
      EXPECT_EQ(done.at("quantityFulfilled").as_int64() + done.at("quantityUnfulfilled").as_int64(),
                item.at("quantityOrdered").as_int64());
    }
    if (const auto* packages = order.as_object().if_contains("packages")) {
      for (const auto& package : packages->as_array()) {
        for (const auto& item : package.at("packageItems").as_array()) {
          packed += item.at("quantity").as_int64();
        }
      }
    }
    const bool merchant = order.at("fulfillment").at("fulfilledBy").as_string() == "MERCHANT";
    EXPECT_EQ(packed, merchant ? fulfilled : 0);
    const auto shipped = fulfilled == 0 ? "none" : fulfilled < ordered ? "some" : "all";
    EXPECT_STREQ(shipped, status == "SHIPPED"             ? "all"
                          : status == "PARTIALLY_SHIPPED" ? "some"
                                                          : "none");
  }
}

TEST(OrderData, ReplacementsCostNothingAndNameAnOrderThatExists) {
  Bench bench(9);
  bench.seed(1000);
  int replacements = 0;
  for (const auto& order : everything(bench)) {
    const auto* associated = order.as_object().if_contains("associatedOrders");
    if (associated == nullptr) continue;
    ++replacements;
    const std::string original(associated->as_array().at(0).at("orderId").as_string());
    EXPECT_NO_THROW(bench.simulator.order_json(original));
    if (const auto* proceeds = order.as_object().if_contains("proceeds")) {
      EXPECT_EQ(minor(proceeds->at("grandTotal")), 0);
    }
  }
  EXPECT_GT(replacements, 5);
}

TEST(OrderData, SeededTimesLieInTheirSpan) {
  Bench bench;
  SeedPlan plan;
  plan.count = 500;
  plan.marketplaces = {market("NL")};
  plan.until = marketplug::parse_time("2026-11-20T00:00:00Z").value();
  plan.span = std::chrono::hours(24);
  bench.simulator.seed_orders(plan);
  for (const auto& order : bench.simulator.orders()) {
    EXPECT_GE(order.created, plan.until - plan.span);
    EXPECT_LE(order.created, order.updated);
    EXPECT_LE(order.updated, plan.until);
  }
  plan.marketplaces = {market("US")};
  EXPECT_THROW(bench.simulator.seed_orders(plan), std::invalid_argument);
}

TEST(OrderData, AmountsAreWrittenExactly) {
  EXPECT_EQ(format_amount(0, 2), "0.00");
  EXPECT_EQ(format_amount(5, 2), "0.05");
  EXPECT_EQ(format_amount(-5, 2), "-0.05");
  EXPECT_EQ(format_amount(123456, 2), "1234.56");
  EXPECT_EQ(format_amount(1200, 0), "1200");
  EXPECT_EQ(format_amount(INT64_MIN, 2), "-92233720368547758.08");
}

TEST(OrderData, OrderNumbersSurviveTheirScrambling) {
  for (const std::uint64_t number :
       {0ull, 1ull, 999'999ull, 5'000'000'007ull, 99'999'999'999'999ull}) {
    const auto id = order_id("405", number, 42);
    EXPECT_EQ(order_number(id, 42), number) << id;
  }
  for (const auto* wrong : {"", "405-1234567-123456", "405-1234567-12345678", "405.1234567-1234567",
                            "4a5-1234567-1234567"}) {
    EXPECT_FALSE(order_number(wrong, 42)) << wrong;
  }
}

TEST(OrderData, PackagesAreNoOlderThanTheirOrder) {
  Bench bench;
  SeedPlan plan;
  plan.count = 300;
  plan.span = std::chrono::minutes(10);
  bench.simulator.seed_orders(plan);
  std::size_t packages = 0;
  for (const auto& order : bench.simulator.orders()) {
    const auto json = boost::json::parse(bench.simulator.order_json(order.id)).as_object();
    const auto* list = json.if_contains("packages");
    if (list == nullptr) continue;
    for (const auto& package : list->as_array()) {
      ++packages;
      const auto created = marketplug::parse_time(package.at("createdTime").as_string());
      EXPECT_GE(created.value(), order.created) << order.id;
    }
  }
  EXPECT_GT(packages, 50u);
}

TEST(OrderData, OnlyOrdersThatAmazonFulfilsAreUnfulfillable) {
  Bench bench;
  NewOrder order;
  order.status = Status::kUnfulfillable;
  const auto id = bench.simulator.add_order(order);
  EXPECT_EQ(bench.simulator.orders().at(0).fulfilled_by, FulfilledBy::kAmazon);
  order.fulfilled_by = FulfilledBy::kMerchant;
  EXPECT_THROW(bench.simulator.add_order(order), std::invalid_argument);
  const auto merchants = bench.simulator.add_order({});
  OrderChange change;
  change.status = Status::kUnfulfillable;
  EXPECT_THROW(bench.simulator.change_order(merchants, change), std::invalid_argument);
}

}  // namespace
}  // namespace amazon_sandbox::tests
