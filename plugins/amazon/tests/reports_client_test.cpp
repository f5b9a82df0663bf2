#include "src/reports_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/amazon/tests/report_script.hpp"

namespace marketplug::amazon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::html_answer;
using testing::json_answer;
using tests::Harness;
using Kind = Failure::Kind;
using State = ReportStatus::State;

class ReportsClientTest : public ::testing::Test {
 protected:
  ~ReportsClientTest() override { tests::expect_address_kept(h); }

  Result<std::string> create() {
    const ReportSpec spec{"GET_X",
                          {"A1805IZSGTT6HS", "A1PA6795UKMFR9"},
                          *parse_time("2026-11-01T00:00:00Z"),
                          *parse_time("2026-11-20T00:00:00Z")};
    return h.reports.create(spec, QuotaPriority::kBackground, h.ctx);
  }
  Result<DocumentInfo> download() {
    return h.reports.download("amzn1.document.1", QuotaPriority::kBackground, h.ctx);
  }
  Harness h;
};

TEST_F(ReportsClientTest, AsksForAReportOnce) {
  tests::expect_report(h, "50003");
  EXPECT_EQ(create().value(), "50003");
  const HttpRequest request = h.http.requests_of("createReport").at(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, std::string(tests::kApi) + "/reports/2021-06-30/reports");
  EXPECT_FALSE(request.repeatable) << "a report more is harmless, but costs a token of fifteen";
  EXPECT_EQ(request.body, R"({"reportType":"GET_X","marketplaceIds":["A1805IZSGTT6HS",)"
                          R"("A1PA6795UKMFR9"],"dataStartTime":"2026-11-01T00:00:00Z",)"
                          R"("dataEndTime":"2026-11-20T00:00:00Z"})");
  EXPECT_THAT(h.quota.taken, ElementsAre("createReport"));
}

TEST_F(ReportsClientTest, AnAnswerWithoutAnIdIsUnreadable) {
  for (const char* body : {"{}", R"({"reportId":""})", R"({"reportId":5})", "no JSON"}) {
    h.http.answer("createReport", json_answer(202, body));
    EXPECT_EQ(create().failure().code, "not_json") << body;
  }
}

TEST_F(ReportsClientTest, QuotaAndRefusalsAreThoseOfTheOtherOperations) {
  h.quota.retry_at = h.clock.now() + std::chrono::seconds(60);
  h.http.answer("createReport", json_answer(429, R"({"errors":[{"code":"QuotaExceeded"}]})"));
  EXPECT_EQ(create().failure().kind, Kind::kThrottled);
  h.http.answer("createReport", json_answer(400, R"({"errors":[{"code":"InvalidInput"}]})"));
  EXPECT_EQ(create().failure().code, "bad_request");
  h.http.answer("createReport", html_answer(503));
  EXPECT_EQ(create().failure().kind, Kind::kTransient);
  h.quota.wait_until = h.clock.now() + std::chrono::seconds(60);
  EXPECT_EQ(create().failure().retry_at, h.quota.wait_until);
}

TEST_F(ReportsClientTest, ReadsEveryStatus) {
  const std::pair<const char*, State> cases[] = {
      {"IN_QUEUE", State::kWaiting}, {"IN_PROGRESS", State::kWaiting},
      {"DONE", State::kDone},        {"CANCELLED", State::kNoData},
      {"FATAL", State::kFatal},      {"SLEEPING", State::kUnknown}};
  for (const auto& [word, state] : cases) {
    tests::expect_status(h, word, "amzn1.document.1");
    const auto status = h.reports.status("50003", QuotaPriority::kBackground, h.ctx);
    ASSERT_TRUE(status) << word;
    EXPECT_EQ(status.value().state, state) << word;
    EXPECT_EQ(status.value().word, word);
    EXPECT_EQ(status.value().document_id, "amzn1.document.1");
  }
  h.http.answer("getReport", json_answer(200, R"({"reportId":"50003"})"));
  EXPECT_EQ(h.reports.status("50003", QuotaPriority::kBackground, h.ctx).failure().code,
            "not_json");
}

TEST_F(ReportsClientTest, DownloadsIntoTheVault) {
  tests::expect_address(h, true);
  tests::expect_content(h, "text");
  const auto document = download();
  ASSERT_TRUE(document);
  EXPECT_EQ(h.documents.read(document.value().handle, 0, 100).value(), "text");
  EXPECT_TRUE(h.http.downloads.at(0).gunzip);
  EXPECT_EQ(h.http.downloads.at(0).max_inflated, 1024ull << 20);
  EXPECT_THAT(h.http.requests_of("getReportDocument").at(0).url,
              HasSubstr("/reports/2021-06-30/documents/amzn1.document.1"));
}

TEST_F(ReportsClientTest, WithoutCompressionNothingIsInflated) {
  tests::expect_address(h);
  tests::expect_content(h, "text");
  ASSERT_TRUE(download());
  EXPECT_FALSE(h.http.downloads.at(0).gunzip);
}

TEST_F(ReportsClientTest, AnAddressThatHasExpiredIsAskedForAgainOnce) {
  tests::expect_address(h);
  tests::expect_address(h);
  h.http.answer("downloadReport", html_answer(403));
  tests::expect_content(h, "text");
  ASSERT_TRUE(download());
  EXPECT_EQ(h.http.requests_of("getReportDocument").size(), 2u);

  tests::expect_address(h);
  tests::expect_address(h);
  h.http.answer("downloadReport", html_answer(403)).answer("downloadReport", html_answer(403));
  const auto refused = download();
  EXPECT_EQ(refused.failure().code, "status_403");
  EXPECT_EQ(refused.failure().kind, Kind::kRemote);
  EXPECT_FALSE(tests::tells_address(refused.failure()));
  EXPECT_EQ(h.http.left(), 0u);
}

TEST_F(ReportsClientTest, FailuresOfTheDownloadNameNoAddress) {
  for (const char* code : {"too_large", "bad_encoding", "dns", "tls_untrusted"}) {
    tests::expect_address(h);
    h.http.fail("downloadReport", Kind::kRemote, code);
    const auto failure = download().failure();
    EXPECT_EQ(failure.code, code);
    EXPECT_FALSE(tests::tells_address(failure)) << code;
    EXPECT_FALSE(failure.message.empty());
  }
}

TEST_F(ReportsClientTest, AnAddressThatIsNoneIsNotAskedAndNotShown) {
  const std::string signature = tests::kSignature;
  for (const std::string& body :
       {std::string("{}"), R"({"url":"http://store.example/r?)" + signature + "\"}",
        R"({"url":"https://store.example/r ?)" + signature + "\"}", std::string(R"({"url":7})")}) {
    h.http.answer("getReportDocument", json_answer(200, body));
    const auto failure = download().failure();
    EXPECT_EQ(failure.code, "not_json") << body;
    EXPECT_FALSE(tests::tells_address(failure)) << body;
  }
  EXPECT_TRUE(h.http.requests_of("downloadReport").empty());
}

TEST_F(ReportsClientTest, AnUnknownCompressionIsNamed) {
  h.http.answer(
      "getReportDocument",
      json_answer(200, R"({"url":"https://store.example/r","compressionAlgorithm":"ZSTD"})"));
  const auto failure = download().failure();
  EXPECT_EQ(failure.code, "report_compression");
  EXPECT_THAT(failure.message, HasSubstr("ZSTD"));
}

}  // namespace
}  // namespace marketplug::amazon
