#pragma once
// The engine: one scheduler, one queue of due jobs, a bounded pool of workers behind an injected
// executor. Calls on one connector never overlap, waiting jobs hold no thread, and every step is
// one transaction. sync knows interfaces only.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/store/store.hpp"
#include "marketplug/connector.hpp"
#include "marketplug/services/clock.hpp"
#include "marketplug/services/log.hpp"
#include "marketplug/services/metrics.hpp"
#include "marketplug/services/quota.hpp"
#include "marketplug/services/random.hpp"

namespace marketplug::sync {

/// Runs tasks, and waits. Threads in the program, one seeded thread in simulation.
class Executor {
 public:
  virtual ~Executor() = default;
  /// Runs `task` later, on some worker; at most `workers()` at once.
  virtual void post(std::function<void()> task) = 0;
  virtual std::size_t workers() const noexcept = 0;
  /// The scheduler's own wait: returns at `until`, or earlier after wake(), or when a posted task
  /// ran, or when the clock was set back (in simulation: runs one of the posted tasks, or moves the
  /// virtual clock).
  virtual void wait_until(TimePoint until) = 0;
  virtual void wake() = 0;
};
std::unique_ptr<Executor> make_thread_executor(std::size_t workers, const Clock& clock);

/// How a shop's settings bend the import; read from its document by host/app.
struct ShopRules {
  std::string id;
  bool import_orders = true;
  bool import_returns = true;
  bool audit_orders = true;  ///< whether a schedule compares them with a second source
  bool keep_personal_data = true;
  /// Own status for (canonical state, the marketplace's own status, fulfilled by the marketplace).
  std::function<std::string(const Order&)> own_status;
  /// The order's place in the operator's warehouse: higher is sooner.
  std::function<int(const Order&)> priority;
  std::chrono::seconds poll{300};
  std::chrono::hours audit_every{6};
  std::chrono::days audit_window{14};
  std::optional<TimePoint> start_date;  ///< what is older was never imported
  int retention_days = 30;
  enum class KeepRaw : std::uint8_t { kNever, kParked, kAlways } keep_raw = KeepRaw::kParked;
};

/// A running connector of a shop. The engine serialises its calls.
struct ShopConnector {
  std::string plugin;
  Connector* connector = nullptr;
  ShopRules rules;
  /// Staged host.state/1 writes of the step that just ran.
  std::function<std::vector<std::pair<std::string, std::optional<std::string>>>()>
      take_staged_state;
  /// Before each call: how urgent what it asks of quotas can be.
  std::function<void(QuotaPriority most)> limit_priority;
  /// The service lookup handed to the plugin in each StepContext.
  Host* host = nullptr;
  std::shared_ptr<void> keep_alive;  ///< connector, its host, its library
};

/// Makes connectors; the engine asks once per shop revision.
class ConnectorSource {
 public:
  virtual ~ConnectorSource() = default;
  /// Failure kConfig: the shop is shown as "not running: <reason>", the others go on.
  virtual Result<ShopConnector> connect(const store::ShopRecord& shop) = 0;
};

struct EngineOptions {
  std::chrono::seconds step_deadline{60};
  std::chrono::milliseconds back_off_first{1000};
  std::chrono::seconds back_off_max{900};
  std::chrono::seconds lease{30};
  std::chrono::seconds overdue_after{30};   ///< beyond its deadline a step is reported …
  std::chrono::seconds give_up_after{600};  ///< … and given up
  std::chrono::seconds end_within{10};      ///< connectors, when the engine itself ends
  std::string node;
};

struct EngineParts {
  store::Store& store;
  const Clock& clock;
  Random& random;
  Executor& executor;
  ConnectorSource& connectors;
  Log& log;
  Metrics& metrics;
  /// Called about each minute on a worker, and once when run() or run_due() ends (quota levels …).
  std::function<void()> each_minute{};
  /// Masks secrets in what a plugin says in words (failures, parked items, findings): that reaches
  /// the store, events and the terminal. None: words stay as they are.
  std::function<std::string(std::string_view)> redact{};
  /// Whether its plugin is to blame for a mark that was found at the start; called before the mark
  /// is dropped, perhaps again after a crash in between. None: it always is.
  std::function<bool(const store::InFlightMark&)> blame{};
  /// A step, or with `ending` the end of a connector, will not come back. The process should end,
  /// for its supervisor to start it again; the step's mark stays. Called once for each, on the
  /// scheduler's thread or that of the engine's own end.
  std::function<void(std::string_view shop, std::string_view plugin, bool ending)> give_up{};
};

/// For progress and status; a copy, never live.
struct ShopStatus {
  std::string shop, plugin;
  std::string state, reason;  ///< as in ShopRecord; with trouble, `reason` is that
  /// What keeps the shop from going on that is not in its stored state: the store cannot be used,
  /// another process has the shop. Empty: nothing.
  std::string trouble;
  std::vector<store::JobRecord> jobs;
  std::uint64_t orders_new = 0, orders_updated = 0, orders_unchanged = 0, parked = 0;  ///< this run
  std::uint64_t steps = 0;
  std::optional<TimePoint> next_due;
};

class Engine {
 public:
  virtual ~Engine() = default;
  /// Blocks: runs due jobs until stop(). Reads under way are abandoned at a stop.
  virtual void run() = 0;
  /// Runs what is due now; with `until_idle`, until nothing is due within a minute. `shop` empty:
  /// all. `progress` is called after each step on the engine's thread. False: some shop ended with
  /// a failure.
  virtual bool run_due(std::string_view shop, bool until_idle,
                       const std::function<void(const ShopStatus&)>& progress) = 0;
  /// Any thread, also a signal-handling one; run() and run_due() return soon after.
  virtual void stop() = 0;
  /// Shops changed in the store: takes effect at each shop's next step border.
  virtual void reload() = 0;
  /// Makes the shop's jobs due now (a person asked); one that is not known yet, once it is.
  virtual void trigger(std::string_view shop) = 0;
  virtual std::vector<ShopStatus> status() const = 0;
  /// Connector::check of one shop, serialised with its steps. `who` waits: priority of a person.
  virtual Result<std::vector<Finding>> check(std::string_view shop) = 0;
  /// Compares the shop's orders in a window with what a second source of the marketplace knows, by
  /// change and by placing, and fetches what is missing; returns the two runs' numbers at once.
  /// They go on in run() and run_due() until the store says that they have ended.
  virtual Result<std::vector<std::int64_t>> audit(std::string_view shop, std::string_view who,
                                                  TimePoint from, TimePoint until) = 0;
  /// Fetches one order by id and stores it: resync, and the replay of a parked one.
  virtual Result<store::UpsertOutcome> fetch_order(std::string_view shop, std::string_view id) = 0;
};
std::unique_ptr<Engine> make_engine(EngineOptions options, EngineParts parts);

}  // namespace marketplug::sync
