// Amazon's example answers through the whole client, compared with canonical orders that were
// checked by hand (expected/<order id>.json).

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <iterator>
#include <string>

#include "host/json/order_codec.hpp"
#include "plugins/amazon/tests/harness.hpp"
#include "plugins/amazon/tests/model_examples.hpp"

namespace marketplug::amazon {
namespace {

namespace json = boost::json;

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Everything the canonical order holds, personal members included, raw left out.
json::value whole(const Order& order) {
  return json::parse(marketplug::json::join_order({}, marketplug::json::encode_order(order),
                                                  marketplug::json::encode_order_personal(order)));
}

void compare(const Order& order) {
  const std::string path = std::string(AMAZON_DIR) + "/tests/expected/" + order.id + ".json";
  const std::string expected = text_of(path);
  const json::value actual = whole(order);
  ASSERT_FALSE(expected.empty()) << path << " is missing; mapped to\n" << json::serialize(actual);
  EXPECT_EQ(actual, json::parse(expected)) << path << "\nmapped to " << json::serialize(actual);
}

TEST(AmazonExamples, BecomeTheCanonicalOrdersCheckedByHand) {
  MARKETPLUG_NEEDS_SPECS();
  int orders = 0;
  for (const auto& example : tests::example_answers(tests::read_model("orders_2026-01-01.json"))) {
    tests::Harness h;
    h.http.answer(example.operation, testing::json_answer(200, json::serialize(example.body)));
    const auto page =
        example.operation == "getOrder"
            ? h.feed.fetch_order(std::string(example.orders[0].at("orderId").as_string()), h.ctx)
            : h.feed.fetch_orders({}, h.ctx);
    ASSERT_TRUE(page) << page.failure().message;
    EXPECT_TRUE(page.value().parked.empty());
    ASSERT_EQ(page.value().items.size(), example.orders.size());
    for (const Order& order : page.value().items) {
      compare(order);
      ++orders;
    }
  }
  EXPECT_EQ(orders, 8);
}

TEST(AmazonExamples, TheErrorOfTheSandboxIsAFailureWithAmazonsWords) {
  MARKETPLUG_NEEDS_SPECS();
  const json::value model = tests::read_model("orders_2026-01-01.json");
  const json::value body = model.at("paths")
                               .at("/orders/2026-01-01/orders")
                               .at("get")
                               .at("responses")
                               .at("400")
                               .at("x-amzn-api-sandbox")
                               .at("static")
                               .at(0)
                               .at("response");
  tests::Harness h;
  h.http.otherwise("searchOrders", testing::json_answer(400, json::serialize(body)));
  const auto page = h.feed.fetch_orders({}, h.ctx);
  ASSERT_FALSE(page);
  EXPECT_NE(page.failure().message.find("InvalidInput: Invalid Input"), std::string::npos);
}

}  // namespace
}  // namespace marketplug::amazon
