#include <elf.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <boost/json/parse.hpp>

#include "host/loading/call_guard.hpp"
#include "marketplug/testing/fakes.hpp"
#include "tests/unit/loading/support.hpp"

namespace marketplug::loading {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// The one plugin of a fresh folder, scanned; the folder may go once it is loaded.
Result<const LoadedPlugin*> load_copy(const test::PluginFolder& folder, const std::string& plugin) {
  folder.copy(plugin, plugin + ".so");
  return load(folder.only());
}

TEST(Load, GivesThePluginItsFactsAndItsSchema) {
  const test::PluginFolder folder;
  const auto plugin = load_copy(folder, "good");
  ASSERT_TRUE(plugin) << plugin.failure().message;
  EXPECT_EQ(plugin.value()->file().state, PluginState::kLoaded);
  EXPECT_EQ(plugin.value()->file().id(), "good");
  EXPECT_EQ(plugin.value()->file().path, folder / "good.so");
  const auto schema = boost::json::parse(plugin.value()->settings_schema());
  EXPECT_EQ(schema.as_object().at("title").as_string(), "Settings of a test plugin");
}

TEST(Load, TheSamePathGivesTheSameObject) {
  const test::PluginFolder folder;
  folder.copy("good", "good.so");
  const auto first = load(folder.only());
  const auto second = load(folder.only());
  ASSERT_TRUE(first);
  ASSERT_TRUE(second);
  EXPECT_EQ(first.value(), second.value());
  std::filesystem::remove(folder / "good.so");  // what is loaded no longer needs its file
  const auto loaded = load(first.value()->file());
  ASSERT_TRUE(loaded);
  EXPECT_EQ(first.value(), loaded.value());
}

TEST(Load, ConnectorsWorkAndGoThroughThePluginsOwnDoor) {
  const test::PluginFolder folder;
  const auto plugin = load_copy(folder, "good");
  ASSERT_TRUE(plugin);
  testing::FakeHost host;
  testing::FakeClock clock("2026-11-23T10:00:00Z");
  host.offer(clock);
  testing::FakeContext ctx;

  auto one = plugin.value()->create(host, R"({"shop":1})");
  auto two = plugin.value()->create(host, R"({"shop":2})");
  ASSERT_TRUE(one);
  ASSERT_TRUE(two);
  EXPECT_EQ(one.value()->check(ctx)[0].message, R"({"shop":1} at 2026-11-23T10:00:00Z)");
  EXPECT_EQ(two.value()->check(ctx)[0].message, R"({"shop":2} at 2026-11-23T10:00:00Z)");

  auto* orders = part<OrderSource>(*one.value());
  ASSERT_NE(orders, nullptr);
  const auto page = orders->fetch_orders({"a cursor longer than a short string"}, ctx);
  ASSERT_TRUE(page);
  EXPECT_EQ(page.value().next.value, "a cursor longer than a short string");
  EXPECT_TRUE(page.value().caught_up);
  EXPECT_EQ(one.value()->query("stock-sink/1"), nullptr);
}

TEST(Load, AConnectorLivesWithoutOptionalServices) {
  const test::PluginFolder folder;
  const auto plugin = load_copy(folder, "good");
  ASSERT_TRUE(plugin);
  testing::FakeHost host;
  testing::FakeContext ctx;
  auto connector = plugin.value()->create(host, "{}");
  ASSERT_TRUE(connector);
  EXPECT_EQ(connector.value()->check(ctx)[0].message, "{}");
}

TEST(Load, WhatCreateThrowsBecomesAFailure) {
  const test::PluginFolder folder;
  const auto plugin = load_copy(folder, "throwing");
  ASSERT_TRUE(plugin);
  testing::FakeHost host;
  const std::pair<const char*, const char*> cases[] = {
      {"std", "std::runtime_error: no such region"},
      {"private", "Private: text of a private type"},
      {"int", "int"}};
  for (const auto& [settings, detail] : cases) {
    const auto connector = plugin.value()->create(host, settings);
    ASSERT_FALSE(connector) << settings;
    EXPECT_EQ(connector.failure().kind, Failure::Kind::kInternal);
    EXPECT_EQ(connector.failure().code, "plugin_exception");
    EXPECT_THAT(connector.failure().message, HasSubstr("plugin throwing: create"));
    EXPECT_THAT(connector.failure().detail, HasSubstr(detail));
  }
  EXPECT_TRUE(plugin.value()->create(host, "nothing to throw for"));
}

TEST(Load, SettingsThatMakeNoSenseAreTheShopsAffair) {
  const test::PluginFolder folder;
  const auto plugin = load_copy(folder, "throwing");
  ASSERT_TRUE(plugin);
  testing::FakeHost host;
  const auto connector = plugin.value()->create(host, "senseless");
  ASSERT_FALSE(connector);
  EXPECT_EQ(connector.failure().kind, Failure::Kind::kConfig);
  EXPECT_EQ(connector.failure().code, "bad_settings");
  EXPECT_EQ(connector.failure().message, "plugin throwing: NL is not of region?FE");
  EXPECT_FALSE(connector.failure().remedy.empty());
}

TEST(Load, WhatAStepThrowsBecomesAFailure) {
  const test::PluginFolder folder;
  const auto plugin = load_copy(folder, "throwing");
  ASSERT_TRUE(plugin);
  testing::FakeHost host;
  testing::FakeContext ctx;
  auto connector = plugin.value()->create(host, "{}");
  ASSERT_TRUE(connector);
  const auto checked = call_plugin("throwing: check", [&]() -> Result<std::vector<Finding>> {
    return connector.value()->check(ctx);
  });
  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.failure().detail, HasSubstr("thrown in check"));
}

