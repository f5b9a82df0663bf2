// createReport, getReport, getReports, cancelReport and getReportDocument of the Reports API
// 2021-06-30.

#include <algorithm>

#include <fmt/format.h>

#include "marketplug/model/time.hpp"
#include "plugins/amazon/sandbox/errors.hpp"
#include "plugins/amazon/sandbox/json_writer.hpp"
#include "plugins/amazon/sandbox/page_token.hpp"
#include "plugins/amazon/sandbox/report_download.hpp"
#include "plugins/amazon/sandbox/report_maker.hpp"
#include "plugins/amazon/sandbox/reports_query.hpp"
#include "plugins/amazon/sandbox/world.hpp"

namespace amazon_sandbox {
namespace {

constexpr std::string_view kDocumentPrefix = "amzn1.spdoc.1.4.";

/// The first marketplace that is none of the seller's; nullptr: all are.
const Marketplace* foreign(const SellerSpec& seller,
                           const std::vector<const Marketplace*>& marketplaces) {
  const auto found =
      std::find_if(marketplaces.begin(), marketplaces.end(), [&](const Marketplace* each) {
        return std::find(seller.marketplaces.begin(), seller.marketplaces.end(), each) ==
               seller.marketplaces.end();
      });
  return found == marketplaces.end() ? nullptr : *found;
}

std::optional<Answer> refuse_marketplaces(const Call& call,
                                          const std::vector<const Marketplace*>& marketplaces) {
  const auto* stranger = foreign(call.seller, marketplaces);
  if (stranger == nullptr) return std::nullopt;
  return Answer{access_denied("The account has no access to marketplace " +
                              std::string(stranger->id) + " here.")};
}

bool is_report_id(std::string_view id) noexcept {
  return std::all_of(id.begin(), id.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<Answer> refuse_report_request(const Call& call) {
  if (!call.target.query.empty()) {
    return Answer{
        invalid_input(call.target.query.front().first + ": the operation has no such parameter")};
  }
  if (!is_report_id(call.argument)) {
    return Answer{invalid_input("reportId: the value is not a report id")};
  }
  return std::nullopt;
}

Answer no_report(const Call& call) {
  return {not_found("The report " + call.argument + " was not found.")};
}

void write_report(JsonWriter& json, const Report& report, TimePoint now) {
  const auto status = report.status(now);
  json.open_object();
  json.key("marketplaceIds");
  json.open_array();
  for (const auto* marketplace : report.marketplaces) json.text(marketplace->id);
  json.close_array();
  json.member("reportId", report.id());
  json.member("reportType", report.type->name);
  json.member("dataStartTime", marketplug::format_time(report.from));
  json.member("dataEndTime", marketplug::format_time(report.to));
  json.member("createdTime", marketplug::format_time(report.created));
  json.member("processingStatus", report_status_name(status));
  if (report.cancelled) {
    json.member("processingEndTime", marketplug::format_time(*report.cancelled));
  } else {
    if (now >= report.starts) {
      json.member("processingStartTime", marketplug::format_time(report.starts));
    }
    if (now >= report.ends) {
      json.member("processingEndTime", marketplug::format_time(report.ends));
    }
  }
  if (const auto* document = report.document_at(now)) {
    json.member("reportDocumentId", document->id);
  }
  json.close_object();
}

}  // namespace

Answer create_report(World& world, const Call& call) {
  if (!call.target.query.empty()) {
    return {
        invalid_input(call.target.query.front().first + ": the operation has no such parameter")};
  }
  const auto type = find_header(call.request.headers, "content-type").value_or("");
  if (type.substr(0, type.find(';')) != "application/json") {
    return {api_error(415, "UnsupportedMediaType", "The content type must be application/json.")};
  }
  const auto parsed = parse_create_report(call.request.body, call.now);
  if (const auto* problem = std::get_if<QueryProblem>(&parsed)) {
    return {invalid_input(problem->details)};
  }
  const auto& request = std::get<ReportRequest>(parsed);
  if (auto refusal = refuse_marketplaces(call, request.marketplaces)) return std::move(*refusal);
  if (!call.seller.roles.contains(role::kInventory) &&
      !call.seller.roles.contains(role::kDelivery)) {
    return {access_denied("The application has no role for the report type.")};
  }
  Report report;
  {
    const std::unique_lock lock(world.mutex);
    report = plan_report(world, request, call.now);
  }
  {
    const std::shared_lock lock(world.mutex);
    fill_report(world, call.seller.id, request, report);
  }
  const std::unique_lock lock(world.mutex);
  auto& shelf = world.reports[call.seller.id];
  shelf.prune(call.now);
  const auto id = shelf.add(std::move(report)).id();
  std::string body;
  JsonWriter json(body);
  json.open_object();
  json.member("reportId", id);
  json.close_object();
  return {json_response(202, std::move(body))};
}

Answer get_report(const World& world, const Call& call) {
  if (auto refusal = refuse_report_request(call)) return std::move(*refusal);
  const std::shared_lock lock(world.mutex);
  const auto shelf = world.reports.find(call.seller.id);
  const auto* report =
      shelf == world.reports.end() ? nullptr : shelf->second.find(call.argument, call.now);
  if (report == nullptr) return no_report(call);
  std::string body;
  JsonWriter json(body);
  write_report(json, *report, call.now);
  return {json_response(200, std::move(body))};
}

Answer get_reports(World& world, const Call& call) {
  const auto parsed = parse_get_reports(call.target.query, call.now);
  if (const auto* problem = std::get_if<QueryProblem>(&parsed)) {
    return {invalid_input(problem->details)};
  }
  const auto& request = std::get<ListRequest>(parsed);
  if (auto refusal = refuse_marketplaces(call, request.marketplaces)) return std::move(*refusal);
  const std::unique_lock lock(world.mutex);
  auto& shelf = world.reports[call.seller.id];
  auto filter = request.filter;
  if (request.next_token) {
    const auto* continued = shelf.recall(*request.next_token, call.now);
    if (continued == nullptr) {
      return {invalid_input("nextToken: the value is not a token of this operation, or expired")};
    }
    filter = *continued;
  }
  const auto page = shelf.page(filter, call.now);
  std::string body;
  JsonWriter json(body);
  json.open_object();
  json.key("reports");
  json.open_array();
  for (const auto* report : page.reports) write_report(json, *report, call.now);
  json.close_array();
  if (page.before) {
    filter.before = *page.before;
    const auto token =
        fmt::format("{:016x}{:016x}", keyed_hash(call.seller.id, world.seed), mix(world.serial++));
    shelf.remember(token, filter, call.now);
    json.member("nextToken", token);
  }
  json.close_object();
  return {json_response(200, std::move(body))};
}

Answer cancel_report(World& world, const Call& call) {
  if (auto refusal = refuse_report_request(call)) return std::move(*refusal);
  const std::unique_lock lock(world.mutex);
  switch (world.reports[call.seller.id].cancel(call.argument, call.now)) {
    case CancelResult::kUnknown:
      return no_report(call);
    case CancelResult::kTooLate:
      return {
          invalid_input("reportId: only reports with processingStatus=IN_QUEUE can be "
                        "cancelled")};
    case CancelResult::kCancelled:
      break;
  }
  return {json_response(200, "")};
}

Answer get_report_document(const World& world, const Call& call) {
  const auto unpacked = parse_get_document(call.target.query);
  if (const auto* problem = std::get_if<QueryProblem>(&unpacked)) {
    return {invalid_input(problem->details)};
  }
  if (!call.argument.starts_with(kDocumentPrefix)) {
    return {invalid_input("reportDocumentId: the value is not a report document id")};
  }
  std::string key;
  bool packed = false;
  {
    const std::shared_lock lock(world.mutex);
    const auto shelf = world.reports.find(call.seller.id);
    const auto* document =
        shelf == world.reports.end() ? nullptr : shelf->second.document(call.argument, call.now);
    if (document == nullptr) {
      return {not_found("The report document " + call.argument + " was not found.")};
    }
    key = document->key;
    packed = document->gzip;
  }
  std::string body;
  JsonWriter json(body);
  json.open_object();
  json.member("reportDocumentId", call.argument);
  json.member(
      "url", presigned_url(world, call.request, key, packed && std::get<bool>(unpacked), call.now));
  if (packed) json.member("compressionAlgorithm", "GZIP");
  json.close_object();
  return {json_response(200, std::move(body))};
}

}  // namespace amazon_sandbox
