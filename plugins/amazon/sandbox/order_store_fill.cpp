// How orders come into the store: seeded, added, given as JSON.

#include <algorithm>
#include <stdexcept>

#include "marketplug/model/time.hpp"
#include "plugins/amazon/sandbox/draw.hpp"
#include "plugins/amazon/sandbox/order_changed.hpp"

namespace amazon_sandbox {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

/// The text at a path of members; empty where there is none.
std::string_view text_at(const boost::json::object& object,
                         std::initializer_list<std::string_view> path) {
  const boost::json::object* level = &object;
  for (const auto name : path) {
    const auto* found = level->if_contains(name);
    if (found == nullptr) return {};
    if (const auto* text = found->if_string()) return {text->data(), text->size()};
    level = found->if_object();
    if (level == nullptr) return {};
  }
  return {};
}

Status draw_status(Draw& draw, FulfilledBy by) {
  const auto share = draw.below(1000);
  if (share < 5) return Status::kPendingAvailability;
  if (share < 60) return Status::kPending;
  if (share < 360) return Status::kUnshipped;
  if (share < 400) {
    return by == FulfilledBy::kMerchant ? Status::kPartiallyShipped : Status::kShipped;
  }
  if (share < 920) return Status::kShipped;
  if (share < 995 || by == FulfilledBy::kMerchant) return Status::kCancelled;
  return Status::kUnfulfillable;
}

/// How long after the order its status came about.
milliseconds draw_life(Draw& draw, Status status) {
  const auto within = [&](milliseconds low, milliseconds high) {
    return milliseconds(draw.between(low.count(), high.count()));
  };
  switch (status) {
    case Status::kPendingAvailability:
    case Status::kPending:
      return within(milliseconds(0), minutes(2));
    case Status::kUnshipped:
      return within(minutes(20), hours(2));
    case Status::kCancelled:
      return within(minutes(10), hours(30));
    default:
      return within(hours(4), hours(72));
  }
}

}  // namespace

OrderStore::Record OrderStore::draw_record(std::uint64_t seed, const SeedPlan& plan,
                                           std::size_t number) const {
  Draw draw(seed ^ 0x6661637473);
  Record record;
  record.seed = seed;
  record.marketplace = marketplace_index(*draw.pick(plan.marketplaces));
  record.fulfilled_by = draw.per_mille(220) ? FulfilledBy::kAmazon : FulfilledBy::kMerchant;
  auto& version = record.newest;
  version.status = draw_status(draw, record.fulfilled_by);
  const auto slot = plan.span / static_cast<std::int64_t>(std::max<std::size_t>(plan.count, 1));
  record.created = plan.until - plan.span + slot * static_cast<std::int64_t>(number) +
                   milliseconds(draw.between(0, std::max<std::int64_t>(slot.count() - 1, 0)));
  version.updated = record.created + draw_life(draw, version.status);
  if (version.updated > plan.until) {
    version.updated =
        record.created + milliseconds(draw.between(0, (plan.until - record.created).count()));
  }
  if (draw.per_mille(300)) {
    version.updated = std::max(
        record.created, TimePoint(std::chrono::floor<std::chrono::seconds>(version.updated)));
  }
  // Drawn apart, so that the orders are the same however late they are.
  Draw lateness(seed ^ 0x6c617465);
  version.visible = version.updated +
                    milliseconds(lateness.between(plan.late_min.count(), plan.late_max.count()));
  if (plan.within) {
    version.visible = std::min(
        version.visible, plan.start + milliseconds(lateness.between(0, plan.within->count())));
  }
  return record;
}

void OrderStore::seed(const SeedPlan& plan) {
  if (plan.count == 0) return;
  if (plan.marketplaces.empty()) throw std::invalid_argument("no marketplace to seed orders in");
  if (plan.late_min.count() < 0 || plan.late_min > plan.late_max ||
      plan.within.value_or(milliseconds(0)).count() < 0) {
    throw std::invalid_argument("the lateness of seeded orders needs 0 <= minimum <= maximum");
  }
  records_.reserve(records_.size() + plan.count);
  for (std::size_t i = 0; i < plan.count; ++i) {
    const auto number = first_number_ + records_.size();
    auto record = draw_record(mix(seed_ ^ mix(number)), plan, i);
    const auto index = static_cast<std::uint32_t>(records_.size());
    by_created_.push_back({record.created, {index, 0}});
    by_updated_.push_back({record.newest.updated, {index, 0}});
    records_.push_back(std::move(record));
  }
  std::sort(by_created_.begin(), by_created_.end());
  std::sort(by_updated_.begin(), by_updated_.end());
}

