// check.run, sync.run, status.show.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "host/api/capability_switches.hpp"
#include "unit/api/api_bench.hpp"

namespace marketplug::api {
namespace {

using testing::Bench;
using ::testing::HasSubstr;

loading::PluginFile fake_plugin() {
  loading::PluginFile plugin;
  plugin.path = "/plugins/fake.so";
  plugin.state = loading::PluginState::kLoaded;
  std::strncpy(plugin.abi.id, "fake", sizeof(plugin.abi.id) - 1);
  std::strncpy(plugin.abi.capabilities, "order-source/1", sizeof(plugin.abi.capabilities) - 1);
  return plugin;
}

TEST(CapabilitySwitches, ThroughReferencesAndBranches) {
  const auto schema = boost::json::parse(R"({
    "properties": {
      "orders": {"$ref": "#/definitions/orders"},
      "stock": {"oneOf": [
        {"properties": {"push": {"x-capability": "stock-sink"}}},
        {"properties": {"push": {"x-capability": "stock-sink"}}}]},
      "loop": {"$ref": "#/definitions/loop"}},
    "definitions": {
      "loop": {"properties": {"again": {"$ref": "#/definitions/loop"}}},
      "orders": {"properties": {"import_new": {"x-capability": "order-source"}}}}})");
  const auto found = capability_switches(schema);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].pointer, "/orders/import_new");
  EXPECT_EQ(found[0].capability, "order-source");
  EXPECT_EQ(found[1].pointer, "/stock/push");
}

class CheckOperation : public ::testing::Test {
 protected:
  CheckOperation() {
    ::setenv("T", "a-token", 1);
    bench_.plugins.push_back(fake_plugin());
  }

  std::string messages(const boost::json::value& answer) {
    std::string text;
    for (const auto& finding : answer.at("shops").at(0).at("findings").as_array()) {
      text += std::string(finding.at("severity").as_string()) + ": " +
              std::string(finding.at("message").as_string()) + "\n";
    }
    return text;
  }

  Bench bench_;
};

TEST_F(CheckOperation, GivesWhatThePluginFound) {
  bench_.add_shop("a");
  Finding finding;
  finding.severity = Finding::Severity::kError;
  finding.scope.marketplace = "DE";
  finding.pointer = "/account";
  finding.message = "no access to orders";
  finding.remedy = "ask for the role";
  bench_.engine.check_result = std::vector<Finding>{finding};
  const auto answer = bench_.call("check.run");
  EXPECT_EQ(answer.at("errors"), 1);
  EXPECT_EQ(answer.at("shops").at(0).at("findings").at(0).at("pointer"), "/settings/account");
  EXPECT_NE(messages(answer).find("error: no access to orders"), std::string::npos);
  EXPECT_FALSE(bench_.emitted.empty()) << "a check shows that it is at work";
}

TEST_F(CheckOperation, NotesSwitchesThatThePluginCannotDoYet) {
  bench_.add_shop("a", "file:/a.yaml", true,
                  R"({"id":"a","plugin":"fake","settings":{"token":"${env:T}",
                      "orders":{"enabled":true,"import_new":true,"export_shipments":true}}})");
  const auto answer = bench_.call("check.run");
  const auto text = messages(answer);
  EXPECT_EQ(answer.at("shops").at(0).at("findings").at(0).at("pointer"),
            "/settings/orders/export_shipments");
  EXPECT_TRUE(text.starts_with(
      "note: is on, but shipment-sink is not in this version of plugin fake\nnote: the marketplace "
      "gives a name and an address as single fields"))
      << text;
}

