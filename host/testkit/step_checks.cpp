#include "host/testkit/check.hpp"

namespace marketplug::testkit {

std::vector<Check> step_checks() { return {}; }

}  // namespace marketplug::testkit
