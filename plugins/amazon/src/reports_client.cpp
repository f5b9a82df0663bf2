#include "src/reports_client.hpp"

#include <utility>

#include "marketplug/model/time.hpp"
#include "src/answers.hpp"
#include "src/json.hpp"
#include "src/text.hpp"

namespace marketplug::amazon {
namespace {

constexpr std::string_view kReportsPath = "/reports/2021-06-30/reports";
constexpr std::string_view kDocumentsPath = "/reports/2021-06-30/documents/";
constexpr std::string_view kDownload = "downloadReport";
constexpr std::size_t kLongestReportId = 512;
/// A month of a very large shop's orders has some 500,000 lines of 500 bytes.
constexpr std::uint64_t kLargestTransfer = 256ull << 20;
constexpr std::uint64_t kLargestReport = 1024ull << 20;

std::string spec_json(const ReportSpec& spec) {
  std::string out = "{\"reportType\":";
  append_json_string(out, spec.type);
  out += ",\"marketplaceIds\":[";
  for (std::size_t i = 0; i < spec.marketplace_ids.size(); ++i) {
    if (i != 0) out += ',';
    append_json_string(out, spec.marketplace_ids[i]);
  }
  out += "],\"dataStartTime\":";
  append_json_string(out, format_time(spec.from));
  out += ",\"dataEndTime\":";
  append_json_string(out, format_time(spec.until));
  return out + "}";
}

ReportStatus::State state_of(std::string_view word) {
  using State = ReportStatus::State;
  if (word == "IN_QUEUE" || word == "IN_PROGRESS") return State::kWaiting;
  if (word == "DONE") return State::kDone;
  if (word == "CANCELLED") return State::kNoData;
  if (word == "FATAL") return State::kFatal;
  return State::kUnknown;
}

/// How the store behind the address refuses one that is too old.
bool is_refused_address(const Failure& failure) {
  return failure.code == "status_403" || failure.code == "status_400";
}

/// The host's failure in words that name no address.
Failure download_failed(Failure failure) {
  if (failure.code == kCodeTooLarge) {
    failure.message =
        "A report of Amazon is larger than Marketplug takes (256 MiB compressed, 1 "
        "GiB in all).";
    failure.remedy = "Marketplug asks for less at a time by itself where it can.";
  } else if (failure.code == "bad_encoding") {
    failure.message = "A report of Amazon came damaged: it cannot be decompressed.";
    failure.remedy = "Marketplug tries again by itself.";
  } else if (failure.code.starts_with("status_")) {
    failure.message = "A report of Amazon could not be downloaded: its store answered with " +
                      failure.code.substr(7) + ".";
    failure.remedy =
        "Marketplug tries again by itself. If it stays, look for a proxy that changes requests, "
        "and check this machine's clock.";
  }
  failure.detail = std::string(kDownload);
  return failure;
}

/// The import may well have the role that it needs.
Failure naming_the_role(Failure failure) {
  if (failure.code != kCodeAccessDenied || failure.kind != Failure::Kind::kConfig) return failure;
  failure.code = kCodeReportDenied;
  failure.remedy =
      "Give the app the role Inventory and Order Tracking (for returns of orders that Amazon "
      "fulfils: Amazon Fulfillment) and authorize it again. Orders are imported all the same.";
  return failure;
}

}  // namespace

Result<std::string> ReportsClient::create(const ReportSpec& spec, QuotaPriority priority,
                                          StepContext& ctx) {
  auto answer = api_.post(kCreateReport, kReportsPath, spec_json(spec), priority, ctx);
  if (!answer) return naming_the_role(answer.failure());
  std::string error;
  const auto document = JsonDocument::parse(answer.value().body, error);
  if (!document) return unreadable(kCreateReport.name, answer.value(), error);
  const std::string_view id = text_member(document->root(), "reportId");
  if (id.empty() || id.size() > kLongestReportId) {
    return unreadable(kCreateReport.name, answer.value(), "there is no reportId in it");
  }
  return std::string(id);
}

Result<ReportStatus> ReportsClient::status(std::string_view report_id, QuotaPriority priority,
                                           StepContext& ctx) {
  std::string path(kReportsPath);
  path.append("/").append(percent_encode(report_id));
  auto answer = api_.get(kGetReport, path, {}, priority, ctx);
  if (!answer) return naming_the_role(answer.failure());
  std::string error;
  const auto document = JsonDocument::parse(answer.value().body, error);
  if (!document) return unreadable(kGetReport.name, answer.value(), error);
  const std::string_view word = text_member(document->root(), "processingStatus");
  if (word.empty()) {
    return unreadable(kGetReport.name, answer.value(), "there is no processingStatus in it");
  }
  ReportStatus status;
  status.state = state_of(word);
  status.word = shown(word, 40);
  const std::string_view id = text_member(document->root(), "reportDocumentId");
  if (id.size() <= kLongestReportId) status.document_id = id;
  return status;
}

Result<ReportsClient::Address> ReportsClient::address(std::string_view document_id,
                                                      QuotaPriority priority, StepContext& ctx) {
  std::string path(kDocumentsPath);
  path.append(percent_encode(document_id));
  auto answer = api_.get(kGetReportDocument, path, {}, priority, ctx);
  if (!answer) return naming_the_role(answer.failure());
  std::string error;
  const auto document = JsonDocument::parse(answer.value().body, error);
  if (!document) return unreadable(kGetReportDocument.name, answer.value(), error);
  const std::string_view url = text_member(document->root(), "url");
  if (!is_https_address(url)) {
    return unreadable(kGetReportDocument.name, answer.value(), "there is no https address in it");
  }
  const std::string_view compression = text_member(document->root(), "compressionAlgorithm");
  if (!compression.empty() && compression != "GZIP") {
    Failure failure = failed(Failure::Kind::kRemote, "report_compression",
                             "Amazon compressed a report as " + shown(compression, 40) +
                                 ", which this version of Marketplug does not know.",
                             "Look for a newer version of Marketplug.");
    failure.detail = trace_of(kGetReportDocument.name, answer.value());
    return failure;
  }
  return Address{std::string(url), !compression.empty()};
}

Result<DocumentInfo> ReportsClient::fetch(const Address& address, StepContext& ctx) {
  HttpRequest request;
  request.method = "GET";
  request.url = address.url;
  request.operation = kDownload;
  request.repeatable = true;
  request.secret_url = true;
  DownloadLimits limits;
  limits.max_bytes = kLargestTransfer;
  limits.max_inflated = kLargestReport;
  limits.gunzip = address.gzip;
  return services_.http.download(request, limits, ctx);
}

Result<DocumentInfo> ReportsClient::download(std::string_view document_id, QuotaPriority priority,
                                             StepContext& ctx) {
  for (bool again = false;; again = true) {
    const auto found = address(document_id, priority, ctx);
    if (!found) return found.failure();
    auto document = fetch(found.value(), ctx);
    if (document) return document;
    if (again || !is_refused_address(document.failure())) {
      return download_failed(document.failure());
    }
    note(services_, Log::Level::kInfo, "report.address_refused",
         "The address of a report was refused; a new one is asked for.", {});
  }
}

}  // namespace marketplug::amazon
