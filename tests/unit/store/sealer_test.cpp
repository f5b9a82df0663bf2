#include "host/store/sealer.hpp"

#include <gtest/gtest.h>

#include <set>

#include "host/store/types.hpp"

namespace marketplug::store {
namespace {

const SealLabel kLabel{"shop-nl", "order-1", "personal"};

TEST(SealerTest, OpensWhatItSealed) {
  const Sealer sealer;
  const SealKey key = SealKey::random(7);
  for (const std::string& text : {std::string(), std::string("x"), std::string(100'000, 'a'),
                                  std::string("nul\0inside", 10)}) {
    const std::string sealed = sealer.seal(key, kLabel, text);
    EXPECT_EQ(sealed.size(), text.size() + 33);
    EXPECT_EQ(Sealer::key_id(sealed), 7u);
    EXPECT_EQ(sealer.open(key, kLabel, sealed), text);
  }
}

TEST(SealerTest, EveryBitIsProtected) {
  const Sealer sealer;
  const SealKey key = SealKey::random(1);
  const std::string sealed = sealer.seal(key, kLabel, "Ada Lovelace");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string altered = sealed;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_FALSE(sealer.open(key, kLabel, altered).has_value()) << "byte " << i;
  }
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_FALSE(sealer.open(key, kLabel, sealed.substr(0, size)).has_value()) << size;
  }
}

TEST(SealerTest, AValueOpensOnlyAtItsPlaceAndWithItsKey) {
  const Sealer sealer;
  const SealKey key = SealKey::random(1);
  const std::string sealed = sealer.seal(key, kLabel, "Ada");
  const SealLabel others[] = {{"shop-de", "order-1", "personal"},
                              {"shop-nl", "order-2", "personal"},
                              {"shop-nl", "order-1", "raw"},
                              // The same characters with other borders.
                              {"shop-nlo", "rder-1", "personal"},
                              {"", "shop-nlorder-1", "personal"}};
  for (const SealLabel& label : others) {
    EXPECT_FALSE(sealer.open(key, label, sealed).has_value());
  }
  EXPECT_FALSE(sealer.open(SealKey::random(1), kLabel, sealed).has_value());
  EXPECT_FALSE(sealer.open(SealKey(2, key.text()), kLabel, sealed).has_value());
}

TEST(SealerTest, TheSameTextNeverLooksTheSame) {
  const Sealer sealer;
  const SealKey key = SealKey::random(1);
  std::set<std::string> ivs;
  for (int i = 0; i < 1000; ++i) ivs.insert(sealer.seal(key, kLabel, "Ada").substr(5, 12));
  EXPECT_EQ(ivs.size(), 1000u);
}

TEST(SealerTest, KeysHaveOneLength) {
  EXPECT_THROW(SealKey(1, "short"), StoreError);
  EXPECT_THROW(SealKey(1, std::string(33, 'x')), StoreError);
}

TEST(SealerTest, AMovedKeyLeavesNothingBehind) {
  SealKey key = SealKey::random(1);
  const SealKey other = std::move(key);
  // NOLINTBEGIN(bugprone-use-after-move, clang-analyzer-cplusplus.Move)
  EXPECT_EQ(key.text(), std::string(32, '\0'));
  EXPECT_NE(other.text(), key.text());
  // NOLINTEND(bugprone-use-after-move, clang-analyzer-cplusplus.Move)
}

// NIST CAVP, SHA-256 of "abc"; RFC 4231 has no 32-byte key, so the keyed hash is compared with
// itself.
TEST(SealerTest, HashesAreTheStandardOnes) {
  EXPECT_EQ(to_hex(sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const SealKey key(1, std::string(32, 'k')), other(1, std::string(32, 'o'));
  EXPECT_EQ(keyed_hash(key, "x"), keyed_hash(key, "x"));
  EXPECT_NE(keyed_hash(key, "x"), keyed_hash(other, "x"));
  EXPECT_NE(keyed_hash(key, "x"), keyed_hash(key, "y"));
}

TEST(SealerTest, HexReadsBackAndRefusesOtherText) {
  EXPECT_EQ(from_hex(to_hex(std::string("\x00\xff\x10", 3))), std::string("\x00\xff\x10", 3));
  EXPECT_FALSE(from_hex("0").has_value());
  EXPECT_FALSE(from_hex("0g").has_value());
  EXPECT_FALSE(from_hex("AB").has_value());
}

}  // namespace
}  // namespace marketplug::store
