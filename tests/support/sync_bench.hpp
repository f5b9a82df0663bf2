#pragma once
// A whole engine on fakes: virtual clock, seeded executor, in-memory store, mocked connectors. One
// thread.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "marketplug/testing/fakes.hpp"
#include "support/fake_store.hpp"
#include "support/mock_connector.hpp"
#include "support/seeded_executor.hpp"

namespace marketplug::testing {

/// "10:05" of the bench's day.
inline TimePoint at(std::string_view time) {
  return parse_time("2026-11-23T" + std::string(time) + ":00Z").value();
}

inline Order make_order(std::string id, std::string_view changed = "09:00",
                        OrderState state = OrderState::kOpen) {
  Order order;
  order.id = std::move(id);
  order.marketplace = "NL";
  order.state = state;
  order.marketplace_status = "UNSHIPPED";
  order.fulfilled_by = FulfilledBy::kMerchant;
  order.placed_at = at("08:00");
  order.changed_at = at(changed);
  OrderLine line;
  line.id = "1";
  line.sku = "SKU-1";
  line.quantity = 1;
  order.lines.push_back(std::move(line));
  return order;
}

inline ParkedItem make_parked(std::string id, std::string code = "missing_field") {
  ParkedItem item;
  item.id = std::move(id);
  item.code = std::move(code);
  item.message = "a field is missing";
  item.remedy = "look at it";
  item.raw = "{}";
  return item;
}

inline Page<Order> make_page(std::vector<Order> orders, std::string next, bool caught_up = true) {
  Page<Order> page;
  page.items = std::move(orders);
  page.next.value = std::move(next);
  page.caught_up = caught_up;
  return page;
}

inline Failure make_failure(Failure::Kind kind, std::string code = "test") {
  Failure failure;
  failure.kind = kind;
  failure.code = std::move(code);
  failure.message = "it went wrong";
  failure.remedy = "Mend it.";
  return failure;
}

struct SyncBench {
  explicit SyncBench(std::uint64_t seed = 1, std::size_t workers = 4)
      : executor(clock, seed, workers), random(seed) {
    options.node = "node-1";
  }

  FakeClock clock;
  FakeStore store{clock};
  SeededExecutor executor;
  SeededRandom random;
  CapturedLog log;
  CapturedMetrics metrics;
  MockSource source;
  sync::EngineOptions options;
  std::function<void()> each_minute;
  std::function<std::string(std::string_view)> redact;
  std::function<bool(const store::InFlightMark&)> blame;
  std::unique_ptr<sync::Engine> engine;

  MockSource::Made& add_shop(const std::string& id, const std::string& document = "") {
    store::ShopRecord record;
    record.id = id;
    record.source = "store";
    record.enabled = true;
    record.document = document.empty() ? R"({"plugin":"mock"})" : document;
    const bool is_new = store.shops().put(record).revision == 1;
    // As if it had run before: the change from "not_running" is an event of its own.
    if (is_new) store.shops().set_state(id, "ok", "");
    return source.shop(id);
  }
  /// A new engine over the same store: a restart.
  sync::Engine& start() {
    engine.reset();
    engine = sync::make_engine(options, {store, clock, random, executor, source, log, metrics,
                                         each_minute, redact, blame});
    return *engine;
  }
  bool run_due(const std::string& shop = "", bool until_idle = false) {
    if (!engine) start();
    return engine->run_due(shop, until_idle, {});
  }
  sync::ShopStatus status(const std::string& shop) const {
    for (auto& status : engine->status()) {
      if (status.shop == shop) return status;
    }
    return {};
  }
  store::JobRecord job(const std::string& shop) const {
    return store.data(shop).jobs.at("order-source");
  }
  std::vector<std::string> event_types(const std::string& shop) const {
    std::vector<std::string> types;
    for (const auto& event : store.data(shop).events) types.push_back(event->type);
    return types;
  }
};

}  // namespace marketplug::testing
