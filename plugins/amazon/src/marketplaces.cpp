#include "src/marketplaces.hpp"

#include <algorithm>
#include <array>

namespace marketplug::amazon {
namespace {

constexpr Region kNA = Region::kNorthAmerica;
constexpr Region kEU = Region::kEurope;
constexpr Region kFE = Region::kFarEast;
constexpr std::string_view kUnified = "sellercentral-europe.amazon.com";

constexpr std::array<Marketplace, 23> kMarketplaces = {{
    {"CA", "A2EUQ1WTGCTBG2", "CA", "Canada", "CAD", kNA, "sellercentral.amazon.ca"},
    {"US", "ATVPDKIKX0DER", "US", "United States", "USD", kNA, "sellercentral.amazon.com"},
    {"MX", "A1AM78C64UM0Y8", "MX", "Mexico", "MXN", kNA, "sellercentral.amazon.com.mx"},
    {"BR", "A2Q3Y263D00KWC", "BR", "Brazil", "BRL", kNA, "sellercentral.amazon.com.br"},
    {"IE", "A28R8C7NBKEWEA", "IE", "Ireland", "EUR", kEU, "sellercentral.amazon.ie"},
    {"ES", "A1RKKUPIHCS9HS", "ES", "Spain", "EUR", kEU, kUnified},
    {"UK", "A1F83G8C2ARO7P", "GB", "United Kingdom", "GBP", kEU, kUnified},
    {"FR", "A13V1IB3VIYZZH", "FR", "France", "EUR", kEU, kUnified},
    {"BE", "AMEN7PMS3EDWL", "BE", "Belgium", "EUR", kEU, "sellercentral.amazon.com.be"},
    {"NL", "A1805IZSGTT6HS", "NL", "Netherlands", "EUR", kEU, "sellercentral.amazon.nl"},
    {"DE", "A1PA6795UKMFR9", "DE", "Germany", "EUR", kEU, kUnified},
    {"IT", "APJ6JRA9NG5V4", "IT", "Italy", "EUR", kEU, kUnified},
    {"SE", "A2NODRKZP88ZB9", "SE", "Sweden", "SEK", kEU, "sellercentral.amazon.se"},
    {"ZA", "AE08WJ6YKNBMC", "ZA", "South Africa", "ZAR", kEU, "sellercentral.amazon.co.za"},
    {"PL", "A1C3SOZRARQ6R3", "PL", "Poland", "PLN", kEU, "sellercentral.amazon.pl"},
    {"EG", "ARBP9OOSHTCHU", "EG", "Egypt", "EGP", kEU, "sellercentral.amazon.eg"},
    {"TR", "A33AVAJ2PDY3EV", "TR", "Turkey", "TRY", kEU, "sellercentral.amazon.com.tr"},
    {"SA", "A17E79C6D8DWNP", "SA", "Saudi Arabia", "SAR", kEU, "sellercentral.amazon.sa"},
    {"AE", "A2VIGQ35RCS4UG", "AE", "United Arab Emirates", "AED", kEU, "sellercentral.amazon.ae"},
    {"IN", "A21TJRUUN4KGV", "IN", "India", "INR", kEU, "sellercentral.amazon.in"},
    {"SG", "A19VAU5U5O7RUS", "SG", "Singapore", "SGD", kFE, "sellercentral.amazon.sg"},
    {"AU", "A39IBJ37TRP1C6", "AU", "Australia", "AUD", kFE, "sellercentral.amazon.com.au"},
    {"JP", "A1VC38T7YXB528", "JP", "Japan", "JPY", kFE, "sellercentral.amazon.co.jp"},
}};

struct Shopfront {
  std::string_view domain;  ///< what follows "amazon."
  std::string_view code;
};
constexpr std::array<Shopfront, 23> kShopfronts = {
    {{"ca", "CA"}, {"com", "US"},    {"com.mx", "MX"}, {"com.br", "BR"}, {"ie", "IE"},
     {"es", "ES"}, {"co.uk", "UK"},  {"fr", "FR"},     {"com.be", "BE"}, {"nl", "NL"},
     {"de", "DE"}, {"it", "IT"},     {"se", "SE"},     {"co.za", "ZA"},  {"pl", "PL"},
     {"eg", "EG"}, {"com.tr", "TR"}, {"sa", "SA"},     {"ae", "AE"},     {"in", "IN"},
     {"sg", "SG"}, {"com.au", "AU"}, {"co.jp", "JP"}}};
constexpr std::string_view kShopfrontName = "amazon.";

bool same_but_for_case(std::string_view text, std::string_view small) noexcept {
  return std::equal(text.begin(), text.end(), small.begin(), small.end(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
  });
}

}  // namespace

std::span<const Marketplace> all_marketplaces() noexcept { return kMarketplaces; }

const Marketplace* find_marketplace(std::string_view code_or_id) noexcept {
  for (const Marketplace& marketplace : kMarketplaces) {
    if (marketplace.id == code_or_id || marketplace.code == code_or_id ||
        marketplace.country == code_or_id) {
      return &marketplace;
    }
  }
  return nullptr;
}

const Marketplace* marketplace_of_channel(std::string_view name) noexcept {
  if (!same_but_for_case(name.substr(0, kShopfrontName.size()), kShopfrontName)) return nullptr;
  name.remove_prefix(kShopfrontName.size());
  for (const Shopfront& front : kShopfronts) {
    if (same_but_for_case(name, front.domain)) return find_marketplace(front.code);
  }
  return nullptr;
}

Region parse_region(std::string_view text) noexcept {
  if (text == "NA") return kNA;
  if (text == "EU") return kEU;
  if (text == "FE") return kFE;
  return Region::kUnknown;
}

std::string_view to_string(Region region) noexcept {
  switch (region) {
    case kNA:
      return "NA";
    case kEU:
      return "EU";
    case kFE:
      return "FE";
    case Region::kUnknown:
      break;
  }
  return "unknown";
}

std::string_view endpoint_of(Region region) noexcept {
  switch (region) {
    case kNA:
      return "https://sellingpartnerapi-na.amazon.com";
    case kEU:
      return "https://sellingpartnerapi-eu.amazon.com";
    case kFE:
      return "https://sellingpartnerapi-fe.amazon.com";
    case Region::kUnknown:
      break;
  }
  return {};
}

}  // namespace marketplug::amazon
