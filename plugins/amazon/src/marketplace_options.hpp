#pragma once
// The live catalogue "marketplaces" for settings: what the account takes part in. One connector,
// one thread at a time.

#include <string_view>
#include <vector>

#include "marketplug/capabilities/options_source.hpp"
#include "src/sellers_client.hpp"
#include "src/settings.hpp"

namespace marketplug::amazon {

/// See OptionsSource. Other catalogues than "marketplaces": kConfig, code "unknown_catalogue".
Result<std::vector<Option>> marketplace_options(std::string_view catalogue,
                                                const Settings& settings, SellersClient& sellers,
                                                StepContext& ctx);

}  // namespace marketplug::amazon
