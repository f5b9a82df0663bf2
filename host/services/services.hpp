#pragma once
// What host/services gives to the rest of the host: makers of each service and of the Host that one
// connector sees. Everything is injected; nothing here is global. Any thread unless said otherwise.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/store/store.hpp"
#include "marketplug/host.hpp"
#include "marketplug/services/clock.hpp"
#include "marketplug/services/http.hpp"
#include "marketplug/services/log.hpp"
#include "marketplug/services/metrics.hpp"
#include "marketplug/services/quota.hpp"
#include "marketplug/services/random.hpp"

namespace marketplug::services {

std::unique_ptr<Clock> make_system_clock();
std::unique_ptr<Random> make_system_random();

// ---- log
// ------------------------------------------------------------------------------------------

/// Masks secrets in everything that leaves the process as text (logs, errors).
class Redactor {
 public:
  virtual ~Redactor() = default;
  /// From now on this value is masked as "***". Values shorter than 6 bytes are ignored.
  virtual void learn(std::string_view secret) = 0;
  /// Masks learnt values, and anything shaped like Amazon's tokens (Atza|…, Atzr|…, Atz.sprdt|…),
  /// client secrets (amzn1.oa2-cs…), presigned signatures and Authorization values.
  virtual std::string redact(std::string_view text) const = 0;
};
std::unique_ptr<Redactor> make_redactor();

struct LogOptions {
  Log::Level level = Log::Level::kInfo;
  bool json = false;
  std::string file;  ///< empty: standard error
};
/// A log that cannot be written never stops the program: lines are dropped and counted.
/// `redactor` and `clock` must outlive it.
std::unique_ptr<Log> make_log(const LogOptions& options, const Redactor& redactor,
                              const Clock& clock);

// ---- metrics
// --------------------------------------------------------------------------------------

/// The host's registry; exposition() is Prometheus text.
class MetricsRegistry : public Metrics {
 public:
  virtual std::string exposition() const = 0;
};
std::unique_ptr<MetricsRegistry> make_metrics();

// ---- https
// ----------------------------------------------------------------------------------------

struct HttpOptions {
  std::vector<std::string> ca_files;  ///< added to the system's roots, PEM
  std::string proxy;                  ///< "http://user:password@host:port"; empty: none
  /// The whole of a send(), where the step's deadline is later; the longest silence of a stream().
  std::chrono::seconds timeout{30};
  std::chrono::seconds connect_timeout{5};
  std::string user_agent = "Marketplug";
};

/// Where a connector may connect to. Private and loopback addresses are refused unless listed.
struct HttpScope {
  std::string shop, plugin;
  std::vector<std::string> allow_private;  ///< "host:port"
};

/// One pool of kept connections for all shops; a scoped client per connector.
class HttpTransport {
 public:
  virtual ~HttpTransport() = default;
  /// Same rules as HttpClient::send. Ends what is under way within a second of abort_reads().
  virtual Result<HttpResponse> send(const HttpRequest& request, const HttpScope& scope,
                                    StepContext& ctx) = 0;
  /// Reads certificates and proxy, which the first request would do. Throws std::runtime_error,
  /// with the path, where a CA file cannot be read, and where the proxy's address is malformed.
  virtual void prepare() = 0;
  /// Status and headers; the body, decoded, piece by piece (at most 64 KiB each) into `sink`, which
  /// may throw to end it. `max_bytes` counts as transferred; inflated at most 100 times as much.
  virtual Result<HttpResponse> stream(const HttpRequest& request, const HttpScope& scope,
                                      std::uint64_t max_bytes,
                                      const std::function<void(std::string_view)>& sink,
                                      StepContext& ctx) = 0;
  /// Closes kept connections that no request would take any more; called each minute.
  virtual void close_idle() = 0;
  /// Ends requests marked repeatable that are under way, and refuses new ones (stop of the
  /// program).
  virtual void abort_reads() = 0;
};
/// Costs nothing until prepare() or the first request.
std::unique_ptr<HttpTransport> make_http(const HttpOptions& options, const Clock& clock, Log& log,
                                         Metrics& metrics);

// ---- quota
// ----------------------------------------------------------------------------------------

/// The governor: buckets of all shops, kept over restarts through the store.
class QuotaGovernor : public Quota {
 public:
  struct View {
    std::string account, operation;
    double tokens = 0, per_second = 0, burst = 0, reserve = 0;
    std::uint64_t spent = 0, refused = 0;
    std::optional<TimePoint> cool_until;
  };
  virtual std::vector<View> view() const = 0;
  /// Writes levels that changed. Steps save what they spend with their own transaction, a step that
  /// spends more than two tokens of a bucket while it spends; the host calls this each minute and
  /// at a stop, for what was observed and refused.
  virtual void persist() = 0;
};
struct QuotaOptions {
  /// Tokens kept for effects and people, in operations that were asked for with their priority.
  double reserve = 2;
  /// Time since any moment, which nobody can set; where empty, the clock is trusted not to jump.
  std::function<std::chrono::milliseconds()> steady;
};
/// Of std::chrono::steady_clock.
std::chrono::milliseconds steady_time();
std::unique_ptr<QuotaGovernor> make_quota(const QuotaOptions& options, const Clock& clock,
                                          Random& random, store::QuotaLevels& levels);

// ---- secrets
// --------------------------------------------------------------------------------------

/// "${env:NAME}" or "${file:path}" (relative paths are made absolute by host/config) -> the value.
/// Failure kConfig with name or path and remedy; a file must not be readable by others.
Result<std::string> resolve_reference(std::string_view reference);
/// Whether a text is a reference at all.
bool is_reference(std::string_view text) noexcept;

// ---- one connector's host
// -------------------------------------------------------------------------

/// Staged writes of host.state/1, taken by the step runner for its transaction.
struct StagedState {
  std::map<std::string, std::optional<std::string>, std::less<>> writes;  ///< nullopt: erased
};

/// The Host of one connector, with all services of the shop. One step at a time.
class ConnectorHost : public Host {
 public:
  /// What the step staged since the last call; forgets it.
  virtual StagedState take_staged_state() = 0;
  /// What the connector asks of quotas from now on counts as no more urgent than that: it may not
  /// know what its step is for.
  virtual void limit_priority(QuotaPriority most) = 0;
};

struct ConnectorHostParts {
  std::string shop, plugin;
  /// JSON pointer of a setting ("/account/authorization/refresh_token") -> reference or literal.
  std::map<std::string, std::string, std::less<>> secrets;
  std::vector<std::string> allow_private;
  const Clock& clock;
  Random& random;
  HttpTransport& http;
  Log& log;
  Metrics& metrics;
  Quota& quota;
  Redactor& redactor;
  store::Store& store;
};
std::unique_ptr<ConnectorHost> make_connector_host(ConnectorHostParts parts);

}  // namespace marketplug::services
