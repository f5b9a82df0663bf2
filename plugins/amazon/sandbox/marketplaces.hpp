#pragma once
// Amazon's marketplaces as the simulator knows them (developer-docs.amazon.com, marketplace ids).
// Constant data; any thread.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace amazon_sandbox {

enum class Region : std::uint8_t { kNorthAmerica, kEurope, kFarEast };

struct Marketplace {
  std::string_view code;     ///< Amazon's, "UK" where ISO says GB
  std::string_view country;  ///< ISO 3166-1
  std::string_view id;
  Region region;
  std::string_view currency;
  int decimals;               ///< of the currency
  int price_percent;          ///< of a price in euro cents, to look plausible in the currency
  int tax_basis_points;       ///< standard rate: 2100 is 21 %
  std::string_view language;  ///< "nl_NL"
  std::string_view domain;    ///< without "www."
  std::array<std::string_view, 2> order_prefixes;  ///< the first three digits of order ids
};

std::span<const Marketplace> all_marketplaces() noexcept;
/// nullptr when there is none.
const Marketplace* marketplace_by_id(std::string_view id) noexcept;
/// Takes Amazon's code, the ISO code or the id; nullptr when there is none.
const Marketplace* marketplace_by_name(std::string_view name) noexcept;
/// Its place in all_marketplaces().
std::uint8_t marketplace_index(const Marketplace& marketplace) noexcept;

/// "NA", "EU", "FE".
std::string_view region_name(Region region) noexcept;
std::optional<Region> region_by_name(std::string_view name) noexcept;

}  // namespace amazon_sandbox
