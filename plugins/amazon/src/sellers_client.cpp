#include "src/sellers_client.hpp"

#include "src/answers.hpp"
#include "src/json.hpp"
#include "src/text.hpp"

namespace marketplug::amazon {
namespace json = boost::json;

Result<std::vector<Participation>> SellersClient::participations(StepContext& ctx) {
  auto answer = api_.get(kGetMarketplaceParticipations, "/sellers/v1/marketplaceParticipations", {},
                         QuotaPriority::kPerson, ctx);
  if (!answer) return answer.failure();
  std::string error;
  const auto document = JsonDocument::parse(answer.value().body, error);
  if (!document) return unreadable(kGetMarketplaceParticipations.name, answer.value(), error);
  const json::array* payload = array_member(document->root(), "payload");
  if (payload == nullptr) {
    return unreadable(kGetMarketplaceParticipations.name, answer.value(),
                      "there is no payload in it");
  }
  std::vector<Participation> out;
  for (const json::value& entry : *payload) {
    const json::value* marketplace = member(entry, "marketplace");
    if (marketplace == nullptr || text_member(*marketplace, "id").empty()) continue;
    Participation one;
    one.marketplace_id = shown(text_member(*marketplace, "id"), 40);
    one.name = shown(text_member(*marketplace, "name"), 80);
    one.country = shown(text_member(*marketplace, "countryCode"), 10);
    one.domain = shown(text_member(*marketplace, "domainName"), 80);
    if (const json::value* participation = member(entry, "participation")) {
      one.participating = bool_member(*participation, "isParticipating", false);
      one.suspended_listings = bool_member(*participation, "hasSuspendedListings", false);
    }
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace marketplug::amazon
