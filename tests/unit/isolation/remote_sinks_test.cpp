// Sinks of plugins in workers: every one is carried, and what goes wrong in one is a failed step.
#include <gmock/gmock.h>

#include <algorithm>
#include <optional>

#include "host/isolation/sink_calls.hpp"
#include "host/loading/call_guard.hpp"
#include "marketplug/testing/scripted_host.hpp"
#include "tests/unit/isolation/workers.hpp"

namespace marketplug::isolation {
namespace {

using marketplug::testing::json_answer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using OutcomeKind = ItemOutcome::Kind;
using VerdictKind = ItemVerdict::Kind;

template <class Item>
std::vector<Item> with_keys(std::initializer_list<const char*> keys) {
  std::vector<Item> items;
  for (const char* key : keys) items.emplace_back().key = key;
  return items;
}

class RemoteSink : public ::testing::Test {
 protected:
  RemoteSink() {
    parts_.options = test::worker_options();
    parts_.crashed = [this](std::string_view, std::string_view how) { crashes_.emplace_back(how); };
  }

  void start(loading::PluginFile file, std::string_view settings = "{}") {
    plugin_.emplace(std::move(file), "{}", parts_);
    auto made = plugin_->create(host_, settings);
    if (!made) throw std::runtime_error(made.failure().message);
    connector_ = std::move(made).value();
  }
  StockSink& stock() { return *part<StockSink>(*connector_); }

