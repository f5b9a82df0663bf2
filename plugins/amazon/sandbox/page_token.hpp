#pragma once
// Pagination tokens of searchOrders: opaque text that carries the place in the results, sealed with
// a keyed hash, bound to the query and the account, valid for 24 hours. Any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "plugins/amazon/sandbox/order_store.hpp"

namespace amazon_sandbox {

struct PageToken {
  Position last;       ///< the last order of the page before, in the version that was shown
  TimePoint before{};  ///< where the search ends, the same for all of its pages
  TimePoint expires{};
  std::uint64_t query = 0;  ///< hash of what must repeat unchanged
  std::uint64_t nonce = 0;  ///< another text for the same place
};

std::string write_page_token(const PageToken& token, std::uint64_t secret);
/// nullopt: not a token of this simulator.
std::optional<PageToken> read_page_token(std::string_view text, std::uint64_t secret);

/// A hash of text that also depends on the secret. Not cryptographic: it guards test data.
std::uint64_t keyed_hash(std::string_view text, std::uint64_t secret) noexcept;

}  // namespace amazon_sandbox
