#include "host/api/views.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <optional>
#include <string>

#include "host/api/socket_path.hpp"
#include "host/json/order_codec.hpp"
#include "host/json/return_codec.hpp"
#include "host/sync/order_audit.hpp"
#include "host/sync/return_import.hpp"
#include "marketplug/model/time.hpp"

namespace marketplug::api {
namespace {

using boost::json::array;
using boost::json::object;

void put_text(object& into, std::string_view name, std::string_view text) {
  if (!text.empty()) into[name] = text;
}

void put_time(object& into, std::string_view name, const std::optional<TimePoint>& time) {
  if (time && time->time_since_epoch().count() != 0) into[name] = format_time(*time);
}

array texts(const std::vector<std::string>& from) {
  array to;
  for (const auto& text : from) to.emplace_back(text);
  return to;
}

array reasons(const std::vector<loading::PluginReason>& from) {
  array to;
  for (const auto& reason : from) to.push_back(view_of(reason));
  return to;
}

boost::json::value parsed(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = kDeepestJson;
  boost::system::error_code error;
  auto value = boost::json::parse(text, error, {}, options);
  return error ? boost::json::value(nullptr) : value;
}

std::string_view text_of(Finding::Severity severity) {
  switch (severity) {
    case Finding::Severity::kNote:
      return "note";
    case Finding::Severity::kWarning:
      return "warning";
    case Finding::Severity::kError:
      break;
  }
  return "error";
}

}  // namespace

object view_of(const loading::PluginReason& reason) {
  return {{"code", reason.code}, {"message", reason.message}, {"remedy", reason.remedy}};
}

object view_of(const loading::PluginFile& plugin) {
  object view;
  view["id"] = plugin.id();
  put_text(view, "name", plugin.name());
  put_text(view, "version", plugin.version());
  view["state"] = loading::to_string(plugin.state);
  view["capabilities"] = texts(plugin.capabilities());
  view["path"] = plugin.path;
  put_text(view, "sha256", plugin.sha256);
  view["reasons"] = reasons(plugin.reasons);
  view["warnings"] = reasons(plugin.warnings);
  return view;
}

object full_view_of(const loading::PluginFile& plugin) {
  auto view = view_of(plugin);
  const auto& abi = plugin.abi;
  view["abi"] =
      object{{"major", abi.abi_major},
             {"minor", abi.abi_minor},
             {"layout_hash", fmt::format("{:016x}", abi.layout_hash)},
             {"pointer_bits", abi.pointer_bits},
             {"cplusplus", abi.cplusplus},
             {"stdlib_release", abi.stdlib_release},
             {"compiler", std::string(abi.compiler, strnlen(abi.compiler, sizeof(abi.compiler)))}};
  view["needed"] = texts(plugin.needed);
  return view;
}

object view_of(const store::ShopRecord& shop) {
  object view;
  view["id"] = shop.id;
  const auto document = parsed(shop.document);
  if (const auto* members = document.if_object()) {
    for (const auto* name : {"name", "plugin"}) {
      const auto* value = members->if_contains(name);
      if (value != nullptr && value->is_string()) view[name] = *value;
    }
  }
  view["enabled"] = shop.enabled;
  view["state"] = shop.state;
  put_text(view, "state_reason", shop.state_reason);
  view["source"] = shop.source;
  view["revision"] = shop.revision;
  put_time(view, "updated_at", shop.updated_at);
  return view;
}

object view_of(const store::JobRecord& job) {
  object view;
  view["kind"] = job.kind;
  view["state"] = job.state;
  put_time(view, "due_at", job.due_at);
  view["failures"] = job.failures;
  put_time(view, "last_started", job.last_started);
  put_time(view, "last_succeeded", job.last_succeeded);
  put_time(view, "complete_until", job.complete_until);
  put_text(view, "last_code", job.last_code);
  put_text(view, "last_message", job.last_message);
  put_text(view, "last_remedy", job.last_remedy);
  return view;
}

object view_of(const store::StoredOrder& order) {
  object view;
  view["shop"] = order.shop;
  view["id"] = order.id;
  view["marketplace"] = order.marketplace;
  view["state"] = json::to_string(order.state);
  view["status"] = order.status;
  view["marketplace_status"] = order.marketplace_status;
  view["priority"] = order.priority;
  put_time(view, "placed_at", order.placed_at);
  put_time(view, "changed_at", order.changed_at);
  const auto document = parsed(order.document);
  if (const auto* members = document.if_object()) {
    for (const auto* name : {"fulfilled_by", "total"}) {
      if (const auto* value = members->if_contains(name)) view[name] = *value;
    }
    const auto* lines = members->if_contains("lines");
    if (lines != nullptr && lines->is_array()) {
      view["lines"] = static_cast<std::int64_t>(lines->get_array().size());
    }
  }
  return view;
}

boost::json::value full_view_of(const store::StoredOrder& order) {
  object host;
  host["shop"] = order.shop;
  host["status"] = order.status;
  host["priority"] = order.priority;
  put_time(host, "imported_at", order.imported_at);
  put_time(host, "updated_at", order.updated_at);
  auto whole =
      parsed(json::join_order(boost::json::serialize(host), order.document, order.personal));
  if (whole.is_null()) {
    throw OperationError(
        500, "unreadable_order",
        "order " + order.id + " of shop " + order.shop + " is not readable in the store",
        "Restore the store from a backup, or import the order again.");
  }
  return whole;
}

boost::json::value full_view_of(const store::StoredReturn& buyer_return) {
  object host;
  host["shop"] = buyer_return.shop;
  put_time(host, "begun_at", buyer_return.begun_at);
  put_time(host, "imported_at", buyer_return.imported_at);
  put_time(host, "updated_at", buyer_return.updated_at);
  auto whole = parsed(json::join_return(boost::json::serialize(host), buyer_return.document,
                                        buyer_return.personal));
  auto* members = whole.if_object();
  auto* lines = members == nullptr ? nullptr : members->if_contains("lines");
  if (lines == nullptr || !lines->is_array() ||
      lines->get_array().size() != buyer_return.links.size()) {
    throw OperationError(500, "unreadable_return",
                         "return " + buyer_return.id + " of shop " + buyer_return.shop +
                             " is not readable in the store",
                         "Restore the store from a backup.");
  }
  for (std::size_t i = 0; i < buyer_return.links.size(); ++i) {
    auto& line = lines->get_array()[i].as_object();
    line["link"] = sync::link_text(buyer_return.links[i].link);
    if (!buyer_return.links[i].order_line.empty()) {
      line["line_id"] = buyer_return.links[i].order_line;
    }
  }
  return whole;
}

std::string_view text_of(store::UpsertOutcome outcome) {
  switch (outcome) {
    case store::UpsertOutcome::kInserted:
      return "imported";
    case store::UpsertOutcome::kUpdated:
      return "updated";
    case store::UpsertOutcome::kUnchanged:
      return "unchanged";
    case store::UpsertOutcome::kStale:
      break;
  }
  return "older than the stored one";
}

object view_of(const store::Event& event) {
  object view;
  view["shop"] = event.shop;
  view["seq"] = event.seq;
  view["type"] = event.type;
  view["object"] = event.object;
  view["at"] = format_time(event.at);
  view["data"] = parsed(event.data);
  return view;
}

object view_of(const store::ParkedRecord& parked) {
  object view;
  view["id"] = parked.id;
  view["shop"] = parked.shop;
  view["kind"] = parked.kind;
  view["item"] = parked.item.id;
  view["state"] = parked.state;
  view["code"] = parked.item.code;
  put_text(view, "pointer", parked.item.pointer);
  view["message"] = parked.item.message;
  put_text(view, "remedy", parked.item.remedy);
  view["tries"] = parked.tries;
  put_time(view, "first_at", parked.first_at);
  put_time(view, "last_at", parked.last_at);
  return view;
}

object view_of(const store::AlertRecord& record) {
  object view;
  view["shop"] = record.shop;
  view["kind"] = record.kind;
  view["item"] = record.item;
  view["code"] = record.alert.code;
  view["message"] = record.alert.message;
  put_text(view, "remedy", record.alert.remedy);
  put_time(view, "due_at", record.alert.due_at);
  put_time(view, "raised_at", record.raised_at);
  put_time(view, "cleared_at", record.cleared_at);
  return view;
}

object view_of(const store::AuditRun& run) {
  object view;
  view["id"] = run.id;
  view["shop"] = run.shop;
  put_text(view, "asked_by", run.asked_by);
  put_time(view, "asked_at", run.asked_at);
  view["by"] = sync::by_text(run.window.by);
  put_time(view, "from", run.window.from);
  put_time(view, "until", run.window.until);
  view["state"] = run.state;
  put_time(view, "started_at", run.started_at);
  put_time(view, "ended_at", run.ended_at);
  view["known"] = run.known;
  view["held"] = run.held;
  view["missing"] = run.missing;
  view["stale"] = run.stale;
  view["later"] = run.later;
  view["unsettled"] = run.unsettled;
  put_text(view, "message", run.message);
  put_text(view, "remedy", run.remedy);
  return view;
}

object view_of(const store::AuditFinding& finding) {
  object view;
  view["order"] = finding.order;
  view["problem"] = finding.problem;
  put_text(view, "marketplace", finding.marketplace);
  put_text(view, "marketplace_status", finding.marketplace_status);
  put_time(view, "placed_at", finding.placed_at);
  put_time(view, "changed_at", finding.changed_at);
  view["outcome"] = finding.outcome;
  put_time(view, "settled_at", finding.settled_at);
  put_text(view, "message", finding.message);
  return view;
}

object view_of(const sync::ShopStatus& status) {
  object view;
  view["shop"] = status.shop;
  view["plugin"] = status.plugin;
  view["state"] = status.state;
  put_text(view, "reason", status.reason);
  put_text(view, "trouble", status.trouble);
  view["orders_new"] = status.orders_new;
  view["orders_updated"] = status.orders_updated;
  view["orders_unchanged"] = status.orders_unchanged;
  view["parked"] = status.parked;
  view["steps"] = status.steps;
  put_time(view, "next_due", status.next_due);
  array jobs;
  for (const auto& job : status.jobs) jobs.push_back(view_of(job));
  view["jobs"] = std::move(jobs);
  return view;
}

object view_of(const Finding& finding) {
  object view;
  view["severity"] = text_of(finding.severity);
  put_text(view, "pointer", finding.pointer);
  put_text(view, "marketplace", finding.scope.marketplace);
  put_text(view, "role", finding.scope.role);
  put_text(view, "operation", finding.scope.operation);
  view["message"] = finding.message;
  put_text(view, "remedy", finding.remedy);
  put_text(view, "link", finding.link);
  return view;
}

object view_of(const config::Problem& problem) {
  object view;
  view["severity"] = "error";
  put_text(view, "file", problem.file);
  if (problem.line > 0) view["line"] = problem.line;
  put_text(view, "pointer", problem.pointer);
  view["message"] = problem.message;
  put_text(view, "remedy", problem.remedy);
  return view;
}

}  // namespace marketplug::api
