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

// Guards: what a trial found on loading was told as a fault of the check after it.
TEST(Checks, WhatATrialFindsIsTheTrialsWhateverItsCode) {
  for (const char* code : {"dlopen_failed", "no_entry", "probe_stopped", "a code of tomorrow"}) {
    auto file = file_with({code});
    file.reasons[0].by_trial = true;
    EXPECT_THAT(results_of(file), ElementsAre(kPassed, kPassed, kPassed, kPassed, kPassed, kPassed,
                                              kFailed, kNotReached, kNotReached))
        << code;
  }
  EXPECT_THAT(results_of(file_with({"dlopen_failed"})),
              ElementsAre(kPassed, kPassed, kPassed, kPassed, kPassed, kPassed, kPassed, kFailed,
                          kNotReached))
      << "in the host's own process, after a good trial";
}

TEST(Checks, QuarantineIsNoCheck) {
  EXPECT_EQ(check_of(PluginReason{"quarantined", "", ""}), 0);
  EXPECT_EQ(check_of(PluginReason{"probe_hung", "", ""}), 8);
  EXPECT_THAT(results_of(file_with({"quarantined"})), ::testing::Each(kPassed));
}

}  // namespace
}  // namespace marketplug::loading
