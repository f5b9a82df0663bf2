#pragma once
// The checks of docs/design/plugin-abi.md by number, and which one each reason belongs to. Pure
// functions, any thread.

#include <span>
#include <string_view>
#include <vector>

#include "host/loading/plugin.hpp"

namespace marketplug::loading {

struct Check {
  int number = 0;
  std::string_view name;  ///< for a person
};

/// All that a file alone can pass: 1 to 10 without 5, which asks for shops.
std::span<const Check> file_checks() noexcept;

/// The number of the check that gives this reason; 0 where no check does (quarantine). Of what a
/// trial finds it is the trial's, although loading here (9) has the same codes.
int check_of(const PluginReason& reason) noexcept;

enum class CheckResult : std::uint8_t { kPassed = 0, kFailed, kNotReached };
std::string_view to_string(CheckResult result) noexcept;

/// How the file did, one result for each of file_checks(). What stands in the way of others: a file
/// that cannot be read or is no plugin is not judged further, and a refused one is never loaded.
std::vector<CheckResult> results_of(const PluginFile& file);

}  // namespace marketplug::loading