TEST_F(CheckOperation, TellsAShopThatImportsOrdersHowItGetsNamesAndAddresses) {
  const auto note_of = [&](const std::string& more, bool imports) {
    bench_.add_shop("a", "store", true,
                    R"({"id":"a","plugin":"fake")" + more + R"(,"settings":{"token":"${env:T}",)" +
                        R"("orders":{"import_new":)" + (imports ? "true" : "false") +
                        R"(,"export_shipments":false}}})");
    const auto answer = bench_.call("check.run");
    EXPECT_EQ(answer.at("errors"), 0) << boost::json::serialize(answer);
    EXPECT_EQ(answer.at("warnings"), 0) << "a note changes no exit code";
    const auto& findings = answer.at("shops").at(0).at("findings").as_array();
    for (const auto& finding : findings) {
      EXPECT_EQ(finding.at("severity"), "note");
      EXPECT_EQ(finding.at("pointer"), "/contacts");
    }
    EXPECT_EQ(findings.size(), imports ? 1u : 0u);
    return messages(answer);
  };
  EXPECT_EQ(note_of("", true),
            "note: the marketplace gives a name and an address as single fields. name_detail is "
            "single: names are given as they are; address_detail is single: addresses are given as "
            "they are\n");
  EXPECT_EQ(note_of(R"(,"contacts":{"name_detail":"single","address_detail":"split"})", true),
            "note: the marketplace gives a name and an address as single fields. name_detail is "
            "single: names are given as they are; address_detail is split: street, number and "
            "extension are given as well; what cannot be split with confidence stays whole and is "
            "marked split: false\n");
  EXPECT_NE(note_of(R"(,"contacts":{"name_detail":"split"})", true)
                .find("name_detail is split: given and family name are given as well"),
            std::string::npos);
  EXPECT_EQ(note_of("", false), "");
}

TEST_F(CheckOperation, OrdersInAnotherCurrencyThanTheShopsAreAWarning) {
  const auto with = [&](const char* currency) {
    bench_.add_shop("a", "store", true,
                    R"({"id":"a","plugin":"fake","currency":")" + std::string(currency) +
                        R"(","settings":{"token":"${env:T}","orders":{"import_new":true}}})");
    bench_.add_order("a", "order-7");
    return bench_.call("check.run");
  };
  EXPECT_EQ(with("EUR").at("warnings"), 0);
  const auto answer = with("SEK");
  EXPECT_EQ(answer.at("warnings"), 1);
  EXPECT_NE(messages(answer).find("warning: the shop's currency is SEK, and 1 of its 1 newest "
                                  "orders have amounts in another one, such as order-7"),
            std::string::npos)
      << messages(answer);
}

TEST_F(CheckOperation, AConnectorThatCannotBeMadeIsAnError) {
  bench_.add_shop("a");
  Failure failure;
  failure.kind = Failure::Kind::kConfig;
  failure.message = "the secret does not resolve";
  bench_.engine.check_result = failure;
  EXPECT_EQ(bench_.call("check.run").at("errors"), 1);
}

TEST_F(CheckOperation, AShopWithABadFileIsNotTriedLive) {
  bench_.add_shop("a", "file:/a.yaml");
  bench_.problems.push_back({"a", {"/a.yaml", 4, "/currency", "must be text", "quote it"}});
  const auto answer = bench_.call("check.run");
  EXPECT_EQ(answer.at("errors"), 1);
  EXPECT_EQ(answer.at("shops").at(0).at("findings").at(0).at("line"), 4);
  EXPECT_TRUE(bench_.engine.checked.empty());
}

TEST_F(CheckOperation, AMissingPluginIsNamed) {
  bench_.add_shop("a", "file:/a.yaml", true, R"({"id":"a","plugin":"gone","settings":{}})");
  const auto text = messages(bench_.call("check.run"));
  EXPECT_NE(text.find("error: there is no plugin gone in /plugins"), std::string::npos) << text;
}

