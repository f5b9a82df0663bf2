#pragma once
// A failure that ends when a person changes something. Values, any thread.

#include <string>
#include <utility>

#include "marketplug/result.hpp"

namespace marketplug::services {

inline Failure config_failure(std::string code, std::string message, std::string remedy) {
  Failure failure;
  failure.kind = Failure::Kind::kConfig;
  failure.code = std::move(code);
  failure.message = std::move(message);
  failure.remedy = std::move(remedy);
  return failure;
}

}  // namespace marketplug::services
