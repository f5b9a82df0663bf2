// What buyers send back: the control interface and the three reports.

#include <algorithm>

#include "plugins/amazon/sandbox/report_headers.hpp"
#include "plugins/amazon/sandbox/tests/report_bench.hpp"

namespace amazon_sandbox::tests {
namespace {

using namespace std::chrono_literals;

// The clock of these tests stands at 2026-11-23T10:00:00Z.

struct Returns : ::testing::Test {
  std::string ship(FulfilledBy by = FulfilledBy::kMerchant) {
    return bench.add(Status::kShipped, by, 24h * 9);
  }
  boost::json::value add(const std::string& order, const std::string& more = {}) {
    const auto response =
        bench.control("POST", "/returns", R"({"order":")" + order + "\"" + more + "}");
    EXPECT_EQ(response.status, 201) << response.body;
    return Bench::json(response);
  }
  std::string refused(const std::string& body) {
    const auto response = bench.control("POST", "/returns", body);
    EXPECT_EQ(response.status / 100, 4) << response.body;
    return Bench::text(response, "error");
  }
  /// The text of the first element of the name.
  static std::string element(const std::string& xml, const std::string& name) {
    const auto from = xml.find("<" + name + ">");
    if (from == std::string::npos) return "(absent)";
    const auto start = from + name.size() + 2;
    return xml.substr(start, xml.find("</" + name + ">", start) - start);
  }
  static std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
  }

  ReportBench bench;
};

const std::string kFull = R"(,"quantity":1,"ago":"2d","rma_id":"DsimulatedRRMA",
    "merchant_rma_id":"M-1","reason":"CR-DEFECTIVE","comment":"Past niet – te klein",
    "carrier":"PostNL","tracking_number":"3SSIMU000001","resolution":"StandardRefund",
    "status":"Approved","refunded_amount":"12.50","delivered_ago":"1h","in_policy":false,
    "a_to_z_claim":true)";

TEST_F(Returns, TheXmlReportHasTheMerchantsReturns) {
  const auto id = ship();
  ship();
  const auto made = add(id, kFull);
  EXPECT_EQ(made.at("fulfilled_by").as_string(), "MERCHANT");
  const auto xml = bench.contents(kReturnsXml);
  EXPECT_TRUE(xml.starts_with(R"(<?xml version="1.0" encoding="UTF-8"?>)"));
  EXPECT_EQ(count(xml, "<return_details>"), 1u);
  EXPECT_EQ(element(xml, "order_id"), id);
  EXPECT_EQ(element(xml, "merchant_sku"), std::string(made.at("sku").as_string()));
  EXPECT_EQ(element(xml, "amazon_rma_id"), "DsimulatedRRMA");
  EXPECT_EQ(element(xml, "order_date"), "2026-11-14T10:00:00Z");
  EXPECT_EQ(element(xml, "return_request_date"), "2026-11-21T10:00:00Z");
  EXPECT_EQ(element(xml, "return_request_status"), "Approved");
  EXPECT_EQ(element(xml, "return_reason_code"), "CR-DEFECTIVE");
  EXPECT_EQ(element(xml, "return_quantity"), "1");
  EXPECT_EQ(element(xml, "resolution"), "StandardRefund");
  EXPECT_EQ(element(xml, "refund_amount"), "12.5");
  EXPECT_EQ(element(xml, "in_policy"), "N");
  EXPECT_EQ(element(xml, "a_to_z_claim"), "true");
  EXPECT_EQ(element(xml, "tracking_id"), "3SSIMU000001");
  EXPECT_EQ(element(xml, "return_carrier"), "PostNL");
  EXPECT_EQ(element(xml, "currency_code"), "EUR");
  EXPECT_EQ(element(xml, "label_to_be_paid_by"), "Customer");
  EXPECT_EQ(element(xml, "return_type"), "C-Returns");
  EXPECT_EQ(xml.find("te klein"), std::string::npos);
}

TEST_F(Returns, LinesOfOneReturnStandTogether) {
  std::string id;
  do {
    id = ship();
  } while (boost::json::parse(bench.simulator.order_json(id)).at("orderItems").as_array().size() <
           2);
  const auto order = boost::json::parse(bench.simulator.order_json(id));
  for (int line = 0; line < 2; ++line) {
    add(id, R"(,"rma_id":"DtogetherRRMA","item":")" +
                std::string(order.at("orderItems").at(line).at("orderItemId").as_string()) + "\"");
  }
  const auto xml = bench.contents(kReturnsXml);
  EXPECT_EQ(count(xml, "<return_details>"), 1u);
  EXPECT_EQ(count(xml, "<item_details>"), 2u);
  EXPECT_EQ(count(xml, "<amazon_rma_id>"), 1u);
  EXPECT_EQ(bench.table(kReturnsFlat).rows.size(), 2u);
}

