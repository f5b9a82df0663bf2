#include "plugins/amazon/sandbox/marketplaces.hpp"

#include <algorithm>

namespace amazon_sandbox {
namespace {

constexpr auto kNa = Region::kNorthAmerica;
constexpr auto kEu = Region::kEurope;
constexpr auto kFe = Region::kFarEast;

// clang-format off
constexpr Marketplace kMarketplaces[] = {
    {"CA", "CA", "A2EUQ1WTGCTBG2", kNa, "CAD", 2, 150, 1300, "en_CA", "amazon.ca", {"701", "702"}},
    {"US", "US", "ATVPDKIKX0DER", kNa, "USD", 2, 110, 825, "en_US", "amazon.com", {"111", "114"}},
    {"MX", "MX", "A1AM78C64UM0Y8", kNa, "MXN", 2, 2000, 1600, "es_MX", "amazon.com.mx", {"701", "702"}},
    {"BR", "BR", "A2Q3Y263D00KWC", kNa, "BRL", 2, 600, 1700, "pt_BR", "amazon.com.br", {"701", "702"}},
    {"IE", "IE", "A28R8C7NBKEWEA", kEu, "EUR", 2, 100, 2300, "en_IE", "amazon.ie", {"204", "205"}},
    {"ES", "ES", "A1RKKUPIHCS9HS", kEu, "EUR", 2, 100, 2100, "es_ES", "amazon.es", {"404", "405"}},
    {"UK", "GB", "A1F83G8C2ARO7P", kEu, "GBP", 2, 86, 2000, "en_GB", "amazon.co.uk", {"202", "206"}},
    {"FR", "FR", "A13V1IB3VIYZZH", kEu, "EUR", 2, 100, 2000, "fr_FR", "amazon.fr", {"402", "403"}},
    {"BE", "BE", "AMEN7PMS3EDWL", kEu, "EUR", 2, 100, 2100, "fr_BE", "amazon.com.be", {"407", "408"}},
    {"NL", "NL", "A1805IZSGTT6HS", kEu, "EUR", 2, 100, 2100, "nl_NL", "amazon.nl", {"405", "406"}},
    {"DE", "DE", "A1PA6795UKMFR9", kEu, "EUR", 2, 100, 1900, "de_DE", "amazon.de", {"302", "028"}},
    {"IT", "IT", "APJ6JRA9NG5V4", kEu, "EUR", 2, 100, 2200, "it_IT", "amazon.it", {"403", "171"}},
    {"SE", "SE", "A2NODRKZP88ZB9", kEu, "SEK", 2, 1100, 2500, "sv_SE", "amazon.se", {"405", "407"}},
    {"ZA", "ZA", "AE08WJ6YKNBMC", kEu, "ZAR", 2, 2000, 1500, "en_ZA", "amazon.co.za", {"204", "205"}},
    {"PL", "PL", "A1C3SOZRARQ6R3", kEu, "PLN", 2, 430, 2300, "pl_PL", "amazon.pl", {"405", "407"}},
    {"EG", "EG", "ARBP9OOSHTCHU", kEu, "EGP", 2, 5500, 1400, "ar_EG", "amazon.eg", {"405", "407"}},
    {"TR", "TR", "A33AVAJ2PDY3EV", kEu, "TRY", 2, 4500, 2000, "tr_TR", "amazon.com.tr", {"405", "407"}},
    {"SA", "SA", "A17E79C6D8DWNP", kEu, "SAR", 2, 410, 1500, "ar_SA", "amazon.sa", {"405", "407"}},
    {"AE", "AE", "A2VIGQ35RCS4UG", kEu, "AED", 2, 400, 500, "en_AE", "amazon.ae", {"405", "407"}},
    {"IN", "IN", "A21TJRUUN4KGV", kEu, "INR", 2, 9500, 1800, "en_IN", "amazon.in", {"402", "408"}},
    {"SG", "SG", "A19VAU5U5O7RUS", kFe, "SGD", 2, 150, 900, "en_SG", "amazon.sg", {"503", "249"}},
    {"AU", "AU", "A39IBJ37TRP1C6", kFe, "AUD", 2, 170, 1000, "en_AU", "amazon.com.au", {"249", "250"}},
    {"JP", "JP", "A1VC38T7YXB528", kFe, "JPY", 0, 160, 1000, "ja_JP", "amazon.co.jp", {"249", "250"}},
};
// clang-format on

}  // namespace

std::span<const Marketplace> all_marketplaces() noexcept { return kMarketplaces; }

const Marketplace* marketplace_by_id(std::string_view id) noexcept {
  const auto* found = std::find_if(std::begin(kMarketplaces), std::end(kMarketplaces),
                                   [&](const Marketplace& m) { return m.id == id; });
  return found == std::end(kMarketplaces) ? nullptr : found;
}

const Marketplace* marketplace_by_name(std::string_view name) noexcept {
  const auto* found = std::find_if(
      std::begin(kMarketplaces), std::end(kMarketplaces),
      [&](const Marketplace& m) { return m.code == name || m.country == name || m.id == name; });
  return found == std::end(kMarketplaces) ? nullptr : found;
}

std::uint8_t marketplace_index(const Marketplace& marketplace) noexcept {
  return static_cast<std::uint8_t>(&marketplace - std::begin(kMarketplaces));
}

std::string_view region_name(Region region) noexcept {
  switch (region) {
    case Region::kNorthAmerica:
      return "NA";
    case Region::kEurope:
      return "EU";
    case Region::kFarEast:
      return "FE";
  }
  return "";
}

std::optional<Region> region_by_name(std::string_view name) noexcept {
  for (const auto region : {kNa, kEu, kFe}) {
    if (region_name(region) == name) return region;
  }
  return std::nullopt;
}

}  // namespace amazon_sandbox
