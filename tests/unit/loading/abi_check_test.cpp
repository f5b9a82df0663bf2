#include "host/loading/abi_check.hpp"

#include <gmock/gmock.h>

#include <cstring>
#include <functional>
#include <string>

#include "tests/unit/loading/support.hpp"

namespace marketplug::loading {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

template <std::size_t N>
void put(char (&field)[N], std::string_view text) {
  std::memset(field, 0, N);
  std::memcpy(field, text.data(), std::min(N, text.size()));
}

AbiInfo good_block() {
  AbiInfo abi = host_abi();
  put(abi.id, "good");
  put(abi.version, "1.2.3");
  put(abi.name, "Good");
  put(abi.capabilities, "order-source/1,options-source/1");
  return abi;
}

test::Bytes bytes_of(const AbiInfo& abi, std::size_t size = sizeof(AbiInfo)) {
  test::Bytes bytes(size);
  std::memcpy(bytes.data(), &abi, std::min(size, sizeof(abi)));
  return bytes;
}

TEST(AbiCheck, TheSameBuildHasNoDifferences) {
  EXPECT_THAT(compare_abi(good_block(), host_abi()), IsEmpty());
}

TEST(AbiCheck, ReadsTheBlock) {
  const auto abi = read_abi_block(bytes_of(good_block()));
  ASSERT_TRUE(abi);
  EXPECT_STREQ(abi.value().id, "good");
}

TEST(AbiCheck, ALongerBlockOfANewerSdkIsReadAsFarAsKnown) {
  AbiInfo newer = good_block();
  newer.struct_size = sizeof(AbiInfo) + 64;
  const auto abi = read_abi_block(bytes_of(newer, sizeof(AbiInfo) + 64));
  ASSERT_TRUE(abi);
  EXPECT_STREQ(abi.value().version, "1.2.3");
}

TEST(AbiCheck, RefusesWhatIsNoBlock) {
  AbiInfo marked = good_block();
  marked.magic[0] = 'X';
  EXPECT_EQ(read_abi_block(bytes_of(marked)).failure().code, "abi_magic");

  EXPECT_EQ(read_abi_block({}).failure().code, "abi_size");
  EXPECT_EQ(read_abi_block(bytes_of(good_block(), kAbiInfoV1Size - 1)).failure().code, "abi_size");
  AbiInfo small = good_block();
  small.struct_size = 16;
  EXPECT_EQ(read_abi_block(bytes_of(small)).failure().code, "abi_size");
  AbiInfo huge = good_block();
  huge.struct_size = 0xffffffff;
  EXPECT_EQ(read_abi_block(bytes_of(huge)).failure().code, "abi_size");
}

struct Difference {
  const char* code;
  std::function<void(AbiInfo&)> make;
  const char* cause;
  const char* remedy;
};

TEST(AbiCheck, EachDifferenceIsCauseAndRemedy) {
  const std::uint32_t sanitizers = host_abi().sanitizers;
  const Difference differences[] = {
      {"abi_major", [](AbiInfo& abi) { abi.abi_major += 1; }, "built for plugin interface 1.",
       "Rebuild the plugin with the SDK of this host"},
      {"abi_minor", [](AbiInfo& abi) { abi.abi_minor += 1; }, "needs plugin interface",
       "install a Marketplug with plugin interface"},
      {"abi_pointers", [](AbiInfo& abi) { abi.pointer_bits = 32; },
       "built for 32 bits, this host has 64", "for this kind of machine"},
      {"abi_stdlib", [](AbiInfo& abi) { abi.stdlib = 2; },
       "built with libc++, this host with libstdc++", "Rebuild the plugin with libstdc++."},
      {"abi_strings", [](AbiInfo& abi) { abi.cxx11_abi = 0; },
       "built with the old std::string (_GLIBCXX_USE_CXX11_ABI=0), this host is not",
       "Rebuild the plugin with -D_GLIBCXX_USE_CXX11_ABI=1."},
      {"abi_iterators", [](AbiInfo& abi) { abi.checked_iterators = 1; },
       "built with checked iterators (_GLIBCXX_DEBUG), this host is not",
       "Rebuild the plugin without -D_GLIBCXX_DEBUG."},
      {"abi_sanitizers", [](AbiInfo& abi) { abi.sanitizers ^= 1u; }, "the address sanitizer",
       (sanitizers & 1u) != 0 ? "Rebuild the plugin with -fsanitize=address."
                              : "Rebuild the plugin without -fsanitize=address."},
      {"abi_sanitizers", [](AbiInfo& abi) { abi.sanitizers ^= 2u; }, "the thread sanitizer",
       "-fsanitize=thread."},
      {"abi_sanitizers", [](AbiInfo& abi) { abi.sanitizers |= 8u; }, "does not know",
       "without sanitizers"},
      {"abi_layout", [](AbiInfo& abi) { abi.layout_hash += 1; }, "are others there",
       "Rebuild the plugin with the SDK of this host"},
  };
  for (const Difference& difference : differences) {
    AbiInfo abi = good_block();
    difference.make(abi);
    const auto reasons = compare_abi(abi, host_abi());
    ASSERT_EQ(reasons.size(), 1u) << difference.cause;
    EXPECT_EQ(reasons[0].code, difference.code);
    EXPECT_THAT(reasons[0].message, HasSubstr(difference.cause));
    EXPECT_THAT(reasons[0].remedy, HasSubstr(difference.remedy));
  }
}

TEST(AbiCheck, AnOlderMinorIsWelcome) {
  AbiInfo host = host_abi();
  host.abi_minor = 7;
  EXPECT_THAT(compare_abi(good_block(), host), IsEmpty());
}

TEST(AbiCheck, AllDifferencesAreNamedAtOnce) {
  AbiInfo abi = good_block();
  abi.abi_major += 1;
  abi.pointer_bits = 32;
  abi.stdlib = 2;
  abi.cxx11_abi = 0;
  abi.checked_iterators = 1;
  abi.sanitizers ^= 3u;
  abi.layout_hash = 1;
  EXPECT_THAT(test::codes(compare_abi(abi, host_abi())),
              ElementsAre("abi_major", "abi_pointers", "abi_stdlib", "abi_strings", "abi_iterators",
                          "abi_sanitizers", "abi_sanitizers", "abi_layout"));
}

TEST(AbiCheck, GoodTextsPass) {
  AbiInfo abi = good_block();
  EXPECT_THAT(check_texts(abi), IsEmpty());
  EXPECT_STREQ(abi.id, "good");
  put(abi.capabilities, "");
  EXPECT_THAT(check_texts(abi), IsEmpty());
}

TEST(AbiCheck, BadTextsAreNamedAndEmptied) {
  AbiInfo abi = good_block();
  put(abi.id, "Amazon!\x1b[2J");
  put(abi.version, "one");
  put(abi.name, "");
  put(abi.compiler, "GCC\n12");
  put(abi.capabilities, "order-source/1,,");
  const auto reasons = check_texts(abi);
  ASSERT_THAT(test::codes(reasons),
              ElementsAre("abi_text", "abi_text", "abi_text", "abi_text", "abi_text"));
  EXPECT_THAT(reasons[0].message, HasSubstr("its id (\"Amazon!?[2J\") is not an id"));
  EXPECT_THAT(reasons[1].message, HasSubstr("semantic version"));
  EXPECT_THAT(reasons[1].remedy, HasSubstr("kInfo"));
  EXPECT_STREQ(abi.id, "");
  EXPECT_STREQ(abi.version, "");
  EXPECT_STREQ(abi.compiler, "");
  EXPECT_STREQ(abi.capabilities, "");
}

TEST(AbiCheck, TextsWithoutEndAreRefused) {
  AbiInfo abi = good_block();
  std::memset(abi.id, 'a', sizeof(abi.id));
  std::memset(abi.capabilities, 'a', sizeof(abi.capabilities));
  const auto reasons = check_texts(abi);
  ASSERT_EQ(reasons.size(), 2u);
  EXPECT_THAT(reasons[0].message, HasSubstr("has no end"));
}

TEST(AbiCheck, CapabilitiesAreAListOfDifferentIds) {
  for (const char* bad : {",", "order-source/1,", ",order-source/1", "order-source",
                          "order-source/1,order-source/1", "order-source/1;x/1"}) {
    AbiInfo abi = good_block();
    put(abi.capabilities, bad);
    EXPECT_EQ(check_texts(abi).size(), 1u) << bad;
  }
}

}  // namespace
}  // namespace marketplug::loading
