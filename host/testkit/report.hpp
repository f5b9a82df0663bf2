#pragma once
// What the kit has found, for people and for machines. Pure functions, any thread.

#include <string>
#include <vector>

#include "host/testkit/runner.hpp"

namespace marketplug::testkit {

/// One check, as it ends: a line, and a line for each fault.
std::string line_of(const Ran& ran);
/// The last lines: counts, the seed, whether the plugin conforms.
std::string summary_of(const std::vector<Ran>& all, const Subject& subject);
/// schemas/conformance-report.schema.json.
std::string json_report(const std::vector<Ran>& all, const Subject& subject);
/// As most CI systems read it. A recommended check that failed is no failure there, but in
/// system-out.
std::string junit_report(const std::vector<Ran>& all, const Subject& subject);
/// No required check has failed.
bool conforms(const std::vector<Ran>& all);

}  // namespace marketplug::testkit
