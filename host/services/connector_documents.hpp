#pragma once
// host.http/1 and host.documents/1 of one shop: requests within the shop's scope, downloads into
// the vault. The step's thread only; lives as long as the connector's host, which owns it.

#include "host/services/services.hpp"
#include "marketplug/services/documents.hpp"

namespace marketplug::services {

class ConnectorHttp : public HttpClient {
 public:
  ConnectorHttp(HttpScope scope, HttpTransport& transport, store::DocumentVault& vault,
                const Clock& clock, Random& random);

  Result<HttpResponse> send(const HttpRequest& request, StepContext& ctx) override;
  Result<DocumentInfo> download(const HttpRequest& request, const DownloadLimits& limits,
                                StepContext& ctx) override;

 private:
  std::string fresh_handle();

  HttpScope scope_;
  HttpTransport& transport_;
  store::DocumentVault& vault_;
  const Clock& clock_;
  Random& random_;
};

class ConnectorDocuments : public Documents {
 public:
  ConnectorDocuments(std::string shop, store::DocumentVault& vault, const Clock& clock);

  Result<DocumentInfo> info(std::string_view handle) override;
  Result<std::string> read(std::string_view handle, std::uint64_t offset,
                           std::uint64_t max_bytes) override;
  void drop(std::string_view handle) override;

 private:
  std::string shop_;
  store::DocumentVault& vault_;
  const Clock& clock_;
};

}  // namespace marketplug::services
