// Every check of the kit, group by group.
#include <algorithm>
#include <iterator>

#include "host/testkit/check.hpp"

namespace marketplug::testkit {

std::span<const Check> all_checks() {
  static const std::vector<Check> kAll = [] {
    std::vector<Check> all;
    for (const auto group :
         {file_checks, fact_checks, life_checks, step_checks, place_checks, audit_checks,
          return_checks, sink_checks, verify_checks, weather_checks, answer_checks, token_checks,
          manner_checks, rough_checks}) {
      auto checks = group();
      std::move(checks.begin(), checks.end(), std::back_inserter(all));
    }
    return all;
  }();
  return kAll;
}

const Check* find_check(std::string_view id) {
  const auto all = all_checks();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Check& check) { return check.id == id; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace marketplug::testkit
