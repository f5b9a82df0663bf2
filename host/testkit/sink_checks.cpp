// Group D, sinks: outcomes and keys, repetition, cut connections, mixed and empty batches.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "host/testkit/tour.hpp"
#include "host/testkit/weather.hpp"

namespace marketplug::testkit {
namespace {

using Kind = ItemOutcome::Kind;

std::vector<std::string> keys_of(const boost::json::array& items) {
  std::vector<std::string> keys;
  for (const auto& item : items) keys.emplace_back(item.as_object().at("key").as_string());
  return keys;
}

/// What holds for every push, whatever it was about.
void judge_outcomes(Trial& trial, const Sink& sink, const Pushed& pushed,
                    const boost::json::array& items) {
  const auto keys = keys_of(items);
  std::set<std::string> seen;
  for (const auto& outcome : pushed.outcomes) {
    trial.expect(std::find(keys.begin(), keys.end(), outcome.key) != keys.end(),
                 fmt::format("{}: an outcome has a key that was not given", sink.name()));
    if (outcome.kind == Kind::kUndecided) continue;
    trial.expect(seen.insert(outcome.key).second,
                 fmt::format("{}: an object has two outcomes", sink.name()));
  }
}

/// The names of effects there are.
std::set<std::string> effects_in(const Shop& shop) {
  std::set<std::string> names;
  for (const auto& [name, count] : shop.http.effects) names.insert(name);
  return names;
}

void d6_outcomes(Trial& trial) {
  for (const Sink* sink : sinks_of(trial)) {
    Shop shop(trial);
    const auto items = with_keys(cases_of(trial, *sink).good);
    const auto pushed = push_all(shop, *sink, items);
    shop.expect_recorded(fmt::format("pushing {}", sink->name()));
    if (pushed.failure) {
      trial.fail(fmt::format("pushing {}: {}", sink->name(), shown(*pushed.failure)));
      continue;
    }
    trial.expect(pushed.ended, fmt::format("pushing {} never ends", sink->name()));
    judge_outcomes(trial, *sink, pushed, items);
    for (const auto& key : keys_of(items)) {
      const auto* outcome = pushed.of(key);
      trial.expect(outcome != nullptr && outcome->kind == Kind::kAccepted,
                   fmt::format("{}: a good object is not accepted{}", sink->name(),
                               outcome == nullptr ? "" : ": " + outcome->message));
    }
    trial.expect(!shop.http.effects.empty(),
                 fmt::format("{}: objects are accepted, and no exchange with an `effect` was asked "
                             "for",
                             sink->name()));
  }
}

void d7_mixed(Trial& trial) {
  for (const Sink* sink : sinks_of(trial)) {
    const SinkCases& of = cases_of(trial, *sink);
    if (of.bad.empty()) {
      trial.fail(
          fmt::format("{}: \"{}\" has no \"bad\" objects: add one that the marketplace "
                      "refuses, or skip D7 with a reason",
                      trial.cases.file, sink->name()));
      continue;
    }
    // Bad ones first: what comes after them must still be sent.
    boost::json::array mixed = of.bad;
    for (const auto& good : of.good) mixed.push_back(good);
    const auto items = with_keys(mixed);
    Shop shop(trial);
    const auto pushed = push_all(shop, *sink, items);
    shop.expect_recorded(fmt::format("pushing a mixed batch of {}", sink->name()));
    if (pushed.failure) {
      trial.fail(fmt::format("a mixed batch of {}: {}", sink->name(), shown(*pushed.failure)));
      continue;
    }
    judge_outcomes(trial, *sink, pushed, items);
    const auto keys = keys_of(items);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const auto* outcome = pushed.of(keys[i]);
      if (i >= of.bad.size()) {
        trial.expect(
            outcome != nullptr && outcome->kind == Kind::kAccepted,
            fmt::format("{}: a good object beside a bad one is not accepted", sink->name()));
        continue;
      }
      trial.expect(outcome != nullptr && outcome->kind == Kind::kRejected,
                   fmt::format("{}: a bad object is not rejected", sink->name()));
      trial.expect(outcome == nullptr || outcome->kind != Kind::kRejected ||
                       (!outcome->code.empty() && !outcome->message.empty()),
                   fmt::format("{}: a rejection has no code or no message", sink->name()));
    }
  }
}

void d8_empty(Trial& trial) {
  for (const Sink* sink : sinks_of(trial)) {
    Shop shop(trial);
    const auto pushed = push_all(shop, *sink, {});
    trial.expect(
        !pushed.failure && pushed.ended && pushed.outcomes.empty() && shop.http.effects.empty(),
        fmt::format("an empty batch of {} gives {}", sink->name(),
                    pushed.failure ? shown(*pushed.failure) : "outcomes or requests"));
    const auto verified = verify_all(shop, *sink, {});
    trial.expect(!verified.failure && verified.ended && verified.verdicts.empty(),
                 fmt::format("verifying an empty batch of {} gives {}", sink->name(),
                             verified.failure ? shown(*verified.failure) : "verdicts"));
  }
}

/// Whether the marketplace of the cases recognises what it has had before.
bool recognises(const Shop& shop) {
  return std::none_of(shop.http.sent.begin(), shop.http.sent.end(), [](const Market::Sent& one) {
    return one.exchange != nullptr && !one.exchange->recognised;
  });
}

void d11_twice(Trial& trial) {
  for (const Sink* sink : sinks_of(trial)) {
    Shop shop(trial);
    const auto items = with_keys(cases_of(trial, *sink).good);
    push_all(shop, *sink, items);
    const auto once = effects_in(shop);
    // Where the marketplace knows no repetition, the host never pushes twice: verify decides.
    if (!recognises(shop)) continue;
    push_all(shop, *sink, items);
    trial.expect(
        effects_in(shop) == once,
        fmt::format("the same batch of {} twice leaves other effects than once", sink->name()));
    // After a restart there is another object, and the same keys.
    Shop other(trial);
    push_all(other, *sink, items);
    trial.expect(effects_in(other) == once,
                 fmt::format("the same batch of {} from a new connector leaves other effects",
                             sink->name()));
  }
}

/// The connection breaks at the n-th request that has an effect; before or after the marketplace
/// did it. False: there are fewer such requests.
bool cut(Trial& trial, const Sink& sink, bool arrived, int nth) {
  const SinkCases& of = cases_of(trial, sink);
  const auto items = with_keys(of.good);
  Shop shop(trial);
  int effectful = 0;
  shop.http.weather = [&](const Market::Sent& one) -> std::optional<Result<HttpResponse>> {
    if (one.exchange == nullptr || one.exchange->effect.empty() || ++effectful != nth) {
      return std::nullopt;
    }
    if (!arrived) {
      for (const auto& name : effects_of(*one.exchange, one.request)) {
        shop.http.effects.erase(name);
      }
    }
    return network_failure(arrived ? "reset" : "timeout");
  };
  const auto pushed = push_all(shop, sink, items);
  if (effectful < nth) return false;
  judge_outcomes(trial, sink, pushed, items);
  const char* when = arrived ? "after the marketplace had done it" : "before it arrived";
  trial.expect(!pushed.failure || pushed.failure->kind == Failure::Kind::kTransient,
               fmt::format("{}, the connection is cut {}: {} instead of kTransient", sink.name(),
                           when, pushed.failure ? shown(*pushed.failure) : ""));
  // Which object it was is the plugin's to know: at most the others may have an outcome.
  const auto decided =
      std::count_if(pushed.outcomes.begin(), pushed.outcomes.end(),
                    [](const ItemOutcome& each) { return each.kind != Kind::kUndecided; });
  trial.expect(static_cast<std::size_t>(decided) < items.size(),
               fmt::format("{}: the connection is cut {}, and no object is left undecided",
                           sink.name(), when));
  const auto after_cut = effects_in(shop);
  shop.http.weather = nullptr;

  // As the host goes on with what is undecided: read back, and push again only what is absent.
  boost::json::array undecided, absent;
  for (const auto& item : items) {
    const auto* outcome = pushed.of(item.as_object().at("key").as_string());
    if (outcome == nullptr || outcome->kind == Kind::kUndecided) undecided.push_back(item);
  }
  if (arrived && of.verify.contains("applied")) {
    const auto verified = verify_all(shop, sink, undecided);
    for (const auto& item : undecided) {
      if (verified.of(item.as_object().at("key").as_string()) == ItemVerdict::Kind::kAbsent) {
        absent.push_back(item);
      }
    }
  } else if (recognises(shop)) {
    absent = undecided;
  }
  if (!absent.empty()) push_all(shop, sink, absent);
  Shop clean(trial);
  push_all(clean, sink, items);
  const auto wanted = effects_in(clean), got = effects_in(shop);
  const bool more = !std::includes(wanted.begin(), wanted.end(), got.begin(), got.end());
  trial.expect(!more, fmt::format("{}: the connection is cut {}, and the repetition does it again",
                                  sink.name(), when));
  trial.expect(std::includes(got.begin(), got.end(), after_cut.begin(), after_cut.end()),
               fmt::format("{}: an effect is gone after the repetition", sink.name()));
  return true;
}

void d12_cut(Trial& trial) {
  constexpr int kMostCuts = 5;
  for (const Sink* sink : sinks_of(trial)) {
    for (const bool arrived : {true, false}) {
      int nth = 1;
      while (nth <= kMostCuts && cut(trial, *sink, arrived, nth)) ++nth;
      trial.expect(nth > 1,
                   fmt::format("{}: no exchange with an `effect` was asked for", sink->name()));
    }
  }
}

}  // namespace

std::vector<Check> sink_checks() {
  using enum Level;
  return {
      {"D6", kRequired, "Every object of a batch gets one outcome, under the key that it came with",
       Need::kSinks, d6_outcomes, true},
      {"D7", kRequired,
       "In a mixed batch the bad objects are rejected with a reason, the good sent", Need::kSinks,
       d7_mixed, true},
      {"D8", kRequired, "An empty batch is no trouble", Need::kSinks, d8_empty, true},
      {"D11", kRequired, "The same batch twice leaves one effect", Need::kSinks, d11_twice, true},
      {"D12", kRequired, "A cut connection leaves objects undecided, and nothing is done twice",
       Need::kSinks, d12_cut, true},
  };
}

}  // namespace marketplug::testkit
