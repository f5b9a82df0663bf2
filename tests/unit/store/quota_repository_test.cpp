#include "tests/unit/store/store_fixture.hpp"

namespace marketplug::store {
namespace {

class QuotaLevelsTest : public StoreFixture {};

TEST_F(QuotaLevelsTest, LevelsSurviveARestart) {
  const std::vector<QuotaLevel> first = {
      {"app/A1", "getOrder", 12.5, 0, clock_.now(), {}},
      {"app/A1", "searchOrders", 0.25, 0.0056, clock_.now(), clock_.now()}};
  store().quota().save(first);
  const std::vector<QuotaLevel> second = {{"app/A1", "getOrder", 11, 0.5, clock_.now(), {}}};
  store().quota().save(second);
  store().quota().save({});
  reopen();
  const auto levels = store().quota().load();
  ASSERT_EQ(levels.size(), 2u);
  EXPECT_EQ(levels[0].operation, "getOrder");
  EXPECT_EQ(levels[0].tokens, 11);
  EXPECT_EQ(levels[0].observed_rate, 0.5);
  EXPECT_FALSE(levels[0].cool_until.has_value());
  EXPECT_EQ(levels[1].tokens, 0.25);
  EXPECT_EQ(levels[1].observed_rate, 0.0056);
  EXPECT_EQ(levels[1].at, clock_.now());
  EXPECT_EQ(levels[1].cool_until, clock_.now());
}

}  // namespace
}  // namespace marketplug::store
