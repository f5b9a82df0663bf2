#pragma once
// Structured log lines; shop and plugin are added by the host. Values that the host knows as
// secrets are masked, but nothing personal may be handed in at all.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace marketplug {

using LogField = std::pair<std::string_view, std::string_view>;

class Log {
 public:
  static constexpr std::string_view kId = "host.log/1";
  enum class Level : std::uint8_t { kDebug = 0, kInfo, kWarning, kError };
  virtual ~Log() = default;
  /// `event` is a stable name ("token.refreshed"), `message` a sentence. Any thread.
  virtual void write(Level level, std::string_view event, std::string_view message,
                     std::span<const LogField> fields) = 0;
};

}  // namespace marketplug
