#pragma once
// References to secrets and other values from outside: ${env:NAME} and ${file:path}. Here they are
// only recognised and placed; host/services resolves them. Pure functions, any thread. Internal to
// host/config.

#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "host/config/places.hpp"

namespace marketplug::config {

/// The whole text is one well-formed reference.
bool is_reference(std::string_view text) noexcept;
/// Whoever wrote it meant a reference, well-formed or not.
bool means_reference(std::string_view text) noexcept;
/// An absolute, normal path; what is relative starts at `folder`. Empty stays empty.
std::string absolute_path(const std::string& folder, const std::string& path);

/// Makes the paths of ${file:…} absolute and reports, in every text of a document, references that
/// are malformed or stand where nobody resolves them. `folder` empty: relative paths are refused.
void place_references(boost::json::value& document, const std::string& folder,
                      const MayRefer& may_refer, const Places& places,
                      std::vector<Problem>& problems);

}  // namespace marketplug::config
