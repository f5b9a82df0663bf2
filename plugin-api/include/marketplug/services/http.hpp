#pragma once
// HTTPS through the host: TLS, pooling, proxy, deadlines, size limits, redaction and metrics exist
// once, there. The step's deadline bounds every call. Call it on the step's thread only.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "marketplug/host.hpp"
#include "marketplug/result.hpp"
#include "marketplug/services/documents.hpp"

namespace marketplug {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method;  ///< upper case
  std::string url;     ///< https only, already encoded; the query is never logged
  HttpHeaders headers;
  std::string body;
  /// The marketplace's own name of the operation, for logs and metrics ("searchOrders").
  std::string operation;
  /// True: repeating it does no harm, so a stale kept connection is retried once.
  bool repeatable = false;
  /// True: the URL itself is a secret (presigned): only the operation is logged, never host or
  /// path.
  bool secret_url = false;
};

struct HttpResponse {
  int status = 0;
  HttpHeaders headers;  ///< names as the server wrote them; compare without case
  std::string body;     ///< complete and decompressed

  /// The first value of a header, compared without case; empty where absent.
  std::string_view header(std::string_view name) const noexcept;
};

/// Limits of a download; beyond them the Failure is kRemote, code "too_large".
struct DownloadLimits {
  std::uint64_t max_bytes = 256ull << 20;  ///< as transferred
  std::uint64_t max_inflated = 2048ull
                               << 20;  ///< after decompression; also at most 100 times the bytes
  bool gunzip = false;                 ///< the document itself is gzip
  std::chrono::seconds lifetime{86400};
};

class HttpClient {
 public:
  static constexpr std::string_view kId = "host.http/1";
  virtual ~HttpClient() = default;
  /// Any status is a success here. Bodies up to 16 MB both ways. Redirects are not followed.
  /// Failures: kTransient (network; code "dns", "connect", "tls", "timeout", "reset", "truncated"),
  /// kConfig (code "tls_untrusted", "tls_name", "address_refused", "proxy"), kRemote (code
  /// "too_large", "bad_encoding"), kCancelled (deadline, stop).
  virtual Result<HttpResponse> send(const HttpRequest& request, StepContext& ctx) = 0;
  /// Into a document; `expected` statuses are 200 only, others are kRemote, code "status_NNN".
  virtual Result<DocumentInfo> download(const HttpRequest& request, const DownloadLimits& limits,
                                        StepContext& ctx) = 0;
};

inline std::string_view HttpResponse::header(std::string_view name) const noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  for (const auto& [key, value] : headers) {
    bool same = key.size() == name.size();
    for (std::size_t i = 0; same && i < name.size(); ++i) same = lower(key[i]) == lower(name[i]);
    if (same) return value;
  }
  return {};
}

}  // namespace marketplug
