// getMarketplaceParticipations and getAccount of the Sellers API v1.

#include "plugins/amazon/sandbox/errors.hpp"
#include "plugins/amazon/sandbox/json_writer.hpp"
#include "plugins/amazon/sandbox/world.hpp"

namespace amazon_sandbox {
namespace {

/// For orders of other shops that Amazon fulfils: Amazon lists it beside the real marketplace (ids
/// and look from other people's software, not from Amazon's pages).
struct PseudoMarketplace {
  std::string_view country, id, domain;
};
constexpr PseudoMarketplace kNonAmazon[] = {
    {"DE", "A38D8NSA03LJTC", "si-prod-marketplace-de.stores.amazon.de"},
    {"ES", "AFQLKURYRPEL8", "si-prod-marketplace-es.stores.amazon.es"},
};

struct Listed {
  std::string_view id;
  std::string name, domain;
};

void write_participation(JsonWriter& json, const SellerSpec& seller, const Marketplace& marketplace,
                         const Listed& listed, Participation participation) {
  json.open_object();
  json.key("marketplace");
  json.open_object();
  json.member("id", listed.id);
  json.member("name", listed.name);
  json.member("countryCode", marketplace.country);
  json.member("defaultCurrencyCode", marketplace.currency);
  json.member("defaultLanguageCode", marketplace.language);
  json.member("domainName", listed.domain);
  json.close_object();
  json.member("storeName", seller.store_name);
  json.key("participation");
  json.open_object();
  json.key("isParticipating");
  json.boolean(participation.participating);
  json.key("hasSuspendedListings");
  json.boolean(participation.suspended_listings);
  json.close_object();
  json.close_object();
}

void write_participations(JsonWriter& json, const SellerSpec& seller) {
  json.open_array();
  for (const auto* marketplace : seller.marketplaces) {
    std::string name(marketplace->domain);
    name[0] = 'A';
    const auto special = seller.participations.find(marketplace);
    write_participation(json, seller, *marketplace,
                        {marketplace->id, name, "www." + std::string(marketplace->domain)},
                        special == seller.participations.end() ? Participation{} : special->second);
    for (const auto& pseudo : kNonAmazon) {
      if (pseudo.country != marketplace->country) continue;
      write_participation(
          json, seller, *marketplace,
          {pseudo.id, "Non-Amazon " + std::string(pseudo.country), std::string(pseudo.domain)}, {});
    }
  }
  json.close_array();
}

std::optional<Answer> refuse_parameters(const Call& call) {
  if (call.target.query.empty()) return std::nullopt;
  return Answer{invalid_input("Parameter " + call.target.query.front().first +
                              ": the operation has no such parameter")};
}

}  // namespace

Answer get_marketplace_participations(const World&, const Call& call) {
  if (auto refusal = refuse_parameters(call)) return std::move(*refusal);
  std::string body;
  JsonWriter json(body);
  json.open_object();
  json.key("payload");
  write_participations(json, call.seller);
  json.close_object();
  return {json_response(200, std::move(body))};
}

Answer get_account(const World&, const Call& call) {
  if (auto refusal = refuse_parameters(call)) return std::move(*refusal);
  constexpr std::string_view kAddress =
      R"({"addressLine1":"1 Example Street","city":"Nowhere","postalCode":"0000","countryCode":"NL"})";
  std::string body;
  JsonWriter json(body);
  json.open_object();
  json.key("payload");
  json.open_object();
  json.member("businessType", "PRIVATE_LIMITED");
  json.key("marketplaceParticipationList");
  write_participations(json, call.seller);
  json.member("sellingPlan", "PROFESSIONAL");
  json.key("business");
  json.open_object();
  json.member("name", call.seller.store_name);
  json.key("registeredBusinessAddress");
  json.raw(kAddress);
  json.member("companyRegistrationNumber", "00000000");
  json.close_object();
  json.key("primaryContact");
  json.open_object();
  json.member("name", "Zoë Verzonnen");
  json.key("address");
  json.raw(kAddress);
  json.close_object();
  json.close_object();
  json.close_object();
  return {json_response(200, std::move(body))};
}

}  // namespace amazon_sandbox
