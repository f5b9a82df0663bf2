#include "host/isolation/worker_host.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <utility>

#include "host/isolation/wire.hpp"
#include "marketplug/services/clock.hpp"
#include "marketplug/services/documents.hpp"
#include "marketplug/services/http.hpp"
#include "marketplug/services/log.hpp"
#include "marketplug/services/metrics.hpp"
#include "marketplug/services/quota.hpp"
#include "marketplug/services/random.hpp"
#include "marketplug/services/secrets.hpp"
#include "marketplug/services/state.hpp"

namespace marketplug::isolation {
namespace {

using boost::json::object;

template <class T, class Decode>
Result<T> result_of(const object& answer, const Decode& decode) {
  if (const auto* failure = answer.if_contains("failure")) return wire::failure_of(*failure);
  return decode(answer.at("value"));
}

boost::json::array pairs_of(std::span<const LogField> pairs) {
  boost::json::array list;
  for (const auto& [name, content] : pairs) {
    list.push_back(boost::json::array{wire::text(name), wire::text(content)});
  }
  return list;
}

class RemoteClock final : public Clock {
 public:
  explicit RemoteClock(HostLine& line) : line_(line) {}
  TimePoint now() const noexcept override {
    try {
      return wire::moment_at(line_.ask({{"ask", "now"}}), "value");
    } catch (const std::exception&) {
      // A thread of the plugin's own, which it should not have.
      return std::chrono::time_point_cast<std::chrono::milliseconds>(
          std::chrono::system_clock::now());
    }
  }

 private:
  HostLine& line_;
};

class RemoteRandom final : public Random {
 public:
  explicit RemoteRandom(HostLine& line) : line_(line) {}
  std::uint64_t next() noexcept override {
    try {
      return line_.ask({{"ask", "random"}}).at("value").to_number<std::uint64_t>();
    } catch (const std::exception&) {
      std::random_device device;
      return std::uint64_t{device()} << 32 | device();
    }
  }

 private:
  HostLine& line_;
};

class RemoteHttp final : public HttpClient {
 public:
  explicit RemoteHttp(HostLine& line) : line_(line) {}
  Result<HttpResponse> send(const HttpRequest& request, StepContext& ctx) override {
    return result_of<HttpResponse>(line_.ask(question("http.send", request, ctx)),
                                   wire::response_of);
  }
  Result<DocumentInfo> download(const HttpRequest& request, const DownloadLimits& limits,
                                StepContext& ctx) override {
    object asked = question("http.download", request, ctx);
    asked["limits"] = wire::limits(limits);
    return result_of<DocumentInfo>(line_.ask(std::move(asked)), wire::document_of);
  }

 private:
  static object question(std::string_view what, const HttpRequest& request, StepContext& ctx) {
    // Of the call's own context the host knows itself whether it was stopped.
    const bool own = dynamic_cast<WorkerContext*>(&ctx) != nullptr;
    return {{"ask", what},
            {"request", wire::request(request)},
            {"deadline", wire::time(ctx.deadline())},
            {"stopped", !own && ctx.stop_requested()}};
  }

  HostLine& line_;
};

class RemoteDocuments final : public Documents {
 public:
  explicit RemoteDocuments(HostLine& line) : line_(line) {}
  Result<DocumentInfo> info(std::string_view handle) override {
    return result_of<DocumentInfo>(
        line_.ask({{"ask", "documents.info"}, {"handle", wire::text(handle)}}), wire::document_of);
  }
  Result<std::string> read(std::string_view handle, std::uint64_t offset,
                           std::uint64_t max_bytes) override {
    return result_of<std::string>(line_.ask({{"ask", "documents.read"},
                                             {"handle", wire::text(handle)},
                                             {"offset", offset},
                                             {"max_bytes", max_bytes}}),
                                  wire::text_of);
  }
  void drop(std::string_view handle) override {
    line_.ask({{"ask", "documents.drop"}, {"handle", wire::text(handle)}});
  }

 private:
  HostLine& line_;
};

class RemoteLog final : public Log {
 public:
  explicit RemoteLog(HostLine& line) : line_(line) {}
  void write(Level level, std::string_view event, std::string_view message,
             std::span<const LogField> fields) override {
    line_.tell({{"tell", "log"},
                {"level", static_cast<std::int64_t>(level)},
                {"name", wire::text(event)},
                {"message", wire::text(message)},
                {"pairs", pairs_of(fields)}});
  }

 private:
  HostLine& line_;
};

class RemoteMetrics final : public Metrics {
 public:
  explicit RemoteMetrics(HostLine& line) : line_(line) {}
  void count(std::string_view name, double amount, std::span<const MetricLabel> labels) override {
    say("count", name, amount, labels);
  }
  void gauge(std::string_view name, double value, std::span<const MetricLabel> labels) override {
    say("gauge", name, value, labels);
  }