  marketplug::testing::ScriptedHost host_;
  marketplug::testing::FakeContext ctx_;
  Spawner spawner_;
  IsolationParts parts_{spawner_, {}};
  std::vector<std::string> crashes_;
  std::optional<RemotePlugin> plugin_;
  loading::ConnectorPtr connector_;
};

template <class Sink>
void expect_carried(Connector& connector, StepContext& ctx) {
  using Calls = SinkCalls<Sink>;
  SCOPED_TRACE(Sink::kId);
  auto* sink = part<Sink>(connector);
  ASSERT_NE(sink, nullptr);
  EXPECT_EQ(part<Sink>(connector), sink);
  const auto items = with_keys<typename Calls::Item>({"a", "b"});
  const auto pushed = (sink->*Calls::kPush)(items, {}, ctx);
  ASSERT_TRUE(pushed) << pushed.failure().message << pushed.failure().detail;
  ASSERT_EQ(pushed.value().outcomes.size(), 2u);
  EXPECT_EQ(pushed.value().outcomes[1].key, "b");
  EXPECT_EQ(pushed.value().outcomes[1].kind, OutcomeKind::kAccepted);
  EXPECT_EQ(pushed.value().outcomes[1].remote_id, push_call<Sink>());
  EXPECT_EQ(pushed.value().continuation, Cursor());
  const auto verified = (sink->*Calls::kVerify)(items, {"once \xff"}, ctx);
  ASSERT_TRUE(verified) << verified.failure().message << verified.failure().detail;
  ASSERT_EQ(verified.value().verdicts.size(), 2u);
  EXPECT_EQ(verified.value().verdicts[0].key, "a");
  EXPECT_EQ(verified.value().verdicts[0].kind, VerdictKind::kApplied);
  EXPECT_EQ(verified.value().verdicts[0].remote_id, verify_call<Sink>());
  EXPECT_EQ(verified.value().continuation, Cursor{"once \xff again"});
  EXPECT_THAT((sink->*Calls::kPush)({}, {}, ctx).value().outcomes, IsEmpty());
  EXPECT_THAT((sink->*Calls::kVerify)({}, {}, ctx).value().verdicts, IsEmpty());
}

TEST_F(RemoteSink, EveryOneIsCarried) {
  start(test::animal("all_sinks"));
  AllSinks::each([&]<class Sink>() { expect_carried<Sink>(*connector_, ctx_); });
  EXPECT_EQ(connector_->query("order-source/1"), nullptr) << "the plugin lacks it";
  EXPECT_THAT(crashes_, IsEmpty());
}

TEST_F(RemoteSink, OneThatThePluginLacksIsNone) {
  start(test::animal("sound"));
  AllSinks::each([&]<class Sink>() { EXPECT_EQ(part<Sink>(*connector_), nullptr) << Sink::kId; });
}

TEST_F(RemoteSink, FailuresArriveWhole) {
  start(test::animal("all_sinks"));
  const Failure wanted{
      Failure::Kind::kThrottled,           "message", "remedy", "code", "detail \xff",
      parse_time("2026-11-23T11:00:00.5Z")};
  const auto items = with_keys<StockLevel>({"a", "fail"});
  EXPECT_EQ(stock().push_stock(items, {}, ctx_).failure(), wanted);
  EXPECT_EQ(stock().verify_stock(items, {}, ctx_).failure(), wanted);
}

struct SinkFall {
  const char* key;
  const char* code;
  const char* cause;
};
class SinkFalls : public RemoteSink, public ::testing::WithParamInterface<SinkFall> {
 protected:
  void expect_fall(const Failure& failure) {
    EXPECT_EQ(failure.kind, Failure::Kind::kInternal);
    EXPECT_EQ(failure.code, GetParam().code);
    EXPECT_THAT(failure.message + failure.detail, HasSubstr(test::end_by(GetParam().cause)));
    EXPECT_FALSE(failure.remedy.empty());
  }
};

// A failure decides nothing, whatever was decided before it: the host reads back.
TEST_P(SinkFalls, LeaveEveryItemUndecided) {
  start(test::animal("all_sinks"));
  const auto items = with_keys<StockLevel>({"a", GetParam().key, "b"});
  const auto pushed = stock().push_stock(items, {}, ctx_);
  ASSERT_FALSE(pushed);
  expect_fall(pushed.failure());
  const auto verified = stock().verify_stock(items, {}, ctx_);
  ASSERT_FALSE(verified);
  expect_fall(verified.failure());
  const bool crashes = pushed.failure().code == "worker_crashed";
  EXPECT_EQ(crashes_.size(), crashes ? 2u : 0u);
  if (crashes) {
    EXPECT_THAT(crashes_[0], HasSubstr(" in push_stock"));
  }
  const auto again = stock().verify_stock(with_keys<StockLevel>({"a", "b"}), {}, ctx_);
  ASSERT_TRUE(again) << "reading back goes on: " << again.failure().message;
  EXPECT_EQ(again.value().verdicts.size(), 2u);
}

INSTANTIATE_TEST_SUITE_P(
    All, SinkFalls,
    ::testing::Values(SinkFall{"crash", "worker_crashed", "signal 11"},
                      SinkFall{"throw", "plugin_exception", "thrown by a sink"},
                      SinkFall{"foreign key", "worker_frame", "a key was not given"},
                      SinkFall{"twice", "worker_frame", "an item is decided twice"},
                      SinkFall{"wrong kind", "worker_frame", ": kind: "},
                      SinkFall{"huge", "page_too_large", "64 MiB"}),
    [](const auto& fall) {
      std::string name = fall.param.key;
      std::replace(name.begin(), name.end(), ' ', '_');
      return name;
    });

TEST_F(RemoteSink, APushThatHangsIsEndedAtItsDeadline) {
  parts_.options = test::impatient();
  start(test::animal("all_sinks"));
  marketplug::testing::FakeContext over(host_.clock.now());
  const auto pushed = stock().push_stock(with_keys<StockLevel>({"hang"}), {}, over);
  ASSERT_FALSE(pushed);
  EXPECT_EQ(pushed.failure().code, "worker_hung");
  EXPECT_THAT(crashes_, ElementsAre("did not come back in time in push_stock"));
}

TEST_F(RemoteSink, APushThatHangsDoesNotHoldUpTheEndOfTheProgram) {
  parts_.options.stop_grace = parts_.options.term_grace = std::chrono::milliseconds{20};
  start(test::animal("all_sinks"));
  ctx_.stopped = true;
  const auto pushed = stock().push_stock(with_keys<StockLevel>({"hang"}), {}, ctx_);
  ASSERT_FALSE(pushed);
  EXPECT_EQ(pushed.failure().kind, Failure::Kind::kCancelled);
  EXPECT_THAT(crashes_, IsEmpty()) << "nobody waited for it";
}

// What makes no frame is not sent, and is no fault of the plugin.
TEST_F(RemoteSink, ABatchThatIsTooLargeIsNotSent) {
  start(test::animal("all_sinks"));
  auto items = with_keys<StockLevel>({"a"});
  items[0].attributes.assign(65u << 20, 'x');
  const auto pushed = stock().push_stock(items, {}, ctx_);
  ASSERT_FALSE(pushed);
  EXPECT_EQ(pushed.failure().code, "batch_too_large");
  EXPECT_THAT(crashes_, IsEmpty());
  items[0].attributes.clear();
  EXPECT_TRUE(stock().push_stock(items, {}, ctx_));
}

class TemplateInAWorker : public RemoteSink {
 protected:
  TemplateInAWorker() {
    host_.secrets.values["secret:/api_key"] = "key";
    start(loading::examine(TEMPLATE_PLUGIN, {}),
          R"({"api": "https://api.example.com", "api_key": "secret:/api_key"})");
  }
};

TEST_F(TemplateInAWorker, PushesStockAndReadsItBack) {
  host_.http.answer("set_stock", json_answer(200, "{}"));
  host_.http.answer("set_stock", json_answer(422, R"({"message": "no such SKU"})"));
  const std::vector<StockLevel> levels{{"k1", "MUG", 5, {}, {}, ""}, {"k2", "CUP", 1, {}, {}, ""}};
  const auto pushed = stock().push_stock(levels, {}, ctx_);
  ASSERT_TRUE(pushed) << pushed.failure().message << pushed.failure().detail;
  ASSERT_EQ(pushed.value().outcomes.size(), 2u);
  EXPECT_EQ(pushed.value().outcomes[0],
            (ItemOutcome{"k1", OutcomeKind::kAccepted, "", "", "", "", {}}));
  EXPECT_EQ(
      pushed.value().outcomes[1],
      (ItemOutcome{
          "k2", OutcomeKind::kRejected, "", "refused", R"({"message":"no such SKU"})", "", {}}));
  ASSERT_EQ(host_.http.requests.size(), 2u);
  EXPECT_EQ(host_.http.requests[0].body, R"({"sku":"MUG","quantity":5})");
  EXPECT_THAT(host_.quota.taken, ElementsAre("set_stock", "set_stock"));

  host_.http.answer("get_stock", json_answer(200, R"({"sku": "MUG", "quantity": 5})"));
  host_.http.answer("get_stock", json_answer(404, "{}"));
  const auto verified = stock().verify_stock(levels, {}, ctx_);
  ASSERT_TRUE(verified);
  ASSERT_EQ(verified.value().verdicts.size(), 2u);
  EXPECT_EQ(verified.value().verdicts[0].kind, VerdictKind::kApplied);
  EXPECT_EQ(verified.value().verdicts[1].kind, VerdictKind::kAbsent);
}

TEST_F(TemplateInAWorker, PushesShipmentsAndLeavesUndecidedWhatWasCutOff) {
  auto parcels = with_keys<Shipment>({"p1", "p2"});
  for (auto& parcel : parcels) {
    parcel.order_id = "A1";
    parcel.number = parcel.key == "p1" ? 1 : 2;
    parcel.carrier = "PostNL";
    parcel.tracking_number = "3S\xc3\xa4";
    parcel.items.push_back({"1", 1, {"code"}});
  }
  auto& sink = *part<ShipmentSink>(*connector_);
  host_.http.answer("set_parcel", json_answer(200, "{}"));
  host_.http.fail("set_parcel", Failure::Kind::kTransient, "reset");
  const auto pushed = sink.push_shipments(parcels, {}, ctx_);
  ASSERT_TRUE(pushed) << pushed.failure().message << pushed.failure().detail;
  ASSERT_EQ(pushed.value().outcomes.size(), 1u);
  EXPECT_EQ(pushed.value().outcomes[0].key, "p1");
  const std::string sent = host_.http.requests.at(1).body;
  EXPECT_EQ(sent,
            "{\"order\":\"A1\",\"parcel\":2,\"carrier\":\"PostNL\",\"tracking\":\"3S\xc3\xa4\"}");

  host_.http.answer("get_parcel", json_answer(200, sent));
  const auto verified = sink.verify_shipments(std::span(parcels).subspan(1), {}, ctx_);
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified.value().verdicts.at(0).key, "p2");
  EXPECT_EQ(verified.value().verdicts.at(0).kind, VerdictKind::kApplied);
  host_.http.fail("set_parcel", Failure::Kind::kTransient, "dns");
  const auto none = sink.push_shipments(parcels, {}, ctx_);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.failure().kind, Failure::Kind::kTransient);
  EXPECT_EQ(none.failure().code, "dns");
}

}  // namespace
}  // namespace marketplug::isolation
