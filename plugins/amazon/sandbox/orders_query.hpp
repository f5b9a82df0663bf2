#pragma once
// The query parameters of searchOrders and getOrder, checked by the rules of Amazon's model
// orders_2026-01-01: names, types, enums, combinations, the two-minute rule. Any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "plugins/amazon/sandbox/http_text.hpp"
#include "plugins/amazon/sandbox/order.hpp"

namespace amazon_sandbox {

/// What is wrong with the request, for the error's "details".
struct QueryProblem {
  std::string details;
};

struct SearchQuery {
  bool by_created = false;  ///< createdAfter was given, else lastUpdatedAfter
  TimePoint after{};
  TimePoint before{};  ///< as given, else two minutes before the request
  std::uint32_t statuses = ~0u, fulfilled_by = ~0u;
  std::vector<const Marketplace*> marketplaces;  ///< empty: all of the account
  std::size_t page_size = 100;
  std::uint32_t sets = 0;
  std::optional<std::string> page_token;
  std::string bound;  ///< what must repeat unchanged on later pages
};

std::variant<SearchQuery, QueryProblem> parse_search(const Parameters& parameters, TimePoint now);

/// The data sets of getOrder.
std::variant<std::uint32_t, QueryProblem> parse_get_order(const Parameters& parameters);

}  // namespace amazon_sandbox
