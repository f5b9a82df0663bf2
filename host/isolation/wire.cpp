#include "host/isolation/wire.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <cstdint>
#include <stdexcept>
#include <utility>

#include "host/isolation/base64.hpp"
#include "host/json/scanner.hpp"

namespace marketplug::isolation::wire {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

/// Whether it is cheap and faithful as a JSON string.
bool is_text(std::string_view bytes) {
  std::size_t escapes = 0;
  while (!bytes.empty()) {
    const auto first = static_cast<unsigned char>(bytes.front());
    std::size_t length = 1;
    if (first >= 0x80) {
      length = json::utf8_length(bytes);
      if (length == 0) return false;
    } else if (first < 0x20 && first != '\n' && first != '\t' && ++escapes > 16) {
      return false;
    }
    bytes.remove_prefix(length);
  }
  return true;
}

template <class Enum>
Enum enum_at(const object& from, std::string_view name, Enum last) {
  const auto number = from.at(name).as_int64();
  if (number < 0 || number > static_cast<std::int64_t>(last)) {
    throw std::out_of_range(std::string(name) + " is not a value of this version");
  }
  return static_cast<Enum>(number);
}

}  // namespace

std::optional<object> parse(std::string_view frame) {
  boost::json::parse_options options;
  options.max_depth = 64;
  boost::system::error_code error;
  value parsed = boost::json::parse(frame, error, {}, options);
  if (error || !parsed.is_object()) return std::nullopt;
  return std::move(parsed.get_object());
}

value text(std::string_view bytes) {
  if (is_text(bytes)) return value(bytes);
  return object{{"base64", encode_base64(bytes)}};
}

std::string text_of(const value& from) {
  if (const auto* plain = from.if_string()) return std::string(*plain);
  auto bytes = decode_base64(from.as_object().at("base64").as_string());
  if (!bytes) throw std::invalid_argument("a text is not base64");
  return *std::move(bytes);
}

std::string text_at(const object& from, std::string_view name) {
  const auto* found = from.if_contains(name);
  return found == nullptr ? std::string() : text_of(*found);
}

value time(const std::optional<TimePoint>& time) {
  return time ? value(std::int64_t{time->time_since_epoch().count()}) : value(nullptr);
}

std::optional<TimePoint> time_of(const value& from) {
  if (from.is_null()) return std::nullopt;
  return TimePoint{std::chrono::milliseconds{from.as_int64()}};
}

TimePoint moment_at(const object& from, std::string_view name) {
  return time_of(from.at(name)).value();
}

object failure(const Failure& failure) {
  return {{"kind", static_cast<std::int64_t>(failure.kind)},
          {"message", text(failure.message)},
          {"remedy", text(failure.remedy)},
          {"code", text(failure.code)},
          {"detail", text(failure.detail)},
          {"retry_at", time(failure.retry_at)}};
}

Failure failure_of(const value& from) {
  const auto& members = from.as_object();
  Failure failure;
  failure.kind = enum_at(members, "kind", Failure::Kind::kCancelled);
  failure.message = text_at(members, "message");
  failure.remedy = text_at(members, "remedy");
  failure.code = text_at(members, "code");
  failure.detail = text_at(members, "detail");
  failure.retry_at = time_of(members.at("retry_at"));
  return failure;
}

array findings(const std::vector<Finding>& findings) {
  array list;
  for (const Finding& finding : findings) {
    list.push_back(object{{"severity", static_cast<std::int64_t>(finding.severity)},
                          {"pointer", text(finding.pointer)},
                          {"marketplace", text(finding.scope.marketplace)},
                          {"role", text(finding.scope.role)},
                          {"operation", text(finding.scope.operation)},
                          {"message", text(finding.message)},
                          {"remedy", text(finding.remedy)},
                          {"link", text(finding.link)}});
  }
  return list;
}

std::vector<Finding> findings_of(const value& from) {
  std::vector<Finding> findings;
  for (const auto& each : from.as_array()) {
    const auto& members = each.as_object();
    Finding& finding = findings.emplace_back();
    finding.severity = enum_at(members, "severity", Finding::Severity::kError);
    finding.pointer = text_at(members, "pointer");
    finding.scope = {text_at(members, "marketplace"), text_at(members, "role"),
                     text_at(members, "operation")};
    finding.message = text_at(members, "message");
    finding.remedy = text_at(members, "remedy");
    finding.link = text_at(members, "link");
  }
  return findings;
}

array options(const std::vector<Option>& options) {
  array list;
  for (const Option& option : options) {
    list.push_back(object{{"value", text(option.value)},
                          {"label", text(option.label)},
                          {"group", text(option.group)},
                          {"usable", option.usable},
                          {"note", text(option.note)}});
  }
  return list;
}

std::vector<Option> options_of(const value& from) {
  std::vector<Option> options;
  for (const auto& each : from.as_array()) {
    const auto& members = each.as_object();
    options.push_back({text_at(members, "value"), text_at(members, "label"),
                       text_at(members, "group"), members.at("usable").as_bool(),
                       text_at(members, "note")});
  }
  return options;
}

}  // namespace marketplug::isolation::wire
