#pragma once
// A stateful simulator of Amazon's Selling Partner API and of Login with Amazon: requests in,
// answers out, without sockets and without real time. As strict as Amazon's models and as mean.
// Any thread, also at once; the clock must outlive it. Independent of the plugin it tests.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "marketplug/services/clock.hpp"
#include "plugins/amazon/sandbox/accounts.hpp"
#include "plugins/amazon/sandbox/faults.hpp"
#include "plugins/amazon/sandbox/order_store.hpp"
#include "plugins/amazon/sandbox/request.hpp"
#include "plugins/amazon/sandbox/returns.hpp"
#include "plugins/amazon/sandbox/settings.hpp"
#include "plugins/amazon/sandbox/statistics.hpp"

namespace amazon_sandbox {

/// The application and the seller that every simulator starts with. Invented, and no secret.
struct Credentials {
  std::string client_id = "amzn1.application-oa2-client.5a4db0c5a4db0c5a4db0c5a4db0c5a4d";
  std::string client_secret = "amzn1.oa2-cs.v1.simulated-and-no-secret";
  std::string refresh_token = "Atzr|simulated-and-no-secret";
  std::string seller_id = "A1SANDBOXSELLER";
};

class Simulator {
 public:
  /// The first seller sells in every marketplace of the region and has all roles.
  explicit Simulator(const marketplug::Clock& clock, std::uint64_t seed = 1,
                     Region region = Region::kEurope);
  ~Simulator();
  Simulator(const Simulator&) = delete;
  Simulator& operator=(const Simulator&) = delete;

  /// What Amazon would answer.
  Response handle(const Request& request);
  /// The control interface as JSON over HTTP, for a port that only loopback reaches.
  Response handle_admin(const Request& request);

  /// The functions below throw std::invalid_argument or std::out_of_range with a text for people.
  /// An empty seller id means the first seller.
  /// Later orders are placed in the plan's marketplaces too; a count of 0 only says where.
  void seed_orders(const SeedPlan& plan, std::string_view seller_id = {});
  /// `marketplace` nullptr: drawn from those of seed_orders, else from the seller's. Times default
  /// to now.
  std::string add_order(NewOrder order, std::string_view seller_id = {});
  /// The order's marketplaces are the seller's.
  std::string add_raw_order(RawOrder order, std::string_view seller_id = {});
  void change_order(std::string_view id, OrderChange change);
  /// Whether searches show all there is, and when they will.
  Unsettled unsettled() const;
  /// From now on they do.
  void settle();
  std::vector<OrderSummary> orders(std::string_view seller_id = {}) const;
  /// What a buyer sends back, with what was drawn; of the order's seller.
  CustomerReturn add_return(const NewReturn& given);
  void change_return(std::string_view rma_id, const ReturnChange& change);
  std::vector<CustomerReturn> returns(std::string_view seller_id = {}) const;
  /// Everything about the order, as an account with all roles reads it now.
  std::string order_json(std::string_view id) const;

  void inject(const Fault& fault);
  void clear_faults();
  void configure(const Settings& settings);
  Settings settings() const;
  void add_seller(const SellerSpec& seller);
  /// Applications, authorisations, roles and tokens. As thread-safe as this object.
  Accounts& accounts();
  Statistics statistics() const;
  void reset_statistics();
  /// Faults, statistics and quotas as at the start; orders, accounts and settings stay.
  void reset();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace amazon_sandbox
