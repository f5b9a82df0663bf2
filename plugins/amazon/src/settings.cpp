#include "src/settings.hpp"

#include <algorithm>
#include <stdexcept>

#include "marketplug/model/time.hpp"
#include "src/json.hpp"
#include "src/text.hpp"

namespace marketplug::amazon {
namespace json = boost::json;
namespace {

constexpr std::string_view kScheme = "https://";

[[noreturn]] void refuse(std::string_view pointer, std::string_view why) {
  throw std::invalid_argument(std::string(pointer).append(": ").append(why));
}

const json::value& object_at(const json::value& of, std::string_view name,
                             std::string_view pointer) {
  const json::value* found = member(of, name);
  if (found == nullptr || !found->is_object()) refuse(pointer, "must be an object");
  return *found;
}

std::string required_text(const json::value& of, std::string_view name, std::string_view parent) {
  const std::string_view text = text_member(of, name);
  if (text.empty()) refuse(std::string(parent).append("/").append(name), "must be a text");
  return std::string(text);
}

/// "2026-10-01": the start of that day in UTC.
std::optional<TimePoint> date(const json::value& of, std::string_view name,
                              std::string_view parent) {
  const json::value* found = member(of, name);
  const std::string_view text = text_member(of, name);
  if (found == nullptr || (found->is_string() && text.empty())) return std::nullopt;
  const auto day = parse_time(std::string(text) + "T00:00:00Z");
  if (text.size() != 10 || !day) {
    refuse(std::string(parent).append("/").append(name), "must be a date such as 2026-10-01");
  }
  return day;
}

std::string endpoint(const json::value& endpoints, std::string_view name,
                     std::string_view fallback) {
  std::string url(text_member(endpoints, name));
  if (url.empty()) return std::string(fallback);
  if (!url.starts_with(kScheme) || url.size() == kScheme.size() ||
      url.find_first_of("?# \t\r\n") != std::string::npos) {
    refuse(std::string("/account/endpoints/").append(name),
           "must be an address that starts with https:// and has no query");
  }
  while (url.back() == '/') url.pop_back();
  return url;
}

/// Without a port, in small letters.
std::string host_of(std::string_view url) {
  url.remove_prefix(kScheme.size());
  return lower(url.substr(0, url.find_first_of("/:")));
}

/// Another region's endpoint answers, and refuses each marketplace with words about roles.
void refuse_other_region(std::string_view api, Region region) {
  const std::string asked = host_of(api);
  for (const Region other : {Region::kNorthAmerica, Region::kEurope, Region::kFarEast}) {
    const std::string host = host_of(endpoint_of(other));
    if (other == region || (asked != host && asked != "sandbox." + host)) continue;
    refuse("/account/endpoints/api", std::string("is Amazon's endpoint of region ")
                                         .append(to_string(other))
                                         .append(", the shop is set to ")
                                         .append(to_string(region))
                                         .append("; take the setting out, then ")
                                         .append(endpoint_of(region))
                                         .append(" is asked"));
  }
}

std::vector<const Marketplace*> marketplaces_of(const json::value& account, Region region) {
  const json::array* given = array_member(account, "marketplaces");
  if (given == nullptr || given->empty()) {
    refuse("/account/marketplaces", "must name at least one marketplace");
  }
  std::vector<const Marketplace*> found;
  for (std::size_t i = 0; i < given->size(); ++i) {
    const std::string pointer = "/account/marketplaces/" + std::to_string(i);
    const json::string* text = (*given)[i].if_string();
    const Marketplace* marketplace = text != nullptr ? find_marketplace(*text) : nullptr;
    if (marketplace == nullptr) refuse(pointer, "is no marketplace of Amazon that is known here");
    if (marketplace->region != region) {
      refuse(pointer, std::string(marketplace->code)
                          .append(" belongs to region ")
                          .append(to_string(marketplace->region))
                          .append(", the shop is set to ")
                          .append(to_string(region))
                          .append("; make a second shop for it"));
    }
    if (std::find(found.begin(), found.end(), marketplace) == found.end()) {
      found.push_back(marketplace);
    }
  }
  return found;
}

Authorization authorization_of(const json::value& account) {
  static constexpr std::string_view kAt = "/account/authorization";
  const json::value& given = object_at(account, "authorization", kAt);
  const std::string_view kind = text_member(given, "kind");
  if (kind != "self" && kind != "website") {
    refuse("/account/authorization/kind", "must be self or website");
  }
  Authorization out;
  out.kind = kind == "self" ? Authorization::Kind::kSelf : Authorization::Kind::kWebsite;
  out.client_id = required_text(given, "lwa_client_id", kAt);
  out.client_secret = required_text(given, "lwa_client_secret", kAt);
  if (out.kind == Authorization::Kind::kSelf) {
    out.seller_id = required_text(given, "seller_id", kAt);
    out.refresh_token = required_text(given, "refresh_token", kAt);
  } else {
    out.seller_id = text_member(given, "seller_id");
    out.refresh_token = text_member(given, "refresh_token");
  }
  out.previous_secret = text_member(given, "lwa_client_secret_previous");
  out.previous_until = date(given, "lwa_client_secret_previous_until", kAt);
  if (out.previous_until) *out.previous_until += std::chrono::hours(24);
  out.secret_issued = date(given, "lwa_client_secret_issued", kAt);
  return out;
}

}  // namespace

Settings parse_settings(std::string_view text) {
  std::string error;
  const auto document = JsonDocument::parse(text, error);
  if (!document) refuse("", "the settings are not JSON: " + error);
  const json::value& account = object_at(document->root(), "account", "/account");
  Settings settings;
  settings.region = parse_region(text_member(account, "region"));
  if (settings.region == Region::kUnknown) refuse("/account/region", "must be one of NA, EU, FE");
  settings.marketplaces = marketplaces_of(account, settings.region);
  settings.authorization = authorization_of(account);
  const json::value nothing;
  const json::value* endpoints = member(account, "endpoints");
  const json::value& addresses = endpoints != nullptr ? *endpoints : nothing;
  settings.endpoints.api = endpoint(addresses, "api", endpoint_of(settings.region));
  refuse_other_region(settings.endpoints.api, settings.region);
  settings.endpoints.lwa = endpoint(addresses, "lwa", kLwaEndpoint);
  if (const json::value* orders = member(document->root(), "orders")) {
    settings.orders.pii_access = bool_member(*orders, "pii_access", true);
    settings.orders.import_pending = bool_member(*orders, "import_pending", true);
    settings.orders.fetch_customization =
        settings.orders.pii_access && bool_member(*orders, "fetch_customization", false);
    settings.orders.start_date = date(*orders, "start_date", "/orders");
  }
  return settings;
}

bool is_seller_id(std::string_view text) noexcept {
  return text.size() >= 6 && text.size() <= 21 && text[0] == 'A' &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

}  // namespace marketplug::amazon
