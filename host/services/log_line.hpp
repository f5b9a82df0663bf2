#pragma once
// One log line as text or JSON: escaped so that no value can forge a line or drive a terminal,
// redacted value by value before it is escaped. Pure functions, any thread.

#include <span>
#include <string>
#include <string_view>

#include "host/services/services.hpp"
#include "marketplug/services/log.hpp"

namespace marketplug::services {

struct LogEntry {
  TimePoint at{};
  Log::Level level = Log::Level::kInfo;
  std::string_view event, message;
  std::span<const LogField> fields;
};

/// "2026-11-23T10:00:00.000Z info  shop-nl orders.page …message key=value"; the field "shop" moves
/// to the front ("-" without one). No newline at the end.
std::string text_line(const LogEntry& entry, const Redactor& redactor);

/// {"ts":…,"level":…,"event":…,"message":…, then the fields as text members}. A field that is named
/// like one of the four gets a "_" behind its name. No newline at the end.
std::string json_line(const LogEntry& entry, const Redactor& redactor);

}  // namespace marketplug::services
