#pragma once
// The references in a shop's settings, resolved. Reads environment and files; any thread.

#include <boost/json/object.hpp>
#include <vector>

#include "host/config/config.hpp"
#include "host/config/plugin_settings.hpp"

namespace marketplug::api {

/// Puts in the values of references that are no secrets (those are asked for by handle). Problems,
/// without file and line: what does not resolve, and values that their schema refuses.
std::vector<config::Problem> resolve_settings(boost::json::object& settings,
                                              const config::PluginSettings& typed);

/// The problems that resolving all of them has now, secrets too. The values are forgotten.
std::vector<config::Problem> check_references(const boost::json::object& settings,
                                              const config::PluginSettings& typed);

}  // namespace marketplug::api
