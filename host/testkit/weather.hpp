#pragma once
// Bad weather: answers that the kit makes from the recorded ones. Pure functions, any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host/testkit/market.hpp"

namespace marketplug::testkit {

/// A request to the marketplace's API; not one for an access token.
bool is_api(const Market::Sent& one);

/// The marketplace's refusal with that status: its own words where the cases have them, else {}.
HttpResponse refusal(const Cases& cases, int status);

Failure network_failure(std::string code);

/// A change of a JSON text.
struct Mutation {
  std::string what;     ///< for a message: "/orders/0/status is null"
  std::string pointer;  ///< of what was changed; empty: the text as a whole
  std::string text;
};
/// One for each kind and place, up to `most`, drawn by the seed: members left out, null, another
/// type, an unknown word, 2^63, an emoji, a byte order mark. Empty where the text is no JSON.
std::vector<Mutation> mutations_of(const std::string& text, std::uint64_t seed, std::size_t most);

}  // namespace marketplug::testkit
