// The Reports API: what it takes and refuses, and how a report lives.

#include "plugins/amazon/sandbox/tests/report_bench.hpp"

namespace amazon_sandbox::tests {
namespace {

using namespace std::chrono_literals;

// The clock of these tests stands at 2026-11-23T10:00:00Z.

struct Reports : ::testing::Test {
  std::string refused(const std::string& body) {
    const auto response = bench.send("POST", kReports, body);
    EXPECT_EQ(response.status, 400) << response.body;
    EXPECT_EQ(Bench::header(response, "x-amzn-ErrorType"), "InvalidInputException");
    return Bench::error(response);
  }
  /// A request with one member as given; an empty one is left out.
  std::string refused(const std::string& member, const std::string& value) {
    std::map<std::string, std::string> members{{"reportType", "\"" + kByUpdate + "\""},
                                               {"marketplaceIds", R"(["A1805IZSGTT6HS"])"}};
    members[member] = value;
    std::string body;
    for (const auto& [name, text] : members) {
      if (!text.empty()) body += (body.empty() ? "{\"" : ",\"") + name + "\":" + text;
    }
    return refused(body + "}");
  }
  std::string listing_refused(const std::string& query) {
    const auto response = bench.get(kReports + "?" + query);
    EXPECT_EQ(response.status, 400) << response.body;
    return Bench::error(response);
  }
  std::vector<std::string> listed(const Response& response) {
    EXPECT_EQ(response.status, 200) << response.body;
    std::vector<std::string> ids;
    const auto answer = Bench::json(response);
    for (const auto& report : answer.at("reports").as_array()) {
      ids.emplace_back(report.at("reportId").as_string());
    }
    return ids;
  }

