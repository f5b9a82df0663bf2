// The order audit and the returns of plugins in workers: both are carried with everything that they
// take and give, and what goes wrong in one is a failed step.
#include <gmock/gmock.h>

#include <algorithm>
#include <optional>

#include "marketplug/capabilities/order_audit.hpp"
#include "marketplug/capabilities/return_source.hpp"
#include "marketplug/testing/scripted_host.hpp"
#include "tests/badplugins/all_sources.hpp"
#include "tests/unit/isolation/workers.hpp"

namespace marketplug::isolation {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const TimePoint kFrom = parse_time("2026-11-01T00:00:00.001Z").value();
const TimePoint kUntil = parse_time("2026-11-21T00:00:00Z").value();

class RemoteSource : public ::testing::Test {
 protected:
  RemoteSource() {
    parts_.options = test::worker_options();
    parts_.crashed = [this](std::string_view, std::string_view how) { crashes_.emplace_back(how); };
  }

  void start(const std::string& animal) {
    plugin_.emplace(test::animal(animal), "{}", parts_);
    auto made = plugin_->create(host_, "{}");
    if (!made) throw std::runtime_error(made.failure().message);
    connector_ = std::move(made).value();
  }
  Result<Page<OrderSighting>> sightings(const Cursor& cursor) {
    return part<OrderAudit>(*connector_)
        ->fetch_sightings({AuditWindow::By::kPlaced, kFrom, kUntil}, cursor, ctx_);
  }
  Result<Page<BuyerReturn>> returns(const Cursor& cursor) {
    return part<ReturnSource>(*connector_)->fetch_returns(cursor, ctx_);
  }

  marketplug::testing::ScriptedHost host_;
  marketplug::testing::FakeContext ctx_;
  Spawner spawner_;
  IsolationParts parts_{spawner_, {}};
  std::vector<std::string> crashes_;
  std::optional<RemotePlugin> plugin_;
  loading::ConnectorPtr connector_;
};

template <class T>
void expect_as_in_this_process(const Page<T>& got, std::vector<T> items, const Cursor& cursor) {
  Page<T> here;
  zoo::wrap(here, cursor);
  EXPECT_EQ(got.items, items);
  EXPECT_EQ(got.parked, here.parked);
  EXPECT_EQ(got.next, here.next);
  EXPECT_EQ(got.caught_up, here.caught_up);
  EXPECT_EQ(got.look_again_at, here.look_again_at);
  EXPECT_EQ(got.complete_until, here.complete_until);
}

TEST_F(RemoteSource, AnAuditIsCarried) {
  start("all_sources");
  auto* audit = part<OrderAudit>(*connector_);
  ASSERT_NE(audit, nullptr);
  EXPECT_EQ(part<OrderAudit>(*connector_), audit);
  OrderSighting told{"1 \xff", "NL",  "placed", OrderState::kShipped, FulfilledBy::kMerchant,
                     kFrom,    kUntil};
  OrderSighting second;
  second.id = "2";
  for (const std::string cursor : {"", "place \xff", "last"}) {
    const auto page = sightings({cursor});
    ASSERT_TRUE(page) << page.failure().message << page.failure().detail;
    expect_as_in_this_process(page.value(), {told, second}, {cursor});
  }
  const auto changed = audit->fetch_sightings({AuditWindow::By::kChanged, kUntil, kFrom}, {}, ctx_);
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed.value().items[0].marketplace_status, "changed");
  EXPECT_EQ(changed.value().items[0].placed_at, kUntil);
  EXPECT_THAT(crashes_, IsEmpty());
}

TEST_F(RemoteSource, ReturnsAreCarried) {
  start("all_sources");
  auto* source = part<ReturnSource>(*connector_);
  ASSERT_NE(source, nullptr);
  EXPECT_EQ(part<ReturnSource>(*connector_), source);
  BuyerReturn second;
  second.id = "2";
  for (const std::string cursor : {"", "place \xff", "last"}) {
    const auto page = returns({cursor});
    ASSERT_TRUE(page) << page.failure().message << page.failure().detail;
    expect_as_in_this_process(page.value(), {zoo::make_return(), second}, {cursor});
  }
  EXPECT_NE(part<OrderSource>(*connector_), nullptr);
  EXPECT_THAT(crashes_, IsEmpty());
}

