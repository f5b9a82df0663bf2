#pragma once
// Amazon's answers about reports, for scripts, and the address that must not be seen anywhere.

#include <string>
#include <vector>

#include "plugins/amazon/tests/harness.hpp"

namespace marketplug::amazon::tests {

/// What stands in the address of a document and may be in no log, failure or cursor.
inline constexpr const char* kSignature = "X-Amz-Signature=0123456789abcdef";

inline void expect_report(Harness& h, const std::string& id = "report-1") {
  h.http.answer("createReport", testing::json_answer(202, R"({"reportId":")" + id + "\"}"));
}

/// Empty `document`: left out.
inline void expect_status(Harness& h, const std::string& status, const std::string& document = {}) {
  std::string body = R"({"reportId":"report-1","reportType":"GET_X","createdTime":)"
                     R"("2026-11-23T10:00:00Z","processingStatus":")" +
                     status + "\"";
  if (!document.empty()) body += R"(,"reportDocumentId":")" + document + "\"";
  h.http.answer("getReport", testing::json_answer(200, body + "}"));
}

inline void expect_address(Harness& h, bool gzip = false) {
  h.http.answer(
      "getReportDocument",
      testing::json_answer(
          200, R"({"reportDocumentId":"amzn1.document.1","url":"https://store.example/r?)" +
                   std::string(kSignature) + "\"" +
                   (gzip ? R"(,"compressionAlgorithm":"GZIP"})" : "}")));
}

inline void expect_content(Harness& h, std::string text,
                           const std::string& type = "text/plain; charset=UTF-8") {
  HttpResponse response;
  response.status = 200;
  response.headers = {{"Content-Type", type}};
  response.body = std::move(text);
  h.http.answer("downloadReport", std::move(response));
}

/// A report that is done, with that text.
inline void expect_done(Harness& h, std::string text,
                        const std::string& type = "text/plain; charset=UTF-8") {
  expect_status(h, "DONE", "amzn1.document.1");
  expect_address(h);
  expect_content(h, std::move(text), type);
}

/// What every test of reports holds: nothing of Amazon's API goes to the document's address, and
/// the address is in no log line.
inline void expect_address_kept(const Harness& h) {
  for (const HttpRequest& request : h.http.requests_of("downloadReport")) {
    EXPECT_TRUE(request.headers.empty()) << "no token and no other header goes to the store";
    EXPECT_TRUE(request.body.empty());
    EXPECT_TRUE(request.secret_url);
    EXPECT_EQ(request.method, "GET");
  }
  EXPECT_FALSE(h.log.contains("store.example"));
  EXPECT_FALSE(h.log.contains("Signature"));
}

inline bool tells_address(const Failure& failure) {
  const std::string all = failure.message + failure.remedy + failure.code + failure.detail;
  return all.find("store.example") != std::string::npos ||
         all.find("Signature") != std::string::npos;
}

}  // namespace marketplug::amazon::tests