  ReportBench bench;
};

TEST_F(Reports, AReportGoesFromTheQueueThroughProcessingToDone) {
  bench.add(Status::kShipped);
  bench.configure([](ReportSettings& settings) { settings.duration = 90s; });
  const auto created = bench.create(kByUpdate);
  EXPECT_EQ(created.status, 202);
  const auto id = Bench::text(created, "reportId");
  EXPECT_EQ(bench.status(id), "IN_QUEUE");
  bench.clock.advance(30s - 1ms);
  EXPECT_EQ(bench.status(id), "IN_QUEUE");
  bench.clock.advance(1ms);
  EXPECT_EQ(bench.status(id), "IN_PROGRESS");
  auto report = Bench::json(bench.get(kReports + "/" + id));
  EXPECT_EQ(report.at("processingStartTime").as_string(), "2026-11-23T10:00:30Z");
  EXPECT_FALSE(report.as_object().contains("processingEndTime"));
  EXPECT_FALSE(report.as_object().contains("reportDocumentId"));
  bench.clock.advance(60s - 1ms);
  EXPECT_EQ(bench.status(id), "IN_PROGRESS");
  bench.clock.advance(1ms);
  EXPECT_EQ(bench.status(id), "DONE");
  report = Bench::json(bench.get(kReports + "/" + id));
  EXPECT_EQ(report.at("processingEndTime").as_string(), "2026-11-23T10:01:30Z");
  EXPECT_EQ(report.at("reportType").as_string(), kByUpdate);
  EXPECT_EQ(report.at("dataStartTime").as_string(), "2026-11-09T10:00:00Z");
  EXPECT_EQ(report.at("dataEndTime").as_string(), "2026-11-23T10:00:00Z");
  EXPECT_EQ(boost::json::serialize(report.at("marketplaceIds")), R"(["A1805IZSGTT6HS"])");
  EXPECT_TRUE(report.as_object().contains("reportDocumentId"));
}

TEST_F(Reports, AReportWithoutDataIsCancelledOrHasAHeaderOnly) {
  auto id = bench.create_id(kByUpdate);
  EXPECT_EQ(bench.status(id), "IN_QUEUE");
  bench.finish();
  EXPECT_EQ(bench.status(id), "CANCELLED");
  EXPECT_EQ(Bench::text(bench.get(kReports + "/" + id), "reportDocumentId"), "");
  bench.configure([](ReportSettings& settings) { settings.empty_cancelled = false; });
  EXPECT_EQ(bench.table(kByUpdate).rows.size(), 0u);
}

TEST_F(Reports, TheNextOnesEndFatalWithOrWithoutADocument) {
  bench.add(Status::kShipped);
  bench.configure([](ReportSettings& settings) { settings.fatal_next = 2; });
  const auto first = bench.create_id(kByUpdate);
  bench.configure([](ReportSettings& settings) { settings.fatal_document = false; });
  const auto second = bench.create_id(kByUpdate), third = bench.create_id(kByUpdate);
  bench.finish();
  EXPECT_EQ(bench.status(first), "FATAL");
  EXPECT_EQ(bench.status(second), "FATAL");
  EXPECT_EQ(bench.status(third), "DONE");
  const auto explained = bench.download(Bench::text(bench.document_of(first), "url"));
  EXPECT_NE(gunzip(explained.body).find("errorDetails"), std::string::npos);
  EXPECT_EQ(Bench::text(bench.get(kReports + "/" + second), "reportDocumentId"), "");
  EXPECT_EQ(bench.simulator.settings().reports.fatal_next, 0u);
}

TEST_F(Reports, TheNextOnesAreStuckInProgress) {
  bench.add(Status::kShipped);
  bench.configure([](ReportSettings& settings) { settings.stuck_next = 1; });
  const auto first = bench.create_id(kByUpdate), second = bench.create_id(kByUpdate);
  EXPECT_EQ(bench.status(first), "IN_QUEUE");
  bench.clock.advance(24h * 30);
  bench.token = bench.fetch_token();
  EXPECT_EQ(bench.status(first), "IN_PROGRESS");
  EXPECT_EQ(bench.status(second), "DONE");
}

TEST_F(Reports, OnlyAReportInTheQueueCanBeCancelled) {
  bench.add(Status::kShipped);
  const auto id = bench.create_id(kByUpdate);
  const auto answer = bench.send("DELETE", kReports + "/" + id);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "");
  EXPECT_EQ(bench.status(id), "CANCELLED");
  bench.finish();
  EXPECT_EQ(bench.status(id), "CANCELLED");
  EXPECT_EQ(bench.send("DELETE", kReports + "/" + id).status, 400);
  const auto running = bench.create_id(kByUpdate);
  bench.clock.advance(10s);
  const auto late = bench.send("DELETE", kReports + "/" + running);
  EXPECT_EQ(late.status, 400);
  EXPECT_NE(Bench::error(late).find("IN_QUEUE"), std::string::npos);
  bench.clock.advance(20s);
  EXPECT_EQ(bench.status(running), "DONE");
  EXPECT_EQ(bench.send("DELETE", kReports + "/4711").status, 404);
}

TEST_F(Reports, WhatIsNotOfTheModelIsRefused) {
  EXPECT_EQ(refused("[]"), "InvalidInput: The body is not a JSON object.");
  EXPECT_EQ(refused("{"), "InvalidInput: The body is not a JSON object.");
  EXPECT_EQ(refused("reportType", ""), "InvalidInput: reportType: the member is missing");
  EXPECT_EQ(refused("reportType", "1"), "InvalidInput: reportType: the value is not a string");
  EXPECT_EQ(refused("reportType", R"("GET_NOTHING")"),
            "InvalidInput: reportType: the value is not a report type");
  EXPECT_EQ(refused("reportType", R"("GET_MERCHANT_LISTINGS_ALL_DATA")"),
            "InvalidInput: reportType: the report type is not available here");
  EXPECT_EQ(refused("marketplaceIds", ""), "InvalidInput: marketplaceIds: the member is missing");
  EXPECT_EQ(refused("marketplaceIds", "[]"),
            "InvalidInput: marketplaceIds: the array must have 1 to 25 elements");
  EXPECT_EQ(refused("marketplaceIds", R"(["NL"])"),
            "InvalidInput: marketplaceIds: \"NL\" is not a marketplace id");
  EXPECT_EQ(refused("marketplaceIds", R"("A1805IZSGTT6HS")"),
            "InvalidInput: marketplaceIds: the value is not an array");
  EXPECT_EQ(refused("marketplaceIds", "[1]"),
            "InvalidInput: marketplaceIds: an element is not a string");
  EXPECT_EQ(refused("reportOptions", R"({"ShowSalesChannel":true})"),
            "InvalidInput: reportOptions: an option's value is not a string");
  EXPECT_EQ(refused("reportSubtype", R"("x")"),
            "InvalidInput: reportSubtype: the request has no such member");
  std::string many = "[";
  for (int i = 0; i < 26; ++i) many += (i == 0 ? "\"" : ",\"") + std::string("A1805IZSGTT6HS\"");
  EXPECT_EQ(refused("marketplaceIds", many + "]"),
            "InvalidInput: marketplaceIds: the array must have 1 to 25 elements");
}

TEST_F(Reports, TimesMustFitTogether) {
  EXPECT_EQ(refused("dataStartTime", R"("2026-11-01")"),
            "InvalidInput: dataStartTime: the value is not an ISO 8601 date-time");
  EXPECT_EQ(refused("dataStartTime", R"("2026-11-23T10:00:00.001Z")"),
            "InvalidInput: dataStartTime: must be prior to or equal to the current date and time");
  EXPECT_EQ(refused("dataEndTime", R"("2026-11-24T10:00:00Z")"),
            "InvalidInput: dataEndTime: must be prior to or equal to the current date and time");
  // Without a start it is now, which lies after any end.
  EXPECT_EQ(refused("dataEndTime", R"("2026-11-22T10:00:00Z")"),
            "InvalidInput: dataStartTime: must not be after dataEndTime");
  EXPECT_EQ(bench.create(kByUpdate, 30).status, 202);
  EXPECT_EQ(Bench::error(bench.create(kByUpdate, 31)),
            "InvalidInput: dataStartTime: a report of this type covers at most 30 days");
  EXPECT_EQ(Bench::error(bench.create(kByCreation, 31)),
            "InvalidInput: dataStartTime: a report of this type covers at most 30 days");
  for (const auto& type : {kReturnsXml, kReturnsFlat}) {
    EXPECT_EQ(bench.create(type, 60).status, 202);
    EXPECT_EQ(Bench::error(bench.create(type, 61)),
              "InvalidInput: dataStartTime: a report of this type covers at most 60 days");
  }
  EXPECT_EQ(bench.create(kReturnsFba, 500).status, 202);
}

TEST_F(Reports, StrangersMarketplacesContentTypesAndMissingRolesAreRefused) {
  auto response = bench.send("POST", kReports,
                             R"({"reportType":")" + kByUpdate +
                                 R"(","marketplaceIds":["A1805IZSGTT6HS","ATVPDKIKX0DER"]})");
  EXPECT_EQ(response.status, 403);
  EXPECT_NE(response.body.find("ATVPDKIKX0DER"), std::string::npos);
  auto request = bench.request(kReports);
  request.method = "POST";
  request.body = R"({"reportType":")" + kByUpdate + R"(","marketplaceIds":["A1805IZSGTT6HS"]})";
  EXPECT_EQ(bench.simulator.handle(request).status, 415);
  request.headers.emplace_back("content-type", "application/json; charset=UTF-8");
  EXPECT_EQ(bench.simulator.handle(request).status, 202);
  bench.simulator.accounts().set_roles(bench.credentials.seller_id,
                                       {std::string(role::kTaxInvoicing)});
  EXPECT_EQ(bench.create(kByUpdate).status, 403);
  bench.simulator.accounts().set_roles(bench.credentials.seller_id, {std::string(role::kDelivery)});
  EXPECT_EQ(bench.create(kByUpdate).status, 202);
}

