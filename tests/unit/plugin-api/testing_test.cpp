// The helpers that authors test with: a fake that is easier than the host would hide mistakes.
#include <gtest/gtest.h>

#include <string>

#include "marketplug/testing/recordings.hpp"
#include "marketplug/testing/scripted_host.hpp"

namespace marketplug::testing {
namespace {

HttpRequest request_of(const char* operation) {
  HttpRequest request;
  request.operation = operation;
  return request;
}

TEST(ScriptedHost, OffersEveryService) {
  ScriptedHost host;
  EXPECT_EQ(part<Clock>(host), &host.clock);
  EXPECT_EQ(part<Random>(host), &host.random);
  EXPECT_EQ(part<Log>(host), &host.log);
  EXPECT_EQ(part<Metrics>(host), &host.metrics);
  EXPECT_EQ(part<Secrets>(host), &host.secrets);
  EXPECT_EQ(part<State>(host), &host.state);
  EXPECT_EQ(part<Quota>(host), &host.quota);
  EXPECT_EQ(part<Documents>(host), &host.documents);
  EXPECT_EQ(part<HttpClient>(host), &host.http);
  EXPECT_EQ(host.query("host.http/2"), nullptr);
}

TEST(ScriptedHttp, DownloadsWhatTheScriptSays) {
  ScriptedHost host;
  FakeContext ctx;
  host.http.answer("report", json_answer(200, "0123456789"));
  host.http.answer("report", json_answer(404, "{}"));
  host.http.answer("report", json_answer(200, "0123456789"));
  const auto info = host.http.download(request_of("report"), {}, ctx);
  ASSERT_TRUE(info);
  EXPECT_EQ(info.value().size, 10u);
  EXPECT_EQ(info.value().content_type, "application/json");
  EXPECT_EQ(host.documents.read(info.value().handle, 8, 100).value(), "89");
  EXPECT_EQ(host.documents.read(info.value().handle, 10, 100).value(), "");
  EXPECT_EQ(host.http.download(request_of("report"), {}, ctx).failure().code, "status_404");
  DownloadLimits limits;
  limits.max_bytes = 9;
  EXPECT_EQ(host.http.download(request_of("report"), limits, ctx).failure().code, "too_large");
  EXPECT_EQ(host.http.download(request_of("report"), {}, ctx).failure().code, "unscripted");
  EXPECT_EQ(host.http.requests.size(), 4u);
  host.documents.drop(info.value().handle);
  EXPECT_EQ(host.documents.info(info.value().handle).failure().code, "document_gone");
}

// As the host: more than a mebibyte is never given at once.
TEST(CapturedLog, KeepsEntriesWithTheirFieldsAndLines) {
  CapturedLog log;
  const LogField fields[] = {{"order", "A1"}, {"page", "2"}};
  log.write(Log::Level::kWarning, "order.parked", "An order is parked.", fields);
  ASSERT_EQ(log.entries().size(), 1u);
  const auto entry = log.entries()[0];
  EXPECT_EQ(entry.level, Log::Level::kWarning);
  EXPECT_EQ(entry.event, "order.parked");
  EXPECT_EQ(entry.message, "An order is parked.");
  EXPECT_EQ(entry.fields.at("order"), "A1");
  EXPECT_EQ(log.lines()[0], "warning order.parked An order is parked. order=A1 page=2");
}

TEST(FakeDocuments, ReadsAtMostAMebibyte) {
  FakeDocuments documents;
  const auto info = documents.add(std::string((1 << 20) + 5, 'x'));
  EXPECT_EQ(documents.read(info.handle, 0, UINT64_MAX).value().size(), std::size_t{1} << 20);
  EXPECT_EQ(documents.read(info.handle, 1 << 20, UINT64_MAX).value().size(), 5u);
}

TEST(Recordings, AreWhatCurlPrints) {
  const auto answer = parse_recording(
      "HTTP/2 429 \r\nretry-after: 3\r\nContent-Type:application/json\r\n\r\n{\"a\":\n1}\n");
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.header("Retry-After"), "3");
  EXPECT_EQ(answer.header("content-type"), "application/json");
  EXPECT_EQ(answer.body, "{\"a\":\n1}\n");
  EXPECT_EQ(parse_recording("HTTP/1.1 204 No Content\n\n").status, 204);
}

TEST(Recordings, WhatIsNoneIsRefused) {
  for (const char* text : {"", "{}", "HTTP/1.1\n\n", "HTTP/1.1 OK\n\n", "HTTP/1.1 200 OK\n",
                           "HTTP/1.1 200 OK\nodd\n\n", "HTTP/1.1 20x OK\n\n"}) {
    EXPECT_THROW(parse_recording(text), std::runtime_error) << text;
  }
  EXPECT_THROW(recorded("/nonexistent/recording.http"), std::runtime_error);
}

}  // namespace
}  // namespace marketplug::testing
