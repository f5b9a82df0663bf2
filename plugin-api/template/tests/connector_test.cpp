// The connector against a scripted marketplace: no network, no file, no waiting.
#include "src/connector.hpp"

#include <gtest/gtest.h>
#include <marketplug/testing/scripted_host.hpp>

namespace marketplug::market {
namespace {

using testing::json_answer;

class ConnectorTest : public ::testing::Test {
 protected:
  ConnectorTest() { host.secrets.values["secret:/api_key"] = "key-1"; }
  testing::ScriptedHost host;
  testing::ScriptedHttp& http = host.http;
  testing::FakeContext ctx;
  Connector shop{host, R"({"api": "https://api.example.com", "api_key": "secret:/api_key"})"};
};

TEST_F(ConnectorTest, ImportsAPageAndParksWhatItCannotRead) {
  http.answer("list_orders", json_answer(200, R"({"next": "c2", "more": false, "orders": [
      {"number": "A1", "status": "open", "placed_at": "2026-11-20T08:00:00Z", "currency": "EUR",
       "changed_at": "2026-11-20T09:00:00Z", "recipient": "Ada Example",
       "lines": [{"id": "1", "sku": "MUG", "quantity": 2, "price": "9.95"}]},
      {"number": "A2", "status": "open"}]})"));
  const auto page = shop.fetch_orders({"c1"}, ctx);
  ASSERT_TRUE(page);
  ASSERT_EQ(page.value().items.size(), 1u);
  EXPECT_EQ(page.value().items[0].lines[0].unit_price, (Money{995, 2, "EUR"}));
  ASSERT_EQ(page.value().parked.size(), 1u);
  EXPECT_EQ(page.value().parked[0].id, "A2");
  EXPECT_EQ(page.value().parked[0].message,
            "The order cannot be read: placed_at is missing or malformed");
  EXPECT_EQ(page.value().next, Cursor{"c2"});
  EXPECT_TRUE(page.value().caught_up);
  EXPECT_EQ(http.requests[0].body, R"({"after":"c1"})");
}

TEST_F(ConnectorTest, PushesStockItemByItem) {
  http.answer("set_stock", json_answer(200, "{}"));
  http.answer("set_stock", json_answer(422, R"({"message": "no such SKU"})"));
  const std::vector<StockLevel> levels{{"k1", "MUG", 5, {}, {}, ""}, {"k2", "CUP", 1, {}, {}, ""}};
  const auto step = shop.push_stock(levels, {}, ctx);
  ASSERT_TRUE(step);
  ASSERT_EQ(step.value().outcomes.size(), 2u);
  EXPECT_EQ(step.value().outcomes[0].kind, ItemOutcome::Kind::kAccepted);
  EXPECT_EQ(step.value().outcomes[1].kind, ItemOutcome::Kind::kRejected);
  EXPECT_EQ(step.value().outcomes[1].message, R"({"message":"no such SKU"})");
}

TEST_F(ConnectorTest, ReadsParcelsBackWithoutSending) {
  Shipment parcel;
  parcel.key = "k1";
  parcel.order_id = "A1";
  parcel.number = 1;
  parcel.tracking_number = "3SABC";
  const std::string shown = R"({"order": "A1", "parcel": 1, "carrier": "", "tracking": ")";
  http.answer("get_parcel", json_answer(404, "{}"));
  http.answer("get_parcel", json_answer(422, "{}"));
  http.answer("get_parcel", json_answer(200, shown + "3SABC\"}"));
  http.answer("get_parcel", json_answer(200, shown + "other\"}"));
  for (const auto kind : {ItemVerdict::Kind::kAbsent, ItemVerdict::Kind::kUnknown,
                          ItemVerdict::Kind::kApplied, ItemVerdict::Kind::kDifferent}) {
    const auto step = shop.verify_shipments({&parcel, 1}, {}, ctx);
    ASSERT_TRUE(step);
    EXPECT_EQ(step.value().verdicts.at(0).kind, kind);
  }
  EXPECT_EQ(http.requests.size(), http.requests_of("get_parcel").size());
}

TEST_F(ConnectorTest, TellsTheHostWhatToDoAboutErrors) {
  http.answer("list_orders", json_answer(401, "{}"));
  http.answer("list_orders", json_answer(429, "{}"));
  http.answer("list_orders", testing::html_answer(503));
  http.answer("list_orders", testing::html_answer(200));
  for (const auto kind : {Failure::Kind::kAuth, Failure::Kind::kThrottled,
                          Failure::Kind::kTransient, Failure::Kind::kRemote}) {
    const auto page = shop.fetch_orders({}, ctx);
    ASSERT_FALSE(page);
    EXPECT_EQ(page.failure().kind, kind) << page.failure().message;
    EXPECT_EQ(page.failure().message.find("key-1"), std::string::npos);
  }
}

}  // namespace
}  // namespace marketplug::market
