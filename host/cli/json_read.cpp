#include "host/cli/json_read.hpp"

#include <boost/json/serialize.hpp>

namespace marketplug::cli {
namespace {

const boost::json::object& no_object() {
  static const boost::json::object none;
  return none;
}

const boost::json::array& no_array() {
  static const boost::json::array none;
  return none;
}

std::string as_text(const boost::json::value& value) {
  if (value.is_null()) return {};
  if (value.is_string()) return std::string(value.get_string());
  return boost::json::serialize(value);
}

}  // namespace

std::string text_of(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value == nullptr ? std::string() : as_text(*value);
}

std::int64_t number_of(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr) return 0;
  boost::system::error_code error;
  const auto number = value->to_number<std::int64_t>(error);
  return error ? 0 : number;
}

bool flag_of(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

const boost::json::object& object_of(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value == nullptr ? no_object() : as_object(*value);
}

const boost::json::array& array_of(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_array() ? value->get_array() : no_array();
}

const boost::json::object& as_object(const boost::json::value& value) {
  return value.is_object() ? value.get_object() : no_object();
}

std::string list_of(const boost::json::object& object, std::string_view name) {
  std::string list;
  for (const auto& each : array_of(object, name)) {
    if (!list.empty()) list += ", ";
    list += as_text(each);
  }
  return list;
}

std::string money_of(const boost::json::object& object, std::string_view name) {
  const auto& money = object_of(object, name);
  if (money.empty()) return {};
  return text_of(money, "amount") + " " + text_of(money, "currency");
}

std::string time_of(const boost::json::object& object, std::string_view name) {
  auto text = text_of(object, name);
  if (text.size() < 20 || text[10] != 'T') return text;
  text[10] = ' ';
  return text.substr(0, 19);
}

}  // namespace marketplug::cli
