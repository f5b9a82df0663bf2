// Every animal of the zoo in a whole host, with a sound plugin beside it: each ends in its state
// with its reason, and the sound one syncs.
#include <elf.h>
#include <gmock/gmock.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>

#include "host/app/runtime.hpp"
#include "host/loading/file_check.hpp"

namespace marketplug::app {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using ::testing::HasSubstr;

struct Case {
  const char* name;
  /// Of the plugin, and the code of its first reason; empty: none.
  const char* state;
  const char* reason;
  /// What the shop's state_reason, its job or a warning says; empty: the shop is well.
  const char* shop_says;
  /// Orders of the shop that came in, and what was parked.
  std::size_t orders = 0, parked = 0;
  /// The shop runs in a process of its own: in this one, it would be the end of the test.
  bool process = false;
};

std::vector<char> bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("no animal " + path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

class Zoo : public ::testing::TestWithParam<Case> {
 protected:
  Zoo() {
    std::string pattern = fs::temp_directory_path() / "zoo-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = fs::canonical(pattern);
    fs::create_directory(folder_ / "plugins");
    fs::create_directory(folder_ / "shops.d");
    put("sound.so", bytes_of(fs::path(BAD_PLUGINS_DIR) / "sound.so"));
    write_shop("good", "sound", false);
  }
  ~Zoo() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  void put(const std::string& name, const std::vector<char>& bytes) {
    const auto path = folder_ / "plugins" / name;
    std::ofstream(path, std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    fs::permissions(path, fs::perms{0644});
  }
  void write_shop(const std::string& id, const std::string& plugin, bool process) {
    std::ofstream(folder_ / "shops.d" / (id + ".yaml"))
        << "id: " << id << "\nplugin: " << plugin << "\nenabled: true\nsettings: {}\n"
        << (process ? "isolation: process\n" : "");
  }

  config::HostConfig config() const {
    std::ofstream(folder_ / "marketplug.yaml")
        << "store: { url: \"sqlite:marketplug.db\" }\nplugins:\n  folder: ./plugins\n"
        << pins_ << "shops: { folder: ./shops.d }\n";
    auto loaded = config::load_host((folder_ / "marketplug.yaml").string());
    if (!loaded.problems.empty()) throw std::runtime_error(config::to_text(loaded.problems[0]));
    return std::move(loaded.config);
  }

  static RuntimeOptions options() {
    RuntimeOptions made;
    made.log_level = Log::Level::kError;
    made.engine.step_deadline = std::chrono::seconds{1};
    made.worker.program = WORKER_PROGRAM;
    made.worker.limits.memory_bytes = 1u << 30;
    made.worker.start_time = milliseconds{5000};
    made.worker.answer_grace = milliseconds{500};
    made.worker.term_grace = milliseconds{100};
    return made;
  }

  fs::path folder_;
  std::string pins_;
};

/// Overwrites bytes of the animal "plain": what no compiler makes.
using Patch = std::function<void(std::vector<char>&, std::size_t block)>;

template <class T>
Patch patch_block(std::size_t member, T value) {
  return [=](std::vector<char>& bytes, std::size_t block) {
    std::memcpy(bytes.data() + block + member, &value, sizeof(value));
  };
}

const std::map<std::string, Patch>& patches() {
  static const std::map<std::string, Patch> all{
      {"wrong_magic", patch_block(0, 'X')},
      {"other_major", patch_block(offsetof(AbiInfo, abi_major), std::uint32_t{7})},
      {"newer_minor", patch_block(offsetof(AbiInfo, abi_minor), kAbiMinor + 1)},
      {"other_machine",
       [](std::vector<char>& bytes, std::size_t) {
         const Elf64_Half arm = EM_ARM;
         std::memcpy(bytes.data() + offsetof(Elf64_Ehdr, e_machine), &arm, sizeof(arm));
       }},
      {"truncated",
       [](std::vector<char>& bytes, std::size_t) { bytes.resize(bytes.size() * 2 / 3); }},
      {"text_file",
       [](std::vector<char>& bytes, std::size_t) {
         const std::string_view text = "#!/bin/sh\nexit 0\n";
         bytes.assign(text.begin(), text.end());
       }},
      {"empty_file", [](std::vector<char>& bytes, std::size_t) { bytes.clear(); }},
  };
  return all;
}

std::vector<char> animal(const std::string& name) {
  const auto own = fs::path(BAD_PLUGINS_DIR) / (name + ".so");
  if (fs::exists(own)) return bytes_of(own);
  const auto of_loader = fs::path(TEST_PLUGINS_DIR) / (name + ".so");
  if (fs::exists(of_loader)) return bytes_of(of_loader);
  auto bytes = bytes_of(fs::path(BAD_PLUGINS_DIR) / "plain.so");
  const auto patch = patches().find(name);
  if (patch == patches().end()) return bytes;
  const auto block = std::search(bytes.begin(), bytes.end(), kAbiMagic.begin(), kAbiMagic.end());
  patch->second(bytes, static_cast<std::size_t>(block - bytes.begin()));
  return bytes;
}

/// Its id, as a shop would name it.
std::string id_of(const std::string& name) {
  if (name == "talkative") return "com.example.talkative";
  if (name == "no_entry") return "no-entry";
  if (name == "undefined_symbol") return "unresolved";
  if (name == "small" || name == "with_gap" || name == "without_schema" ||
      name == "without_connector") {
    return "odd-entry";
  }
  return "bad";
}

std::size_t orders_of(store::Store& store, std::string_view shop) {
  std::int64_t count = 0;
  for (const auto& each : store.orders().count(shop)) count += each.count;
  return static_cast<std::size_t>(count);
}

/// Guards: one text of a plugin that was no UTF-8 made the list of all shops unreadable.
void expect_readable(api::Backend& backend) {
  for (const char* operation : {"shops.list", "orders.list", "parked.list", "plugins.list"}) {
    const auto text = boost::json::serialize(backend.call(operation, {}, [](const auto&) {}));
    boost::system::error_code error;
    boost::json::parse(text, error);
    EXPECT_FALSE(error) << operation << ": " << text.substr(0, 1000);
    EXPECT_EQ(text.find("\\u0000"), std::string::npos) << operation;
    EXPECT_LT(text.size(), 2u << 20) << operation;
  }
}

/// What sanitizers make of an animal that dies while it is loaded: they end the process themselves.
Case as_built(Case expected) {
  if (marketplug::detail::sanitizer_bits() == 0) return expected;
  const std::string_view name = expected.name;
  if (name == "init_throws") {
    expected.reason = "probe_crashed";
    expected.shop_says = "loaded in a process of its own";
  }
  if (name == "init_crashes") expected.shop_says = "exit code";
  return expected;
}

TEST_P(Zoo, EndsInItsStateWhileTheSoundOneSyncs) {
  const Case expected = as_built(GetParam());
  const std::string name = expected.name;
  if (name == "libcxx" && !fs::exists(fs::path(BAD_PLUGINS_DIR) / "libcxx.so")) {
    GTEST_SKIP() << "Clang's libc++ is not installed";
  }
  if (name == "eats_memory" && marketplug::detail::sanitizer_bits() != 0) {
    GTEST_SKIP() << "sanitizers need all the memory: it has no limit there";
  }
  put("bad.so", animal(name));
  if (name == "duplicate_id") put("bad2.so", animal("plain"));
  if (name == "world_writable") fs::permissions(folder_ / "plugins/bad.so", fs::perms{0666});
  if (name == "wrong_pin") pins_ = "  pins: { bad: \"sha256:" + std::string(64, '0') + "\" }\n";
  write_shop("shop", id_of(name), expected.process);

  auto how = options();
  // Only what hangs is to run into it, not what moves 80 MB on a busy machine.
  if (name != "hangs") how.engine.step_deadline = std::chrono::seconds{30};
  StopFlag stop;
  Runtime runtime(config(), how, stop);
  runtime.shops().load();
  runtime.engine().run_due("", false, {});

  auto& store = runtime.store();
  EXPECT_EQ(store.shops().find("good")->state, "ok");
  EXPECT_EQ(orders_of(store, "good"), 3u) << "the sound one";
  EXPECT_EQ(orders_of(store, "shop"), expected.orders);
  EXPECT_EQ(store.parked().list("shop", true, 100).size(), expected.parked);

  const auto backend = runtime.backend("test", false);
  const auto listed = backend->call("plugins.list", {}, [](const auto&) {});
  expect_readable(*backend);
  std::string says;
  for (const auto& plugin : listed.at("plugins").as_array()) {
    if (plugin.at("path").as_string().find("/bad.so") == std::string::npos) continue;
    EXPECT_EQ(plugin.at("state").as_string(), expected.state) << plugin;
    const auto& reasons = plugin.at("reasons").as_array();
    EXPECT_EQ(reasons.empty() ? "" : std::string(reasons.at(0).at("code").as_string()),
              expected.reason)
        << plugin;
    for (const auto& reason : reasons) {
      EXPECT_FALSE(reason.at("remedy").as_string().empty()) << reason;
    }
    for (const auto& warning : plugin.at("warnings").as_array()) {
      says += std::string(warning.at("code").as_string()) + " ";
    }
  }
  const auto shop = store.shops().find("shop").value();
  says += shop.state + " " + shop.state_reason;
  for (const auto& job : store.progress().jobs("shop")) says += " " + job.last_code;
  for (const auto& item : store.parked().list("shop", true, 100)) says += " " + item.item.code;
  EXPECT_THAT(says, HasSubstr(expected.shop_says));
  if (!*expected.shop_says) {
    EXPECT_EQ(shop.state, "ok") << says;
  }
  if (*expected.reason) {
    EXPECT_EQ(shop.state, "not_running") << says;
  }
}

/// Workers that come to an end while the program runs.
class ZooWorkers : public Zoo {};

// The worker of the old file has crashed, the new file lies in its place: the shop goes on with it.
TEST_F(ZooWorkers, AMendedPluginIsTakenUpWithoutARestart) {
  put("bad.so", animal("crashes"));
  write_shop("shop", "bad", true);
  auto quick = options();
  quick.engine.back_off_first = milliseconds{300};
  StopFlag stop;
  Runtime runtime(config(), quick, stop);
  runtime.shops().load();
  EXPECT_FALSE(runtime.engine().run_due("shop", false, {}));
  EXPECT_EQ(orders_of(runtime.store(), "shop"), 0u);
  put("mended", animal("plain"));
  fs::rename(folder_ / "plugins/mended", folder_ / "plugins/bad.so");
  EXPECT_TRUE(runtime.engine().run_due("shop", true, {}));
  EXPECT_EQ(orders_of(runtime.store(), "shop"), 3u);
  EXPECT_EQ(runtime.store().shops().find("shop")->state, "ok");
}

// The key of another one than was asked for.
TEST_F(ZooWorkers, AnotherOrderThanTheOneAskedForIsNotTakenForIt) {
  put("bad.so", animal("other_order"));
  for (const bool process : {false, true}) {
    write_shop("shop", "bad", process);
    StopFlag stop;
    Runtime runtime(config(), options(), stop);
    runtime.shops().load();
    const auto got = runtime.engine().fetch_order("shop", "4");
    ASSERT_FALSE(got);
    EXPECT_EQ(got.failure().code, "other_order");
    EXPECT_THAT(got.failure().message, HasSubstr("4"));
    EXPECT_EQ(orders_of(runtime.store(), "shop"), 0u);
  }
}

// Three crashes of workers are quarantine too, while the program runs; the shop says so.
TEST_F(ZooWorkers, CrashesOfWorkersEndInQuarantine) {
  put("bad.so", animal("crashes"));
  write_shop("shop", "bad", true);
  auto quick = options();
  quick.engine.back_off_first = milliseconds{1};
  StopFlag stop;
  Runtime runtime(config(), quick, stop);
  runtime.shops().load();
  EXPECT_FALSE(runtime.engine().run_due("", true, {}));
  const auto shop = runtime.store().shops().find("shop").value();
  EXPECT_EQ(shop.state, "not_running");
  EXPECT_THAT(shop.state_reason, HasSubstr("plugin bad is in quarantine"));
  EXPECT_EQ(orders_of(runtime.store(), "good"), 3u);
}

// Guards: a trial that took too long on a busy machine was remembered until the next restart, and
// the shop stood still as long.
TEST_F(ZooWorkers, ATrialThatHungIsRepeatedLater) {
  put("bad.so", animal("init_waits"));
  put("bad.so.busy", {});
  write_shop("shop", "bad", false);
  std::chrono::hours uptime{5};
  auto busy = options();
  busy.steady = [&uptime] { return uptime; };
  busy.worker.start_time = milliseconds{2000};
  StopFlag stop;
  Runtime runtime(config(), busy, stop);
  auto& shops = runtime.shops();
  shops.load();
  EXPECT_FALSE(runtime.engine().run_due("shop", false, {}));
  EXPECT_THAT(runtime.store().shops().find("shop")->state_reason, HasSubstr("did not come back"));
  fs::remove(folder_ / "plugins/bad.so.busy");
  shops.changed();
  EXPECT_TRUE(shops.changed()) << "the folder is another one";
  shops.load();
  EXPECT_FALSE(shops.changed());
  EXPECT_EQ(runtime.store().shops().find("shop")->state, "not_running") << "not at once";
  uptime += std::chrono::hours{1};
  EXPECT_TRUE(shops.changed());
  shops.load();
  EXPECT_FALSE(shops.changed()) << "it is well";
  runtime.engine().reload();
  EXPECT_TRUE(runtime.engine().run_due("shop", false, {}));
  EXPECT_EQ(orders_of(runtime.store(), "shop"), 3u);
  EXPECT_EQ(runtime.store().shops().find("shop")->state, "ok");
}

constexpr const char* kWell = "";

const Case kCases[] = {
    // what a look at the file tells
    {"text_file", "refused", "not_elf", "not a"},
    {"empty_file", "refused", "not_elf", "is empty"},
    {"truncated", "refused", "damaged", "bad.so"},
    {"other_machine", "refused", "wrong_machine", "bad.so"},
    {"no_block", "refused", "no_abi_block", "bad.so"},
    {"wrong_magic", "refused", "abi_magic", "bad.so"},
    {"other_major", "refused", "abi_major", "interface 7"},
    {"newer_minor", "refused", "abi_minor", "needs plugin interface"},
    {"checked_iterators", "refused", "abi_iterators", "_GLIBCXX_DEBUG"},
    {"old_strings", "refused", "abi_strings", "old std::string"},
    {"packed_structs", "refused", "abi_layout", "types between plugin and host"},
    {"libcxx", "refused", "abi_stdlib", "libc++"},
    {"duplicate_id", "refused", "duplicate_id", "same plugin id"},
    {"world_writable", "refused", "writable", "writable by everybody"},
    {"wrong_pin", "refused", "pin_mismatch", "plugins.pins.bad"},
    // what a trial in a process of its own tells
    {"init_throws", "failed", "plugin_exception", "thrown while it is loaded"},
    {"init_aborts", "failed", "probe_crashed", "signal 6"},
    {"init_crashes", "failed", "probe_crashed", "signal 11"},
    {"init_exits", "failed", "probe_crashed", "exit code 0"},
    {"init_sleeps", "failed", "probe_hung", "did not come back"},
    {"undefined_symbol", "failed", "dlopen_failed", "defined_nowhere"},
    {"no_entry", "failed", "no_entry", "marketplug_entry_v1"},
    {"small", "failed", "small_entry", "16 bytes"},
    {"with_gap", "failed", "empty_entry", "gaps"},
    {"without_schema", "failed", "no_schema", "no settings schema"},
    {"bad_schema", "failed", "bad_settings_schema", "allOf"},
    {"schema_no_json", "failed", "bad_settings_schema", "cannot be configured"},
    // what a shop tells: the plugin is loaded, its connector or its step is at fault
    {"talkative", "loaded", "", "exports_too_much"},
    {"without_connector", "loaded", "", "no_connector"},
    {"ctor_throws", "loaded", "", "plugin_exception"},
    {"ctor_refuses", "loaded", "", "bad_settings"},
    {"asks_for_more", "loaded", "", kWell, 3},
    {"throws_private", "loaded", "", "plugin_exception"},
    {"throws_int", "loaded", "", "plugin_exception"},
    {"leaks_thread", "loaded", "", kWell, 3},
    {"twice", "loaded", "", kWell, 3},
    {"duplicate_ids", "loaded", "", kWell, 1},
    {"no_ids", "loaded", "", "missing_id", 0, 1},
    {"huge_page", "loaded", "", kWell, 3000},
    {"huge_text", "loaded", "", "too_large", 2, 1},
    {"invalid_utf8", "loaded", "", kWell, 3},
    {"garbled_failure", "loaded", "", "it is so xxx"},
    {"garbled_order", "loaded", "", kWell, 3, 1},
    {"garbled_id", "loaded", "", "bad_id", 2, 1},
    {"unfit_money", "loaded", "", "invalid_order", 2, 1},
    {"same_cursor", "loaded", "", "no_progress", 3},
    {"chatters", "loaded", "", kWell, 3},
    {"plain", "loaded", "", kWell, 3},
    {"all_sources", "loaded", "", kWell, 3, 3},
};

const Case kIsolated[] = {
    {"ctor_throws", "loaded", "", "plugin_exception", 0, 0, true},
    {"ctor_refuses", "loaded", "", "bad_settings", 0, 0, true},
    {"ctor_crashes", "loaded", "", "worker_crashed", 0, 0, true},
    {"asks_for_more", "loaded", "", kWell, 3, 0, true},
    {"throws_private", "loaded", "", "plugin_exception", 0, 0, true},
    {"throws_int", "loaded", "", "plugin_exception", 0, 0, true},
    {"crashes", "loaded", "", "worker_crashed", 0, 0, true},
    {"aborts", "loaded", "", "worker_crashed", 0, 0, true},
    {"exits", "loaded", "", "worker_crashed", 0, 0, true},
    {"thread_throws", "loaded", "", "worker_crashed", 0, 0, true},
    {"leaks_thread", "loaded", "", kWell, 3, 0, true},
    {"hangs", "loaded", "", "worker_hung", 0, 0, true},
    {"eats_memory", "loaded", "", "plugin_exception", 0, 0, true},
    {"twice", "loaded", "", kWell, 3, 0, true},
    {"duplicate_ids", "loaded", "", kWell, 1, 0, true},
    {"no_ids", "loaded", "", "missing_id", 0, 1, true},
    {"huge_page", "loaded", "", kWell, 3000, 0, true},
    {"huge_text", "loaded", "", "page_too_large", 0, 0, true},
    {"invalid_utf8", "loaded", "", kWell, 3, 0, true},
    {"garbled_failure", "loaded", "", "it is so xxx", 0, 0, true},
    {"garbled_order", "loaded", "", kWell, 3, 1, true},
    {"garbled_id", "loaded", "", "bad_id", 2, 1, true},
    {"unfit_money", "loaded", "", "invalid_order", 2, 1, true},
    {"same_cursor", "loaded", "", "no_progress", 3, 0, true},
    {"chatters", "loaded", "", kWell, 3, 0, true},
    {"all_sources", "loaded", "", kWell, 3, 3, true},
};

INSTANTIATE_TEST_SUITE_P(Here, Zoo, ::testing::ValuesIn(kCases),
                         [](const auto& each) { return std::string(each.param.name); });
INSTANTIATE_TEST_SUITE_P(InProcesses, Zoo, ::testing::ValuesIn(kIsolated),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace marketplug::app
