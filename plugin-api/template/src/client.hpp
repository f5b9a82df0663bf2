#pragma once
// The marketplace's API: an operation and its arguments out, the parsed answer back.

#include <boost/json.hpp>
#include <marketplug/services/clock.hpp>
#include <marketplug/services/http.hpp>
#include <marketplug/services/quota.hpp>
#include <marketplug/services/secrets.hpp>
#include <string>

namespace marketplug::market {

using boost::json::object, boost::json::value;

class Client {
 public:
  /// `api`: "https://api.example.com"; `key`: a handle of host.secrets, never the key itself.
  Client(std::string api, std::string key, Host& host);
  /// 200 gives the answer. Failure kRemote, code "not_found" or "refused", with the marketplace's
  /// words: it understood and will say so again. Other kinds: what the host does about it.
  Result<object> call(const std::string& operation, const object&, QuotaPriority, StepContext&);

 private:
  std::string api_, key_;
  Host& host_;
};

}  // namespace marketplug::market
