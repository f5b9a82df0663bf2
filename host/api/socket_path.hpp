#pragma once
// Where the socket of a state folder lies, and what the JSON Lines on it look like: each line is
// {"progress": …}, and the last one {"result": …} or {"problem": {status, code, message, remedy}}.
// Pure functions, any thread.

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "host/api/backend.hpp"

namespace marketplug::api {

/// A line may be that long: the largest order and its raw document fit many times.
inline constexpr std::size_t kLongestLine = 64u << 20;
/// Documents of marketplaces nest deeper than the parser's own limit.
inline constexpr std::size_t kDeepestJson = 256;

/// "<state folder>/marketplug.sock". Throws OperationError where it is longer than the 107 bytes
/// that a Unix socket's address holds.
std::string socket_path(const std::string& state_folder);

boost::json::object problem_of(const OperationError& error);
/// Back from the `problem` member of a line.
OperationError error_of(const boost::json::value& problem);

}  // namespace marketplug::api
