#pragma once
// Structs with a table of members (host/json) on the wire: texts byte by byte, money as exact
// decimal text, enums as numbers. Reading throws std::exception naming the member that is not as it
// must be. Pure functions, any thread.

#include <boost/json/value.hpp>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "host/isolation/wire.hpp"
#include "host/json/field_values.hpp"

namespace marketplug::isolation::wire {

struct Leaves {
  static boost::json::value write(const std::string& bytes) { return text(bytes); }
  static boost::json::value write_json(const std::string& bytes) { return text(bytes); }
  static boost::json::value write(std::int64_t number) { return number; }
  static boost::json::value write(TimePoint moment) { return time(moment); }
  static boost::json::value write(const Cursor& cursor) { return text(cursor.value); }
  static boost::json::value write(const Money& money);
  template <class Enum>
  requires std::is_enum_v<Enum>
  static boost::json::value write(Enum one) { return static_cast<std::int64_t>(one); }

  static void read(const boost::json::value& from, std::string& to) { to = text_of(from); }
  static void read_json(const boost::json::value& from, std::string& to) { to = text_of(from); }
  static void read(const boost::json::value& from, std::int64_t& to) { to = from.as_int64(); }
  static void read(const boost::json::value& from, TimePoint& to) { to = time_of(from).value(); }
  static void read(const boost::json::value& from, Cursor& to) { to.value = text_of(from); }
  static void read(const boost::json::value& from, Money& to);
  template <class Enum>
  requires std::is_enum_v<Enum>
  static void read(const boost::json::value& from, Enum& to) {
    const std::int64_t number = from.as_int64();
    if (number < 0 || static_cast<std::uint64_t>(number) >= json::Words<Enum>::kAll.size()) {
      throw std::out_of_range("is not a value of this version");
    }
    to = static_cast<Enum>(number);
  }
};

template <class T>
boost::json::value fields(const T& from) {
  return json::FieldWriter<Leaves>::write(from);
}
template <class T>
T fields_of(const boost::json::value& from) {
  T to;
  json::FieldReader<Leaves>::read(from, to);
  return to;
}

}  // namespace marketplug::isolation::wire
