#pragma once
// Tries a shop's settings live: token, marketplaces of the account, access to orders and to buyers'
// data. Reads only. Uses at most a few requests of the person's quota. One connector, one thread at
// a time.

#include <vector>

#include "marketplug/connector.hpp"
#include "src/lwa_client.hpp"
#include "src/orders_client.hpp"
#include "src/sellers_client.hpp"
#include "src/services.hpp"
#include "src/settings.hpp"

namespace marketplug::amazon {

class AccountCheck {
 public:
  /// All must outlive it.
  AccountCheck(const Settings& settings, const Services& services, LwaClient& lwa,
               SellersClient& sellers, OrdersClient& orders);

  /// See Connector::check.
  std::vector<Finding> run(StepContext& ctx);

 private:
  using Severity = Finding::Severity;
  Finding& add(Severity severity, std::string pointer, std::string message, std::string remedy);
  /// A failure as a finding: quota that is used up is a warning, everything else an error.
  Finding& add(const Failure& failure, std::string pointer, std::string_view operation);
  void check_seller_id();
  void check_secret_age();
  void check_start_date();
  void check_clock();
  bool check_token(StepContext& ctx);
  void check_marketplaces(StepContext& ctx);
  void check_orders(StepContext& ctx);
  void add_orders_failure(const Failure& failure);
  std::vector<std::string_view> sold_ids() const;
  void narrow(const Failure& refusal, StepContext& ctx);
  void check_marketplaces_one_by_one(const Failure& refusal, StepContext& ctx);
  void check_personal_data(const SearchPage& page);
  Result<SearchPage> probe(const std::vector<std::string_view>& marketplaces,
                           const std::vector<std::string_view>& included, StepContext& ctx);

  const Settings& settings_;
  const Services& services_;
  LwaClient& lwa_;
  SellersClient& sellers_;
  OrdersClient& orders_;
  /// Indexes of the settings' marketplaces that the account is not known not to sell in.
  std::vector<std::size_t> sold_in_;
  std::vector<Finding> findings_;
};

}  // namespace marketplug::amazon
