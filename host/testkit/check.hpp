#pragma once
// What a check is, and what it is given. A group of checks is one file with one function that lists
// them; registry.cpp joins the groups. Each check runs in a process of its own, on one thread.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/loading/plugin.hpp"
#include "host/testkit/cases.hpp"

namespace marketplug::testkit {

enum class Level : std::uint8_t { kRequired = 0, kRecommended };
std::string_view to_string(Level level) noexcept;

/// What must be there for a check to make sense; where it is not, the check is skipped.
enum class Need : std::uint8_t {
  kFile = 0,  ///< any file
  kPlugin,    ///< a file that the loader takes
  kOrders,    ///< order-source/1
  kAudit,     ///< order-audit/1
  kReturns,   ///< return-source/1
  kPages,     ///< any source of orders, sightings or returns
  kPolled,    ///< such a one that is asked again from its end: orders, returns
  kOptions,   ///< options-source/1
  kSinks,     ///< any sink
  kAny,       ///< any capability that makes requests
  kPrevious,  ///< --previous
};

class Trial;

struct Check {
  std::string_view id;  ///< "A1"; the letter is its group
  Level level;
  std::string_view title;  ///< what holds when it passes
  Need need;
  void (*run)(Trial&);
  bool isolated = false;  ///< G2 runs it again with the plugin in a process of its own
};

/// Every check, in the order of the groups.
std::span<const Check> all_checks();
const Check* find_check(std::string_view id);

// The groups, each in a file of its own.
std::vector<Check> file_checks();     // A, file_checks.cpp
std::vector<Check> fact_checks();     // B
std::vector<Check> life_checks();     // C
std::vector<Check> step_checks();     // D1 to D4, D9, D13: orders, stopping, catalogues
std::vector<Check> place_checks();    // D5, D10: odd cursors and idle polls of all sources
std::vector<Check> audit_checks();    // D14, D15: the order audit
std::vector<Check> return_checks();   // D16, D17: returns
std::vector<Check> sink_checks();     // D6 to D8, D11, D12: sinks
std::vector<Check> verify_checks();   // V
std::vector<Check> weather_checks();  // E1 to E4, E8: refusals and the network
std::vector<Check> answer_checks();   // E5 to E7, E10: answers without sense
std::vector<Check> token_checks();    // E9, E11: access tokens
std::vector<Check> manner_checks();   // F
std::vector<Check> rough_checks();    // G

enum class Verdict : std::uint8_t { kFailed = 0, kPassed, kSkipped };
std::string_view to_string(Verdict verdict) noexcept;

struct CheckResult {
  Verdict verdict = Verdict::kFailed;
  std::vector<std::string> faults;  ///< kFailed: each with place and cause
  std::string reason;               ///< kSkipped: why
  std::chrono::milliseconds took{0};
};

/// Ends the check: nothing after it would make sense.
class CannotGoOn : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What one run of the kit is about.
struct Subject {
  std::string plugin;    ///< absolute path
  std::string previous;  ///< of the release before; empty: not given
  std::string cases;     ///< folder
  std::uint64_t seed = 1;
};

/// One check under way.
class Trial {
 public:
  Trial(const Subject& about, const Cases& said) : subject(about), cases(said) {}
  virtual ~Trial() = default;

  const Subject& subject;
  const Cases& cases;
  bool isolated = false;  ///< connectors live in marketplug-worker

  /// Notes a fault; the check goes on. At most twenty are kept.
  void fail(std::string fault);
  bool expect(bool holds, const std::string& fault) {
    if (!holds) fail(fault);
    return holds;
  }
  /// Ends the check as skipped.
  [[noreturn]] static void skip(std::string reason);

  /// The loader's judgement of the file, without running any of it.
  const loading::PluginFile& file();
  /// Loaded as the host does it (or, isolated, to be run in workers). Throws CannotGoOn.
  const loading::LoadedPlugin& plugin();
  bool offers(std::string_view capability);

  std::vector<std::string> faults;

 private:
  std::optional<loading::PluginFile> file_;
  const loading::LoadedPlugin* loaded_ = nullptr;
  std::unique_ptr<loading::LoadedPlugin> remote_;
};

/// Why the check cannot be run on this plugin; empty: it can.
std::string unmet(const Check& check, Trial& trial);

/// Runs it here, in this process; whatever it throws becomes a fault.
CheckResult run_here(const Check& check, Trial& trial);

}  // namespace marketplug::testkit
