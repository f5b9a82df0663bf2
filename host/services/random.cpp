#include <openssl/rand.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

#include "host/services/services.hpp"

namespace marketplug::services {
namespace {

class SystemRandom : public Random {
 public:
  std::uint64_t next() noexcept override {
    std::uint64_t value = 0;
    // Handles and nonces hang on this: a predictable number would be worse than an end.
    if (RAND_bytes(reinterpret_cast<unsigned char*>(&value), sizeof value) != 1) {
      std::fputs("marketplug: the system gives no random numbers; stopping\n", stderr);
      std::abort();
    }
    return value;
  }
};

}  // namespace

std::unique_ptr<Random> make_system_random() { return std::make_unique<SystemRandom>(); }

}  // namespace marketplug::services