std::uint32_t OrderStore::append(Record record) {
  const auto index = static_cast<std::uint32_t>(records_.size());
  for (auto& [keys, time] :
       {std::pair{&by_created_, record.created}, std::pair{&by_updated_, record.newest.updated}}) {
    const Position key{time, {index, 0}};
    keys->insert(std::upper_bound(keys->begin(), keys->end(), key), key);
  }
  records_.push_back(std::move(record));
  return index;
}

std::string OrderStore::add(const NewOrder& given) {
  const auto seed = given.seed.value_or(mix(seed_ ^ mix(first_number_ + records_.size())));
  Draw draw(seed ^ 0x6164646564);
  if (given.marketplace == nullptr) throw std::invalid_argument("an order needs a marketplace");
  Record record;
  record.seed = seed;
  record.marketplace = marketplace_index(*given.marketplace);
  const bool unfulfillable = given.status == Status::kUnfulfillable;
  record.fulfilled_by =
      given.fulfilled_by.value_or(unfulfillable ? FulfilledBy::kAmazon : FulfilledBy::kMerchant);
  if (unfulfillable && record.fulfilled_by != FulfilledBy::kAmazon) {
    throw std::invalid_argument(
        "only orders that Amazon fulfils are UNFULFILLABLE: leave out "
        "\"fulfilled_by\", or give \"AMAZON\"");
  }
  record.hidden = given.hidden;
  record.created = given.created;
  record.newest.status =
      given.status.value_or(draw.per_mille(100) ? Status::kPending : Status::kUnshipped);
  record.newest.updated = given.updated;
  record.newest.visible = given.updated + given.visible_after.value_or(milliseconds(0));
  return id_of(append(std::move(record)));
}

std::string OrderStore::add_raw(const RawOrder& given) {
  auto object = parse_object(given.json, "the order");
  std::string id(text_at(object, {"orderId"}));
  const auto created = marketplug::parse_time(text_at(object, {"createdTime"}));
  const auto updated = marketplug::parse_time(text_at(object, {"lastUpdatedTime"}));
  const auto* marketplace = marketplace_by_id(text_at(object, {"salesChannel", "marketplaceId"}));
  if (!order_number(id, 0)) throw std::invalid_argument("orderId \"" + id + "\" is not 3-7-7");
  if (find(id)) throw std::invalid_argument("order " + id + " exists already");
  if (!created || !updated || marketplace == nullptr) {
    throw std::invalid_argument("order " + id +
                                " needs createdTime, lastUpdatedTime and a known "
                                "salesChannel.marketplaceId");
  }
  if (std::find(given.marketplaces.begin(), given.marketplaces.end(), marketplace) ==
      given.marketplaces.end()) {
    throw std::invalid_argument("the seller does not sell in " + std::string(marketplace->code) +
                                ": no search of this account would ever find order " + id);
  }
  Record record;
  record.marketplace = marketplace_index(*marketplace);
  record.fulfilled_by = fulfilled_by_by_name(text_at(object, {"fulfillment", "fulfilledBy"}))
                            .value_or(FulfilledBy::kMerchant);
  record.hidden = given.hidden;
  record.created = *created;
  auto& version = record.newest;
  version.status = status_by_name(text_at(object, {"fulfillment", "fulfillmentStatus"}))
                       .value_or(Status::kUnshipped);
  version.updated = *updated;
  version.visible = *updated + given.visible_after.value_or(milliseconds(0));
  Changed changed;
  changed.raw_id = id;
  changed.raw_text = given.text;
  changed.raw = std::move(object);
  version.changed = std::make_shared<const Changed>(std::move(changed));
  raw_ids_[id] = append(std::move(record));
  return id;
}

}  // namespace amazon_sandbox
