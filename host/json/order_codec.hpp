#pragma once
// The one codec between the canonical order and its JSON (schemas/order.schema.json). Pure
// functions, any thread.

#include <string>
#include <string_view>

#include "marketplug/model/order.hpp"
#include "marketplug/result.hpp"

namespace marketplug::json {

/// JSON object text without any personal member. `raw` is never part of it. Bytes that are not
/// UTF-8, and NUL, become U+FFFD. Throws std::invalid_argument naming the order where it cannot be
/// kept: an `attributes` text that is not a JSON object, money without a currency, one line id
/// twice.
std::string encode_order(const Order& order);
/// The personal members alone; empty text where there are none. Throws as above.
std::string encode_order_personal(const Order& order);
/// Both together, as the API and `orders export` give it. The texts are as encoded above, `extra`
/// is a JSON object text of host members ("shop", "status" …) put first, which win over members of
/// the same name; any may be empty. Throws std::invalid_argument where a text is not of this codec.
std::string join_order(std::string_view extra, std::string_view document,
                       std::string_view personal);
/// Back from the two texts. Failure kInternal with a JSON pointer where a text is not of this
/// codec.
Result<Order> decode_order(std::string_view document, std::string_view personal);
/// SHA-256 (hex) over everything the marketplace said, personal members and attributes included.
std::string content_hash(const Order& order);
/// The same from the two encoded texts, where the caller has them already.
std::string content_hash(std::string_view document, std::string_view personal);

std::string_view to_string(OrderState state) noexcept;   // "open", "needs_correction" …
std::string_view to_string(FulfilledBy by) noexcept;     // "merchant", "marketplace", "unknown"
std::string_view to_string(PersonalData data) noexcept;  // "not_asked", "present", "missing"

}  // namespace marketplug::json
