#include "tests/testkit/variant/fault.hpp"

#include <algorithm>
#include <cstring>

namespace variant {
namespace {

__attribute__((used)) constinit volatile char mark[24] = "VIOLATION:none";

}  // namespace

bool breaks(const char* id) {
  char now[sizeof(mark)] = {};
  std::copy(std::begin(mark), std::end(mark), now);
  return std::strcmp(now + std::strlen("VIOLATION:"), id) == 0;
}

}  // namespace variant
