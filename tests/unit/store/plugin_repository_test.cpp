#include "tests/unit/store/store_fixture.hpp"

namespace marketplug::store {
namespace {

using std::chrono::hours;

class PluginHistoryTest : public StoreFixture {
 protected:
  PluginCrash crash(const std::string& occasion, TimePoint at) {
    return {"wild", occasion, "shop-nl", at, "signal 11"};
  }
};

TEST_F(PluginHistoryTest, ACrashThatIsFoundTwiceCountsOnce) {
  const TimePoint now = clock_.now();
  store().plugins().add_crash(crash("run 1", now));
  store().plugins().add_crash(crash("run 1", now + hours{1}));
  store().plugins().add_crash(crash("run 2", now));
  reopen();
  const auto found = store().plugins().crashes("wild", now);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].occasion, "run 1");
  EXPECT_EQ(found[0].at, now);
  EXPECT_EQ(found[0].shop, "shop-nl");
  EXPECT_EQ(found[0].cause, "signal 11");
  EXPECT_TRUE(store().plugins().crashes("tame", now).empty());
}

TEST_F(PluginHistoryTest, OnlyRecentCrashesAreGivenAndVeryOldOnesForgotten) {
  const TimePoint now = clock_.now();
  store().plugins().add_crash(crash("old", now - hours{24 * 40}));
  store().plugins().add_crash(crash("yesterday", now - hours{24}));
  store().plugins().add_crash(crash("today", now));
  EXPECT_EQ(store().plugins().crashes("wild", now - hours{1}).size(), 1u);
  EXPECT_EQ(store().plugins().crashes("wild", TimePoint{}).size(), 2u);
}

TEST_F(PluginHistoryTest, QuarantineLastsUntilItIsEnded) {
  const TimePoint now = clock_.now();
  store().plugins().add_crash(crash("run 1", now));
  store().plugins().quarantine({"wild", now, "the first reason"});
  store().plugins().quarantine({"wild", now + hours{1}, "another"});
  reopen();
  const auto found = store().plugins().quarantined();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].plugin, "wild");
  EXPECT_EQ(found[0].since, now);
  EXPECT_EQ(found[0].reason, "the first reason");
  EXPECT_FALSE(store().plugins().release("tame"));
  EXPECT_TRUE(store().plugins().release("wild"));
  EXPECT_TRUE(store().plugins().quarantined().empty());
  EXPECT_TRUE(store().plugins().crashes("wild", TimePoint{}).empty()) << "it begins anew";
  EXPECT_FALSE(store().plugins().release("wild"));
}

TEST_F(PluginHistoryTest, TheLastFileIsKept) {
  EXPECT_FALSE(store().plugins().file("wild"));
  store().plugins().put_file({"wild", "/p/wild.so", "aa", 7, clock_.now()});
  store().plugins().put_file({"wild", "/p/wild.so", "bb", 8, clock_.now()});
  reopen();
  const auto file = store().plugins().file("wild");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->path, "/p/wild.so");
  EXPECT_EQ(file->sha256, "bb");
  EXPECT_EQ(file->inode, 8);
}

}  // namespace
}  // namespace marketplug::store
