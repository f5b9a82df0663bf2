#pragma once
// Reading answers of the service layer: what is absent or of another type reads as empty. Pure
// functions, any thread.

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace marketplug::cli {

/// Text; numbers and booleans as text too.
std::string text_of(const boost::json::object& object, std::string_view name);
std::int64_t number_of(const boost::json::object& object, std::string_view name);
bool flag_of(const boost::json::object& object, std::string_view name);
const boost::json::object& object_of(const boost::json::object& object, std::string_view name);
const boost::json::array& array_of(const boost::json::object& object, std::string_view name);
const boost::json::object& as_object(const boost::json::value& value);
/// The texts of an array, joined by ", ".
std::string list_of(const boost::json::object& object, std::string_view name);
/// "12.34 EUR"; empty where there is none.
std::string money_of(const boost::json::object& object, std::string_view name);
/// "2026-11-23 10:00:00" (UTC); empty where there is none.
std::string time_of(const boost::json::object& object, std::string_view name);

}  // namespace marketplug::cli
