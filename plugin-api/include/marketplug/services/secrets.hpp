#pragma once
// Secrets of the shop's settings. In the settings that `create` gets, a setting marked `writeOnly`
// holds a handle ("secret:/account/...": its JSON pointer), not the value.

#include <string>
#include <string_view>

#include "marketplug/result.hpp"

namespace marketplug {

class Secrets {
 public:
  static constexpr std::string_view kId = "host.secrets/1";
  virtual ~Secrets() = default;
  /// The value now. Ask at each use and do not keep it: it may be replaced while the shop runs.
  /// Failure kConfig where the reference does not resolve.
  virtual Result<std::string> get(std::string_view handle) = 0;
  /// A rotated secret; durable when this returns Done, even when the step fails later. A secret
  /// that comes from the environment or a file cannot be changed there: the new value is kept in
  /// the store and used instead until the reference gives another value than the one it replaced.
  virtual Status replace(std::string_view handle, std::string_view value) = 0;
};

}  // namespace marketplug
