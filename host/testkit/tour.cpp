#include "host/testkit/tour.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace marketplug::testkit {
namespace {

constexpr int kMostRounds = 50;
constexpr std::size_t kStepsOfADeed = 60;
constexpr auto kChanged = AuditWindow::By::kChanged;

/// Fails the trial where the cases have no window.
bool offers_audit(Trial& trial) {
  if (!trial.offers(OrderAudit::kId)) return false;
  return trial.expect(trial.cases.audit.has_value(), no_audit(trial.cases));
}

/// Push and verify alike: until the continuation is empty.
template <class Got, class Call, class Add>
Got until_ended(Shop& shop, const Call& call, const Add& add) {
  Got got;
  Cursor at;
  for (int round = 0; round < kMostRounds && !got.ended; ++round) {
    auto step = call(at);
    if (!step) {
      got.failure = step.failure();
      return got;
    }
    add(got, step.value());
    at = step.value().continuation;
    got.ended = at.value.empty();
    shop.go_on_at(step.value().resume_at);
  }
  return got;
}

/// So that there is something to read back; in good weather, with time, and no part of what is
/// judged.
void push_before(Shop& shop, const Sink& sink, const boost::json::array& items) {
  auto weather = std::exchange(shop.http.weather, nullptr);
  auto arriving = std::exchange(shop.http.arriving, nullptr);
  const auto ctx = shop.ctx;
  const auto begin = shop.clock.now();
  shop.go_on_at(std::nullopt);
  push_all(shop, sink, items);
  shop.http.weather = std::move(weather);
  shop.http.arriving = std::move(arriving);
  shop.http.sent.clear();
  shop.http.refused = 0;
  // A feed takes its time: the step that is judged has as much left as it had.
  shop.ctx = testing::FakeContext(ctx.deadline() + (shop.clock.now() - begin));
  shop.ctx.stopped = ctx.stopped;
}

}  // namespace

boost::json::array with_keys(const boost::json::array& items, int first) {
  boost::json::array keyed = items;
  for (auto& item : keyed) item.as_object()["key"] = fmt::format("kit-{}", first++);
  return keyed;
}

const ItemOutcome* Pushed::of(std::string_view key) const {
  const auto found = std::find_if(outcomes.begin(), outcomes.end(),
                                  [&](const ItemOutcome& each) { return each.key == key; });
  return found == outcomes.end() ? nullptr : &*found;
}

ItemVerdict::Kind Verified::of(std::string_view key) const {
  const auto found = std::find_if(verdicts.begin(), verdicts.end(),
                                  [&](const ItemVerdict& each) { return each.key == key; });
  return found == verdicts.end() ? ItemVerdict::Kind::kUnknown : found->kind;
}

Pushed push_all(Shop& shop, const Sink& sink, const boost::json::array& items) {
  return until_ended<Pushed>(
      shop, [&](const Cursor& at) { return shop.push(sink, items, at); },
      [](Pushed& to, SinkStep& step) {
        std::move(step.outcomes.begin(), step.outcomes.end(), std::back_inserter(to.outcomes));
      });
}

Verified verify_all(Shop& shop, const Sink& sink, const boost::json::array& items) {
  return until_ended<Verified>(
      shop, [&](const Cursor& at) { return shop.verify(sink, items, at); },
      [](Verified& to, VerifyStep& step) {
        std::move(step.verdicts.begin(), step.verdicts.end(), std::back_inserter(to.verdicts));
      });
}

std::vector<const Sink*> sinks_of(Trial& trial) {
  std::vector<const Sink*> offered;
  for (const Sink* sink : all_sinks()) {
    if (!trial.offers(sink->id())) continue;
    if (trial.cases.sinks.contains(sink->name())) {
      offered.push_back(sink);
    } else {
      trial.fail(fmt::format("{} has no \"{}\", and the plugin offers {}: add objects to push",
                             trial.cases.file, sink->name(), sink->id()));
    }
  }
  return offered;
}

const SinkCases& cases_of(const Trial& trial, const Sink& sink) {
  return trial.cases.sinks.find(sink.name())->second;
}