TEST_F(Reports, UnknownIdsAreNotFoundAndMalformedOnesRefused) {
  EXPECT_EQ(bench.get(kReports + "/4711").status, 404);
  EXPECT_EQ(Bench::error(bench.get(kReports + "/badReportId1")),
            "InvalidInput: reportId: the value is not a report id");
  EXPECT_EQ(bench.get(kReports + "/4711?x=1").status, 400);
  EXPECT_EQ(Bench::error(bench.get(kDocuments + "badDocumentId1")),
            "InvalidInput: reportDocumentId: the value is not a report document id");
  EXPECT_EQ(bench.get(kDocuments + "amzn1.spdoc.1.4.eu.unknown").status, 404);
  const auto response = bench.send("PUT", kReports);
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(Bench::header(response, "Allow"), "POST, GET");
}

TEST_F(Reports, ReportsBelongToTheirSellerThoughTheIdsAreTheSame) {
  bench.add(Status::kShipped);
  SellerSpec other;
  other.id = "A2OTHER";
  other.marketplaces = {market("NL")};
  other.roles = {std::string(role::kInventory)};
  bench.simulator.add_seller(other);
  bench.simulator.accounts().authorize(bench.credentials.client_id, other.id, "Atzr|other");
  const auto mine = bench.create_id(kByUpdate), second = bench.create_id(kByUpdate);
  bench.finish();
  const auto document = Bench::text(bench.get(kReports + "/" + mine), "reportDocumentId");
  bench.token = Bench::text(bench.login(bench.refresh_form("Atzr|other")), "access_token");
  EXPECT_EQ(bench.get(kReports + "/" + mine).status, 404);
  EXPECT_EQ(bench.get(kDocuments + document).status, 404);
  EXPECT_EQ(bench.create_id(kByUpdate), mine);
  EXPECT_EQ(bench.get(kReports + "/" + second).status, 404);
}

