#include "src/marketplace_options.hpp"

#include "src/answers.hpp"
#include "src/text.hpp"

namespace marketplug::amazon {
namespace {

Option option_of(const Participation& participation, Region region) {
  const Marketplace* known = find_marketplace(participation.marketplace_id);
  Option option;
  option.value = known != nullptr ? std::string(known->code) : participation.marketplace_id;
  option.label = known != nullptr ? std::string(known->name) : participation.name;
  if (known != nullptr && !participation.name.empty())
    option.label += " (" + participation.name + ")";
  option.group = known != nullptr ? std::string(to_string(known->region)) : std::string();
  if (known == nullptr) {
    option.usable = false;
    option.note = "This version does not know this marketplace.";
  } else if (known->region != region) {
    option.usable = false;
    option.note = "It belongs to another region; make a second shop for it.";
  } else if (!participation.participating) {
    option.usable = false;
    option.note = "The account does not sell there.";
  } else if (participation.suspended_listings) {
    option.note = "The listings there are inactive at the moment.";
  }
  return option;
}

}  // namespace

Result<std::vector<Option>> marketplace_options(std::string_view catalogue,
                                                const Settings& settings, SellersClient& sellers,
                                                StepContext& ctx) {
  if (catalogue != "marketplaces") {
    return failed(Failure::Kind::kConfig, "unknown_catalogue",
                  "The Amazon plugin has no catalogue \"" + shown(catalogue, 60) + "\".",
                  "It has: marketplaces.");
  }
  auto found = sellers.participations(ctx);
  if (!found) return found.failure();
  std::vector<Option> options;
  for (const Participation& participation : found.value()) {
    options.push_back(option_of(participation, settings.region));
  }
  return options;
}

}  // namespace marketplug::amazon
