#include <algorithm>
#include <boost/json/object.hpp>
#include <map>
#include <utility>

#include "host/api/operation.hpp"
#include "host/api/views.hpp"

namespace marketplug::api {
namespace {

constexpr std::chrono::milliseconds kLook{500};
constexpr std::size_t kBatch = 500;

/// Where a reader stands in each shop's events.
using Positions = std::map<std::string, std::int64_t>;

/// Also shops that come later, from their start.
void add_new_shops(const Call& call, Positions& positions) {
  for (const auto& shop : call.parts.store.shops().list()) positions.try_emplace(shop.id, 0);
}

/// Events of several shops by time, each shop's own order kept even where the clock jumped.
class Merged {
 public:
  void add(std::vector<store::Event> events) {
    TimePoint latest{};
    for (auto& event : events) {
      latest = std::max(latest, event.at);
      entries_.emplace_back(latest, std::move(event));
    }
  }
  std::vector<std::pair<TimePoint, store::Event>>& sorted() {
    std::stable_sort(entries_.begin(), entries_.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    return entries_;
  }

 private:
  std::vector<std::pair<TimePoint, store::Event>> entries_;
};

/// What is there already: after the given place, else the last `limit` of all.
std::int64_t emit_present(const Call& call, Positions& positions, std::int64_t limit) {
  auto& events = call.parts.store.events();
  Merged merged;
  for (auto& [shop, position] : positions) {
    position = call.arguments.has("after") ? call.arguments.integer("after", 0)
                                           : std::max<std::int64_t>(0, events.last(shop) - limit);
    merged.add(events.after(shop, position, static_cast<std::size_t>(limit)));
  }
  auto& found = merged.sorted();
  const auto count = static_cast<std::int64_t>(found.size());
  const auto skip = std::max<std::int64_t>(0, count - limit);
  std::int64_t at = 0;
  for (const auto& [time, event] : found) {
    positions[event.shop] = event.seq;
    if (at++ >= skip) call.emit(view_of(event));
  }
  return count - skip;
}

std::int64_t emit_new(const Call& call, Positions& positions) {
  Merged merged;
  for (const auto& [shop, position] : positions) {
    merged.add(call.parts.store.events().after(shop, position, kBatch));
  }
  const auto& found = merged.sorted();
  for (const auto& [time, event] : found) {
    call.emit(view_of(event));
    positions[event.shop] = event.seq;
  }
  return static_cast<std::int64_t>(found.size());
}

void check_request(const Call& call) {
  if (call.arguments.has("after") && call.arguments.text("shop").empty()) {
    throw OperationError(400, "bad_parameter", "events.tail: after is a place in one shop's events",
                         "Name the shop too (--shop).");
  }
  if (call.arguments.flag("follow") && !call.parts.engine_runs) {
    throw OperationError(409, "no_service", "there is no service that could bring new events",
                         "Start `marketplug run`, then follow its events.");
  }
}

boost::json::value tail(const Call& call) {
  check_request(call);
  const auto shop = call.arguments.text("shop");
  Positions positions;
  if (shop.empty()) {
    add_new_shops(call, positions);
  } else {
    positions[require_shop(call.parts.store, shop).id] = 0;
  }
  auto told = emit_present(call, positions, call.arguments.integer("limit", 20));
  while (call.arguments.flag("follow") && !call.parts.stopping()) {
    if (shop.empty()) add_new_shops(call, positions);
    const auto fresh = emit_new(call, positions);
    told += fresh;
    if (fresh != 0) continue;
    call.emit(nullptr);
    call.parts.pause(kLook);
  }
  boost::json::object places;
  for (const auto& [id, position] : positions) places[id] = position;
  return boost::json::object{{"events", told}, {"after", std::move(places)}};
}

}  // namespace

std::vector<Operation> event_operations() {
  using Type = Parameter::Type;
  return {{"events.tail",
           {{"shop"},
            {"after", Type::kInteger, false, 0},
            {"limit", Type::kInteger, false, 1, 10'000},
            {"follow", Type::kFlag}},
           tail}};
}

}  // namespace marketplug::api