TEST_F(Reports, ReportsAreForgottenAfterNinetyDays) {
  bench.add(Status::kShipped);
  const auto id = bench.create_id(kByUpdate);
  bench.clock.advance(24h * 90);
  bench.token = bench.fetch_token();
  EXPECT_EQ(bench.status(id), "DONE");
  const auto document = Bench::text(bench.get(kReports + "/" + id), "reportDocumentId");
  bench.clock.advance(1ms);
  EXPECT_EQ(bench.get(kReports + "/" + id).status, 404);
  EXPECT_EQ(bench.get(kDocuments + document).status, 404);
  EXPECT_TRUE(listed(bench.get(kReports + "?reportTypes=" + kByUpdate)).empty());
}

TEST_F(Reports, ListsAreFilteredAndPagedNewestFirst) {
  bench.add(Status::kShipped);
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) {
    ids.insert(ids.begin(), bench.create_id(kByUpdate));
    bench.clock.advance(1min);
  }
  const auto other = bench.create_id(kReturnsXml);
  EXPECT_EQ(listed(bench.get(kReports + "?reportTypes=" + kByUpdate)), ids);
  EXPECT_EQ(listed(bench.get(kReports + "?reportTypes=" + kByUpdate + "," + kReturnsXml)).at(0),
            other);
  EXPECT_TRUE(listed(bench.get(kReports + "?reportTypes=GET_MERCHANT_LISTINGS_ALL_DATA")).empty());
  const auto query = kReports + "?reportTypes=" + kByUpdate;
  EXPECT_EQ(listed(bench.get(query + "&processingStatuses=DONE,FATAL")), ids);
  EXPECT_TRUE(listed(bench.get(query + "&processingStatuses=IN_QUEUE")).empty());
  EXPECT_TRUE(listed(bench.get(query + "&marketplaceIds=A1PA6795UKMFR9")).empty());
  EXPECT_EQ(listed(bench.get(query + "&createdSince=2026-11-23T10:04:00Z")).size(), 1u);
  EXPECT_EQ(listed(bench.get(query + "&createdUntil=2026-11-23T10:00:00Z")).size(), 1u);

  std::vector<std::string> paged;
  auto page = bench.get(query + "&pageSize=2");
  for (;;) {
    for (const auto& id : listed(page)) paged.push_back(id);
    const auto token = Bench::text(page, "nextToken");
    if (token.empty()) break;
    EXPECT_EQ(listed(page).size(), 2u);
    bench.create(kByUpdate);  // comes before the first page, and moves nothing
    page = bench.get(kReports + "?nextToken=" + token);
  }
  EXPECT_EQ(paged, ids);
}

TEST_F(Reports, ListsOfWhatIsNotOfTheModelAreRefused) {
  EXPECT_EQ(listing_refused("pageSize=10"),
            "InvalidInput: Either reportTypes or nextToken is required.");
  EXPECT_EQ(listing_refused("reportTypes=GET_NOTHING"),
            "InvalidInput: reportTypes: \"GET_NOTHING\" is not a report type");
  const auto types = "reportTypes=" + kByUpdate;
  EXPECT_EQ(listing_refused(types + "&pageSize=0"),
            "InvalidInput: pageSize: the value must be between 1 and 100");
  EXPECT_EQ(listing_refused(types + "&pageSize=101"),
            "InvalidInput: pageSize: the value must be between 1 and 100");
  EXPECT_EQ(listing_refused(types + "&pageSize=x"),
            "InvalidInput: pageSize: the value is not an integer");
  EXPECT_EQ(listing_refused(types + "&processingStatuses=BAD_VALUE,IN_PROGRESS"),
            "InvalidInput: processingStatuses: \"BAD_VALUE\" is not one of the known values");
  EXPECT_EQ(listing_refused(types + "&createdSince=2026-08-25T09:59:59Z"),
            "InvalidInput: createdSince: must not be more than 90 days ago");
  EXPECT_EQ(listing_refused(types + "&createdUntil=2026-08-01T00:00:00Z"),
            "InvalidInput: createdUntil: must be equal to or after createdSince");
  EXPECT_EQ(listing_refused(types + "&createdSince=yesterday"),
            "InvalidInput: createdSince: the value is not an ISO 8601 date-time");
  EXPECT_EQ(listing_refused(types + "&marketplaceIds=NL"),
            "InvalidInput: marketplaceIds: \"NL\" is not a marketplace id");
  EXPECT_EQ(listing_refused(types + "&sort=up"),
            "InvalidInput: sort: the operation has no such parameter");
  EXPECT_EQ(listing_refused(types + "&" + types),
            "InvalidInput: reportTypes: given more than once; lists are comma-separated");
  EXPECT_EQ(listing_refused("nextToken=x&pageSize=2"),
            "InvalidInput: nextToken: must be the only parameter");
  EXPECT_EQ(listing_refused("nextToken=x"),
            "InvalidInput: nextToken: the value is not a token of this operation, or expired");
  std::string eleven = types;
  for (int i = 0; i < 10; ++i) eleven += "," + kByUpdate;
  EXPECT_EQ(listing_refused(eleven), "InvalidInput: reportTypes: more than 10 values");
  EXPECT_EQ(bench.get(kReports + "?" + types + "&marketplaceIds=ATVPDKIKX0DER").status, 403);
}

