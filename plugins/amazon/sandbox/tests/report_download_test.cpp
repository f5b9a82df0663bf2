// Report documents behind presigned URLs: who may have them, how long, and in which form.

#include "plugins/amazon/sandbox/report_text.hpp"
#include "plugins/amazon/sandbox/tests/report_bench.hpp"

namespace amazon_sandbox::tests {
namespace {

using namespace std::chrono_literals;

struct ReportDownload : ::testing::Test {
  ReportDownload() {
    bench.add(Status::kShipped);
    id = bench.create_id(kByUpdate);
    bench.finish();
  }
  std::string url(const std::string& query = {}) {
    return Bench::text(bench.document_of(id, query), "url");
  }
  void expect_error(const Response& response, int status, const std::string& code) {
    EXPECT_EQ(response.status, status) << response.body;
    EXPECT_NE(response.body.find("<Code>" + code + "</Code>"), std::string::npos) << response.body;
    EXPECT_EQ(Bench::header(response, "Content-Type"), "application/xml");
    EXPECT_EQ(Bench::header(response, "x-amzn-RequestId"), "(absent)");
    EXPECT_NE(Bench::header(response, "x-amz-request-id"), "(absent)");
  }

  ReportBench bench;
  std::string id;
};

TEST_F(ReportDownload, TheUrlIsOnTheHostThatWasAsked) {
  auto request =
      bench.request(kDocuments + Bench::text(bench.get(kReports + "/" + id), "reportDocumentId"));
  request.headers.emplace_back("Host", "localhost:4711");
  EXPECT_TRUE(Bench::text(bench.simulator.handle(request), "url")
                  .starts_with("https://localhost:4711/report-documents/"));
  request.headers.pop_back();
  request.host = HostKind::kEurope;
  EXPECT_TRUE(Bench::text(bench.simulator.handle(request), "url")
                  .starts_with("https://sellingpartnerapi-eu.amazon.com/report-documents/"));
  bench.configure([](ReportSettings& settings) { settings.document_host = "store.example"; });
  EXPECT_TRUE(Bench::text(bench.simulator.handle(request), "url")
                  .starts_with("https://store.example/report-documents/"));
}

TEST_F(ReportDownload, TheUrlLivesFiveMinutesAndAnotherCanBeHad) {
  const auto first = url();
  EXPECT_EQ(bench.download(first).status, 200);
  bench.clock.advance(300s);
  EXPECT_EQ(bench.download(first).status, 200);
  bench.clock.advance(1ms);
  const auto expired = bench.download(first);
  expect_error(expired, 403, "AccessDenied");
  EXPECT_NE(expired.body.find("<Message>Request has expired</Message>"), std::string::npos);
  EXPECT_NE(expired.body.find("<X-Amz-Expires>300</X-Amz-Expires>"), std::string::npos);
  EXPECT_EQ(bench.download(url()).status, 200);
}

TEST_F(ReportDownload, CredentialsBesideTheUrlAreRefused) {
  const auto refused = bench.download(url(), {{"Authorization", "Bearer Atza|x<y"}});
  expect_error(refused, 400, "InvalidArgument");
  EXPECT_NE(refused.body.find("<ArgumentValue>Bearer Atza|x&lt;y</ArgumentValue>"),
            std::string::npos);
  const auto unsigned_header = bench.download(url(), {{"X-Amz-Access-Token", bench.token}});
  expect_error(unsigned_header, 403, "AccessDenied");
  EXPECT_NE(unsigned_header.body.find("<HeadersNotSigned>x-amz-access-token</HeadersNotSigned>"),
            std::string::npos);
  EXPECT_EQ(bench.download(url(), {{"User-Agent", "x"}, {"Accept", "*/*"}}).status, 200);
}

TEST_F(ReportDownload, EveryReportHasADocumentOfItsOwn) {
  const auto first = url();
  id = bench.create_id(kByUpdate);
  bench.finish();
  EXPECT_NE(url().substr(0, first.find('?')), first.substr(0, first.find('?')));
}

TEST_F(ReportDownload, ATouchedUrlIsRefused) {
  const auto good = url();
  auto later = good;
  later.replace(later.find("T1000"), 5, "T1900");
  expect_error(bench.download(later), 403, "SignatureDoesNotMatch");
  auto longer = good;
  longer.replace(longer.find("Expires=300"), 11, "Expires=900");
  expect_error(bench.download(longer), 403, "SignatureDoesNotMatch");
  expect_error(bench.download(good + "&response-content-encoding=gzip"), 403,
               "SignatureDoesNotMatch");
  expect_error(bench.download(good.substr(0, good.find('?'))), 403, "AccessDenied");
  auto other = good;
  const auto key = good.find("/report-documents/") + 18;
  other[key] = other[key] == '0' ? '1' : '0';
  expect_error(bench.download(other), 403, "SignatureDoesNotMatch");
}

TEST_F(ReportDownload, GzipIsSaidInTheAnswerAndByRequestInTheHeader) {
  const auto document = bench.document_of(id);
  EXPECT_EQ(Bench::text(document, "compressionAlgorithm"), "GZIP");
  const auto packed = bench.download(Bench::text(document, "url"));
  EXPECT_EQ(Bench::header(packed, "Content-Encoding"), "identity");
  EXPECT_TRUE(gunzip(packed.body).starts_with("amazon-order-id\t"));
  EXPECT_EQ(Bench::header(bench.download(url("?enableContentEncodingUrlHeader=true")),
                          "Content-Encoding"),
            "gzip");
  EXPECT_EQ(Bench::header(bench.download(url("?enableContentEncodingUrlHeader=false")),
                          "Content-Encoding"),
            "identity");
  EXPECT_EQ(bench.document_of(id, "?enableContentEncodingUrlHeader=1").status, 400);
  EXPECT_EQ(bench.document_of(id, "?enable=true").status, 400);
  bench.configure([](ReportSettings& settings) { settings.gzip = false; });
  id = bench.create_id(kByUpdate);
  bench.finish();
  const auto plain = bench.document_of(id);
  EXPECT_EQ(Bench::text(plain, "compressionAlgorithm"), "");
  const auto bytes = bench.download(Bench::text(plain, "url"));
  EXPECT_EQ(Bench::header(bytes, "Content-Encoding"), "(absent)");
  EXPECT_TRUE(bytes.body.starts_with("amazon-order-id\t"));
}

TEST_F(ReportDownload, TheCharsetIsThatOfTheContentType) {
  OrderChange change;
  change.set = R"({"/orderItems/0/product/title":"Größe 5 € – 宅\tneu\nx"})";
  const auto order = bench.simulator.orders().front().id;
  bench.simulator.change_order(order, change);
  bench.configure([](ReportSettings& settings) { settings.gzip = false; });
  id = bench.create_id(kByUpdate);
  bench.configure([](ReportSettings& settings) { settings.charset = Charset::kWindows1252; });
  const auto second = bench.create_id(kByUpdate);
  bench.finish();
  const auto utf8 = bench.download(url());
  EXPECT_EQ(Bench::header(utf8, "Content-Type"), "text/plain;charset=UTF-8");
  EXPECT_NE(utf8.body.find("\tGröße 5 € – 宅 neu x\t"), std::string::npos);
  id = second;
  const auto windows = bench.download(url());
  EXPECT_EQ(Bench::header(windows, "Content-Type"), "text/plain;charset=windows-1252");
  EXPECT_NE(windows.body.find("\tGr\xf6\xdf"
                              "e 5 \x80 \x96 ? neu x\t"),
            std::string::npos);
}

TEST_F(ReportDownload, FaultsStrikeInTheStoresWords) {
  Fault fault;
  fault.operation = "downloadReportDocument";
  fault.status = 503;
  fault.next = 1;
  bench.simulator.inject(fault);
  expect_error(bench.download(url()), 503, "SlowDown");
  fault.kind = FaultKind::kTruncated;
  bench.simulator.inject(fault);
  EXPECT_EQ(bench.download(url()).fault, ConnectionFault::kTruncate);
  EXPECT_EQ(bench.download(url()).status, 200);
  fault.kind = FaultKind::kExpiredToken;
  EXPECT_THROW(bench.simulator.inject(fault), std::invalid_argument);
}

TEST(ReportText, AmountsAndCharactersOfXml) {
  EXPECT_EQ(plain_decimal(5990, 2), "59.9");
  EXPECT_EQ(plain_decimal(0, 2), "0.0");
  EXPECT_EQ(plain_decimal(12000, 2), "120.0");
  EXPECT_EQ(plain_decimal(-5, 2), "-0.05");
  EXPECT_EQ(plain_decimal(1200, 0), "1200.0");
  EXPECT_EQ(xml_text("a<b>&\"c\x01"), "a&lt;b&gt;&amp;&quot;c");
  EXPECT_EQ(encode_text("é宅", Charset::kWindows1252, true), "\xe9&#23429;");
  EXPECT_EQ(encode_text("é宅", Charset::kUtf8, true), "é宅");
}

}  // namespace
}  // namespace amazon_sandbox::tests