// Guards: a plugin that was refused or cut short was "missing" to the shop, or told three times.
TEST_F(CheckOperation, APluginThatCannotBeUsedIsToldOnceAndToItsShop) {
  loading::PluginFile cut;
  cut.path = "/plugins/gone.so";
  cut.state = loading::PluginState::kRefused;
  cut.reasons.push_back({"damaged", "/plugins/gone.so: is cut short", "copy it again"});
  bench_.plugins.push_back(cut);
  const std::string document = R"({"id":"a","plugin":"gone","settings":{}})";
  for (const char* source : {"store", "file:/a.yaml"}) {
    bench_.add_shop("a", source, true, document);
    const auto answer = bench_.call("check.run");
    EXPECT_TRUE(answer.at("host").as_array().empty());
    EXPECT_EQ(
        messages(answer),
        "error: there is no plugin gone in /plugins\nerror: /plugins/gone.so: is cut short\n");
  }
  bench_.problems.push_back(
      {"a",
       {"/a.yaml", 2, "/plugin",
        "there is no plugin gone in /plugins; /plugins/gone.so: is cut short", "copy it again"}});
  EXPECT_EQ(bench_.call("check.run").at("errors"), 1);
  bench_.problems.clear();
  bench_.add_shop("a", "store", true, R"({"id":"a","plugin":"fake","settings":{}})");
  const auto unused = bench_.call("check.run");
  EXPECT_EQ(unused.at("warnings"), 1) << "no shop needs it";
  EXPECT_EQ(unused.at("host").at(0).at("message"), "/plugins/gone.so: is cut short");
}

// Guards: the shop of a plugin that runs was told what is wrong with a refused file of its id.
TEST_F(CheckOperation, OfTwoFilesOfOneIdTheOneThatRunsCounts) {
  auto refused = fake_plugin();
  refused.path = "/plugins/fake-old.so";
  refused.state = loading::PluginState::kRefused;
  refused.reasons.push_back({"abi_layout", "/plugins/fake-old.so: is older", "rebuild it"});
  bench_.plugins.insert(bench_.plugins.begin(), refused);
  bench_.add_shop("a");
  EXPECT_EQ(bench_.call("check.run").at("errors"), 0);
  EXPECT_EQ(bench_.call("plugins.show", {{"plugin", "fake"}}).at("path"), "/plugins/fake.so");
}

// Guards: beside a folder that is refused, every shop heard that its plugin is not in it.
TEST_F(CheckOperation, AFolderThatIsRefusedIsNotSearched) {
  loading::PluginFile folder;
  folder.path = "/plugins";
  folder.state = loading::PluginState::kRefused;
  folder.reasons.push_back({"writable", "/plugins: is writable by everybody", "chmod go-w"});
  bench_.plugins = {folder};
  bench_.add_shop("a");
  EXPECT_EQ(messages(bench_.call("check.run")), "error: /plugins: is writable by everybody\n");
  EXPECT_EQ(bench_.problem("plugins.show", {{"plugin", "fake"}}).code(), "writable");
}

TEST_F(CheckOperation, TellsEveryReferenceThatDoesNotResolve) {
  ::unsetenv("CHECK_TEST_A");
  bench_.add_shop("a", "store", true,
                  R"({"id":"a","plugin":"fake","settings":{"token":"${env:CHECK_TEST_A}"}})");
  const auto answer = bench_.call("check.run");
  EXPECT_EQ(answer.at("errors"), 1);
  const auto& finding = answer.at("shops").at(0).at("findings").at(0);
  EXPECT_EQ(finding.at("pointer"), "/settings/token");
  EXPECT_NE(finding.at("message").as_string().find("CHECK_TEST_A"), std::string::npos);
  EXPECT_FALSE(finding.at("remedy").as_string().empty());
  EXPECT_TRUE(bench_.engine.checked.empty()) << "it could only fail";
}

