#pragma once
// The settings of one shop, typed. Made once when the connector is created; read-only after that.
// Secrets are handles for services/secrets.hpp, never values.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "marketplug/result.hpp"
#include "src/marketplaces.hpp"

namespace marketplug::amazon {

struct Authorization {
  enum class Kind : std::uint8_t { kSelf = 1, kWebsite };
  Kind kind = Kind::kSelf;
  std::string seller_id;  ///< may be empty for kWebsite, before the seller has given consent
  std::string client_id;
  std::string client_secret;                ///< handle
  std::string refresh_token;                ///< handle; may be empty for kWebsite
  std::string previous_secret;              ///< handle; empty: none
  std::optional<TimePoint> previous_until;  ///< end of the last day on which it may be tried
  std::optional<TimePoint> secret_issued;
};

struct Endpoints {
  std::string api;  ///< without a slash at the end
  std::string lwa;
};

struct OrderSettings {
  bool pii_access = true;
  bool import_pending = true;
  bool fetch_customization = false;     ///< never without pii_access
  std::optional<TimePoint> start_date;  ///< 00:00 UTC of that day
};

struct Settings {
  Region region = Region::kUnknown;
  std::vector<const Marketplace*> marketplaces;  ///< at least one, each once, in the given order
  Authorization authorization;
  Endpoints endpoints;
  OrderSettings orders;
};

/// From the JSON that the host validated against settings.schema.json. Throws std::invalid_argument
/// ("/account/region: …") for what makes no sense all the same.
Settings parse_settings(std::string_view json);

/// Whether it looks like a merchant token: "A" and 5 to 20 capitals or digits.
bool is_seller_id(std::string_view text) noexcept;

}  // namespace marketplug::amazon
