#pragma once
// What secrets look like when nobody told us their values: Amazon's tokens and client secrets,
// presigned URLs, Authorization values, credentials in URLs. Pure functions, any thread.

#include <cstddef>
#include <string_view>

namespace marketplug::services {

/// From some place in a text: so many bytes introduce a secret, so many are the secret itself.
struct SecretShape {
  std::size_t kept = 0;
  std::size_t masked = 0;  ///< 0: nothing secret starts here
};

SecretShape secret_shape_at(std::string_view text, std::size_t at) noexcept;

/// Whether a field of that name is a secret whatever its value looks like ("authorization").
bool secret_name(std::string_view name) noexcept;

}  // namespace marketplug::services
