#pragma once
// Facts about the store itself: schema version, clean flag, check value of the key. Pure functions
// on a connection.

#include <optional>
#include <string>
#include <string_view>

#include "host/store/db/connection.hpp"

namespace marketplug::store::sql {

inline constexpr std::string_view kMetaVersion = "schema_version";
inline constexpr std::string_view kMetaClean = "clean";  ///< "1" after an orderly close
inline constexpr std::string_view kMetaKeyCheck = "key_check";
inline constexpr std::string_view kMetaTimeTrusted = "time_trusted";  ///< see trusted_time.hpp
inline constexpr std::string_view kMetaTimeDoubted = "time_doubted";
inline constexpr std::string_view kMetaTimeDoubtedFor = "time_doubted_for";

/// nullopt also where the store has no tables yet.
std::optional<std::string> meta(db::Connection& connection, std::string_view name);
void set_meta(db::Connection& connection, std::string_view name, std::string_view value);

}  // namespace marketplug::store::sql
