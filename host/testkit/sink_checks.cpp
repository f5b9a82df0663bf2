#include "host/testkit/check.hpp"

namespace marketplug::testkit {

std::vector<Check> sink_checks() { return {}; }

}  // namespace marketplug::testkit
