#pragma once
// Reads the JSON bodies of the control interface: every member is known and of its type, or the
// request is refused with a text that says what to write. One thread per object.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "plugins/amazon/sandbox/duration.hpp"
#include "plugins/amazon/sandbox/marketplaces.hpp"

namespace amazon_sandbox {

/// Each reader throws std::invalid_argument naming the member; an absent member is nullopt.
class ControlFields {
 public:
  /// An empty text is an empty object.
  explicit ControlFields(std::string_view json);

  std::optional<std::string> text(std::string_view name);
  std::optional<std::uint64_t> number(std::string_view name);
  std::optional<bool> boolean(std::string_view name);
  std::optional<std::chrono::milliseconds> duration(std::string_view name);
  /// "3m" (both ends) or "0s..10m".
  std::optional<DurationRange> range(std::string_view name);
  std::optional<std::vector<std::string>> texts(std::string_view name);
  const Marketplace* marketplace(std::string_view name);
  std::optional<std::vector<const Marketplace*>> marketplaces(std::string_view name);
  /// The member as JSON text.
  std::optional<std::string> json(std::string_view name);
  /// One of the values that `parse` knows.
  template <class Parse>
  auto choice(std::string_view name, Parse parse) -> decltype(parse(std::string_view{})) {
    const auto value = text(name);
    if (!value) return {};
    auto parsed = parse(std::string_view(*value));
    if (!parsed) refuse(name, "unknown value \"" + *value + "\"");
    return parsed;
  }
  const boost::json::value* take(std::string_view name);

  /// Throws std::invalid_argument when a member was never read; `hint` may say why it was not.
  void done(std::string_view hint = {}) const;
  [[noreturn]] static void refuse(std::string_view name, std::string_view problem);

 private:
  boost::json::object object_;
  std::vector<std::string> known_;
};

/// nullopt: no base64 (RFC 4648, 4, with padding).
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace amazon_sandbox