struct OddPlugin {
  const char* name;
  const char* code;
  const char* cause;
};

TEST(Load, RefusesAPluginWithAnOddDoor) {
  const OddPlugin odd_plugins[] = {
      {"no_entry", "no_entry", "does not export marketplug_entry_v1"},
      {"small", "small_entry", "16 bytes instead of 32"},
      {"with_gap", "empty_entry", "gaps"},
      {"without_schema", "no_schema", "no settings schema"},
      {"undefined_symbol", "dlopen_failed", "defined_nowhere"},
  };
  for (const OddPlugin& odd : odd_plugins) {
    const test::PluginFolder folder;
    const auto plugin = load_copy(folder, odd.name);
    ASSERT_FALSE(plugin) << odd.name;
    EXPECT_EQ(plugin.failure().kind, Failure::Kind::kConfig) << odd.name;
    EXPECT_EQ(plugin.failure().code, odd.code);
    EXPECT_THAT(plugin.failure().message, HasSubstr(folder / (std::string(odd.name) + ".so: ")));
    EXPECT_THAT(plugin.failure().message, HasSubstr(odd.cause));
    EXPECT_FALSE(plugin.failure().remedy.empty());
  }
}

// The dynamic loader knows libraries by their path: it would give the old mapping for the new file.
TEST(Load, AMendedFileOfARefusedOneNeedsARestart) {
  const test::PluginFolder folder;
  folder.copy("no_entry", "one.so");
  const auto refused = load(folder.only());
  ASSERT_FALSE(refused);
  EXPECT_EQ(load(folder.only()).failure().message, refused.failure().message);
  EXPECT_EQ(load(folder.only()).failure().code, "no_entry") << "the same file, the same reason";
  folder.copy("good", "new");
  std::filesystem::rename(folder / "new", folder / "one.so");
  const auto mended = load(folder.only());
  ASSERT_FALSE(mended);
  EXPECT_EQ(mended.failure().code, "loaded_before");
  EXPECT_THAT(mended.failure().message, HasSubstr(folder / "one.so"));
  EXPECT_THAT(mended.failure().remedy, HasSubstr("Restart marketplug"));
}

TEST(Load, ACreateThatGivesNothingIsAFailure) {
  const test::PluginFolder folder;
  const auto plugin = load_copy(folder, "without_connector");
  ASSERT_TRUE(plugin);
  testing::FakeHost host;
  const auto connector = plugin.value()->create(host, "{}");
  ASSERT_FALSE(connector);
  EXPECT_EQ(connector.failure().code, "no_connector");
}

