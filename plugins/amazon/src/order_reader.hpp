#pragma once
// Reads the values of one order's JSON: strict about types, text, numbers, money and times, and
// always able to say where it is. What it cannot accept is thrown as BadOrder, caught once per
// order. One thread; a Place lives on the stack of whoever reads.

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "marketplug/model/money.hpp"
#include "marketplug/model/time.hpp"

namespace marketplug::amazon {

/// Where a value is: a chain of keys and indexes up to the order itself.
struct Place {
  const Place* up = nullptr;
  std::string_view key;
  std::size_t index = 0;  ///< used where `key` has no data
};
/// "/orderItems/0/product/title".
std::string pointer_to(const Place& place);

/// Why an order cannot be taken. `message` holds no value of the order.
struct BadOrder {
  std::string code;  ///< "missing_field", "wrong_type", "bad_text", "bad_number", "bad_money" …
  std::string pointer;
  std::string message;
};
[[noreturn]] void reject(const Place& place, std::string_view code, std::string_view what);

/// Members that no mapping knows: fields that Amazon adds to its model later.
using UnknownFields = std::vector<std::pair<std::string, const boost::json::value*>>;

/// At most 64 KiB, no NUL. JSON null is an empty text.
std::string read_text(const boost::json::value& value, const Place& place);
/// A whole number from 0 to 1,000,000,000.
std::int64_t read_count(const boost::json::value& value, const Place& place);
TimePoint read_time(const boost::json::value& value, const Place& place);
/// {earliestDateTime, latestDateTime}.
TimeWindow read_window(const boost::json::value& value, const Place& place, UnknownFields& unknown);
/// {amount, currencyCode}; both must be there.
Money read_money(const boost::json::value& value, const Place& place, UnknownFields& unknown);
/// A number as the marketplace wrote it: JSON text. Not finite, or a whole number too large to be
/// exact: bad_number.
std::string read_number(const boost::json::value& value, const Place& place);
/// Texts of an array, empty ones left out.
std::vector<std::string> read_texts(const boost::json::value& value, const Place& place);

const boost::json::object& read_object(const boost::json::value& value, const Place& place);
const boost::json::array& read_array(const boost::json::value& value, const Place& place);

/// Calls take(key, value, place) for every member that is not null. Where it returns false, nobody
/// knows the member, and it is kept in `unknown`.
template <class Take>
void each_member(const boost::json::value& value, const Place& place, UnknownFields& unknown,
                 Take&& take) {
  for (const auto& [key, inner] : read_object(value, place)) {
    if (inner.is_null()) continue;
    const Place here{&place, key, 0};
    if (!take(std::string_view(key), inner, here)) unknown.emplace_back(pointer_to(here), &inner);
  }
}

/// Calls take(value, place) for every element.
template <class Take>
void each_element(const boost::json::value& value, const Place& place, Take&& take) {
  std::size_t index = 0;
  for (const auto& inner : read_array(value, place)) {
    take(inner, Place{&place, {}, index++});
  }
}

}  // namespace marketplug::amazon