TEST_F(RemoteSource, OneThatThePluginLacksIsNone) {
  start("sound");
  EXPECT_EQ(part<OrderAudit>(*connector_), nullptr);
  EXPECT_EQ(part<ReturnSource>(*connector_), nullptr);
}

TEST_F(RemoteSource, FailuresArriveWhole) {
  start("all_sources");
  EXPECT_EQ(sightings({"fail"}).failure(), zoo::whole_failure());
  EXPECT_EQ(returns({"fail"}).failure(), zoo::whole_failure());
}

TEST_F(RemoteSource, AReturnThatTheCodecCannotTakeComesParked) {
  start("all_sources");
  const auto page = returns({"unfit"});
  ASSERT_TRUE(page) << page.failure().message;
  EXPECT_EQ(page.value().items.size(), 1u);
  ASSERT_EQ(page.value().parked.size(), 2u);
  EXPECT_EQ(page.value().parked[1].code, "invalid_return");
  EXPECT_THAT(page.value().parked[1].message, HasSubstr("currency"));
}

struct SourceFall {
  const char* name;
  const char* cursor;
  bool returns;
  const char* code;
  const char* cause;
};
class SourceFalls : public RemoteSource, public ::testing::WithParamInterface<SourceFall> {
 protected:
  std::optional<Failure> run(const Cursor& cursor) {
    if (GetParam().returns) {
      const auto page = returns(cursor);
      return page ? std::nullopt : std::optional(page.failure());
    }
    const auto page = sightings(cursor);
    return page ? std::nullopt : std::optional(page.failure());
  }
};

TEST_P(SourceFalls, EndTheStepAndNothingElse) {
  start("all_sources");
  const auto failure = run({GetParam().cursor});
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, Failure::Kind::kInternal);
  EXPECT_EQ(failure->code, GetParam().code);
  EXPECT_THAT(failure->message + failure->detail, HasSubstr(test::end_by(GetParam().cause)));
  EXPECT_FALSE(failure->remedy.empty());
  EXPECT_EQ(crashes_.size(), failure->code == "worker_crashed" ? 1u : 0u);
  EXPECT_FALSE(run({})) << "the next step goes on";
}

INSTANTIATE_TEST_SUITE_P(
    All, SourceFalls,
    ::testing::Values(
        SourceFall{"AuditCrashes", "crash", false, "worker_crashed", "signal 11"},
        SourceFall{"AuditThrows", "throw", false, "plugin_exception", "thrown by an audit"},
        SourceFall{"NoState", "wrong state", false, "worker_frame", "state: "},
        SourceFall{"NoHands", "wrong hands", false, "worker_frame", "fulfilled_by: "},
        SourceFall{"HugeAudit", "huge", false, "page_too_large", "64 MiB"},
        SourceFall{"ReturnsCrash", "crash", true, "worker_crashed", "signal 11"},
        SourceFall{"ReturnsThrow", "throw", true, "plugin_exception", "thrown by a source"},
        SourceFall{"HugeReturns", "huge", true, "page_too_large", "64 MiB"}),
    [](const auto& fall) { return std::string(fall.param.name); });

TEST_F(RemoteSource, WhatHangsIsEndedAtItsDeadline) {
  parts_.options = test::impatient();
  start("all_sources");
  ctx_ = marketplug::testing::FakeContext(host_.clock.now());
  EXPECT_EQ(sightings({"hang"}).failure().code, "worker_hung");
  EXPECT_EQ(returns({"hang"}).failure().code, "worker_hung");
  EXPECT_THAT(crashes_, ElementsAre("did not come back in time in fetch_sightings",
                                    "did not come back in time in fetch_returns"));
}

}  // namespace
}  // namespace marketplug::isolation
