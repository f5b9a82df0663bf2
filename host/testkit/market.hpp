#pragma once
// The marketplace of the cases: answers requests by what they are, keeps what it was sent and what
// that changed, and makes bad weather on demand. One thread, but for send() of different objects.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/testkit/cases.hpp"
#include "marketplug/testing/fakes.hpp"

namespace marketplug::testkit {

/// An address taken apart; names and values decoded.
struct Url {
  std::string scheme, host, path;
  std::vector<std::pair<std::string, std::string>> query;
};
Url parse_url(std::string_view text);

/// The names of what the request would change; empty where the exchange changes nothing.
std::vector<std::string> effects_of(const Exchange& exchange, const HttpRequest& request);

class Market final : public HttpClient {
 public:
  struct Sent {
    HttpRequest request;
    Url url;
    const Exchange* exchange = nullptr;  ///< nullptr: nothing recorded fits
    bool metered = false;                ///< a token of host.quota/1 was taken for it
  };
  /// What becomes of a request that fits an exchange; nullopt: what is recorded.
  using Weather = std::function<std::optional<Result<HttpResponse>>(const Sent&)>;

  /// `canary` replaces {canary} in answers. All are borrowed.
  Market(const Cases& cases, std::string canary, testing::FakeClock& clock,
         testing::FakeQuota& quota, testing::FakeDocuments& documents);

  Result<HttpResponse> send(const HttpRequest& request, StepContext& ctx) override;
  Result<DocumentInfo> download(const HttpRequest& request, const DownloadLimits& limits,
                                StepContext& ctx) override;

  /// Exchanges that come before the others from now on; empty: none.
  void put_before(const Exchanges& exchanges) { before_ = &exchanges; }
  /// The requests so far for which nothing was recorded, for a message; empty: none.
  std::string unrecorded() const;

  Weather weather;
  /// Called with each request before it is answered.
  std::function<void(const Sent&)> arriving;
  std::vector<Sent> sent;
  int refused = 0;                     ///< asked for after the deadline or a stop: never sent
  std::map<std::string, int> effects;  ///< by name: how often it was asked for
  /// The answer to what is not recorded; 0: a failure, because the cases lack it.
  int status_of_unrecorded = 0;

 private:
  const Exchange* match(const HttpRequest& request, const Url& url);
  bool fits(const Exchange& exchange, const HttpRequest& request, const Url& url) const;
  Result<HttpResponse> answer(const HttpRequest& request, StepContext& ctx);
  HttpResponse recorded(const Exchange& exchange) const;
  Sent& note(const HttpRequest& request);

  const Cases& cases_;
  std::string canary_;
  testing::FakeClock& clock_;
  testing::FakeQuota& quota_;
  testing::FakeDocuments& documents_;
  const Exchanges* before_ = nullptr;
  std::map<const Exchange*, int> used_;
  std::map<std::string, std::size_t> spent_;  ///< tokens used, by operation
};

}  // namespace marketplug::testkit
