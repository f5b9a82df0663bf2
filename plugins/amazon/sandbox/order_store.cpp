#include "plugins/amazon/sandbox/order_store.hpp"

#include <algorithm>
#include <stdexcept>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "marketplug/model/time.hpp"
#include "plugins/amazon/sandbox/draw.hpp"

namespace amazon_sandbox {

/// What no longer follows from the seed.
struct OrderStore::Changed {
  std::optional<Order> order;
  std::string raw_id;
  std::optional<boost::json::object> raw;
  std::vector<boost::json::object> patches;
};

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

/// RFC 7396.
void merge_patch(boost::json::value& target, const boost::json::value& patch) {
  if (!patch.is_object()) {
    target = patch;
    return;
  }
  if (!target.is_object()) target = boost::json::object{};
  auto& object = target.get_object();
  for (const auto& [name, value] : patch.get_object()) {
    if (value.is_null()) {
      object.erase(name);
    } else {
      merge_patch(object[name], value);
    }
  }
}

boost::json::object parse_object(std::string_view text, std::string_view what) {
  boost::system::error_code error;
  auto value = boost::json::parse({text.data(), text.size()}, error);
  if (error || !value.is_object()) {
    throw std::invalid_argument(std::string(what) + " is not a JSON object");
  }
  return std::move(value.get_object());
}

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

bool before(const Position& a, const Position& b) noexcept { return a < b; }

}  // namespace

OrderStore::Record OrderStore::draw_record(std::uint64_t seed, const SeedPlan& plan,
                                           std::size_t number) const {
  Draw draw(seed ^ 0x6661637473);
  Record record;
  record.seed = seed;
  record.marketplace = marketplace_index(*draw.pick(plan.marketplaces));
  record.fulfilled_by = draw.per_mille(220) ? FulfilledBy::kAmazon : FulfilledBy::kMerchant;
  record.status = draw_status(draw, record.fulfilled_by);
  const auto slot = plan.span / static_cast<std::int64_t>(std::max<std::size_t>(plan.count, 1));
  record.created = plan.until - plan.span + slot * static_cast<std::int64_t>(number) +
                   milliseconds(draw.between(0, std::max<std::int64_t>(slot.count() - 1, 0)));
  record.updated = record.created + draw_life(draw, record.status);
  if (record.updated > plan.until) {
    record.updated =
        record.created + milliseconds(draw.between(0, (plan.until - record.created).count()));
  }
  if (draw.per_mille(300)) {
    record.updated = std::max(record.created,
                              TimePoint(std::chrono::floor<std::chrono::seconds>(record.updated)));
  }
  record.visible = record.updated;
  return record;
}

void OrderStore::seed(const SeedPlan& plan) {
  if (plan.count == 0) return;
  if (plan.marketplaces.empty()) throw std::invalid_argument("no marketplace to seed orders in");
  records_.reserve(records_.size() + plan.count);
  for (std::size_t i = 0; i < plan.count; ++i) {
    const auto number = first_number_ + records_.size();
    auto record = draw_record(mix(seed_ ^ mix(number)), plan, i);
    const auto index = static_cast<std::uint32_t>(records_.size());
    by_created_.push_back({record.created, index});
    by_updated_.push_back({record.updated, index});
    records_.push_back(std::move(record));
  }
  std::sort(by_created_.begin(), by_created_.end(), before);
  std::sort(by_updated_.begin(), by_updated_.end(), before);
}

