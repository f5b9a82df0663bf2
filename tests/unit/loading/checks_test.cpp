#include "host/loading/checks.hpp"

#include <gmock/gmock.h>

namespace marketplug::loading {
namespace {

using enum CheckResult;
using ::testing::ElementsAre;

PluginFile file_with(std::initializer_list<const char*> codes) {
  PluginFile file;
  file.sha256 = "00";
  for (const char* code : codes) file.reasons.push_back({code, "", ""});
  return file;
}

TEST(Checks, AFileWithoutReasonsPassedThemAll) {
  EXPECT_THAT(results_of(file_with({})), ::testing::Each(kPassed));
}

TEST(Checks, WhatStandsInTheWayOfOthersIsNotCalledPassed) {
  auto unread = file_with({"not_regular"});
  unread.sha256.clear();
  EXPECT_THAT(results_of(unread),
              ElementsAre(kFailed, kNotReached, kNotReached, kNotReached, kNotReached, kNotReached,
                          kNotReached, kNotReached, kNotReached));
  EXPECT_THAT(results_of(file_with({"no_abi_block"})),
              ElementsAre(kPassed, kFailed, kNotReached, kNotReached, kNotReached, kNotReached,
                          kNotReached, kNotReached, kNotReached));
  EXPECT_THAT(results_of(file_with({"abi_layout", "pin_mismatch"})),
              ElementsAre(kPassed, kPassed, kFailed, kPassed, kFailed, kPassed, kNotReached,
                          kNotReached, kNotReached));
  EXPECT_THAT(results_of(file_with({"small_entry"})),
              ElementsAre(kPassed, kPassed, kPassed, kPassed, kPassed, kPassed, kPassed, kFailed,
                          kNotReached));
}

TEST(Checks, QuarantineIsNoCheck) {
  EXPECT_EQ(check_of("quarantined"), 0);
  EXPECT_EQ(check_of("probe_hung"), 8);
  EXPECT_THAT(results_of(file_with({"quarantined"})), ::testing::Each(kPassed));
}

}  // namespace
}  // namespace marketplug::loading