// Guards: settings were accepted that this version does nothing with, and nobody said so.
TEST_F(CheckOperation, SaysWhatIsNotInThisVersion) {
  bench_.config.plugins.isolation = {{"fake", "process"}, {"old", "none"}};
  bench_.add_shop("a", "file:/a.yaml", true,
                  R"({"id":"a","plugin":"fake","isolation":"process","exports":{"mode":"dry_run"},
                      "stock":{"buffer":0},"prices":{"hold_percent":20},"settings":{}})");
  const auto answer = bench_.call("check.run");
  EXPECT_EQ(answer.at("host").as_array().size(), 0u);
  EXPECT_EQ(answer.at("warnings"), 0);
  const auto text = messages(answer);
  EXPECT_NE(text.find("note: differs from its default: not in this version\n"
                      "note: differs from its default: not in this version\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(answer.at("shops").at(0).at("findings").at(0).at("pointer"), "/exports");
  EXPECT_EQ(answer.at("shops").at(0).at("findings").at(1).at("pointer"), "/prices");
}

TEST_F(CheckOperation, AnIsolationThatFitsNoPluginIsToldWithWhatWasMeant) {
  bench_.config.plugins.isolation = {
      {"fakee", "process"}, {"fake", "process"}, {"somebody", "none"}};
  const auto answer = bench_.call("check.run");
  ASSERT_EQ(answer.at("host").as_array().size(), 1u);
  const auto& finding = answer.at("host").at(0);
  EXPECT_EQ(finding.at("pointer"), "/plugins/isolation/fakee");
  EXPECT_EQ(finding.at("remedy"), "Did you mean fake?");
}

TEST_F(CheckOperation, APinThatFitsNoPluginIsToldWithWhatWasMeant) {
  bench_.config.plugins.pins = {{"fakee", "sha256:00"}, {"fake", "sha256:00"}};
  bench_.config.lines = {{"/plugins/pins/fakee", 3}};
  const auto answer = bench_.call("check.run");
  ASSERT_EQ(answer.at("host").as_array().size(), 1u);
  const auto& finding = answer.at("host").at(0);
  EXPECT_EQ(finding.at("severity"), "warning");
  EXPECT_EQ(finding.at("file").as_string(), bench_.config.file);
  EXPECT_EQ(finding.at("line"), 3);
  EXPECT_EQ(finding.at("remedy"), "Did you mean fake?");
}

TEST_F(CheckOperation, OneShopOnlyWhereAsked) {
  bench_.add_shop("a");
  bench_.add_shop("b");
  bench_.call("check.run", {{"shop", "b"}});
  EXPECT_EQ(bench_.engine.checked, std::vector<std::string>{"b"});
  EXPECT_EQ(bench_.problem("check.run", {{"shop", "c"}}).status(), 404);
}

TEST_F(CheckOperation, WarnsOfStatusesThatTheHostDoesNotHave) {
  bench_.config.order_statuses = {"pending", "open", "partially_shipped", "shipped", "cancelled"};
  const auto answer = bench_.call("check.run");
  EXPECT_EQ(answer.at("warnings"), 1);
  EXPECT_EQ(answer.at("errors"), 0);
}

sync::ShopStatus status_of(const std::string& shop, std::uint64_t steps) {
  sync::ShopStatus status;
  status.shop = shop;
  status.plugin = "fake";
  status.state = "ok";
  status.steps = steps;
  status.orders_new = steps * 10;
  return status;
}

TEST(SyncOperation, DrivesTheEngineAndTellsEachStep) {
  Bench bench;
  bench.add_shop("a");
  bench.engine.steps = {status_of("a", 1), status_of("a", 2)};
  bench.engine.statuses = {status_of("a", 2)};
  const auto answer = bench.call("sync.run", {{"shop", "a"}, {"until_idle", true}});
  EXPECT_EQ(bench.engine.asked, std::vector<std::string>{"a until idle"});
  EXPECT_EQ(bench.emitted.size(), 2u);
  EXPECT_EQ(answer.at("ok"), true);
  EXPECT_EQ(answer.at("shops").at(0).at("orders_new"), 20);
  bench.engine.ends_well = false;
  EXPECT_EQ(bench.call("sync.run").at("ok"), false);
}

// Guards: a sync before the next poll did nothing, said nothing, and ended with 0.
TEST(SyncOperation, SaysWhereNothingWasDue) {
  Bench bench;
  bench.add_shop("a");
  bench.add_shop("b");
  bench.engine.statuses = {status_of("a", 0), status_of("b", 0)};
  bench.engine.statuses[0].next_due = bench.clock.now() + std::chrono::minutes(4);
  const auto answer = bench.call("sync.run", {{"until_idle", true}});
  EXPECT_TRUE(bench.engine.triggered.empty());
  EXPECT_EQ(answer.at("shops").at(0).at("nothing_due"), true);
  EXPECT_EQ(answer.at("shops").at(0).at("next_due").as_string(),
            format_time(*bench.engine.statuses[0].next_due));
  EXPECT_FALSE(answer.at("shops").at(1).as_object().contains("nothing_due"));
}

TEST(SyncOperation, AShopThatIsNamedIsRunWhetherItIsDueOrNot) {
  Bench bench;
  bench.add_shop("a");
  bench.call("sync.run", {{"shop", "a"}});
  EXPECT_EQ(bench.engine.triggered, std::vector<std::string>{"a"});
}

// Guards: a shop's file that was broken from its first read had no shop that could fail.
TEST(SyncOperation, AFileThatDoesNotSayWhoseItIsFailsTheSync) {
  for (const bool engine_runs : {false, true}) {
    Bench bench;
    bench.add_shop("a");
    bench.engine.statuses = {status_of("a", 1)};
    bench.parts->engine_runs = engine_runs;
    bench.problems.push_back({"", {"/etc/b.yaml", 3, "", "a tab", "use blanks"}});
    const auto answer = bench.call("sync.run");
    EXPECT_EQ(answer.at("ok"), false);
    EXPECT_EQ(answer.at("problems").at(0).at("line"), 3);
    EXPECT_EQ(answer.at("problems").at(0).at("remedy"), "use blanks");
    EXPECT_EQ(bench.call("sync.run", {{"shop", "a"}}).at("ok"), true);
  }
}

TEST(SyncOperation, AListenerThatWentAwayStopsTheEngineInOrder) {
  Bench bench;
  bench.add_shop("a");
  bench.engine.steps = {status_of("a", 1), status_of("a", 2)};
  struct Gone {};
  int told = 0;
  EXPECT_THROW(bench.backend->call("sync.run", {},
                                   [&](const boost::json::value&) {
                                     ++told;
                                     throw Gone{};
                                   }),
               Gone);
  EXPECT_EQ(told, 1);
  EXPECT_GE(bench.engine.stops, 1);
}

TEST(SyncOperation, ADisabledOrUnknownShopIsRefused) {
  Bench bench;
  bench.add_shop("a", "store", false);
  EXPECT_EQ(bench.problem("sync.run", {{"shop", "a"}}).status(), 409);
  EXPECT_EQ(bench.problem("sync.run", {{"shop", "b"}}).status(), 404);
}

/// A service whose engine takes a few looks to get through its pages, then polls every 15 seconds.
class ServedSync : public ::testing::Test {
 protected:
  ServedSync() {
    bench_.add_shop("a");
    bench_.parts->engine_runs = true;
    auto status = status_of("a", 5);
    status.jobs.resize(1);
    status.jobs[0].due_at = bench_.clock.now() + std::chrono::seconds(10);
    status.next_due = status.jobs[0].due_at;
    bench_.engine.statuses = {status};
    bench_.on_pause = [this] { step(); };
  }

  void step() {
    auto& status = bench_.engine.statuses[0];
    ++status.steps;
    auto& job = status.jobs[0];
    job.last_started = bench_.clock.now();
    job.last_code = waits_ ? "throttled" : "";
    const bool through = --pages_ <= 0;
    const auto wait = std::chrono::seconds(through ? 15 : 0);
    job.due_at = bench_.clock.now() + wait;
    status.next_due = job.due_at;
    if (through) waits_ = false;
  }

  Bench bench_;
  int pages_ = 3;
  bool waits_ = false;
};

TEST_F(ServedSync, TriggersAndWatchesUntilItHasCaughtUp) {
  const auto answer = bench_.call("sync.run", {{"until_idle", true}});
  EXPECT_EQ(bench_.engine.triggered, std::vector<std::string>{"a"});
  EXPECT_EQ(answer.at("ok"), true);
  EXPECT_EQ(bench_.emitted.size(), 3u) << "each step is told once";
  EXPECT_TRUE(bench_.engine.asked.empty()) << "the service's own thread drives the engine";
}

/// The service has just started: its engine has not read the shops yet.
TEST_F(ServedSync, WaitsForAShopThatTheEngineHasNotTakenUpYet) {
  const auto later = std::exchange(bench_.engine.statuses, {});
  int looks = 0;
  bench_.on_pause = [&] {
    if (++looks == 3) bench_.engine.statuses = later;
    if (looks > 3) step();
  };
  const auto answer = bench_.call("sync.run", {{"shop", "a"}, {"until_idle", true}});
  EXPECT_EQ(bench_.engine.triggered, std::vector<std::string>{"a"});
  EXPECT_EQ(answer.at("ok"), true);
  EXPECT_GE(looks, 6) << "its three pages are waited for";
}

TEST_F(ServedSync, AShopThatIsNeverTakenUpFailsTheSyncAndIsNamed) {
  bench_.engine.statuses.clear();
  bench_.on_pause = nullptr;
  const auto began = bench_.clock.now();
  const auto answer = bench_.call("sync.run", {{"shop", "a"}});
  EXPECT_EQ(answer.at("ok"), false);
  EXPECT_EQ(answer.at("problems").at(0).at("shop"), "a");
  EXPECT_THAT(std::string(answer.at("problems").at(0).at("message").as_string()),
              HasSubstr("within 30 s"));
  EXPECT_LE(bench_.clock.now() - began, std::chrono::seconds(31));
}

TEST_F(ServedSync, AShopThatCannotBeWorkedOnIsNotWaitedForForEver) {
  bench_.on_pause = nullptr;
  bench_.engine.statuses[0].trouble = "Not owned by this process: another one has the shop.";
  const auto answer = bench_.call("sync.run", {{"shop", "a"}});
  EXPECT_EQ(answer.at("ok"), false);
}

TEST_F(ServedSync, TroubleInTheMiddleOfALongSyncIsWaitedFor) {
  pages_ = 200;
  int looks = 0;
  bench_.on_pause = [&] {
    ++looks;
    const bool trouble = looks > 100 && looks <= 110;
    bench_.engine.statuses[0].trouble = trouble ? "The disk of /var is full." : "";
    if (!trouble) step();
  };
  const auto answer = bench_.call("sync.run", {{"until_idle", true}});
  EXPECT_EQ(answer.at("ok"), true);
  EXPECT_EQ(pages_, 0) << "all of them are waited for";
}

TEST_F(ServedSync, EndsWhenTheServiceStops) {
  pages_ = 1000;
  bench_.on_pause = [this] { bench_.stopping = true; };
  EXPECT_EQ(bench_.problem("sync.run").status(), 503);
}

TEST(StatusOperation, SaysWhatRuns) {
  Bench bench;
  bench.engine.statuses = {status_of("a", 2)};
  const auto answer = bench.call("status.show");
  EXPECT_EQ(answer.at("version"), "1.2.3");
  EXPECT_EQ(answer.at("shops").at(0).at("steps"), 2);
  EXPECT_EQ(bench.call("metrics.text").at("text"), "up 1\n");
}

}  // namespace
}  // namespace marketplug::api
