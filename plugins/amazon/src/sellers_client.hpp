#pragma once
// Amazon's Sellers API v1: which marketplaces the account takes part in. One connector, one thread
// at a time.

#include <string>
#include <vector>

#include "marketplug/host.hpp"
#include "marketplug/result.hpp"
#include "src/sp_api.hpp"

namespace marketplug::amazon {

struct Participation {
  std::string marketplace_id, name, country, domain;
  bool participating = false;
  bool suspended_listings = false;
};

class SellersClient {
 public:
  explicit SellersClient(SpApi& api) : api_(api) {}
  /// As Amazon lists them; entries without an id are left out.
  Result<std::vector<Participation>> participations(StepContext& ctx);

 private:
  SpApi& api_;
};

}  // namespace marketplug::amazon
