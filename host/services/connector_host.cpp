#include <memory>
#include <utility>

#include "host/services/connector_documents.hpp"
#include "host/services/connector_local.hpp"
#include "host/services/connector_secrets.hpp"
#include "host/services/services.hpp"

namespace marketplug::services {
namespace {

class ShopHost : public ConnectorHost {
 public:
  explicit ShopHost(ConnectorHostParts parts)
      : clock_(parts.clock),
        random_(parts.random),
        quota_(parts.quota),
        log_(parts.shop, parts.plugin, parts.log),
        metrics_(parts.shop, parts.plugin, parts.metrics),
        secrets_(parts.shop, std::move(parts.secrets), parts.store.secrets(), parts.clock,
                 parts.redactor),
        state_(parts.shop, parts.store.progress()),
        documents_(parts.shop, parts.store.documents(), parts.clock),
        http_({parts.shop, parts.plugin, std::move(parts.allow_private)}, parts.http,
              parts.store.documents(), parts.clock, parts.random) {}

  void* query(std::string_view id) noexcept override {
    if (id == Clock::kId) return const_cast<Clock*>(&clock_);
    if (id == Random::kId) return &random_;
    if (id == HttpClient::kId) return static_cast<HttpClient*>(&http_);
    if (id == Documents::kId) return static_cast<Documents*>(&documents_);
    if (id == Log::kId) return static_cast<Log*>(&log_);
    if (id == Secrets::kId) return static_cast<Secrets*>(&secrets_);
    if (id == Quota::kId) return static_cast<Quota*>(&quota_);
    if (id == Metrics::kId) return static_cast<Metrics*>(&metrics_);
    if (id == State::kId) return static_cast<State*>(&state_);
    return nullptr;
  }

  StagedState take_staged_state() override { return state_.take(); }
  void limit_priority(QuotaPriority most) override { quota_.limit(most); }

 private:
  const Clock& clock_;
  Random& random_;
  ConnectorQuota quota_;
  ConnectorLog log_;
  ConnectorMetrics metrics_;
  ConnectorSecrets secrets_;
  ConnectorState state_;
  ConnectorDocuments documents_;
  ConnectorHttp http_;
};

}  // namespace

std::unique_ptr<ConnectorHost> make_connector_host(ConnectorHostParts parts) {
  return std::make_unique<ShopHost>(std::move(parts));
}

}  // namespace marketplug::services