TEST_F(Returns, TheFlatFileHasTheSameInColumns) {
  const auto id = ship();
  add(id, kFull);
  const auto table = bench.table(kReturnsFlat);
  const auto names = return_headers(HeaderLanguage::kEnglish);
  EXPECT_EQ(table.header, std::vector<std::string>(names.begin(), names.end()));
  ASSERT_EQ(table.rows.size(), 1u);
  auto row = table.rows.front();
  EXPECT_EQ(row["Order ID"], id);
  EXPECT_EQ(row["Order date"], "14-Nov-2026");
  EXPECT_EQ(row["Return request date"], "21-Nov-2026");
  EXPECT_EQ(row["Amazon RMA ID"], "DsimulatedRRMA");
  EXPECT_EQ(row["Merchant RMA ID"], "M-1");
  EXPECT_EQ(row["Return carrier"], "PostNL");
  EXPECT_EQ(row["Tracking ID"], "3SSIMU000001");
  EXPECT_EQ(row["A-to-Z Claim"], "Y");
  EXPECT_EQ(row["In policy"], "N");
  EXPECT_EQ(row["Return quantity"], "1");
  EXPECT_EQ(row["Return delivery date"], "23-Nov-2026");
  EXPECT_EQ(row["Refunded Amount"], "12.50");
}

TEST_F(Returns, OnlyTheFlatFilesHeadersAreLocalised) {
  add(ship());
  bench.configure(
      [](ReportSettings& settings) { settings.header_language = HeaderLanguage::kGerman; });
  auto table = bench.table(kReturnsFlat);
  EXPECT_EQ(table.header.front(), "Bestellnummer");
  EXPECT_EQ(table.header.size(), kReturnColumns);
  EXPECT_EQ(table.rows.front()["Rücksendegrund"].empty(), false);
  EXPECT_NE(bench.contents(kReturnsXml).find("<order_id>"), std::string::npos);
  EXPECT_EQ(bench.table(kByUpdate).header.front(), "amazon-order-id");
  for (const auto language : {HeaderLanguage::kEnglish, HeaderLanguage::kGerman,
                              HeaderLanguage::kFrench, HeaderLanguage::kDutch}) {
    std::set<std::string_view> names;
    for (const auto name : return_headers(language)) names.insert(name);
    EXPECT_EQ(names.size(), kReturnColumns);
    EXPECT_FALSE(names.contains(""));
  }
}

TEST_F(Returns, TheXmlReportNamesItsCharset) {
  bench.configure([](ReportSettings& settings) { settings.charset = Charset::kWindows1252; });
  add(ship());
  const auto id = bench.create_id(kReturnsXml);
  bench.finish();
  const auto answer = bench.download(Bench::text(bench.document_of(id), "url"));
  EXPECT_EQ(Bench::header(answer, "Content-Type"), "text/xml;charset=windows-1252");
  EXPECT_TRUE(gunzip(answer.body).starts_with(R"(<?xml version="1.0" encoding="windows-1252"?>)"));
}

TEST_F(Returns, AmazonsOwnReturnsAreInTheirReportFromTheNextDay) {
  const auto id = ship(FulfilledBy::kAmazon);
  const auto made = add(id, R"(,"ago":"3h","comment":"Zu spät","reason":"DEFECTIVE",
                               "disposition":"CUSTOMER_DAMAGED")");
  EXPECT_EQ(made.at("fulfilled_by").as_string(), "AMAZON");
  bench.configure([](ReportSettings& settings) { settings.empty_cancelled = false; });
  EXPECT_EQ(bench.table(kReturnsFlat).rows.size(), 0u);
  EXPECT_EQ(bench.table(kReturnsFba).rows.size(), 0u);
  bench.configure([](ReportSettings& settings) { settings.fba_daily = false; });
  EXPECT_EQ(bench.table(kReturnsFba).rows.size(), 1u);
  bench.configure([](ReportSettings& settings) { settings.fba_daily = true; });
  bench.clock.set(marketplug::parse_time("2026-11-24T00:00:00Z").value());
  bench.token = bench.fetch_token();
  const auto table = bench.table(kReturnsFba);
  const std::vector<std::string> columns{"return-date",
                                         "order-id",
                                         "sku",
                                         "asin",
                                         "fnsku",
                                         "product-name",
                                         "quantity",
                                         "fulfillment-center-id",
                                         "detailed-disposition",
                                         "reason",
                                         "status",
                                         "license-plate-number",
                                         "customer-comments"};
  EXPECT_EQ(table.header, columns);
  ASSERT_EQ(table.rows.size(), 1u);
  auto row = table.rows.front();
  EXPECT_EQ(row["return-date"], "2026-11-23T07:00:00+00:00");
  EXPECT_EQ(row["order-id"], id);
  EXPECT_EQ(row["detailed-disposition"], "CUSTOMER_DAMAGED");
  EXPECT_EQ(row["reason"], "DEFECTIVE");
  EXPECT_EQ(row["customer-comments"], "Zu spät");
  EXPECT_TRUE(row["license-plate-number"].starts_with("LPN"));
  bench.configure([](ReportSettings& settings) { settings.empty_cancelled = true; });
  const auto merchants = bench.create_id(kReturnsFlat);
  bench.finish();
  EXPECT_EQ(bench.status(merchants), "CANCELLED");
}

