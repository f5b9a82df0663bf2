#include "host/testkit/check.hpp"

namespace marketplug::testkit {

std::vector<Check> rough_checks() { return {}; }

}  // namespace marketplug::testkit