std::optional<Failure> one_call(Shop& shop) {
  const auto failure_in = [](const auto& result) {
    return result ? std::nullopt : std::optional<Failure>(result.failure());
  };
  if (shop.trial.offers(OrderSource::kId)) return failure_in(shop.fetch({}));
  if (shop.trial.offers(OrderAudit::kId) && shop.trial.cases.audit) {
    return failure_in(shop.fetch_sightings(audit_window(shop.trial.cases, kChanged), {}));
  }
  if (shop.trial.offers(ReturnSource::kId)) return failure_in(shop.fetch_returns({}));
  if (shop.trial.offers(OptionsSource::kId) && !shop.trial.cases.catalogues.empty()) {
    return failure_in(shop.options(shop.trial.cases.catalogues.front()));
  }
  for (const Sink* sink : sinks_of(shop.trial)) {
    return push_all(shop, *sink, with_keys(cases_of(shop.trial, *sink).good)).failure;
  }
  return std::nullopt;
}

std::vector<Deed> deeds_of(Trial& trial) {
  std::vector<Deed> deeds;
  const auto failure_in = [](const auto& result) {
    return result ? std::nullopt : std::optional<Failure>(result.failure());
  };
  const Cases& cases = trial.cases;
  if (trial.offers(OrderSource::kId)) {
    deeds.push_back({"fetch_orders", [=](Shop& shop) { return failure_in(shop.fetch({})); }});
    if (!cases.expected_orders.empty()) {
      const std::string id(cases.expected_orders.begin()->key());
      deeds.push_back({"fetch_order", [=](Shop& shop) { return failure_in(shop.fetch_one(id)); }});
    }
  }
  // To its end, which may take several requests.
  if (offers_audit(trial)) {
    deeds.push_back({"fetch_sightings", [](Shop& shop) {
                       return read_audit(shop, kChanged, {}, kStepsOfADeed).failure;
                     }});
  }
  if (trial.offers(ReturnSource::kId)) {
    deeds.push_back({"fetch_returns",
                     [](Shop& shop) { return read_returns(shop, {}, kStepsOfADeed).failure; }});
  }
  if (trial.offers(OptionsSource::kId) && !cases.catalogues.empty()) {
    const auto name = cases.catalogues.front();
    deeds.push_back({"options", [=](Shop& shop) { return failure_in(shop.options(name)); }});
  }
  for (const Sink* sink : sinks_of(trial)) {
    const auto items = with_keys(cases_of(trial, *sink).good);
    deeds.push_back({fmt::format("push ({})", sink->name()),
                     [=](Shop& shop) { return push_all(shop, *sink, items).failure; }});
    deeds.push_back({fmt::format("verify ({})", sink->name()), [=](Shop& shop) {
                       push_before(shop, *sink, items);
                       return verify_all(shop, *sink, items).failure;
                     }});
  }
  return deeds;
}

std::vector<Failure> tour(Shop& shop) {
  std::vector<Failure> failures;
  const auto note = [&](const std::optional<Failure>& failure) {
    if (failure) failures.push_back(*failure);
  };
  const auto note_result = [&](const auto& result) {
    if (!result) failures.push_back(result.failure());
  };
  const Cases& cases = shop.trial.cases;
  shop.check();
  if (shop.trial.offers(OrderSource::kId)) {
    note(read_orders(shop, {}).failure);
    if (!cases.expected_orders.empty()) {
      note_result(shop.fetch_one(std::string(cases.expected_orders.begin()->key())));
    }
    if (!cases.unknown_order.empty()) note_result(shop.fetch_one(cases.unknown_order));
  }
  if (offers_audit(shop.trial)) {
    for (const auto by : {kChanged, AuditWindow::By::kPlaced}) {
      note(read_audit(shop, by, {}, kStepsOfADeed).failure);
    }
  }
  if (shop.trial.offers(ReturnSource::kId)) note(read_returns(shop, {}, kStepsOfADeed).failure);
  if (shop.trial.offers(OptionsSource::kId)) {
    for (const auto& catalogue : cases.catalogues) note_result(shop.options(catalogue));
  }
  for (const Sink* sink : sinks_of(shop.trial)) {
    const SinkCases& of = cases_of(shop.trial, *sink);
    const auto good = with_keys(of.good);
    note(push_all(shop, *sink, good).failure);
    note(verify_all(shop, *sink, good).failure);
    if (!of.bad.empty()) note(push_all(shop, *sink, with_keys(of.bad, 100)).failure);
  }
  return failures;
}

}  // namespace marketplug::testkit
