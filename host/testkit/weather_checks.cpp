#include "host/testkit/check.hpp"

namespace marketplug::testkit {

std::vector<Check> weather_checks() { return {}; }

}  // namespace marketplug::testkit
