#pragma once
// Bad weather: answers that the kit makes from the recorded ones, and deeds done in it. One thread.

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "host/testkit/tour.hpp"

namespace marketplug::testkit {

/// A request to the marketplace's API; not one for an access token.
bool is_api(const Market::Sent& one);

/// The marketplace's refusal with that status: its own words where the cases have them, else {}.
HttpResponse refusal(const Cases& cases, int status);

Failure network_failure(std::string code);

/// Answers every request of the API so.
Market::Weather always(const Result<HttpResponse>& answer);
std::size_t api_requests(const Shop& shop);

/// Each deed in that weather, in a shop of its own: f(shop, name, failure).
void each_deed(
    Trial& trial, const Market::Weather& weather,
    const std::function<void(Shop&, const std::string&, const std::optional<Failure>&)>& f);

bool is_of(const std::optional<Failure>& failure, std::initializer_list<Failure::Kind> kinds);
/// What garbage may give: never the plugin's own fault, never the settings'.
bool is_fair(const std::optional<Failure>& failure);
/// The failure for a message, or "a success".
std::string told(const std::optional<Failure>& failure);

/// A change of a JSON text.
struct Mutation {
  std::string what;     ///< for a message: "/orders/0/status is null"
  std::string pointer;  ///< of what was changed; empty: the text as a whole
  std::string text;
};
/// One for each kind and place, up to `most`, drawn by the seed: members left out, null, another
/// type, an unknown word, 2^63, an emoji, a byte order mark. Empty where the text is no JSON.
std::vector<Mutation> mutations_of(const std::string& text, std::uint64_t seed, std::size_t most);

/// The recorded answers of each deed's API requests, changed one by one: f runs the deed in a shop
/// where one of them is changed.
void mutate_answers(Trial& trial, std::size_t most,
                    const std::function<void(const Deed&, const Mutation&, Shop&)>& f);

}  // namespace marketplug::testkit
