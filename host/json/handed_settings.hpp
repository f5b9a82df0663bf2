#pragma once
// A shop's settings as its plugin gets them: each secret as a handle, the host's own switches taken
// out. Pure functions, any thread.

#include <boost/json/object.hpp>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "host/json/schema.hpp"

namespace marketplug::json {

/// Calls f(pointer, value) for a value and everything in it, outermost first.
void each_value(const boost::json::value& data,
                const std::function<void(const std::string&, const boost::json::value&)>& f,
                const std::string& pointer = {});

/// The capability that the boolean at a place switches (`x-capability`); empty: none.
std::string switch_at(const Schema& schema, const boost::json::value& data,
                      const std::string& pointer);

/// By JSON pointer: every text that the schema marks `writeOnly`, but for empty ones.
std::map<std::string, std::string, std::less<>> secrets_in(const Schema& schema,
                                                           const boost::json::object& settings);

/// Each secret as "secret:<pointer>"; switches of capabilities, and `enabled` beside them, left
/// out: they are the host's affair.
boost::json::object handed_settings(const Schema& schema, const boost::json::object& settings);

}  // namespace marketplug::json
