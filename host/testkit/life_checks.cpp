#include "host/testkit/check.hpp"

namespace marketplug::testkit {

std::vector<Check> life_checks() { return {}; }

}  // namespace marketplug::testkit
