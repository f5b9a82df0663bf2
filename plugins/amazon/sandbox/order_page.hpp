#pragma once
// One page of a search as Amazon may send it: sorted or not, with orders that come twice and
// versions that come after their successor. Any thread, under the store's rules.

#include <cstdint>
#include <optional>
#include <vector>

#include "plugins/amazon/sandbox/order_store.hpp"
#include "plugins/amazon/sandbox/settings.hpp"

namespace amazon_sandbox {

struct PageRules {
  PageOrder order = PageOrder::kOldest;
  unsigned repeat_per_mille = 0;  ///< so many of a thousand places hold an order again
  std::uint64_t seed = 0;         ///< the same page again is the same
  bool repeat_first = false;      ///< the first order also comes last
  /// At most so many orders, the token goes on behind them; 0: an empty page with a token.
  std::optional<std::size_t> cut;
};

struct OrderPage {
  std::vector<VersionRef> orders;  ///< never more than the search's limit
  std::optional<Position> next;    ///< after which the next page starts; nullopt: this is the last
};

OrderPage assemble_page(const OrderStore& store, const Search& search, const PageRules& rules);

}  // namespace amazon_sandbox
