// Group D, orders: pages and cursors, resuming; stopping; catalogues.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "host/testkit/tour.hpp"
#include "host/testkit/weather.hpp"

namespace marketplug::testkit {
namespace {

constexpr std::size_t kLargestPage = 1000;

/// The whole, from an empty cursor; ends the check where it cannot be read.
Reading all_orders(Shop& shop) {
  need_orders(shop.trial.cases);
  return whole_of(shop, "orders", read_orders);
}

void d1_first(Trial& trial) {
  Shop shop(trial);
  const auto reading = all_orders(shop);
  for (const auto& step : reading.steps) {
    trial.expect(
        step.items <= kLargestPage,
        fmt::format("a page has {} orders, at most {} are good", step.items, kLargestPage));
    trial.expect(step.repeated.empty(),
                 fmt::format("order {} is twice in one page", step.repeated));
    trial.expect(!step.nameless, "an order has no id");
  }
  const auto all = reading.all();
  for (const auto& each : trial.cases.expected_orders) {
    const auto found = all.find(std::string(each.key()));
    trial.expect(found != all.end() && found->second != "parked",
                 fmt::format("order {} of the cases is not among what was read",
                             std::string_view(each.key())));
  }
  for (const auto& id : trial.cases.parked_orders) {
    const auto found = all.find(id);
    trial.expect(found != all.end() && found->second == "parked",
                 fmt::format("order {} must be parked, and is {}", id,
                             found == all.end() ? "lost" : "taken for good"));
  }
  if (trial.cases.expected_orders.empty()) return;
  const std::string known(trial.cases.expected_orders.begin()->key());
  const auto one = shop.fetch_one(known);
  trial.expect(one && one.value().items.size() == 1 && one.value().items[0].id == known,
               fmt::format("fetch_order({}) does not give that order{}", known,
                           one ? "" : ": " + shown(one.failure())));
  if (trial.cases.unknown_order.empty()) return;
  const auto none = shop.fetch_one(trial.cases.unknown_order);
  trial.expect(none && none.value().items.empty() && none.value().parked.empty(),
               fmt::format("fetch_order({}) does not say that the marketplace lacks it{}",
                           trial.cases.unknown_order, none ? "" : ": " + shown(none.failure())));
  shop.expect_recorded("fetch_order");
}

void d2_resume(Trial& trial) {
  Shop first(trial);
  const auto reading = all_orders(first);
  for (std::size_t i = 1; i < reading.steps.size(); ++i) {
    Shop shop(trial);
    const auto rest = read_orders(shop, reading.steps[i].from);
    auto found = rest.all();
    for (std::size_t before = 0; before < i; ++before) {
      found.insert(reading.steps[before].found.begin(), reading.steps[before].found.end());
    }
    const auto lost = missing(reading.all(), found);
    trial.expect(lost.empty(), fmt::format("going on from the cursor after step {} loses {}{}", i,
                                           lost, rest.failure ? ": " + shown(*rest.failure) : ""));
  }
}

void d3_repeat(Trial& trial) {
  Shop first(trial);
  const auto reading = all_orders(first);
  for (const auto& step : reading.steps) {
    Shop shop(trial);
    for (const char* time : {"first", "second"}) {
      const auto again = read_orders(shop, step.from, 1);
      const auto found = again.all();
      trial.expect(missing(step.found, found).empty() && missing(found, step.found).empty(),
                   fmt::format("the same cursor gives other orders the {} time it is used", time));
    }
  }
}

void d4_survives(Trial& trial) {
  Shop first(trial);
  const auto reading = all_orders(first);
  for (std::size_t i = 0; i < reading.steps.size(); ++i) {
    Trial elsewhere(trial.subject, trial.cases);
    elsewhere.isolated = true;
    Shop shop(elsewhere);  // in a process that never saw the steps before
    const auto rest = read_orders(shop, reading.steps[i].from);
    const auto lost = missing(reading.since(i), rest.all());
    trial.expect(lost.empty(),
                 fmt::format("in a new process the cursor before step {} loses {}{}", i + 1, lost,
                             rest.failure ? ": " + shown(*rest.failure) : ""));
  }
}

/// The step must give up, and at once.
void judge_stop(Shop& shop, const Deed& deed, const char* when) {
  const auto begin = std::chrono::steady_clock::now();
  const auto failure = deed.run(shop);
  const auto took = std::chrono::steady_clock::now() - begin;
  const auto expect = [&](bool holds, const std::string& fault) {
    shop.trial.expect(holds, fmt::format("{}, {}: the step {}", deed.name, when, fault));
  };
  expect(took < std::chrono::seconds{1}, "takes longer than a second to return");
  expect(failure && failure->kind == Failure::Kind::kCancelled,
         fmt::format("gives {} instead of kCancelled", told(failure)));
  expect(shop.http.refused <= 1, fmt::format("goes on asking ({} requests)", shop.http.refused));
}

void d9_stop(Trial& trial) {
  for (const Deed& deed : deeds_of(trial)) {
    Shop stopped(trial);
    stopped.ctx.stopped = true;
    judge_stop(stopped, deed, "a stop before it");
    trial.expect(stopped.http.sent.empty(),
                 fmt::format("{}, a stop before it: a request was sent", deed.name));

    Shop late(trial);
    late.ctx = testing::FakeContext(late.clock.now() - std::chrono::seconds{1});
    judge_stop(late, deed, "a deadline that has passed");
    trial.expect(late.http.sent.empty(),
                 fmt::format("{}, a deadline that has passed: a request was sent", deed.name));

    Shop within(trial);
    within.http.arriving = [&](const Market::Sent& one) {
      if (is_api(one)) within.ctx.stopped = true;
    };
    judge_stop(within, deed, "a stop while the marketplace answers");
  }
}

void d13_options(Trial& trial) {
  if (trial.cases.catalogues.empty()) {
    trial.fail(trial.cases.file + " has no \"catalogues\", and the plugin offers options-source/1");
    return;
  }
  Shop shop(trial);
  for (const auto& name : trial.cases.catalogues) {
    const auto got = shop.options(name);
    if (!got) {
      trial.fail(fmt::format("options({}): {}", name, shown(got.failure())));
      continue;
    }
    std::set<std::string> values;
    for (const Option& option : got.value()) {
      trial.expect(!option.value.empty() && !option.label.empty(),
                   fmt::format("options({}): one has no value or no label", name));
      trial.expect(values.insert(option.value).second,
                   fmt::format("options({}): {} is twice there", name, option.value));
    }
    trial.expect(!values.empty(), fmt::format("options({}) gives none", name));
  }
  shop.expect_recorded("options");
  const auto none = shop.options("no-such-catalogue");
  trial.expect(!none && none.failure().kind == Failure::Kind::kConfig &&
                   none.failure().code == "unknown_catalogue",
               "an unknown catalogue is not kConfig, unknown_catalogue");
}

}  // namespace

std::vector<Check> step_checks() {
  using enum Level;
  return {
      {"D1", kRequired, "The orders of the cases come, each once in its page; others are parked",
       Need::kOrders, d1_first, true},
      {"D2", kRequired, "Going on from each cursor loses nothing", Need::kOrders, d2_resume, true},
      {"D3", kRequired, "The same cursor gives the same orders", Need::kOrders, d3_repeat, true},
      {"D4", kRequired, "A cursor holds in a new process", Need::kOrders, d4_survives},
      {"D9", kRequired, "A stop and a deadline end the step at once, without a request", Need::kAny,
       d9_stop, true},
      {"D13", kRequired, "Catalogues give options, and unknown ones are refused", Need::kOptions,
       d13_options, true},
  };
}

}  // namespace marketplug::testkit
