#pragma once
// A connector is one shop's link to its marketplace. The host creates one per shop, never runs two
// calls on one object at a time, and runs different shops side by side. A plugin may throw from any
// method but the noexcept ones: the host catches it and counts a bug (Failure::Kind::kInternal).

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "marketplug/host.hpp"
#include "marketplug/result.hpp"

namespace marketplug {

/// What a finding is about; empty members mean "all".
struct FindingScope {
  std::string marketplace;  ///< code or id
  std::string role;         ///< the marketplace's own name of a permission
  std::string operation;    ///< the marketplace's own name of an operation

  bool operator==(const FindingScope&) const = default;
};

/// One thing that a check found, good or bad.
struct Finding {
  enum class Severity : std::uint8_t { kNote = 0, kWarning, kError };
  Severity severity = Severity::kNote;
  std::string pointer;  ///< JSON pointer into the plugin's settings; empty: no single setting
  FindingScope scope;
  std::string message;  ///< place and cause
  std::string remedy;
  std::string link;  ///< a page that helps; may be empty

  bool operator==(const Finding&) const = default;
};

class Connector {
 public:
  virtual ~Connector() = default;
  /// Tries the settings live, by marketplace and role. May read, must not write.
  virtual std::vector<Finding> check(StepContext& ctx) = 0;
  /// The capability of that id, or nullptr. The same pointer on every ask.
  virtual void* query(std::string_view capability_id) noexcept = 0;
};

/// Saves authors the query(): class Amazon final : public ConnectorWith<OrderSource, StockSink>.
template <class... Capabilities>
class ConnectorWith : public Connector, public Capabilities... {
 public:
  static constexpr std::array<std::string_view, sizeof...(Capabilities)> kCapabilities{
      Capabilities::kId...};

  void* query(std::string_view id) noexcept final {
    void* found = nullptr;
    // Each base has its own address: the cast to the capability must come before the one to void*.
    ((found = id == Capabilities::kId ? static_cast<Capabilities*>(this) : found), ...);
    return found;
  }
};

}  // namespace marketplug
