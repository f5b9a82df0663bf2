#include "host/loading/checks.hpp"

#include <algorithm>
#include <array>

namespace marketplug::loading {
namespace {

constexpr std::array<Check, 9> kFileChecks{{{1, "owner, permissions, kind of file"},
                                            {2, "a whole library with an ABI block"},
                                            {3, "built like this host"},
                                            {4, "the only one of its id"},
                                            {6, "pinned SHA-256"},
                                            {7, "libraries it needs"},
                                            {8, "trial in a process of its own"},
                                            {9, "loading, entry points"},
                                            {10, "settings schema"}}};

constexpr int kTrial = 8;  ///< the first that runs anything of it

struct Reason {
  std::string_view code;
  int check;
};

constexpr std::array kReasons{Reason{"folder_relative", 1},
                              Reason{"folder_unreadable", 1},
                              Reason{"writable", 1},
                              Reason{"foreign_owner", 1},
                              Reason{"not_regular", 1},
                              Reason{"unreadable", 1},
                              Reason{"too_large", 1},
                              Reason{"not_elf", 2},
                              Reason{"wrong_machine", 2},
                              Reason{"damaged", 2},
                              Reason{"no_abi_block", 2},
                              Reason{"abi_magic", 2},
                              Reason{"abi_size", 2},
                              Reason{"abi_major", 3},
                              Reason{"abi_minor", 3},
                              Reason{"abi_pointers", 3},
                              Reason{"abi_stdlib", 3},
                              Reason{"abi_strings", 3},
                              Reason{"abi_iterators", 3},
                              Reason{"abi_sanitizers", 3},
                              Reason{"abi_layout", 3},
                              Reason{"abi_text", 3},
                              Reason{"duplicate_id", 4},
                              Reason{"pin_mismatch", 6},
                              Reason{"pin_malformed", 6},
                              Reason{"library_refused", 7},
                              Reason{"probe_crashed", 8},
                              Reason{"probe_hung", 8},
                              Reason{"no_worker", 8},
                              Reason{"changed", 9},
                              Reason{"dlopen_failed", 9},
                              Reason{"abi_block_differs", 9},
                              Reason{"no_entry", 9},
                              Reason{"small_entry", 9},
                              Reason{"empty_entry", 9},
                              Reason{"no_schema", 9},
                              Reason{"plugin_exception", 9},
                              Reason{"loaded_before", 9},
                              Reason{"bad_settings_schema", 10}};

}  // namespace

std::span<const Check> file_checks() noexcept { return kFileChecks; }

int check_of(const PluginReason& reason) noexcept {
  if (reason.by_trial) return kTrial;
  const auto found = std::find_if(kReasons.begin(), kReasons.end(),
                                  [&](const Reason& each) { return each.code == reason.code; });
  return found == kReasons.end() ? 0 : found->check;
}

std::string_view to_string(CheckResult result) noexcept {
  switch (result) {
    case CheckResult::kPassed:
      return "passed";
    case CheckResult::kFailed:
      return "failed";
    case CheckResult::kNotReached:
      return "not reached";
  }
  return "unknown";
}

std::vector<CheckResult> results_of(const PluginFile& file) {
  std::vector<CheckResult> results(kFileChecks.size(), CheckResult::kPassed);
  int first_failed = 100;
  for (const PluginReason& reason : file.reasons) {
    const int number = check_of(reason);
    for (std::size_t i = 0; i < kFileChecks.size(); ++i) {
      if (kFileChecks.at(i).number == number) results[i] = CheckResult::kFailed;
    }
    if (number != 0) first_failed = std::min(first_failed, number);
  }
  const bool unread = file.sha256.empty();
  const bool no_block = first_failed == 2 || unread;
  for (std::size_t i = 0; i < kFileChecks.size(); ++i) {
    const int number = kFileChecks.at(i).number;
    const bool hidden = (unread && number > 1) || (no_block && number > 2) ||
                        (number >= kTrial && number > first_failed);
    if (hidden && results[i] == CheckResult::kPassed) results[i] = CheckResult::kNotReached;
  }
  return results;
}

}  // namespace marketplug::loading
