#include "host/sync/step.hpp"

#include <fmt/core.h>

#include <boost/json/parse.hpp>

#include "host/json/fit_text.hpp"
#include "host/loading/call_guard.hpp"
#include "host/sync/order_audit.hpp"
#include "host/sync/order_events.hpp"

namespace marketplug::sync {
namespace {

class EngineContext final : public StepContext {
 public:
  EngineContext(TimePoint deadline, const std::atomic<bool>& stopping, bool keep_raw)
      : deadline_(deadline), stopping_(stopping), keep_raw_(keep_raw) {}
  TimePoint deadline() const noexcept override { return deadline_; }
  bool stop_requested() const noexcept override { return stopping_.load(); }
  bool keep_raw() const noexcept override { return keep_raw_; }

 private:
  TimePoint deadline_;
  const std::atomic<bool>& stopping_;
  bool keep_raw_;
};

Failure failure_of_connect(std::string_view shop, const std::exception& error) {
  Failure failure;
  failure.code = "connect_failed";
  failure.message = fmt::format("The connector of shop {} cannot be made: {}", shop, error.what());
  return failure;
}

using Redact = std::function<std::string(std::string_view)>;

constexpr std::size_t kLongestName = 200;
constexpr std::size_t kLongestText = 4000;
constexpr std::size_t kMostFindings = 200;

/// A plugin's text goes into events, lists and the log of all shops: what is no text, or has no
/// end, must not spoil those. A marketplace may quote what it was sent, and a plugin the
/// marketplace: secrets are masked while they are whole, of one that was cut the rest would not be
/// known again.
void tidy(std::string& text, const Redact& redact, std::size_t limit = kLongestText) {
  if (redact && !text.empty()) text = redact(text);
  text = json::fit_text(text, limit);
}

void tidy(Failure& failure, const Redact& redact) {
  tidy(failure.code, redact, kLongestName);
  tidy(failure.message, redact);
  tidy(failure.remedy, redact);
  tidy(failure.detail, redact);
}

template <class Item>
void tidy(Page<Item>& page, const Redact& redact) {
  for (ParkedItem& item : page.parked) {
    tidy(item.code, redact, kLongestName);
    tidy(item.pointer, redact);
    tidy(item.message, redact);
    tidy(item.remedy, redact);
  }
}

/// Ids are compared and stored: one that is no text, or has no end, could be neither.
void tidy(Page<OrderSighting>& page, const Redact&) {
  std::erase_if(page.items, [](const OrderSighting& sighting) {
    return sighting.id.empty() || json::fit_text(sighting.id, kLongestName) != sighting.id;
  });
}

/// Of more than a person reads the first are kept, with a word about the others.
void tidy(std::vector<Finding>& findings, const Redact& redact) {
  if (findings.size() > kMostFindings) {
    const std::size_t left_out = findings.size() - kMostFindings;
    findings.resize(kMostFindings);
    Finding& more = findings.emplace_back();
    more.severity = Finding::Severity::kWarning;
    more.message = fmt::format("{} more findings of the plugin were left out.", left_out);
    more.remedy = "Mend the first ones and check again.";
  }
  for (Finding& finding : findings) {
    for (auto* name : {&finding.scope.marketplace, &finding.scope.role, &finding.scope.operation}) {
      tidy(*name, redact, kLongestName);
    }
    tidy(finding.pointer, redact);
    tidy(finding.link, redact);
    tidy(finding.message, redact);
    tidy(finding.remedy, redact);
  }
}

Failure no_orders(const std::string& plugin) {
  Failure failure;
  failure.kind = Failure::Kind::kConfig;
  failure.code = "no_order_source";
  failure.message = fmt::format("The plugin {} cannot read orders.", plugin);
  return failure;
}

}  // namespace

std::string plugin_in(const store::ShopRecord& shop) {
  boost::system::error_code error;
  const auto document = boost::json::parse(shop.document, error);
  if (error || !document.is_object()) return {};
  const auto* plugin = document.as_object().if_contains("plugin");
  return plugin != nullptr && plugin->is_string() ? std::string(plugin->as_string()) : "";
}

void put_staged_state(store::ShopTransaction& transaction, const StagedState& staged) {
  for (const auto& [key, value] : staged) {
    if (value) {
      transaction.put_state(key, *value);
    } else {
      transaction.erase_state(key);
    }
  }
}

StepRunner::Step::Step(const StepRunner& runner, ShopWork& work, const StepInput& input,
                       std::string_view capability)
    : runner_(runner),
      work_(work),
      input_(input),
      capability_(capability),
      plugin_(work.connector ? work.connector->plugin : plugin_in(input.shop)),
      started_(runner.parts_.clock.now()),
      deadline_(started_ + runner.options_.step_deadline) {
  // Kept until the connector was made: the step may end before it gets there.
  if (input.fresh) work.stale = true;
}

void StepRunner::Step::mark() {
  store::InFlightMark mark{input_.shop.id, plugin_, capability_, started_, runner_.options_.node};
  if (!input_.token) {
    throw store::StoreError(store::StoreError::Kind::kFenced,
                            "Shop " + input_.shop.id + " is not owned by this process.");
  }
  runner_.parts_.store.progress().mark_in_flight(*input_.token, mark);
  mark_ = std::move(mark);
  if (work_.left_mark && work_.left_mark->capability == capability_) work_.left_mark.reset();
}

Result<Done> StepRunner::Step::connect() {
  if (work_.connector && work_.revision == input_.shop.revision && !work_.stale) return Done{};
  work_.connector.reset();
  try {
    auto made = runner_.parts_.connectors.connect(input_.shop);
    if (!made) {
      Failure failure = made.failure();
      tidy(failure, runner_.parts_.redact);
      return failure;
    }
    work_.connector = std::move(made.value());
  } catch (const std::exception& error) {
    return failure_of_connect(input_.shop.id, error);
  }
  work_.revision = input_.shop.revision;
  work_.stale = false;
  plugin_ = work_.connector->plugin;
  return Done{};
}

bool StepRunner::Step::keeps_raw() const noexcept {
  const ShopRules& rules = work_.connector->rules;
  return rules.keep_raw != ShopRules::KeepRaw::kNever && rules.keep_personal_data;
}

template <class Call>
auto StepRunner::Step::call(std::string_view method, Call&& body) {
  // Making the connector may have taken a while: the plugin gets its whole time.
  started_ = runner_.parts_.clock.now();
  deadline_ = started_ + runner_.options_.step_deadline;
  // To an order source an order that is asked for by its id looks like a person's wish.
  if (connector().limit_priority) {
    connector().limit_priority(capability_ == kAuditJob ? QuotaPriority::kBackground
                                                        : QuotaPriority::kPerson);
  }
  EngineContext context(deadline_, runner_.stopping_, keeps_raw());
  auto result =
      loading::call_plugin(fmt::format("{}.{}", plugin_, method), [&] { return body(context); });
  if (!result && result.failure().code == loading::kConnectorGone) work_.stale = true;
  if (!result) {
    tidy(result.failure(), runner_.parts_.redact);
  } else {
    tidy(result.value(), runner_.parts_.redact);
  }
  return result;
}

Result<Page<Order>> StepRunner::Step::fetch_page(const Cursor& cursor) {
  return call("fetch_orders", [&](StepContext& context) -> Result<Page<Order>> {
    auto* source = part<OrderSource>(*connector().connector);
    if (source == nullptr) return no_orders(plugin_);
    return source->fetch_orders(cursor, context);
  });
}

Result<Page<Order>> StepRunner::Step::fetch_one(std::string_view id) {
  return call("fetch_order", [&](StepContext& context) -> Result<Page<Order>> {
    auto* source = part<OrderSource>(*connector().connector);
    if (source == nullptr) return no_orders(plugin_);
    return source->fetch_order(id, context);
  });
}

bool StepRunner::Step::has_order_audit() {
  return part<OrderAudit>(*connector().connector) != nullptr;
}

Result<Page<OrderSighting>> StepRunner::Step::fetch_sightings(const AuditWindow& window,
                                                              const Cursor& place) {
  return call("fetch_sightings", [&](StepContext& context) -> Result<Page<OrderSighting>> {
    return part<OrderAudit>(*connector().connector)->fetch_sightings(window, place, context);
  });
}

bool StepRunner::Step::has_returns() {
  return part<ReturnSource>(*connector().connector) != nullptr;
}

Result<Page<BuyerReturn>> StepRunner::Step::fetch_returns(const Cursor& cursor) {
  return call("fetch_returns", [&](StepContext& context) -> Result<Page<BuyerReturn>> {
    return part<ReturnSource>(*connector().connector)->fetch_returns(cursor, context);
  });
}

Result<std::vector<Finding>> StepRunner::Step::check() {
  return call("check", [&](StepContext& context) -> Result<std::vector<Finding>> {
    return connector().connector->check(context);
  });
}

StepTiming StepRunner::Step::timing() const {
  return {started_, runner_.parts_.clock.now(), deadline_, runner_.stopping_.load()};
}

std::unique_ptr<store::ShopTransaction> StepRunner::Step::begin() {
  if (!input_.token) {
    throw store::StoreError(store::StoreError::Kind::kFenced,
                            "Shop " + input_.shop.id + " is not owned by this process.");
  }
  return runner_.parts_.store.begin(*input_.token);
}

StagedState StepRunner::Step::take_staged_state() {
  if (!work_.connector || !connector().take_staged_state) return {};
  return connector().take_staged_state();
}

void StepRunner::Step::set_state(store::ShopTransaction& transaction, std::string_view state,
                                 std::string_view reason) {
  if (input_.shop.state == state && input_.shop.state_reason == reason) return;
  transaction.set_shop_state(state, reason);
  // A shop that was never seen before starts well without saying so.
  const bool news = input_.shop.state != state && !(input_.shop.state.empty() && state == "ok");
  if (!news) return;
  transaction.append_event(kShopStateChanged, input_.shop.id,
                           shop_state_event_data(input_.shop.state, state, reason));
}

void StepRunner::Step::commit(store::ShopTransaction& transaction) {
  if (mark_) transaction.clear_mark(capability_);
  transaction.commit();
  mark_.reset();
}

void StepRunner::Step::abandon_mark(bool fenced) noexcept {
  if (!mark_) return;
  if (!fenced) {
    work_.left_mark = std::move(mark_);
    runner_.clear_left_mark(work_);
  }
  mark_.reset();
}

}  // namespace marketplug::sync
