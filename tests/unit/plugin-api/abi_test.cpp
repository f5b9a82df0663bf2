#include "marketplug/abi.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <type_traits>

#include "marketplug/plugin.hpp"

namespace marketplug {
namespace {

class Shop final : public ConnectorWith<OrderSource, OptionsSource> {
 public:
  static constexpr PluginInfo kInfo{"shop", "A shop", "1.2.3"};
  static std::string_view settings_schema() noexcept { return "{}"; }
  Shop(Host&, std::string_view) {}
  std::vector<Finding> check(StepContext&) override { return {}; }
  Result<Page<Order>> fetch_orders(const Cursor&, StepContext&) override { return Page<Order>{}; }
  Result<Page<Order>> fetch_order(std::string_view, StepContext&) override { return Page<Order>{}; }
  Result<std::vector<Option>> options(std::string_view, StepContext&) override {
    return std::vector<Option>{};
  }
};

// The block is bytes in a file: no pointers, no padding, members where the first version had them.
static_assert(std::is_trivially_copyable_v<AbiInfo> && std::is_standard_layout_v<AbiInfo>);
static_assert(std::has_unique_object_representations_v<AbiInfo>);
static_assert(offsetof(AbiInfo, struct_size) == 16 && offsetof(AbiInfo, layout_hash) == 48 &&
              offsetof(AbiInfo, compiler) == 64 && offsetof(AbiInfo, id) == 112 &&
              offsetof(AbiInfo, version) == 176 && offsetof(AbiInfo, name) == 208 &&
              offsetof(AbiInfo, capabilities) == 272);

constexpr AbiInfo kShop = abi_info<Shop>();
static_assert(kShop.abi_major == kAbiMajor && kShop.abi_minor == kAbiMinor);
static_assert(kShop.struct_size == sizeof(AbiInfo) && kShop.pointer_bits == 64);
static_assert(kShop.layout_hash == kLayoutHash && kLayoutHash != 0);

TEST(Abi, SaysWhoAndWhat) {
  EXPECT_EQ(0, std::memcmp(kShop.magic, kAbiMagic.data(), sizeof(kShop.magic)));
  EXPECT_EQ(kShop.magic[15], '\1');
  EXPECT_STREQ(kShop.id, "shop");
  EXPECT_STREQ(kShop.name, "A shop");
  EXPECT_STREQ(kShop.version, "1.2.3");
  EXPECT_STREQ(kShop.capabilities, "order-source/1,options-source/1");
}

TEST(Abi, SaysHowItWasBuilt) {
  EXPECT_EQ(kShop.stdlib, 1u);
  EXPECT_EQ(kShop.cxx11_abi, 1u);
  EXPECT_EQ(kShop.checked_iterators, 0u);
  EXPECT_GE(kShop.cplusplus, 202002u);
  EXPECT_GE(kShop.stdlib_release, 11u);
  EXPECT_NE(kShop.compiler[0], '\0');
}

TEST(Abi, TheLayoutHashSeesSizesAndTheirOrder) {
  struct Small {
    char a;
  };
  struct Large {
    char a[64];
  };
  static constexpr auto kFirst = detail::layout_hash_of<Small, Large>();
  static constexpr auto kSwapped = detail::layout_hash_of<Large, Small>();
  static constexpr auto kAligned = detail::layout_hash_of<std::uint32_t>();
  static constexpr auto kPacked = detail::layout_hash_of<char[4]>();
  EXPECT_NE(kFirst, kSwapped);
  EXPECT_NE(kAligned, kPacked);
}

// Guards: virtual functions in another order have one size and one hash.
TEST(Abi, TheLayoutHashKnowsTheHeadersWhileNothingIsFrozen) {
  static constexpr auto kWithout = detail::layout_hash_of<Order>();
  static constexpr auto kWith = detail::layout_hash_of<Order>(kHeaderDigest);
  static constexpr auto kOther = detail::layout_hash_of<Order>(kHeaderDigest ^ 1);
  EXPECT_EQ(kAbiMajor, 0u);
  EXPECT_NE(kHeaderDigest, 0u);
  EXPECT_NE(kWithout, kWith);
  EXPECT_NE(kWith, kOther);
}

// Guards: a compiler with a long name could not build a plugin.
TEST(Abi, ALongCompilerNameIsCutShort) {
  struct Field {
    char text[8] = {};
  };
  static constexpr Field kCut = []() consteval {
    Field field;
    detail::copy_start(field.text, "GCC 12.2.0 and more");
    return field;
  }
  ();
  EXPECT_STREQ(kCut.text, "GCC 12.");
}

// Each base has an address of its own: the pointer given must be that of the capability.
TEST(ConnectorWith, AnswersWithTheCapabilitysOwnAddress) {
  struct NoHost : Host {
    void* query(std::string_view) noexcept override { return nullptr; }
  } host;
  Shop shop(host, "{}");
  Connector& connector = shop;
  EXPECT_EQ(connector.query("order-source/1"), static_cast<OrderSource*>(&shop));
  EXPECT_EQ(connector.query("options-source/1"), static_cast<OptionsSource*>(&shop));
  EXPECT_NE(connector.query("order-source/1"), connector.query("options-source/1"));
  EXPECT_EQ(part<OptionsSource>(connector), static_cast<OptionsSource*>(&shop));
  for (const char* unknown : {"", "order-source", "order-source/2", "ORDER-SOURCE/1"}) {
    EXPECT_EQ(connector.query(unknown), nullptr) << unknown;
  }
}

TEST(EntryPoints, MakeAndDestroyThePluginsClass) {
  struct NoHost : Host {
    void* query(std::string_view) noexcept override { return nullptr; }
  } host;
  static constexpr EntryPoints kEntry = entry_points<Shop>();
  EXPECT_EQ(kEntry.size, sizeof(EntryPoints));
  EXPECT_EQ(kEntry.settings_schema(), "{}");
  Connector* connector = kEntry.create(host, "{}");
  ASSERT_NE(connector, nullptr);
  EXPECT_NE(part<OrderSource>(*connector), nullptr);
  kEntry.destroy(connector);
}

}  // namespace
}  // namespace marketplug