TEST(Load, RefusesWhatScanRefusedWithEveryReason) {
  const test::PluginFolder folder;
  test::Bytes bytes = test::read_bytes(test::test_plugin("good"));
  test::patch_block(bytes, offsetof(AbiInfo, pointer_bits), std::uint32_t{32});
  test::patch_block(bytes, offsetof(AbiInfo, stdlib), std::uint32_t{2});
  folder.write("good.so", bytes);
  const auto plugin = load(folder.only());
  ASSERT_FALSE(plugin);
  EXPECT_EQ(plugin.failure().kind, Failure::Kind::kConfig);
  EXPECT_THAT(plugin.failure().message, HasSubstr("built for 32 bits"));
  EXPECT_THAT(plugin.failure().message, HasSubstr("built with libc++"));
  EXPECT_THAT(plugin.failure().remedy, HasSubstr("libstdc++"));
}

TEST(Load, RefusesWhatNoScanFoundReady) {
  EXPECT_FALSE(load({}));
  PluginFile relative;
  relative.path = "good.so";
  relative.state = PluginState::kReady;
  const auto plugin = load(relative);
  ASSERT_FALSE(plugin);
  EXPECT_EQ(plugin.failure().code, "not_ready");
}

TEST(Load, NoticesThatAFileChangedAfterItWasChecked) {
  const test::PluginFolder folder;
  folder.copy("good", "good.so");
  const PluginFile scanned = folder.only();
  folder.copy("throwing", "good.so");
  const auto plugin = load(scanned);
  ASSERT_FALSE(plugin);
  EXPECT_EQ(plugin.failure().code, "changed");
  EXPECT_THAT(plugin.failure().message, HasSubstr(scanned.sha256));
}

TEST(Load, NoticesThatAFileBecameWritableOrDamagedAfterItWasChecked) {
  const test::PluginFolder folder;
  const std::string path = folder.copy("good", "good.so");
  const PluginFile scanned = folder.only();
  ::chmod(path.c_str(), 0666);
  EXPECT_EQ(load(scanned).failure().code, "writable");
  ::chmod(path.c_str(), 0644);
  std::filesystem::resize_file(path, 30000);
  EXPECT_EQ(load(scanned).failure().code, "damaged");
}

// A forged file: the section table points at another block than the one the library has in memory.
TEST(Load, NoticesABlockInMemoryThatIsNotTheOneInTheFile) {
  const test::PluginFolder folder;
  test::Bytes bytes = test::read_bytes(test::test_plugin("good"));
  const std::size_t block = test::block_offset(bytes);
  Elf64_Ehdr header;
  std::memcpy(&header, bytes.data(), sizeof(header));
  const std::size_t copy = bytes.size();
  for (std::size_t i = 0; i < header.e_shnum; ++i) {
    const std::size_t at = header.e_shoff + i * sizeof(Elf64_Shdr);
    Elf64_Shdr section;
    std::memcpy(&section, bytes.data() + at, sizeof(section));
    if (section.sh_offset == block && section.sh_type == SHT_PROGBITS) {
      test::patch(bytes, at + offsetof(Elf64_Shdr, sh_offset), Elf64_Off{copy});
    }
  }
  const test::Bytes forged(bytes.begin() + static_cast<std::ptrdiff_t>(block),
                           bytes.begin() + static_cast<std::ptrdiff_t>(block + sizeof(AbiInfo)));
  bytes.insert(bytes.end(), forged.begin(), forged.end());
  bytes[copy + offsetof(AbiInfo, id)] = 'f';
  folder.write("forged.so", bytes);
  const PluginFile file = folder.only();
  ASSERT_EQ(file.state, PluginState::kReady);
  ASSERT_EQ(file.id(), "food");
  const auto plugin = load(file);
  ASSERT_FALSE(plugin);
  EXPECT_EQ(plugin.failure().code, "abi_block_differs");
}

// Upgrade as documented: a new file renamed over the old one; what runs goes on running.
TEST(Load, ARenamedUpgradeLeavesTheLoadedOneAlone) {
  const test::PluginFolder folder;
  const auto plugin = load_copy(folder, "good");
  ASSERT_TRUE(plugin);
  folder.copy("throwing", "good.so.new");
  std::filesystem::rename(folder / "good.so.new", folder / "good.so");
  testing::FakeHost host;
  testing::FakeContext ctx;
  auto connector = plugin.value()->create(host, "still here");
  ASSERT_TRUE(connector);
  EXPECT_EQ(connector.value()->check(ctx)[0].message, "still here");
  EXPECT_THAT(plugin.value()->file().warnings, IsEmpty());
}

}  // namespace
}  // namespace marketplug::loading
