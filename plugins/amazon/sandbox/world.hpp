#pragma once
// What the simulator's APIs share: the truth and its locks. Internal to the simulator's core.
// Any thread, under the rules beside the members.

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

#include "marketplug/services/clock.hpp"
#include "plugins/amazon/sandbox/accounts.hpp"
#include "plugins/amazon/sandbox/faults.hpp"
#include "plugins/amazon/sandbox/http_text.hpp"
#include "plugins/amazon/sandbox/operations.hpp"
#include "plugins/amazon/sandbox/order_store.hpp"
#include "plugins/amazon/sandbox/quota.hpp"
#include "plugins/amazon/sandbox/report_shelf.hpp"
#include "plugins/amazon/sandbox/returns.hpp"
#include "plugins/amazon/sandbox/settings.hpp"
#include "plugins/amazon/sandbox/statistics.hpp"

namespace amazon_sandbox {

struct World {
  World(const marketplug::Clock& time, std::uint64_t number)
      : clock(time), seed(number), accounts(number) {}

  const marketplug::Clock& clock;
  const std::uint64_t seed;
  Accounts accounts;
  QuotaBook quotas;
  FaultBook faults;
  StatisticsBook statistics;
  std::atomic<std::uint64_t> requests{0}, changes{0};

  mutable std::shared_mutex mutex;  ///< guards what follows
  Settings settings;
  std::string first_seller;
  std::map<std::string, std::unique_ptr<OrderStore>, std::less<>> orders;  ///< by seller
  std::map<std::string, ReportShelf, std::less<>> reports;                 ///< by seller
  std::map<std::string, ReturnBook, std::less<>> returns;                  ///< by seller
  std::uint64_t serial = 0;  ///< of reports and listings, so that no two names are the same
  /// Where a seller's orders are placed unless said otherwise, by seller.
  std::map<std::string, std::vector<const Marketplace*>, std::less<>> homes;
};

/// A request that has passed the door: known operation, valid token, quota left.
struct Call {
  const Request& request;
  const Target& target;
  const std::string& argument;  ///< what stood for the path's placeholder
  const Caller& caller;
  const SellerSpec& seller;
  TimePoint now{};
  // Injected faults:
  bool repeat_order = false, repeat_token = false, same_page = false;
  std::uint64_t short_page = 0;  ///< how often it has struck; 0: it does not
  std::uint64_t number = 0;      ///< of the request
};

/// An answer and how many orders it carries, for the statistics.
struct Answer {
  Response response;
  std::uint64_t orders = 0;
};

Answer search_orders(const World& world, const Call& call);
Answer get_order(const World& world, const Call& call);
Answer get_marketplace_participations(const World& world, const Call& call);
Answer get_account(const World& world, const Call& call);
Answer create_report(World& world, const Call& call);
Answer get_report(const World& world, const Call& call);
Answer get_reports(World& world, const Call& call);
Answer cancel_report(World& world, const Call& call);
Answer get_report_document(const World& world, const Call& call);

}  // namespace amazon_sandbox
