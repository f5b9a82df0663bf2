#pragma once
// What an author tells the kit about a marketplace: cases.json, read and checked against
// schemas/conformance.schema.json. Values; any thread. The format: docs/authors/conformance.md.

#include <boost/json/object.hpp>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "marketplug/result.hpp"
#include "marketplug/services/http.hpp"

namespace marketplug::testkit {

/// A request that the plugin makes, and what the marketplace says.
struct Exchange {
  std::string pointer;  ///< into cases.json, for messages
  std::string method, host, path, text;
  std::map<std::string, std::optional<std::string>> query;
  boost::json::object json;
  HttpResponse answer;
  std::string effect, each, if_effect;
  bool recognised = true, token = false;
  int times = 0;  ///< 0: for ever
  std::string unmetered;
};
using Exchanges = std::vector<Exchange>;

struct SinkCases {
  boost::json::array good, bad;
  std::map<std::string, Exchanges, std::less<>> verify;  ///< "applied", "absent" …
};

/// What an audit of [from, until) must tell, by the change and by when it was placed.
struct AuditCase {
  TimePoint from{}, until{};
  std::vector<std::string> changed, placed;
};

struct Cases {
  std::string file;  ///< cases.json, for messages
  TimePoint now{};
  std::vector<std::string> hosts, personal, catalogues;
  boost::json::object settings;
  std::vector<boost::json::object> bad_settings;
  std::map<std::string, std::string, std::less<>> secrets, skips;
  Exchanges exchanges;
  std::map<std::string, HttpResponse, std::less<>> refusals;
  bool has_orders = false;
  boost::json::object expected_orders;  ///< by id: members of the canonical order
  std::vector<std::string> parked_orders;
  std::string unknown_order;
  std::optional<AuditCase> audit;
  bool has_returns = false;
  boost::json::object expected_returns;  ///< by id: members of the return
  std::vector<std::string> parked_returns;
  std::map<std::string, SinkCases, std::less<>> sinks;  ///< "stock", "shipments" …
  std::string rotated_secret;                           ///< JSON pointer; empty: none
  Exchanges rotation;
};

/// Place, cause and remedy of everything that is wrong with the cases.
class CasesError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws CasesError.
Cases read_cases(const std::string& folder);

}  // namespace marketplug::testkit
