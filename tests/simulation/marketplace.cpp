#include "simulation/marketplace.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

namespace marketplug::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr minutes kOverlap{10};
constexpr std::size_t kPageSize = 5;

milliseconds delay(Dice& dice) {
  if (dice.chance(10)) return seconds{dice.below(9 * 60)};
  if (dice.chance(90)) return seconds{dice.below(110)};
  return milliseconds{dice.below(5000)};
}

OrderState state_of(int number, int last, Dice& dice) {
  if (number == 0) return dice.chance(400) ? OrderState::kPending : OrderState::kOpen;
  if (number < last) return OrderState::kOpen;
  return dice.chance(200) ? OrderState::kCancelled : OrderState::kShipped;
}

/// The window (from, until], and within it the last order that was given.
struct Place {
  std::int64_t from = 0, until = 0, after = 0;
  std::string after_id;
};

Place parse(const Cursor& cursor) {
  Place place;
  std::istringstream text(cursor.value);
  text >> place.from >> place.until >> place.after >> place.after_id;
  return place;
}

std::string format(const Place& place) {
  std::ostringstream text;
  text << place.from << ' ' << place.until << ' ' << place.after << ' ' << place.after_id;
  return text.str();
}

std::int64_t number_of(TimePoint time) { return time.time_since_epoch().count(); }

}  // namespace

Marketplace::Marketplace(const Script& script, const std::string& prefix, Dice& dice)
    : script_(script) {
  const milliseconds span = script.end - script.start;
  for (int i = 0; i < script.orders; ++i) {
    auto& versions = orders_[prefix + std::to_string(i)];
    const int count = 1 + static_cast<int>(dice.below(4));
    TimePoint time = script.start + milliseconds{dice.below(span.count())};
    for (int number = 0; number < count; ++number) {
      Version version;
      version.number = number;
      version.changed_at = time;
      version.visible_at = time + (script.late ? delay(dice) : milliseconds{0});
      version.state = state_of(number, count - 1, dice);
      version.unreadable = dice.chance(30);
      versions.push_back(version);
      const milliseconds left = script.end - time;
      time += milliseconds{1 + dice.below(std::max<std::int64_t>(left.count(), 1))};
    }
  }
}

const Version* Marketplace::visible(const std::string& id, TimePoint now) const {
  const Version* newest = nullptr;
  for (const auto& version : orders_.at(id)) {
    if (version.visible_at <= now) newest = &version;
  }
  return newest;
}

void ScriptedConnector::add(Page<Order>& page, const std::string& id,
                            const Version& version) const {
  if (version.unreadable && parser_broken) {
    ParkedItem item;
    item.id = id;
    item.code = "missing_field";
    item.message = "a field is missing";
    item.changed_at = version.changed_at;
    page.parked.push_back(std::move(item));
    return;
  }
  Order order;
  order.id = id;
  order.marketplace = "NL";
  order.state = version.state;
  order.marketplace_status = "V" + std::to_string(version.number);
  order.placed_at = version.changed_at;
  order.changed_at = version.changed_at;
  page.items.push_back(std::move(order));
}

Result<Page<Order>> ScriptedConnector::fetch_orders(const Cursor& cursor, StepContext&) {
  const TimePoint now = clock_.now();
  Place place = parse(cursor);
  const bool new_window = place.after_id.empty();
  if (new_window) {
    const std::int64_t overlap =
        marketplace_.late() ? milliseconds(kOverlap).count() : std::int64_t{0};
    place.from = place.until - overlap;
    place.until = number_of(now) - 1;
    place.after = place.from;
  }
  std::vector<std::pair<std::int64_t, std::string>> found;
  for (const auto& [id, versions] : marketplace_.orders()) {
    const Version* version = marketplace_.visible(id, now);
    if (version == nullptr) continue;
    const std::int64_t changed = number_of(version->changed_at);
    const bool after = new_window ? changed > place.from
                                  : std::pair(changed, id) > std::pair(place.after, place.after_id);
    if (after && changed <= place.until) found.emplace_back(changed, id);
  }
  std::sort(found.begin(), found.end());

  Page<Order> page;
  page.caught_up = found.size() <= kPageSize;
  if (!page.caught_up) found.resize(kPageSize);
  if (page.caught_up) {
    place.after_id.clear();
  } else {
    place.after = found.back().first;
    place.after_id = found.back().second;
  }
  page.next.value = format(place);
  for (const auto& [changed, id] : found) {
    const Version* version = marketplace_.visible(id, now);
    add(page, id, *version);
    if (dice_.chance(50)) add(page, id, *version);
    const bool older = version->number > 0 && dice_.chance(100);
    if (older) {
      add(page, id, marketplace_.orders().at(id)[static_cast<std::size_t>(version->number) - 1]);
    }
  }
  for (std::size_t i = page.items.size(); i > 1; --i) {
    std::swap(page.items[i - 1],
              page.items[static_cast<std::size_t>(dice_.below(static_cast<std::int64_t>(i)))]);
  }
  return page;
}

Result<Page<Order>> ScriptedConnector::fetch_order(std::string_view id, StepContext&) {
  Page<Order> page;
  const std::string key(id);
  const Version* version = marketplace_.visible(key, clock_.now());
  if (version != nullptr) add(page, key, *version);
  return page;
}

}  // namespace marketplug::simulation
