#pragma once
// Login with Amazon: turns the refresh token into access tokens and keeps the current one in memory
// until shortly before it expires. One connector, one thread at a time, so never two requests for a
// token at once. Tokens and secrets are in no log and no Failure.

#include <optional>
#include <string>
#include <string_view>

#include "marketplug/host.hpp"
#include "marketplug/result.hpp"
#include "src/services.hpp"
#include "src/settings.hpp"

namespace marketplug::amazon {

class LwaClient {
 public:
  /// Both must outlive it.
  LwaClient(const Settings& settings, const Services& services)
      : settings_(settings), services_(services) {}

  /// The token to send as x-amz-access-token. Failures by Amazon's error codes: kAuth
  /// (invalid_grant, access_denied: the seller must authorize again), kConfig (invalid_client,
  /// unauthorized_client, invalid_scope; secrets that do not resolve), kTransient (server_error,
  /// temporarily_unavailable, 5xx), kThrottled (429), kRemote (anything else).
  Result<std::string> access_token(StepContext& ctx);
  /// Amazon refused the token: the next ask gets a new one.
  void forget() noexcept { token_.clear(); }

 private:
  Result<std::string> fetch(StepContext& ctx);
  Result<HttpResponse> ask(std::string_view secret_handle, StepContext& ctx);
  Result<std::string> accept(const HttpResponse& response);
  void keep_refresh_token(std::string_view token);
  bool may_try_previous_secret() const;

  const Settings& settings_;
  const Services& services_;
  std::string token_;
  TimePoint fetched_at_{}, usable_until_{};
  std::string unsaved_refresh_token_;  ///< rotated by Amazon, not yet durable at the host
};

}  // namespace marketplug::amazon
