#pragma once
// Amazon's marketplaces: code, id, country, currency, region, Seller Central. Constant data, any
// thread. Source: Amazon's page "Marketplace IDs"; Seller Central hosts from its developer guide.

#include <cstdint>
#include <span>
#include <string_view>

namespace marketplug::amazon {

enum class Region : std::uint8_t { kUnknown = 0, kNorthAmerica, kEurope, kFarEast };

struct Marketplace {
  std::string_view code;      ///< Amazon's code: "UK", not "GB"
  std::string_view id;        ///< "A1F83G8C2ARO7P"
  std::string_view country;   ///< ISO 3166-1 alpha-2
  std::string_view name;      ///< for people
  std::string_view currency;  ///< ISO 4217; the Sellers API tells it at run time
  Region region = Region::kUnknown;
  std::string_view seller_central;  ///< host name
};

std::span<const Marketplace> all_marketplaces() noexcept;
/// By id, code or ISO country ("UK" and "GB" both); nullptr where there is none.
const Marketplace* find_marketplace(std::string_view code_or_id) noexcept;
/// By the name of a sales channel in reports ("Amazon.nl"), without case; nullptr for any other.
const Marketplace* marketplace_of_channel(std::string_view name) noexcept;

/// "NA", "EU", "FE"; kUnknown for anything else.
Region parse_region(std::string_view text) noexcept;
std::string_view to_string(Region region) noexcept;
/// Amazon's production endpoint of the Selling Partner API.
std::string_view endpoint_of(Region region) noexcept;
/// Amazon's token endpoint, for all regions.
inline constexpr std::string_view kLwaEndpoint = "https://api.amazon.com/auth/o2/token";

}  // namespace marketplug::amazon
