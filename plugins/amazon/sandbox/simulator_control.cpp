// What tests and the control interface may do to the simulator.

#include <algorithm>
#include <stdexcept>

#include "plugins/amazon/sandbox/simulator_impl.hpp"

namespace amazon_sandbox {
namespace {

/// Order numbers of different sellers lie so far apart.
constexpr std::uint64_t kSellerStride = 1'000'000'000;

std::invalid_argument not_sold_in(const Marketplace& marketplace, const SellerSpec& seller) {
  std::string there;
  for (const auto* each : seller.marketplaces) {
    there.append(there.empty() ? "" : ", ").append(each->code);
  }
  return std::invalid_argument("the seller does not sell in " + std::string(marketplace.code) +
                               ", but in " + there);
}

bool is_default(TimePoint time) noexcept { return time == TimePoint{}; }

}  // namespace

OrderStore& Simulator::Impl::store(std::string_view seller_id) const {
  const auto found = world.orders.find(seller_id.empty() ? world.first_seller : seller_id);
  if (found == world.orders.end()) {
    std::string known;
    for (const auto& [id, orders] : world.orders)
      known.append(known.empty() ? "" : ", ").append(id);
    throw std::out_of_range("no seller " + std::string(seller_id) + "; there are " + known);
  }
  return *found->second;
}

OrderStore& Simulator::Impl::store_of_order(std::string_view order_id) const {
  for (const auto& [seller, orders] : world.orders) {
    if (orders->find(order_id)) return *orders;
  }
  throw std::out_of_range("no order " + std::string(order_id) + "; GET /orders lists them");
}

Simulator::Simulator(const marketplug::Clock& clock, std::uint64_t seed, Region region)
    : impl_(std::make_unique<Impl>(clock, seed)) {
  const Credentials first;
  accounts().add_application(first.client_id, first.client_secret);
  SellerSpec seller;
  seller.id = first.seller_id;
  seller.store_name = "Simulated Store";
  seller.region = region;
  for (const auto& marketplace : all_marketplaces()) {
    if (marketplace.region == region) seller.marketplaces.push_back(&marketplace);
  }
  seller.roles = {std::string(role::kInventory), std::string(role::kDelivery),
                  std::string(role::kTaxInvoicing), std::string(role::kTaxRemittance)};
  add_seller(seller);
  accounts().authorize(first.client_id, first.seller_id, first.refresh_token);
}

Simulator::~Simulator() = default;

void Simulator::add_seller(const SellerSpec& seller) {
  if (seller.id.empty()) throw std::invalid_argument("a seller needs an id");
  for (const auto* marketplace : seller.marketplaces) {
    if (marketplace->region != seller.region) {
      throw std::invalid_argument("marketplace " + std::string(marketplace->code) +
                                  " is not in region " + std::string(region_name(seller.region)) +
                                  "; a seller account has one region");
    }
  }
  auto& world = impl_->world;
  const std::unique_lock lock(world.mutex);
  if (world.orders.contains(seller.id)) {
    throw std::invalid_argument("seller " + seller.id + " exists already; choose another id");
  }
  if (world.first_seller.empty()) world.first_seller = seller.id;
  world.orders[seller.id] =
      std::make_unique<OrderStore>(world.seed, world.orders.size() * kSellerStride);
  world.accounts.add_seller(seller);
}

void Simulator::seed_orders(const SeedPlan& given, std::string_view seller_id) {
  const std::unique_lock lock(impl_->world.mutex);
  auto& store = impl_->store(seller_id);
  auto plan = given;
  const auto seller =
      impl_->world.accounts.seller(seller_id.empty() ? impl_->world.first_seller : seller_id);
  if (plan.marketplaces.empty()) plan.marketplaces = seller->marketplaces;
  for (const auto* marketplace : plan.marketplaces) {
    if (std::find(seller->marketplaces.begin(), seller->marketplaces.end(), marketplace) ==
        seller->marketplaces.end()) {
      throw not_sold_in(*marketplace, *seller);
    }
  }
  plan.start = impl_->world.clock.now();
  if (is_default(plan.until)) plan.until = plan.start - std::chrono::minutes(3);
  store.seed(plan);
  impl_->world.homes[seller->id] = plan.marketplaces;
}

std::string Simulator::add_order(NewOrder order, std::string_view seller_id) {
  const std::unique_lock lock(impl_->world.mutex);
  auto& world = impl_->world;
  auto& store = impl_->store(seller_id);
  const auto seller = world.accounts.seller(seller_id.empty() ? world.first_seller : seller_id);
  if (order.marketplace == nullptr) {
    const auto home = world.homes.find(seller->id);
    const auto& choice = home != world.homes.end() ? home->second : seller->marketplaces;
    order.marketplace = Draw(mix(order.seed.value_or(store.size()))).pick(choice);
  }
  if (std::find(seller->marketplaces.begin(), seller->marketplaces.end(), order.marketplace) ==
      seller->marketplaces.end()) {
    throw not_sold_in(*order.marketplace, *seller);
  }
  if (is_default(order.updated)) order.updated = world.clock.now();
  if (is_default(order.created)) order.created = order.updated;
  order.visible_after = impl_->visibility(order.visible_after);
  return store.add(order);
}

std::string Simulator::add_raw_order(RawOrder order, std::string_view seller_id) {
  const std::unique_lock lock(impl_->world.mutex);
  auto& world = impl_->world;
  auto& store = impl_->store(seller_id);
  order.marketplaces =
      world.accounts.seller(seller_id.empty() ? world.first_seller : seller_id)->marketplaces;
  order.visible_after = impl_->visibility(order.visible_after);
  return store.add_raw(order);
}

void Simulator::change_order(std::string_view id, OrderChange change) {
  const std::unique_lock lock(impl_->world.mutex);
  auto& store = impl_->store_of_order(id);
  const auto now = impl_->world.clock.now();
  if (is_default(change.at)) change.at = now;
  change.visible_after = impl_->visibility(change.visible_after);
  store.change(id, change, now);
}

Unsettled Simulator::unsettled() const {
  const std::shared_lock lock(impl_->world.mutex);
  const auto now = impl_->world.clock.now();
  Unsettled all{0, now};
  for (const auto& [seller, orders] : impl_->world.orders) {
    const auto one = orders->unsettled(now);
    all.hidden += one.hidden;
    all.all_visible_at = std::max(all.all_visible_at, one.all_visible_at);
  }
  return all;
}

void Simulator::settle() {
  const std::unique_lock lock(impl_->world.mutex);
  const auto now = impl_->world.clock.now();
  for (const auto& [seller, orders] : impl_->world.orders) orders->settle(now);
}

std::vector<OrderSummary> Simulator::orders(std::string_view seller_id) const {
  const std::shared_lock lock(impl_->world.mutex);
  const auto& store = impl_->store(seller_id);
  std::vector<OrderSummary> result;
  result.reserve(store.size());
  for (std::uint32_t i = 0; i < store.size(); ++i) result.push_back(store.summary(i));
  return result;
}

std::string Simulator::order_json(std::string_view id) const {
  const std::shared_lock lock(impl_->world.mutex);
  const auto& store = impl_->store_of_order(id);
  View view;
  view.pending_details = impl_->world.settings.pending_details;
  view.now = impl_->world.clock.now();
  std::string text;
  store.render(store.newest(store.find(id).value()), view, text);
  return text;
}

void Simulator::inject(const Fault& fault) { impl_->world.faults.inject(fault); }
void Simulator::clear_faults() { impl_->world.faults.clear(); }

void Simulator::configure(const Settings& settings) {
  check_settings(settings);
  const std::unique_lock lock(impl_->world.mutex);
  impl_->world.settings = settings;
  impl_->world.quotas.set_factor(settings.quota_factor);
  impl_->world.quotas.set_plans(settings.quotas);
  impl_->world.accounts.rotate_refresh_tokens(settings.rotate_refresh_tokens);
}

Settings Simulator::settings() const {
  const std::shared_lock lock(impl_->world.mutex);
  return impl_->world.settings;
}

Accounts& Simulator::accounts() { return impl_->world.accounts; }
Statistics Simulator::statistics() const { return impl_->world.statistics.snapshot(); }
void Simulator::reset_statistics() { impl_->world.statistics.reset(); }

void Simulator::reset() {
  impl_->world.faults.clear();
  impl_->world.statistics.reset();
  impl_->world.quotas.reset();
}

}  // namespace amazon_sandbox
