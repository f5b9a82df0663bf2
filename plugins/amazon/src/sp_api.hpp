#pragma once
// One request to the Selling Partner API: token, quota, headers, statuses. It never waits: where
// there is no quota or Amazon says 429, the Failure is kThrottled with the time to come back.
// One connector, one thread at a time.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "marketplug/host.hpp"
#include "marketplug/result.hpp"
#include "marketplug/services/http.hpp"
#include "marketplug/services/quota.hpp"
#include "src/lwa_client.hpp"
#include "src/services.hpp"
#include "src/settings.hpp"
#include "src/text.hpp"

namespace marketplug::amazon {

/// An operation with its published usage plan (Amazon's models, "Usage Plan").
struct Operation {
  std::string_view name;
  QuotaPlan plan;
};
inline constexpr Operation kSearchOrders{"searchOrders", {0.0056, 20}};
inline constexpr Operation kGetOrder{"getOrder", {0.5, 30}};
inline constexpr Operation kGetMarketplaceParticipations{"getMarketplaceParticipations",
                                                         {0.016, 15}};
inline constexpr Operation kCreateReport{"createReport", {0.0167, 15}};
inline constexpr Operation kGetReport{"getReport", {2, 15}};
inline constexpr Operation kGetReportDocument{"getReportDocument", {0.0167, 15}};

class SpApi {
 public:
  /// All three must outlive it.
  SpApi(const Settings& settings, const Services& services, LwaClient& lwa);

  /// GET <endpoint><path>?<query>; path and query are encoded already. A success is a 2xx answer.
  /// 401 and 403 get one fresh token and one more try, then kAuth or kConfig (code
  /// "access_denied"); 400 kRemote ("bad_request"); 404 kRemote ("not_found"); 5xx kTransient.
  /// 400, 401, 403 and 404 without JSON are not Amazon's: kRemote ("status_403").
  Result<HttpResponse> get(const Operation& operation, std::string_view path,
                           const std::string& query, QuotaPriority priority, StepContext& ctx);
  /// POST of a JSON text, as get(). Where the answer was lost it may have been done all the same:
  /// it is not repeated here.
  Result<HttpResponse> post(const Operation& operation, std::string_view path, std::string body,
                            QuotaPriority priority, StepContext& ctx);
  /// When the present's imports can take a token of the operation; nullopt: now.
  std::optional<TimePoint> again_at(const Operation& operation);
  /// Tokens of the operation that this priority can take now; 0 where nobody counts them.
  double left(const Operation& operation, QuotaPriority priority);
  /// Amazon's clock by the Date of its last answer; nullopt before the first.
  std::optional<TimePoint> amazons_now() const;

 private:
  Result<HttpResponse> call(const Operation& operation, HttpRequest request, QuotaPriority priority,
                            StepContext& ctx);
  Result<HttpResponse> send_once(const Operation& operation, HttpRequest request,
                                 QuotaPriority priority, StepContext& ctx);
  void observe(const Operation& operation, const HttpResponse& response);
  Failure throttled(const Operation& operation, const HttpResponse& response);
  QuotaKey key(const Operation& operation) const { return {account_, operation.name}; }

  const Settings& settings_;
  const Services& services_;
  LwaClient& lwa_;
  std::string account_;  ///< whose quota: "client id|seller id|region"
  std::optional<std::chrono::milliseconds>
      amazon_ahead_;  ///< Amazon's clock against this machine's
  /// The token was renewed because of a refusal and nothing has succeeded since: one more renewal
  /// would not help.
  bool renewed_in_vain_ = false;
};

}  // namespace marketplug::amazon