 private:
  void say(std::string_view what, std::string_view name, double number,
           std::span<const MetricLabel> labels) {
    line_.tell({{"tell", what},
                {"name", wire::text(name)},
                {"number", number},
                {"pairs", pairs_of(labels)}});
  }

  HostLine& line_;
};

class RemoteSecrets final : public Secrets {
 public:
  explicit RemoteSecrets(HostLine& line) : line_(line) {}
  Result<std::string> get(std::string_view handle) override {
    return result_of<std::string>(
        line_.ask({{"ask", "secrets.get"}, {"handle", wire::text(handle)}}), wire::text_of);
  }
  Status replace(std::string_view handle, std::string_view value) override {
    return result_of<Done>(line_.ask({{"ask", "secrets.replace"},
                                      {"handle", wire::text(handle)},
                                      {"value", wire::text(value)}}),
                           [](const auto&) { return Done{}; });
  }

 private:
  HostLine& line_;
};

class RemoteQuota final : public Quota {
 public:
  explicit RemoteQuota(HostLine& line) : line_(line) {}
  QuotaAnswer take(const QuotaKey& key, const QuotaPlan& plan, QuotaPriority priority) override {
    const auto answer = line_.ask(question("quota.take", key, plan, priority));
    const auto& members = answer.at("value").as_object();
    return {members.at("granted").as_bool(), wire::moment_at(members, "at")};
  }
  void observe(const QuotaKey& key, double per_second) override {
    line_.ask(question("quota.observe", key, {per_second, 0}, QuotaPriority::kBackground));
  }
  TimePoint refused(const QuotaKey& key, const QuotaPlan& plan) override {
    return wire::moment_at(
        line_.ask(question("quota.refused", key, plan, QuotaPriority::kBackground)), "value");
  }
  double left(const QuotaKey& key, const QuotaPlan& plan, QuotaPriority priority) override {
    return line_.ask(question("quota.left", key, plan, priority)).at("value").to_number<double>();
  }

 private:
  static object question(std::string_view what, const QuotaKey& key, const QuotaPlan& plan,
                         QuotaPriority priority) {
    return {{"ask", what},
            {"account", wire::text(key.account)},
            {"operation", wire::text(key.operation)},
            {"per_second", plan.per_second},
            {"burst", plan.burst},
            {"priority", static_cast<std::int64_t>(priority)}};
  }

  HostLine& line_;
};

class RemoteState final : public State {
 public:
  explicit RemoteState(HostLine& line) : line_(line) {}
  std::optional<std::string> get(std::string_view key) override {
    const auto answer = line_.ask({{"ask", "state.get"}, {"key", wire::text(key)}});
    const auto& found = answer.at("value");
    if (found.is_null()) return std::nullopt;
    return wire::text_of(found);
  }
  void put(std::string_view key, std::string_view value) override {
    line_.ask({{"ask", "state.put"}, {"key", wire::text(key)}, {"value", wire::text(value)}});
  }
  void erase(std::string_view key) override {
    line_.ask({{"ask", "state.erase"}, {"key", wire::text(key)}});
  }

 private:
  HostLine& line_;
};

class WorkerHost final : public Host {
 public:
  WorkerHost(HostLine& line, std::vector<std::string> services)
      : offered_(std::move(services)),
        clock_(line),
        random_(line),
        http_(line),
        documents_(line),
        log_(line),
        metrics_(line),
        secrets_(line),
        quota_(line),
        state_(line) {}

  void* query(std::string_view id) noexcept override {
    if (std::find(offered_.begin(), offered_.end(), id) == offered_.end()) return nullptr;
    if (id == Clock::kId) return static_cast<Clock*>(&clock_);
    if (id == Random::kId) return static_cast<Random*>(&random_);
    if (id == HttpClient::kId) return static_cast<HttpClient*>(&http_);
    if (id == Documents::kId) return static_cast<Documents*>(&documents_);
    if (id == Log::kId) return static_cast<Log*>(&log_);
    if (id == Metrics::kId) return static_cast<Metrics*>(&metrics_);
    if (id == Secrets::kId) return static_cast<Secrets*>(&secrets_);
    if (id == Quota::kId) return static_cast<Quota*>(&quota_);
    if (id == State::kId) return static_cast<State*>(&state_);
    return nullptr;
  }

 private:
  std::vector<std::string> offered_;
  RemoteClock clock_;
  RemoteRandom random_;
  RemoteHttp http_;
  RemoteDocuments documents_;
  RemoteLog log_;
  RemoteMetrics metrics_;
  RemoteSecrets secrets_;
  RemoteQuota quota_;
  RemoteState state_;
};

}  // namespace

std::unique_ptr<Host> make_worker_host(HostLine& line, std::vector<std::string> services) {
  return std::make_unique<WorkerHost>(line, std::move(services));
}

}  // namespace marketplug::isolation
