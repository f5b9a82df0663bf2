#pragma once
// A small key-value store of the connector (token expiry, catalogue caches). Writes are staged and
// committed with the page of the step, or dropped with it. Not for secrets or personal data.

#include <optional>
#include <string>
#include <string_view>

namespace marketplug {

class State {
 public:
  static constexpr std::string_view kId = "host.state/1";
  virtual ~State() = default;
  /// Sees what this step has staged.
  virtual std::optional<std::string> get(std::string_view key) = 0;
  /// Key at most 128 bytes, value at most 64 KiB; larger throws std::length_error.
  virtual void put(std::string_view key, std::string_view value) = 0;
  virtual void erase(std::string_view key) = 0;
};

}  // namespace marketplug