TEST_F(Reports, AListingsTokenLastsADayAndIsTheSellers) {
  for (int i = 0; i < 3; ++i) bench.create(kByUpdate);
  const auto page = bench.get(kReports + "?reportTypes=" + kByUpdate + "&pageSize=1");
  const auto token = Bench::text(page, "nextToken");
  bench.clock.advance(24h - 1ms);
  bench.token = bench.fetch_token();
  EXPECT_EQ(listed(bench.get(kReports + "?nextToken=" + token)).size(), 1u);
  bench.clock.advance(1ms);
  EXPECT_EQ(bench.get(kReports + "?nextToken=" + token).status, 400);
}

TEST_F(Reports, EachOperationHasItsPublishedQuota) {
  auto settings = bench.simulator.settings();
  settings.quota_factor = 1.0;
  bench.simulator.configure(settings);
  bench.add(Status::kShipped);
  const auto id = bench.create_id(kByUpdate);
  bench.finish();
  const auto document = Bench::text(bench.get(kReports + "/" + id), "reportDocumentId");
  bench.simulator.reset();
  struct Case {
    std::string method, target, body, rate;
    int burst;
    std::chrono::milliseconds refill;
  };
  const std::vector<Case> cases = {
      {"POST", kReports, "{}", "0.0167", 15, 60s},
      {"GET", kReports + "?reportTypes=" + kByUpdate, "", "0.0222", 10, 46s},
      {"GET", kReports + "/" + id, "", "2", 15, 500ms},
      {"DELETE", kReports + "/" + id, "", "0.0222", 10, 46s},
      {"GET", kDocuments + document, "", "0.0167", 15, 60s},
  };
  for (const auto& each : cases) {
    for (int i = 0; i < each.burst; ++i) {
      const auto response = bench.send(each.method, each.target, each.body);
      ASSERT_NE(response.status, 429) << each.target << i;
      EXPECT_EQ(Bench::header(response, "x-amzn-RateLimit-Limit"), each.rate) << each.target;
    }
    const auto refused = bench.send(each.method, each.target, each.body);
    EXPECT_EQ(refused.status, 429) << each.target;
    EXPECT_EQ(Bench::header(refused, "x-amzn-RateLimit-Limit"), "(absent)");
    bench.clock.advance(each.refill);
    EXPECT_NE(bench.send(each.method, each.target, each.body).status, 429) << each.target;
    EXPECT_EQ(bench.send(each.method, each.target, each.body).status, 429) << each.target;
  }
}

TEST_F(Reports, SettingsComeThroughTheControlPort) {
  const auto response =
      bench.control("PATCH", "/settings",
                    R"({"report_duration":"2m","report_empty_cancelled":false,"report_fatal_next":1,
          "report_fatal_document":false,"report_stuck_next":2,"report_gzip":false,
          "report_charset":"windows-1252","report_header_language":"de","report_fba_daily":false,
          "report_document_host":"documents.example:8443"})");
  ASSERT_EQ(response.status, 200) << response.body;
  const auto settings = bench.simulator.settings().reports;
  EXPECT_EQ(settings.duration, 2min);
  EXPECT_FALSE(settings.empty_cancelled);
  EXPECT_EQ(settings.fatal_next, 1u);
  EXPECT_FALSE(settings.fatal_document);
  EXPECT_EQ(settings.stuck_next, 2u);
  EXPECT_FALSE(settings.gzip);
  EXPECT_EQ(settings.charset, Charset::kWindows1252);
  EXPECT_EQ(settings.header_language, HeaderLanguage::kGerman);
  EXPECT_FALSE(settings.fba_daily);
  EXPECT_EQ(settings.document_host, "documents.example:8443");
  for (const auto* wrong :
       {R"({"report_charset":"latin"})", R"({"report_header_language":"xx"})",
        R"({"report_document_host":"https://documents.example"})", R"({"report_gzip":1})"}) {
    EXPECT_EQ(bench.control("PATCH", "/settings", wrong).status, 400) << wrong;
  }
}

}  // namespace
}  // namespace amazon_sandbox::tests
