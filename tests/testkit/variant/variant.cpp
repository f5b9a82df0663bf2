// The template's connector with one fault: see fault.hpp.
#include <sys/stat.h>
#include <unistd.h>
#include <marketplug/plugin.hpp>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <set>
#include <stdexcept>

#include "src/connector.hpp"
#include "tests/testkit/variant/fault.hpp"
#include "tests/testkit/variant/more_sources.hpp"
#include "tests/testkit/variant/own_host.hpp"
#include "tests/testkit/variant/schema.hpp"

#if defined(VARIANT_EXPORTS)
extern "C" __attribute__((visibility("default"))) int meets_others() { return 1; }
#endif

namespace {

using namespace marketplug;
using marketplug::market::Items;
using variant::breaks;
using variant::failure_of;

/// Runs when the library is loaded.
struct AtLoading {
  AtLoading() {
    if (breaks("A7") && std::getenv("HOME") == nullptr) throw std::runtime_error("where is HOME?");
    if (breaks("A8")) {
      const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds{150};
      while (std::chrono::steady_clock::now() < until) {
      }
    }
  }
} const at_loading;

bool in_worker() {
  std::string name;
  std::ifstream("/proc/self/comm") >> name;
  return name.starts_with("marketplug-work");
}

const char* checked(std::string_view settings) {
  if (breaks("C4") && settings.empty()) std::raise(SIGSEGV);
  if (breaks("C1")) new char[64];
  return "";
}

/// Made before the sources that use it.
struct Transport {
  explicit Transport(Host& host) : own_host(host) {}
  variant::OwnHost own_host;
};

class Variant final : public Connector,
                      private Transport,
                      public OrderSource,
                      public variant::MoreSources,
                      public OptionsSource,
                      public StockSink,
                      public ShipmentSink {
 public:
  static constexpr PluginInfo kInfo{"variant", "Variant", "1.2.3"};
  static constexpr std::array kCapabilities{OrderSource::kId,   OrderAudit::kId, ReturnSource::kId,
                                            OptionsSource::kId, StockSink::kId,  ShipmentSink::kId};
  static std::string_view settings_schema() noexcept { return variant::schema(); }

  Variant(Host& host, std::string_view settings)
      : Transport(host),
        MoreSources(own_host),
        settings_ok_(checked(settings)),
        real_(host),
        inner_(own_host, settings) {
    if (breaks("C7")) part<Log>(host)->write(Log::Level::kDebug, "made", "Made.", {});
    const bool none = part<Log>(host) == nullptr && part<Metrics>(host) == nullptr;
    if (breaks("C7.all") && none) throw std::runtime_error("nobody listens");
  }

  void* query(std::string_view id) noexcept override {
    if (id == OrderSource::kId) return static_cast<OrderSource*>(this);
    if (id == OrderAudit::kId) return static_cast<OrderAudit*>(this);
    if (id == ReturnSource::kId) return static_cast<ReturnSource*>(this);
    if (id == OptionsSource::kId) return static_cast<OptionsSource*>(this);
    if (id == StockSink::kId) return static_cast<StockSink*>(this);
    if (id == ShipmentSink::kId) return static_cast<ShipmentSink*>(this);
    return breaks("B7") ? this : nullptr;
  }

  std::vector<Finding> check(StepContext& ctx) override { return inner_.check(ctx); }

  Result<Page<Order>> fetch_orders(const Cursor& cursor, StepContext& ctx) override;
  Result<Page<Order>> fetch_order(std::string_view id, StepContext& ctx) override {
    if (auto* log = part<Log>(real_); log != nullptr && breaks("F7.order")) {
      log->write(Log::Level::kInfo, "order.asked", "Order " + std::string(id) + " is asked for.",
                 {});
    }
    auto page = inner_.fetch_order(id, ctx);
    if (page) spoil(page.value());
    return page;
  }

  Result<std::vector<Option>> options(std::string_view catalogue, StepContext& ctx) override {
    if (catalogue != "colours") {
      if (breaks("D13")) return std::vector<Option>{};
      return failure_of(Failure::Kind::kConfig, "unknown_catalogue");
    }
    const auto asked = inner_.fetch_order("A1", ctx);
    if (!asked) return asked.failure();
    return std::vector<Option>{{"red", "Red", "", true, ""}, {"blue", "Blue", "", true, ""}};
  }

  Result<SinkStep> push_stock(Items<StockLevel> items, const Cursor& at,
                              StepContext& ctx) override {
    return pushed(items.empty(), inner_.push_stock(items, at, ctx));
  }
  Result<VerifyStep> verify_stock(Items<StockLevel> items, const Cursor& at,
                                  StepContext& ctx) override {
    auto step = judged(inner_.verify_stock(items, at, ctx));
    const bool cancelled = !step && step.failure().kind == Failure::Kind::kCancelled;
    if (breaks("D9.verify") && cancelled) return VerifyStep{};
    for (std::size_t i = 0; breaks("V5") && step && i < step.value().verdicts.size(); ++i) {
      if (step.value().verdicts[i].kind != ItemVerdict::Kind::kDifferent) continue;
      const auto mended = inner_.push_stock(items.subspan(i, 1), {}, ctx);
      if (!mended) return mended.failure();
    }
    return step;
  }
  Result<SinkStep> push_shipments(Items<Shipment> items, const Cursor& at,
                                  StepContext& ctx) override {
    return pushed(items.empty(), inner_.push_shipments(items, at, ctx));
  }
  Result<VerifyStep> verify_shipments(Items<Shipment> items, const Cursor& at,
                                      StepContext& ctx) override {
    if (breaks("G2") && in_worker()) return failure_of(Failure::Kind::kRemote, "in_worker");
    return judged(inner_.verify_shipments(items, at, ctx));
  }

 private:
  void spoil(Page<Order>& page) {
    for (Order& order : page.items) {
      if (breaks("F5")) order.lines.at(0).unit_price->units += 1;
      if (breaks("F6")) order.sales_channel = order.recipient->name;
      if (auto* state = part<State>(real_); state != nullptr && breaks("F6.state")) {
        state->put("last", order.recipient->name);
      }
      if (breaks("F6.cursor")) page.next.value += "|" + order.recipient->name;
    }
    for (ParkedItem& item : page.parked) {
      if (breaks("F6.parked")) item.message += item.raw;
    }
  }

  static Result<SinkStep> pushed(bool empty, Result<SinkStep> step) {
    if (breaks("D8") && empty) return failure_of(Failure::Kind::kRemote, "empty");
    if (!step) return step;
    auto& outcomes = step.value().outcomes;
    if (breaks("D6") && outcomes.size() == 2) outcomes.push_back(ItemOutcome(outcomes.front()));
    for (auto& outcome : outcomes) {
      if (breaks("D7") && outcome.kind == ItemOutcome::Kind::kRejected) outcome.message.clear();
    }
    return step;
  }

  static Result<VerifyStep> judged(Result<VerifyStep> step) {
    using Kind = ItemVerdict::Kind;
    if (!step) return step;
    for (auto& verdict : step.value().verdicts) {
      const Kind was = verdict.kind;
      if (breaks("V1") && was == Kind::kApplied) verdict.kind = Kind::kUnknown;
      if (breaks("V2") && was == Kind::kAbsent) verdict.kind = Kind::kApplied;
      if (breaks("V3") && was == Kind::kDifferent) verdict.kind = Kind::kApplied;
      if (breaks("V4") && was == Kind::kUnknown) verdict.kind = Kind::kAbsent;
    }
    return step;
  }

  const char* settings_ok_;
  Host& real_;
  market::Connector inner_;
  std::set<std::string> read_;  ///< cursors
};

/// Promises not to throw, and allocates.
void name_cursor(const Cursor& cursor) noexcept {
  [[maybe_unused]] const volatile std::size_t length =
      ("the cursor of the last step: " + cursor.value).size();
}

Result<Page<Order>> Variant::fetch_orders(const Cursor& given, StepContext& ctx) {
  const Cursor cursor{given.value.substr(0, given.value.find('|'))};
  static bool begun = false;
  if (cursor.value.empty()) begun = true;
  if (breaks("C5")) ::umask(0);
  if (breaks("C6") && ::write(STDOUT_FILENO, "said\n", 5) < 0) throw std::runtime_error("closed");
  if (breaks("G5")) name_cursor(cursor);
  Page<Order> nothing;
  nothing.next = cursor;
  nothing.caught_up = true;
  if (breaks("D4") && !begun) return nothing;
  auto got = inner_.fetch_orders(cursor, ctx);
  if (!got) {
    const Failure& failure = got.failure();
    const bool repeats = failure.message.find("repeats") != std::string::npos;
    if (breaks("D5") && failure.code == "refused") return nothing;
    if (breaks("E5") && failure.code == "status_200") return nothing;
    if (breaks("E6") && failure.code == "unreadable" && !repeats) throw std::logic_error("odd");
    if (breaks("E10") && repeats) {
      nothing.caught_up = false;
      return nothing;
    }
    return got;
  }
  Page<Order>& page = got.value();
  if (breaks("D1") && !page.items.empty()) page.items.push_back(Order(page.items.front()));
  if (breaks("D2") && read_.empty() && page.next.value == "c2") page.next.value = "c3";
  if (!read_.insert(cursor.value).second && breaks("D3")) page.items.clear();
  for (int i = 0; breaks("D10") && page.items.empty() && i < 100; ++i) {
    if (const auto again = inner_.fetch_orders(cursor, ctx); !again) return again.failure();
  }
  if (breaks("E7") && page.parked.size() > 1) return failure_of(Failure::Kind::kRemote, "bad");
  if (breaks("G4") && page.items.size() + page.parked.size() > 5000)
    throw std::length_error("page");
  if (auto* log = part<Log>(real_)) {
    const char* event = breaks("F7") ? "Got a page of orders" : "orders.page";
    log->write(Log::Level::kInfo, event, "Got a page.", {});
  }
  spoil(page);
  return got;
}

}  // namespace

std::string_view marketplug::market::Connector::settings_schema() noexcept { return ""; }

MARKETPLUG_PLUGIN(Variant)
