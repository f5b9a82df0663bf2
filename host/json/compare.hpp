#pragma once
// JSON values compared as JSON Schema wants it: 1 and 1.0 are equal, objects have no order, and
// numbers are compared exactly. Pure functions, any thread. Internal to host/json.

#include <boost/json/value.hpp>

namespace marketplug::json {

bool equal(const boost::json::value& a, const boost::json::value& b);
/// Both must be numbers: <0, 0 or >0.
int compare_numbers(const boost::json::value& a, const boost::json::value& b) noexcept;
/// An integer, or a float without a fraction.
bool is_whole_number(const boost::json::value& value) noexcept;
/// Exact in decimal: 19.99 is a multiple of 0.01. `divisor` must be positive.
bool is_multiple_of(const boost::json::value& value, const boost::json::value& divisor);

}  // namespace marketplug::json
