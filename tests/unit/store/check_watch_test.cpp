#include "host/store/sqlite/check_watch.hpp"

#include <gtest/gtest.h>

#include <future>

namespace marketplug::store::sqlite {
namespace {

TEST(CheckWatch, InterruptsWhatRunsWhenItIsTold) {
  std::promise<void> interrupted;
  bool told = false;
  const db::CheckHooks hooks{nullptr, [] { return true; }};
  const std::string path = "/nowhere/marketplug.db";
  const CheckWatch watch(path, hooks, [&] {
    if (!std::exchange(told, true)) interrupted.set_value();
  });
  interrupted.get_future().wait();  // what SQLite does meanwhile would have ended
}

TEST(CheckWatch, ItEndsWithTheCheck) {
  const db::CheckHooks nothing;
  const std::string path = "/nowhere/marketplug.db";
  const CheckWatch watch(path, nothing, [] { FAIL() << "nobody asked"; });
}

TEST(CheckWatch, ProgressIsNeverWhole) {
  EXPECT_EQ(progress_of_check(0, 100), "");
  EXPECT_EQ(progress_of_check(100, 0), "");
  EXPECT_EQ(progress_of_check(100, 100), "about 50 %, ");
  EXPECT_EQ(progress_of_check(1000, 100), "about 99 %, ");
}

}  // namespace
}  // namespace marketplug::store::sqlite