std::uint32_t OrderStore::append(Record record) {
  const auto index = static_cast<std::uint32_t>(records_.size());
  for (auto& [keys, time] :
       {std::pair{&by_created_, record.created}, std::pair{&by_updated_, record.updated}}) {
    const Position key{time, index};
    keys->insert(std::upper_bound(keys->begin(), keys->end(), key, before), key);
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
  record.fulfilled_by = given.fulfilled_by.value_or(FulfilledBy::kMerchant);
  record.status =
      given.status.value_or(draw.per_mille(100) ? Status::kPending : Status::kUnshipped);
  record.created = given.created;
  record.updated = given.updated;
  record.visible = record.updated + given.visible_after;
  return id_of(append(std::move(record)));
}

std::string OrderStore::add_raw(std::string_view json) {
  auto object = parse_object(json, "the order");
  const std::string id(text_at(object, {"orderId"}));
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
  Record record;
  record.marketplace = marketplace_index(*marketplace);
  record.status = status_by_name(text_at(object, {"fulfillment", "fulfillmentStatus"}))
                      .value_or(Status::kUnshipped);
  record.fulfilled_by = fulfilled_by_by_name(text_at(object, {"fulfillment", "fulfilledBy"}))
                            .value_or(FulfilledBy::kMerchant);
  record.created = *created;
  record.updated = *updated;
  record.visible = *updated;
  record.changed = std::make_shared<Changed>();
  record.changed->raw_id = id;
  record.changed->raw = std::move(object);
  raw_ids_[id] = append(std::move(record));
  return id;
}

void OrderStore::move(std::uint32_t index, TimePoint to) {
  auto& record = records_[index];
  const Position old_key{record.updated, index}, new_key{to, index};
  by_updated_.erase(std::lower_bound(by_updated_.begin(), by_updated_.end(), old_key, before));
  by_updated_.insert(std::upper_bound(by_updated_.begin(), by_updated_.end(), new_key, before),
                     new_key);
  record.updated = to;
}

void OrderStore::change_order(Record& record, std::uint32_t index, const OrderChange& change) {
  auto made = order(index);
  if (change.status) {
    set_status(made, *change.status, change.at, change.cancelled_by, change.cancel_reason);
  }
  if (change.cancel_request) {
    for (auto& line : made.lines) line.cancel_request = *change.cancel_request;
  }
  made.updated = change.at;
  if (!record.changed) record.changed = std::make_shared<Changed>();
  record.changed->order = std::move(made);
}

void OrderStore::change(std::string_view id, const OrderChange& change) {
  const auto index = find(id);
  if (!index) throw std::out_of_range("no order " + std::string(id));
  auto& record = records_[*index];
  std::optional<boost::json::object> patch;
  if (!change.merge.empty()) {
    patch = parse_object(change.merge, "the merge patch");
    if (patch->contains("orderId")) throw std::invalid_argument("orderId cannot be changed");
  }
  if (record.changed && record.changed->raw) {
    if (change.cancel_request) {
      throw std::invalid_argument("order " + std::string(id) +
                                  " was given as JSON: use a merge patch for its items");
    }
    boost::json::object times{{"lastUpdatedTime", marketplug::format_time(change.at)}};
    if (change.status) {
      times["fulfillment"] = {{"fulfillmentStatus", status_name(*change.status)}};
    }
    record.changed->patches.push_back(std::move(times));
  } else {
    change_order(record, *index, change);
  }
  if (patch) record.changed->patches.push_back(std::move(*patch));
  if (change.status) record.status = *change.status;
  move(*index, change.at);
  record.visible = change.at + change.visible_after;
}

Found OrderStore::search(const Search& search) const {
  const auto& keys = search.by_created ? by_created_ : by_updated_;
  auto at = std::lower_bound(keys.begin(), keys.end(), Position{search.from, 0}, before);
  if (search.after && *search.after >= Position{search.from, 0}) {
    at = std::upper_bound(keys.begin(), keys.end(), *search.after, before);
  }
  Found found;
  const auto has = [](std::uint32_t bits, auto place) {
    return (bits >> static_cast<unsigned>(place) & 1u) != 0;
  };
  for (; at != keys.end() && at->time <= search.to; ++at) {
    const auto& record = records_[at->index];
    if (!has(search.marketplaces, record.marketplace) || !has(search.statuses, record.status) ||
        !has(search.fulfilled_by, record.fulfilled_by) || record.visible > search.now ||
        expired(at->index, search.now)) {
      continue;
    }
    if (found.orders.size() == search.limit) {
      found.more = true;
      break;
    }
    found.orders.push_back(*at);
  }
  return found;
}

std::optional<std::uint32_t> OrderStore::find(std::string_view id) const {
  if (const auto raw = raw_ids_.find(std::string(id)); raw != raw_ids_.end()) return raw->second;
  const auto number = order_number(id, seed_);
  if (!number || *number < first_number_ || *number - first_number_ >= records_.size()) {
    return std::nullopt;
  }
  const auto index = static_cast<std::uint32_t>(*number - first_number_);
  if (id_of(index) != id) return std::nullopt;
  return index;
}

bool OrderStore::expired(std::uint32_t index, TimePoint now) const noexcept {
  using namespace std::chrono;
  const auto& record = records_[index];
  const auto country = all_marketplaces()[record.marketplace].country;
  if (country == "JP" || country == "AU" || country == "SG") {
    return record.created < sys_days{year{2016} / January / 1};
  }
  return record.created < now - years(2);
}

std::string OrderStore::id_of(std::uint32_t index) const {
  const auto& record = records_[index];
  if (record.changed && record.changed->raw) return record.changed->raw_id;
  const auto& prefixes = all_marketplaces()[record.marketplace].order_prefixes;
  return order_id(prefixes[record.seed >> 7 & 1], first_number_ + index, seed_);
}

std::string OrderStore::original_of(std::uint32_t index) const {
  const auto& record = records_[index];
  if (mix(record.seed ^ 0x7265706c) % 100 != 0) return {};
  for (std::uint32_t back = 1; back <= std::min(index, 30u); ++back) {
    const auto& other = records_[index - back];
    if (other.marketplace == record.marketplace) return id_of(index - back);
  }
  return {};
}

Order OrderStore::order(std::uint32_t index) const {
  const auto& record = records_[index];
  if (record.changed && record.changed->order) return *record.changed->order;
  return make_order({record.seed, id_of(index), original_of(index), record.created, record.updated,
                     &all_marketplaces()[record.marketplace], record.status, record.fulfilled_by});
}

OrderSummary OrderStore::summary(std::uint32_t index) const {
  const auto& record = records_[index];
  return {id_of(index),   record.created,
          record.updated, &all_marketplaces()[record.marketplace],
          record.status,  record.fulfilled_by};
}

void OrderStore::render(std::uint32_t index, const View& view, std::string& out) const {
  const auto* changed = records_[index].changed.get();
  if (changed == nullptr || (!changed->raw && changed->patches.empty())) {
    if (changed != nullptr && changed->order) {
      render_order(*changed->order, view, out);
    } else {
      render_order(order(index), view, out);
    }
    return;
  }
  boost::json::value value;
  if (changed->raw) {
    value = *changed->raw;
  } else {
    std::string text;
    render_order(order(index), view, text);
    value = boost::json::parse(text);
  }
  for (const auto& patch : changed->patches) merge_patch(value, patch);
  restrict_order(value.get_object(), view);
  if (out.ends_with('}')) out += ',';
  out += boost::json::serialize(value);
}

}  // namespace amazon_sandbox
