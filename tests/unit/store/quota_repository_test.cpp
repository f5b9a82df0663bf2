#include "tests/unit/store/store_fixture.hpp"

namespace marketplug::store {
namespace {

class QuotaLevelsTest : public StoreFixture {};

TEST_F(QuotaLevelsTest, LevelsSurviveARestart) {
  const std::vector<QuotaLevel> first = {
      {"app/A1", "getOrder", 12.5, 0, clock_.now(), {}},
      {"app/A1", "searchOrders", 0.25, 0.0056, clock_.now(), clock_.now()}};
  const auto save = [&](const std::vector<QuotaLevel>& levels) {
    store().quota().save([&] { return QuotaChanges{levels, {}}; });
  };
  save(first);
  const std::vector<QuotaLevel> second = {{"app/A1", "getOrder", 11, 0.5, clock_.now(), {}}};
  save(second);
  save({});
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

TEST_F(QuotaLevelsTest, AStepsCommitSavesThemAndARollbackDoesNot) {
  const OwnerToken token = own();
  int asked = 0, saved = 0;
  auto source = std::make_shared<const QuotaSource>([&] {
    ++asked;
    return QuotaChanges{{{"app/A1", "searchOrders", 3, 0, clock_.now(), {}}}, [&] { ++saved; }};
  });
  store().quota().follow(source);
  store().begin(token)->set_cursor("order-source", {"page-2"});
  EXPECT_EQ(asked, 0) << "nothing was committed";
  store().begin(token)->commit();
  EXPECT_EQ(saved, 1);
  ASSERT_EQ(store().quota().load().size(), 1u);
  EXPECT_EQ(store().quota().load()[0].tokens, 3);
  source.reset();
  store().begin(token)->commit();
  EXPECT_EQ(asked, 1) << "its owner is gone";
}

}  // namespace
}  // namespace marketplug::store
