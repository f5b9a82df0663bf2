#include "host/app/shop_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <map>
#include <string>
#include <utility>

#include "host/json/order_codec.hpp"
#include "marketplug/model/time.hpp"

namespace marketplug::app {
namespace {

using boost::json::object;

const object& object_at(const object& document, std::string_view name) {
  static const object none;
  const auto* value = document.if_contains(name);
  return value != nullptr && value->is_object() ? value->get_object() : none;
}

std::string text_at(const object& document, std::string_view name) {
  const auto* value = document.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

int number_at(const object& document, std::string_view name, int otherwise) {
  const auto* value = document.if_contains(name);
  const auto* number = value == nullptr ? nullptr : value->if_int64();
  return number == nullptr ? otherwise : static_cast<int>(*number);
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "none" : text;
}

std::string escaped(std::string_view key) {
  std::string text;
  for (const char c : key) {
    if (c == '~') {
      text += "~0";
    } else if (c == '/') {
      text += "~1";
    } else {
      text += c;
    }
  }
  return text;
}

/// One of the names the host knows, or a problem.
class NameCheck {
 public:
  NameCheck(const std::vector<std::string>& known, std::string what, std::string where,
            std::vector<config::Problem>& problems)
      : known_(known), what_(std::move(what)), where_(std::move(where)), problems_(problems) {}

  void check(const std::string& pointer, const std::string& name) {
    if (name.empty() || std::find(known_.begin(), known_.end(), name) != known_.end()) return;
    config::Problem problem;
    problem.pointer = pointer;
    problem.message = fmt::format("{} is no {} of this installation", name, what_);
    problem.remedy = fmt::format("Use one of: {}; or add it to `{}` of the host's configuration.",
                                 joined(known_), where_);
    problems_.push_back(std::move(problem));
  }

 private:
  const std::vector<std::string>& known_;
  std::string what_, where_;
  std::vector<config::Problem>& problems_;
};

/// Which of the operator's own statuses an order gets.
class StatusRule {
 public:
  explicit StatusRule(const object& document)
      : fulfilled_(text_at(document, "marketplace_fulfilled_status")) {
    for (const auto& member : object_at(document, "status_mapping")) {
      if (member.value().is_string()) {
        mapping_.emplace(member.key(), std::string(member.value().get_string()));
      }
    }
  }

  /// A mapped status must never hide that a person has to look, nor send parcels of an order that
  /// the marketplace ships itself.
  std::string operator()(const Order& order) const {
    std::string automatic(json::to_string(order.state));
    if (order.state == OrderState::kNeedsCorrection) return automatic;
    const bool theirs = order.fulfilled_by == FulfilledBy::kMarketplace;
    if (theirs && !fulfilled_.empty() && order.state != OrderState::kCancelled) return fulfilled_;
    const auto mapped = mapping_.find(order.marketplace_status);
    return mapped == mapping_.end() ? automatic : mapped->second;
  }

 private:
  std::string fulfilled_;
  std::map<std::string, std::string, std::less<>> mapping_;
};

/// fulfillment_priority: the most urgent programme decides.
class PriorityRule {
 public:
  explicit PriorityRule(const object& document) {
    const auto& priority = object_at(document, "fulfillment_priority");
    regular_ = number_at(priority, "regular", regular_);
    premium_ = number_at(priority, "premium", premium_);
    prime_ = number_at(priority, "prime", prime_);
  }

  int operator()(const Order& order) const {
    const auto in = [&](std::string_view program) {
      return std::find(order.programs.begin(), order.programs.end(), program) !=
             order.programs.end();
    };
    if (in("PRIME")) return prime_;
    return in("PREMIUM") ? premium_ : regular_;
  }

 private:
  int regular_ = 50, premium_ = 70, prime_ = 90;
};

/// `orders.start_date` of the settings, which every plugin that has one calls so.
std::optional<TimePoint> start_date_of(const object& document) {
  const auto& orders = object_at(object_at(document, "settings"), "orders");
  const auto date = text_at(orders, "start_date");
  if (date.empty()) return std::nullopt;
  const auto parsed = parse_time(date + "T00:00:00Z");
  return parsed ? std::optional(*parsed) : std::nullopt;
}

sync::ShopRules::KeepRaw keep_raw_of(const std::string& text) {
  if (text == "never") return sync::ShopRules::KeepRaw::kNever;
  return text == "always" ? sync::ShopRules::KeepRaw::kAlways : sync::ShopRules::KeepRaw::kParked;
}

}  // namespace

std::vector<config::Problem> check_rules(const object& document, const config::HostConfig& host) {
  std::vector<config::Problem> problems;
  NameCheck statuses(host.order_statuses, "order status", "orders.statuses", problems);
  for (const auto& member : object_at(document, "status_mapping")) {
    if (!member.value().is_string()) continue;
    statuses.check("/status_mapping/" + escaped(member.key()),
                   std::string(member.value().get_string()));
  }
  statuses.check("/marketplace_fulfilled_status",
                 text_at(document, "marketplace_fulfilled_status"));
  NameCheck carriers(host.carrier_accounts, "carrier account", "carriers.accounts", problems);
  const auto* mapping = document.if_contains("carrier_mapping");
  if (mapping == nullptr || !mapping->is_array()) return problems;
  std::size_t index = 0;
  for (const auto& each : mapping->get_array()) {
    const auto pointer = fmt::format("/carrier_mapping/{}/carrier_account", index++);
    if (each.is_object()) carriers.check(pointer, text_at(each.get_object(), "carrier_account"));
  }
  return problems;
}

sync::ShopRules make_rules(std::string_view shop, const object& document,
                           std::string_view settings_schema, const config::HostConfig& host) {
  sync::ShopRules rules;
  rules.id = shop;
  rules.import_orders =
      config::capability_enabled(object_at(document, "settings"), settings_schema, "order-source");
  rules.import_returns =
      config::capability_enabled(object_at(document, "settings"), settings_schema, "return-source");
  rules.audit_orders =
      config::capability_enabled(object_at(document, "settings"), settings_schema, "order-audit");
  const auto& audit = object_at(document, "audit");
  rules.audit_every = std::chrono::hours(number_at(audit, "orders_hours", 6));
  rules.audit_window = std::chrono::days(number_at(audit, "orders_days", 14));
  rules.start_date = start_date_of(document);
  rules.own_status = StatusRule(document);
  rules.priority = PriorityRule(document);
  rules.poll = std::chrono::seconds(number_at(document, "poll_seconds", 300));
  rules.retention_days = number_at(document, "retention_days", 30);
  rules.keep_raw = keep_raw_of(host.store.keep_raw);
  return rules;
}

}  // namespace marketplug::app
