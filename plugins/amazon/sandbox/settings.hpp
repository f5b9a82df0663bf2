#pragma once
// What can be set about the simulator, at its start and while it runs. Plain values.

#include <chrono>
#include <cstdint>
#include <optional>

namespace amazon_sandbox {

/// What becomes of a request for a data set that the account has no role for. Amazon does not say
/// which it is, so a client must live with all three.
enum class MissingRole : std::uint8_t { kOmit, kForbidden, kBadRequest };

struct Settings {
  std::optional<double> quota_factor = 1.0;  ///< multiplies the published rates; nullopt: no limits
  /// An order that was added or changed is found by searches only so long after its change; drawn
  /// anew for every change between the two.
  std::chrono::milliseconds visible_after_min{0}, visible_after_max{0};
  bool pending_details = false;  ///< prices and addresses of pending orders
  MissingRole missing_role = MissingRole::kOmit;
  bool rotate_refresh_tokens = false;  ///< every refresh gives a new one and ends the old
};

}  // namespace amazon_sandbox
