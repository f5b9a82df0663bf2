#pragma once
// Structs with a table of members (Fields) as values of Boost.JSON and back. How a text, a number
// or a moment is written is for the caller to say: `Leaves` has `write(member)` and
// `read(value, member)` for each type that has no table, and `write_json`, `read_json` for texts
// that are JSON objects already. Pure functions, any thread.

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include "host/json/order_fields.hpp"

namespace marketplug::json {

template <class T>
concept HasFields = requires {
  Fields<T>::kMembers;
};

template <class T>
inline constexpr bool kIsList = false;
template <class T>
inline constexpr bool kIsList<std::vector<T>> = true;
template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

/// Members that have their default are left out, but for required ones.
template <class Leaves>
class FieldWriter {
 public:
  template <class T>
  static boost::json::value write(const T& from) {
    if constexpr (HasFields<T>) {
      boost::json::object to;
      std::apply([&](const auto&... fields) { (member(from, fields, to), ...); },
                 Fields<T>::kMembers);
      return to;
    } else if constexpr (kIsList<T>) {
      boost::json::array to;
      to.reserve(from.size());
      for (const auto& each : from) to.push_back(write(each));
      return to;
    } else if constexpr (kIsOptional<T>) {
      return write(from.value());
    } else {
      return Leaves::write(from);
    }
  }

 private:
  template <class T, class M, Form F>
  static void member(const T& from, const Field<T, M, F>& field, boost::json::object& to) {
    const M& content = from.*field.member;
    if (!field.required && content == M()) return;
    if constexpr (F == Form::kJson) {
      to[field.name] = Leaves::write_json(content);
    } else {
      to[field.name] = write(content);
    }
  }
};

/// Throws std::exception naming the member that is missing, unknown or not of its type. Nothing of
/// the value is quoted.
template <class Leaves>
class FieldReader {
 public:
  template <class T>
  static void read(const boost::json::value& from, T& to) {
    if constexpr (HasFields<T>) {
      members(from.as_object(), to);
    } else if constexpr (kIsList<T>) {
      to.clear();
      for (const auto& each : from.as_array()) read(each, to.emplace_back());
    } else if constexpr (kIsOptional<T>) {
      read(from, to.emplace());
    } else {
      Leaves::read(from, to);
    }
  }

 private:
  template <class T>
  static void members(const boost::json::object& from, T& to) {
    std::size_t known = 0;
    std::apply([&](const auto&... fields) { (member(from, fields, to, known), ...); },
               Fields<T>::kMembers);
    if (known != from.size()) throw std::invalid_argument("a member is unknown");
  }

  template <class T, class M, Form F>
  static void member(const boost::json::object& from, const Field<T, M, F>& field, T& to,
                     std::size_t& known) {
    const auto* found = from.if_contains(field.name);
    if (found == nullptr && !field.required) return;
    try {
      if (found == nullptr) throw std::invalid_argument("is missing");
      ++known;
      if constexpr (F == Form::kJson) {
        Leaves::read_json(*found, to.*field.member);
      } else {
        read(*found, to.*field.member);
      }
    } catch (const std::exception& error) {
      throw std::invalid_argument(std::string(field.name) + ": " + error.what());
    }
  }
};

}  // namespace marketplug::json
