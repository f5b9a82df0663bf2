#include "host/api/operation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <utility>

#include "host/api/backend.hpp"
#include "marketplug/model/time.hpp"

namespace marketplug::api {
namespace {

std::string names_of(const std::vector<Parameter>& known) {
  std::string names;
  for (const auto& parameter : known) {
    if (!names.empty()) names += ", ";
    names += parameter.name;
  }
  return names.empty() ? "none" : names;
}

OperationError bad_parameter(std::string_view operation, const Parameter& parameter,
                             std::string_view cause, std::string remedy) {
  return {400, "bad_parameter", fmt::format("{}: {} {}", operation, parameter.name, cause),
          std::move(remedy)};
}

void check_value(std::string_view operation, const Parameter& parameter,
                 const boost::json::value& value) {
  switch (parameter.type) {
    case Parameter::Type::kText:
      if (!value.is_string()) {
        throw bad_parameter(operation, parameter, "must be text", "Give it as a JSON string.");
      }
      return;
    case Parameter::Type::kFlag:
      if (!value.is_bool()) {
        throw bad_parameter(operation, parameter, "must be true or false", "Give a JSON boolean.");
      }
      return;
    case Parameter::Type::kInteger: {
      const auto* number = value.if_int64();
      if (number == nullptr || *number < parameter.min || *number > parameter.max) {
        throw bad_parameter(
            operation, parameter, "must be a whole number in its range",
            fmt::format("Give a number from {} to {}.", parameter.min, parameter.max));
      }
      return;
    }
    case Parameter::Type::kTime:
      if (!value.is_string() || !parse_time(value.get_string())) {
        throw bad_parameter(operation, parameter, "must be a moment in UTC",
                            "Give it as 2026-11-23T10:00:00Z.");
      }
      return;
  }
}

}  // namespace

Arguments::Arguments(std::string_view operation, const std::vector<Parameter>& known,
                     const boost::json::object& given)
    : values_(given) {
  for (const auto& member : given) {
    const auto parameter =
        std::find_if(known.begin(), known.end(),
                     [&](const Parameter& candidate) { return candidate.name == member.key(); });
    if (parameter == known.end()) {
      throw OperationError(400, "unknown_parameter",
                           fmt::format("{}: there is no parameter {}", operation,
                                       boost::json::serialize(member.key())),
                           fmt::format("Known parameters: {}.", names_of(known)));
    }
    check_value(operation, *parameter, member.value());
  }
  for (const auto& parameter : known) {
    if (parameter.required && !has(parameter.name)) {
      throw bad_parameter(operation, parameter, "is missing", "Give it.");
    }
  }
}

bool Arguments::has(std::string_view name) const { return values_.contains(name); }

std::string Arguments::text(std::string_view name) const {
  const auto* value = values_.if_contains(name);
  return value == nullptr ? std::string() : std::string(value->get_string());
}

std::int64_t Arguments::integer(std::string_view name, std::int64_t otherwise) const {
  const auto* value = values_.if_contains(name);
  return value == nullptr ? otherwise : value->get_int64();
}

bool Arguments::flag(std::string_view name) const {
  const auto* value = values_.if_contains(name);
  return value != nullptr && value->get_bool();
}

std::optional<TimePoint> Arguments::time(std::string_view name) const {
  const auto* value = values_.if_contains(name);
  if (value == nullptr) return std::nullopt;
  return parse_time(value->get_string());
}

const Operation* find_operation(std::string_view name) {
  static const std::vector<Operation> all = [] {
    std::vector<Operation> operations;
    for (const auto make :
         {plugin_operations, shop_operations, order_operations, event_operations, parked_operations,
          alert_operations, resync_operations, quota_operations, audit_operations,
          return_operations, sync_operations, check_operations, status_operations}) {
      for (auto& operation : make()) operations.push_back(std::move(operation));
    }
    return operations;
  }();
  const auto found = std::find_if(
      all.begin(), all.end(), [&](const Operation& operation) { return operation.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace marketplug::api
