// schemas/ of what a back office sends to a marketplace: one example that holds for each, and what
// must be refused.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "host/json/schema.hpp"
#include "host/json/strict_parse.hpp"

namespace marketplug::json::export_schemas_test {
namespace {

/// "pointer: message" of the first error; empty: the text holds.
std::string first_error(const std::string& schema, const std::string& text) {
  std::ifstream in(std::string(MARKETPLUG_SOURCE_DIR) + "/schemas/" + schema + ".schema.json");
  const std::string source{std::istreambuf_iterator<char>(in), {}};
  const auto compiled = Schema::compile(parse_or_throw(source, schema));
  const auto errors = compiled.validate(parse_or_throw(text, "example"));
  return errors.empty() ? "" : errors.front().pointer + ": " + errors.front().message;
}

#define REFUSED(schema, text) EXPECT_NE(first_error(schema, text), "")

TEST(ExportSchemas, Shipment) {
  EXPECT_EQ(first_error("shipment", R"({"key": "k1", "order_id": "028-1", "number": 1,
      "carrier": "PostNL", "tracking_number": "3SABC", "shipped_at": "2026-11-23T10:00:00Z",
      "ship_from": {"postal_code": "01067"}, "items": [{"line_id": "1", "quantity": 2}]})"),
            "");
  REFUSED("shipment", R"({"order_id": "028-1", "carrier": "PostNL",
      "shipped_at": "2026-11-23T10:00:00Z", "items": []})");
  REFUSED("shipment", R"({"order_id": "028-1", "carrier": "PostNL",
      "shipped_at": "2026-11-23T10:00:00Z", "items": [{"line_id": "1", "quantity": 0}]})");
}

TEST(ExportSchemas, Cancellation) {
  EXPECT_EQ(first_error("cancellation", R"({"order_id": "028-1", "reason": "no_inventory",
      "lines": [{"line_id": "1", "quantity": 1}]})"),
            "");
  REFUSED("cancellation", R"({"order_id": "028-1", "reason": "because"})");
  REFUSED("cancellation", R"({"order_id": "028-1", "reason": "exchange", "lines": []})");
}

TEST(ExportSchemas, Refund) {
  EXPECT_EQ(first_error("refund", R"({"order_id": "028-1", "lines": [{"line_id": "1",
      "quantity": 1, "reason": "customer_return", "charges": [{"type": "item",
      "amount": {"amount": "12.34", "currency": "EUR"}}]}]})"),
            "");
  REFUSED("refund", R"({"order_id": "028-1", "lines": [{"line_id": "1",
      "reason": "customer_return", "charges": [{"type": "item", "amount": 12.34}]}]})");
  REFUSED("refund", R"({"order_id": "028-1", "lines": []})");
}

TEST(ExportSchemas, StockPriceAndPublication) {
  EXPECT_EQ(first_error("stock", R"({"sku": "MUG-1", "quantity": 0, "lead_time_days": 2})"), "");
  REFUSED("stock", R"({"sku": "MUG-1", "quantity": -1})");
  REFUSED("stock", R"({"sku": "", "quantity": 1})");
  EXPECT_EQ(first_error("price", R"({"sku": "MUG-1", "marketplace_id": "NL",
      "price": {"amount": "9.95", "currency": "EUR"},
      "sale": {"price": {"amount": "8.95", "currency": "EUR"},
               "window": {"earliest": "2026-11-27T00:00:00Z"}}})"),
            "");
  REFUSED("price", R"({"sku": "MUG-1", "price": {"amount": "9.95", "currency": "EUR"}})");
  EXPECT_EQ(first_error("publication",
                        R"({"sku": "MUG-1", "marketplace_id": "NL", "state": "withdrawn"})"),
            "");
  REFUSED("publication", R"({"sku": "MUG-1", "marketplace_id": "NL", "state": "unchanged"})");
}

#undef REFUSED

}  // namespace
}  // namespace marketplug::json::export_schemas_test
