#pragma once
// A whole host in one process and one thread: the real engine, store, services, loader and
// amazon.so, against the simulator, under a virtual clock. One world per test, in a temporary
// folder. One thread.

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/loading/plugin.hpp"
#include "host/services/services.hpp"
#include "host/store/store.hpp"
#include "host/sync/sync.hpp"
#include "marketplug/testing/fakes.hpp"
#include "plugins/amazon/sandbox/simulator.hpp"
#include "tests/integration/sandbox_transport.hpp"
#include "tests/support/seeded_executor.hpp"

namespace marketplug::testing {

struct WorldOptions {
  std::string now = "2026-11-23T10:00:00Z";
  std::uint64_t seed = 1;
  amazon_sandbox::Region region = amazon_sandbox::Region::kEurope;
  std::vector<std::string> marketplaces{"NL", "DE", "FR"};
  bool pii_access = true;
  bool fetch_customization = false;
  std::string start_date = "2026-11-01";
  bool keep_raw = false;
  std::chrono::seconds poll{300}, lease{30};  ///< a long run has no need to renew one so often
  std::string api = "https://localhost:8443";
  std::chrono::minutes amazon_ahead{0};  ///< Amazon's clock against this machine's
};

/// Amazon's clock: it runs as this machine's, but may show another time.
class ShiftedClock final : public Clock {
 public:
  ShiftedClock(const Clock& clock, std::chrono::minutes ahead) : clock_(clock), ahead_(ahead) {}
  TimePoint now() const noexcept override { return clock_.now() + ahead_; }

 private:
  const Clock& clock_;
  std::chrono::minutes ahead_;
};

class World : public sync::ConnectorSource {
 public:
  explicit World(WorldOptions options = {});
  ~World() override;
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// Ends engine and store as a stop does, and opens them anew on the same folder.
  void restart();
  /// Runs until nothing is due within a minute. False: the shop ended with a failure.
  bool sync();
  /// The service, until the virtual clock reaches `until`.
  void run_until(TimePoint until);
  /// What a person asks for; runs until both comparisons have ended, for two hours at most.
  std::vector<store::AuditRun> audit(TimePoint from);
  /// The stored order as `orders export` gives it; nullopt where there is none.
  std::optional<std::string> order(const std::string& id);
  std::vector<store::StoredOrder> orders();
  std::vector<store::Event> events();
  /// The shop is switched off and on again by a person.
  void switch_off_and_on();

  Result<sync::ShopConnector> connect(const store::ShopRecord& shop) override;

  static constexpr const char* kShop = "shop-test";
  FakeClock clock;
  SeededRandom random;
  CapturedLog log;
  CapturedMetrics metrics;
  ShiftedClock amazon_clock;
  amazon_sandbox::Simulator simulator;
  SandboxTransport transport{simulator, clock};
  /// What the shop's secret references resolve to when its connector is made.
  amazon_sandbox::Credentials entered;

  store::Store& store() { return *store_; }
  sync::Engine& engine() { return *engine_; }
  services::QuotaGovernor& quota() { return *quota_; }

 private:
  void open();
  std::string plugin_settings() const;

  WorldOptions options_;
  std::filesystem::path folder_;
  SeededExecutor executor_;
  std::unique_ptr<services::Redactor> redactor_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<services::QuotaGovernor> quota_;
  std::unique_ptr<sync::Engine> engine_;
};

}  // namespace marketplug::testing
