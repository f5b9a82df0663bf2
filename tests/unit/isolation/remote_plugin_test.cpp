#include "host/isolation/remote_plugin.hpp"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>

#include "host/loading/call_guard.hpp"
#include "tests/unit/isolation/workers.hpp"

namespace marketplug::isolation {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Remote : public ::testing::Test {
 protected:
  Remote() {
    host_.offer<Clock>(clock_);
    host_.offer<Log>(log_);
    parts_.options = test::worker_options();
    parts_.crashed = [this](std::string_view plugin, std::string_view how) {
      crashes_.push_back(std::string(plugin) + " " + std::string(how));
    };
  }

  Result<loading::ConnectorPtr> create(const std::string& animal,
                                       std::string_view settings = "{}") {
    plugin_.emplace(test::animal(animal), "{}", parts_);
    return plugin_->create(host_, settings);
  }
  OrderSource& source(const std::string& animal) {
    auto made = create(animal);
    if (!made) throw std::runtime_error(made.failure().message);
    connector_ = std::move(made).value();
    return *part<OrderSource>(*connector_);
  }
  /// A step that is over before it began: only the grace is waited for.
  marketplug::testing::FakeContext at_once() {
    return marketplug::testing::FakeContext(clock_.now());
  }

  marketplug::testing::FakeClock clock_;
  marketplug::testing::FakeHost host_;
  marketplug::testing::CapturedLog log_;
  marketplug::testing::FakeContext ctx_;
  Spawner spawner_;
  IsolationParts parts_{spawner_, {}};
  std::vector<std::string> crashes_;
  std::optional<RemotePlugin> plugin_;
  loading::ConnectorPtr connector_;
};

TEST_F(Remote, LooksLikeAnyConnector) {
  auto& orders = source("sound");
  const auto page = orders.fetch_orders({"a cursor"}, ctx_);
  ASSERT_TRUE(page) << page.failure().message;
  ASSERT_EQ(page.value().items.size(), 3u);
  EXPECT_EQ(page.value().items[2].id, "3");
  EXPECT_EQ(page.value().items[2].marketplace_status, "UNSHIPPED");
  EXPECT_EQ(page.value().next.value, "done");
  EXPECT_TRUE(page.value().caught_up);
  EXPECT_EQ(orders.fetch_order("7", ctx_).value().items.at(0).id, "7");
  EXPECT_THAT(connector_->check(ctx_), IsEmpty());
  EXPECT_EQ(connector_->query("options-source/1"), nullptr) << "the plugin lacks it";
  EXPECT_EQ(connector_->query("stock-sink/1"), nullptr);
  EXPECT_EQ(connector_->query(""), nullptr);
  EXPECT_EQ(plugin_->file().state, loading::PluginState::kLoaded);
  EXPECT_THAT(crashes_, IsEmpty());
}

struct Fall {
  const char* animal;
  const char* code;
  const char* cause;
};
class Falls : public Remote, public ::testing::WithParamInterface<Fall> {};

TEST_P(Falls, EndTheStepAndNothingElse) {
  auto& orders = source(GetParam().animal);
  const auto page = orders.fetch_orders({}, ctx_);
  ASSERT_FALSE(page);
  EXPECT_EQ(page.failure().kind, Failure::Kind::kInternal);
  EXPECT_EQ(page.failure().code, GetParam().code);
  EXPECT_THAT(page.failure().message + page.failure().detail,
              HasSubstr(test::end_by(GetParam().cause)));
  EXPECT_FALSE(page.failure().remedy.empty());
  EXPECT_EQ(crashes_.size(), page.failure().code == "worker_crashed" ? 1u : 0u);
  const auto again = orders.fetch_order("1", ctx_);
  ASSERT_TRUE(again) << "started again: " << again.failure().message;
  EXPECT_EQ(again.value().items.size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(All, Falls,
                         ::testing::Values(Fall{"crashes", "worker_crashed", "signal 11"},
                                           Fall{"aborts", "worker_crashed", "signal 6"},
                                           Fall{"exits", "worker_crashed", "exit code 3"},
                                           Fall{"thread_throws", "worker_crashed", "signal 6"},
                                           Fall{"huge_text", "page_too_large", "64 MiB"},
                                           Fall{"throws_private", "plugin_exception",
                                                "text of a private type"},
                                           Fall{"throws_int", "plugin_exception", "int"}),
                         [](const auto& fall) { return std::string(fall.param.animal); });

// Guards: a plugin that prints without end filled the log of all shops.
TEST_F(Remote, WhatItPrintsInOneCallHasALimit) {
  ASSERT_TRUE(source("floods").fetch_orders({}, ctx_));
  const auto lines = log_.lines();
  const auto said = std::count_if(lines.begin(), lines.end(), [](const std::string& line) {
    return line.find("worker.said") != std::string::npos;
  });
  EXPECT_EQ(said, 501);
  EXPECT_TRUE(log_.contains("more lines of this call were left out"));
}

TEST_F(Remote, WhatHangsIsEndedAtItsDeadline) {
  parts_.options = test::impatient();
  auto& orders = source("hangs");
  auto over = at_once();
  const auto page = orders.fetch_orders({}, over);
  ASSERT_FALSE(page);
  EXPECT_EQ(page.failure().code, "worker_hung");
  EXPECT_THAT(page.failure().message, HasSubstr("did not come back in time in fetch_orders"));
  EXPECT_THAT(crashes_, ElementsAre("bad did not come back in time in fetch_orders"));
}

TEST_F(Remote, WhatHangsDoesNotHoldUpTheEndOfTheProgram) {
  parts_.options.stop_grace = milliseconds{20};
  parts_.options.term_grace = milliseconds{20};
  auto& orders = source("hangs");
  ctx_.stopped = true;
  const auto page = orders.fetch_orders({}, ctx_);
  ASSERT_FALSE(page);
  EXPECT_EQ(page.failure().kind, Failure::Kind::kCancelled);
  EXPECT_THAT(crashes_, IsEmpty()) << "nobody waited for it";
}

TEST_F(Remote, MemoryHasALimit) {
  if (marketplug::detail::sanitizer_bits() != 0) GTEST_SKIP() << "sanitizers need it all";
  parts_.options.limits.memory_bytes = 512u << 20;
  const auto page = source("eats_memory").fetch_orders({}, ctx_);
  ASSERT_FALSE(page);
  EXPECT_THAT(page.failure().detail, HasSubstr("bad_alloc"));
}

TEST_F(Remote, WhatItPrintsBecomesALogLine) {
  ASSERT_TRUE(source("chatters").fetch_orders({}, ctx_));
  connector_.reset();
  EXPECT_TRUE(log_.contains("info worker.said said on standard output"));
}

TEST_F(Remote, WhatCreateDoesIsTold) {
  const auto thrown = create("ctor_throws");
  ASSERT_FALSE(thrown);
  EXPECT_EQ(thrown.failure().code, "plugin_exception");
  EXPECT_THAT(thrown.failure().detail, HasSubstr("text of a private type"));
  const auto senseless = create("ctor_refuses");
  ASSERT_FALSE(senseless);
  EXPECT_EQ(senseless.failure().kind, Failure::Kind::kConfig);
  EXPECT_EQ(senseless.failure().code, "bad_settings");
  EXPECT_THAT(crashes_, IsEmpty());
  const auto crashed = create("ctor_crashes");
  ASSERT_FALSE(crashed);
  EXPECT_EQ(crashed.failure().code, "worker_crashed");
  EXPECT_EQ(crashes_.size(), 1u);
}

TEST_F(Remote, AServiceThatTheHostLacksIsNone) { EXPECT_TRUE(create("asks_for_more")); }

TEST_F(Remote, OrdersThatTheCodecCannotTakeComeParked) {
  const auto page = source("unfit_money").fetch_orders({}, ctx_);
  ASSERT_TRUE(page);
  EXPECT_EQ(page.value().items.size(), 2u);
  ASSERT_EQ(page.value().parked.size(), 1u);
  EXPECT_EQ(page.value().parked[0].id, "1");
  EXPECT_EQ(page.value().parked[0].code, "invalid_order");
  EXPECT_THAT(page.value().parked[0].message, HasSubstr("currency"));
}

TEST_F(Remote, APluginInQuarantineIsNotStarted) {
  auto& orders = source("crashes");
  ASSERT_FALSE(orders.fetch_orders({}, ctx_));
  parts_.refused = [](std::string_view plugin) {
    Failure failure;
    failure.code = "quarantined";
    failure.message = plugin;
    return std::optional(failure);
  };
  const auto refused = orders.fetch_order("1", ctx_);
  EXPECT_EQ(refused.failure().code, loading::kConnectorGone)
      << "whoever makes the next one says why";
  EXPECT_EQ(create("sound").failure().code, "quarantined");
}

TEST_F(Remote, AFileThatWasReplacedMeanwhileIsNotLoaded) {
  auto file = test::animal("sound");
  file.sha256 = std::string(64, 'f');
  const RemotePlugin plugin(file, "{}", parts_);
  const auto made = plugin.create(host_, "{}");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.failure().code, "changed");
}

TEST_F(Remote, AnotherBlockInTheWorkerThanInTheFileIsRefused) {
  auto file = test::animal("sound");
  file.abi.abi_minor += 1;
  const RemotePlugin plugin(file, "{}", parts_);
  const auto made = plugin.create(host_, "{}");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.failure().code, "abi_block_differs");
  const auto probed = probe(spawner_, parts_.options, file).failure();
  EXPECT_EQ(probed.code, "abi_block_differs");
  EXPECT_NE(probed.remedy.find("Rebuild the plugin"), std::string::npos) << probed.remedy;
}

// An upgrade by renaming while a worker runs: it goes on; the one after it has the new file.
TEST_F(Remote, AnUpgradeIsSeenByTheNextConnectorOnly) {
  namespace fs = std::filesystem;
  std::string folder = fs::temp_directory_path() / "upgrade-XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const auto path = fs::path(folder) / "bad.so";
  fs::copy_file(fs::path(BAD_PLUGINS_DIR) / "crashes.so", path);
  plugin_.emplace(loading::examine(path, {}), "{}", parts_);
  auto made = plugin_->create(host_, "{}");
  ASSERT_TRUE(made) << made.failure().message;
  connector_ = std::move(made).value();
  auto& orders = *part<OrderSource>(*connector_);
  fs::copy_file(fs::path(BAD_PLUGINS_DIR) / "plain.so", fs::path(folder) / "new");
  fs::rename(fs::path(folder) / "new", path);
  EXPECT_TRUE(orders.fetch_order("1", ctx_)) << "the old one has the old file";
  EXPECT_EQ(orders.fetch_orders({}, ctx_).failure().code, "worker_crashed");
  const auto after = orders.fetch_order("1", ctx_);
  ASSERT_FALSE(after);
  EXPECT_EQ(after.failure().kind, Failure::Kind::kTransient);
  EXPECT_EQ(after.failure().code, loading::kConnectorGone);
  EXPECT_THAT(after.failure().message, HasSubstr(path.string()));
  fs::remove_all(folder);
}

}  // namespace
}  // namespace marketplug::isolation
