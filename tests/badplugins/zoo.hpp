#pragma once
// What the plugins of the zoo have in common: a connector that gives three orders and is done. Each
// animal differs from that in one thing.

#include <marketplug/plugin.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace zoo {

/// Not UTF-8, a NUL, and what moves the cursor of a terminal.
inline const std::string kGarbage("\xff\xfe\0\x1b[2J\xc0\x80", 9);

inline marketplug::Order make_order(std::string id) {
  using std::chrono::hours;
  marketplug::Order order;
  order.id = std::move(id);
  order.marketplace = "NL";
  order.state = marketplug::OrderState::kOpen;
  order.marketplace_status = "UNSHIPPED";
  order.placed_at = marketplug::parse_time("2026-01-05T08:00:00Z").value();
  order.changed_at = order.placed_at + hours{1};
  return order;
}

inline marketplug::Page<marketplug::Order> three_orders() {
  marketplug::Page<marketplug::Order> page;
  for (const char* id : {"1", "2", "3"}) page.items.push_back(make_order(id));
  page.next.value = "done";
  page.caught_up = true;
  return page;
}

class Animal : public marketplug::ConnectorWith<marketplug::OrderSource> {
 public:
  static std::string_view settings_schema() noexcept {
    return R"({"type":"object","title":"Settings","description":"None.","properties":{},
      "additionalProperties":false})";
  }
  Animal(marketplug::Host&, std::string_view) {}

  std::vector<marketplug::Finding> check(marketplug::StepContext&) override { return {}; }
  marketplug::Result<marketplug::Page<marketplug::Order>> fetch_orders(
      const marketplug::Cursor&, marketplug::StepContext&) override {
    return three_orders();
  }
  marketplug::Result<marketplug::Page<marketplug::Order>> fetch_order(
      std::string_view id, marketplug::StepContext&) override {
    marketplug::Page<marketplug::Order> page;
    page.items.push_back(make_order(std::string(id)));
    return page;
  }
};

}  // namespace zoo

/// An animal that is like the others but for the members given.
#define ZOO_ANIMAL(...)                                                          \
  namespace {                                                                    \
  class Bad final : public zoo::Animal {                                         \
   public:                                                                       \
    using Animal::Animal;                                                        \
    static constexpr marketplug::PluginInfo kInfo{"bad", "Bad plugin", "1.0.0"}; \
    __VA_ARGS__                                                                  \
  };                                                                             \
  }                                                                              \
  MARKETPLUG_PLUGIN(Bad)

/// The body of its fetch_orders().
#define ZOO_STEP(...)                                                              \
  ZOO_ANIMAL(marketplug::Result<marketplug::Page<marketplug::Order>> fetch_orders( \
      const marketplug::Cursor& cursor, marketplug::StepContext& ctx) override {   \
    (void)cursor;                                                                  \
    (void)ctx;                                                                     \
    __VA_ARGS__                                                                    \
  })
