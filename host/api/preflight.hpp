#pragma once
// What can be said of a shop without asking its marketplace: one list of findings, for `check` and
// for whoever wants to enable the shop. Any thread.

#include <boost/json/array.hpp>
#include <string>
#include <vector>

#include "host/api/operation.hpp"
#include "host/store/types.hpp"
#include "marketplug/connector.hpp"

namespace marketplug::api {

/// Views of findings (views.hpp), in the order of what a person should mend first.
using Findings = boost::json::array;

Finding make_finding(Finding::Severity severity, std::string message, std::string remedy);
bool has_errors(const Findings& findings);
/// Whether some finding says it already, perhaps among other things.
bool says(const Findings& findings, const std::string& message);

/// The shop's document, its plugin, its references, what this version cannot do, and what its
/// orders say. A shop is not enabled while it has an error. `plugins`: those that were found.
Findings preflight(const Call& call, const store::ShopRecord& shop,
                   const std::vector<loading::PluginFile>& plugins);

}  // namespace marketplug::api
