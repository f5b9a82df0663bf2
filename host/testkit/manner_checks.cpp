#include "host/testkit/check.hpp"

namespace marketplug::testkit {

std::vector<Check> manner_checks() { return {}; }

}  // namespace marketplug::testkit
