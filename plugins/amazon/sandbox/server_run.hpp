#pragma once
// The simulator as a program: HTTPS for its clients, plain HTTP on loopback for its control.
// Called from main.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "plugins/amazon/sandbox/marketplaces.hpp"
#include "plugins/amazon/sandbox/settings.hpp"

namespace amazon_sandbox {

struct ServeOptions {
  std::filesystem::path data;              ///< certificates and ready.json
  std::filesystem::path ready_file;        ///< a second place for ready.json; empty: none
  std::uint16_t port = 0, admin_port = 0;  ///< 0: any free one
  std::uint64_t seed = 1;
  std::size_t orders = 0;
  Region region = Region::kEurope;
  std::vector<const Marketplace*> marketplaces;  ///< of the seeded orders; empty: the region's
  std::chrono::milliseconds span = std::chrono::days(14);
  std::string until;  ///< ISO 8601: when the seeded orders end; empty: three minutes ago
  std::optional<std::chrono::milliseconds> within;  ///< all of them are found so soon
  Settings settings;
  bool gzip = false;
};

/// Serves until SIGTERM or SIGINT and returns 0. Throws std::exception with a text for people.
int serve(const ServeOptions& options);

}  // namespace amazon_sandbox