TEST_F(Returns, TheSpanGoesByTheDateOfTheRequest) {
  add(ship(), R"(,"ago":"8d")");
  add(ship(), R"(,"ago":"1d")");
  EXPECT_EQ(bench.table(kReturnsFlat, 7).rows.size(), 1u);
  EXPECT_EQ(bench.table(kReturnsFlat, 9).rows.size(), 2u);
}

TEST_F(Returns, ChangesShowInTheNextReport) {
  add(ship(), R"(,"rma_id":"DchangedRRMA")");
  EXPECT_EQ(bench.table(kReturnsFlat).rows.front()["Refunded Amount"], "");
  const auto response = bench.control(
      "PATCH", "/returns/DchangedRRMA",
      R"({"status":"Completed","refunded_amount":"7","carrier":"PostNL","tracking_number":"3S1",
          "resolution":"Replacement","delivered_ago":"0s"})");
  EXPECT_EQ(response.status, 200) << response.body;
  auto row = bench.table(kReturnsFlat).rows.front();
  EXPECT_EQ(row["Return request status"], "Completed");
  EXPECT_EQ(row["Refunded Amount"], "7.00");
  EXPECT_EQ(row["Resolution"], "Replacement");
  EXPECT_EQ(row["Tracking ID"], "3S1");
  EXPECT_EQ(row["Return delivery date"], "23-Nov-2026");
  EXPECT_EQ(bench.control("PATCH", "/returns/DnoneRRMA", "{}").status, 404);
  EXPECT_EQ(
      bench.control("PATCH", "/returns/DchangedRRMA", R"({"refunded_amount":"1.234"})").status,
      400);
}

TEST_F(Returns, WhatCannotBeIsRefused) {
  const auto id = ship();
  EXPECT_EQ(refused("{}"), "\"order\": is missing");
  EXPECT_NE(refused(R"({"order":"405-0000000-0000000"})").find("no order"), std::string::npos);
  const auto with = [&](const std::string& more) {
    return refused(R"({"order":")" + id + "\"," + more + "}");
  };
  EXPECT_NE(with(R"("item":"1")").find("has no line 1; it has "), std::string::npos);
  EXPECT_NE(with(R"("sku":"NONE")").find("has no line with SKU NONE"), std::string::npos);
  EXPECT_NE(with(R"("quantity":0)").find("starts at 1"), std::string::npos);
  EXPECT_NE(with(R"("quantity":99)").find("has no line with 99 units"), std::string::npos);
  EXPECT_NE(with(R"("refunded_amount":"1,50")").find("no amount in EUR"), std::string::npos);
  EXPECT_NE(with(R"("refunded_amount":"-1")").find("no amount in EUR"), std::string::npos);
  EXPECT_NE(with(R"("ago":"30d")").find("before the order"), std::string::npos);
  EXPECT_NE(with(R"("colour":"red")").find("unknown member"), std::string::npos);
  const auto open = bench.add(Status::kUnshipped);
  EXPECT_NE(refused(R"({"order":")" + open + "\"}").find("ship it first"), std::string::npos);
  EXPECT_TRUE(bench.simulator.returns().empty());
}

TEST_F(Returns, DrawnIdsOfSellersDiffer) {
  SellerSpec other;
  other.id = "A2OTHER";
  other.marketplaces = {market("NL")};
  other.roles = {std::string(role::kInventory)};
  bench.simulator.add_seller(other);
  NewOrder order;
  order.status = Status::kShipped;
  const auto mine = add(ship()), theirs = add(bench.simulator.add_order(order, other.id));
  EXPECT_NE(mine.at("rma_id").as_string(), theirs.at("rma_id").as_string());
  EXPECT_EQ(bench.simulator.returns().size(), 1u);
  EXPECT_EQ(bench.simulator.returns(other.id).size(), 1u);
  EXPECT_EQ(bench.table(kReturnsFlat).rows.size(), 1u);
}

TEST_F(Returns, NoMoreUnitsComeBackThanWereShipped) {
  const auto id = ship();
  const auto order = boost::json::parse(bench.simulator.order_json(id));
  const auto& item = order.at("orderItems").at(0);
  const std::string line(item.at("orderItemId").as_string());
  const auto units = item.at("quantityOrdered").as_int64();
  add(id, R"(,"item":")" + line + R"(","quantity":)" + std::to_string(units));
  EXPECT_NE(refused(R"({"order":")" + id + R"(","item":")" + line + "\"}").find("has 0 units"),
            std::string::npos);
  EXPECT_NE(refused(R"({"order":")" + ship() + R"(","rma_id":")" +
                    bench.simulator.returns().front().rma_id + "\"}")
                .find("is of order " + id),
            std::string::npos);
  EXPECT_EQ(bench.control("GET", "/returns").status, 200);
  EXPECT_NE(bench.control("GET", "/returns").body.find(line), std::string::npos);
  EXPECT_EQ(bench.control("GET", "/returns?seller=NOBODY").status, 404);
}

}  // namespace
}  // namespace amazon_sandbox::tests
