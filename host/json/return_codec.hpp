#pragma once
// The one codec between a return and its JSON (schemas/return.schema.json). Pure functions, any
// thread.

#include <string>
#include <string_view>

#include "marketplug/model/return.hpp"
#include "marketplug/result.hpp"

namespace marketplug::json {

/// JSON object text without any personal member. Bytes that are not UTF-8, and NUL, become U+FFFD.
/// Throws std::invalid_argument naming the return where it cannot be kept: an `attributes` text
/// that is not a JSON object, an amount without a currency.
std::string encode_return(const BuyerReturn& buyer_return);
/// The personal members alone, those of a line under its place in the list ("0", "1" …), because a
/// line need not have an id; empty text where there are none.
std::string encode_return_personal(const BuyerReturn& buyer_return);
/// Both together; see join_order(). Throws std::invalid_argument where a text is not of this codec.
std::string join_return(std::string_view extra, std::string_view document,
                        std::string_view personal);
/// Back from the two texts. Failure kInternal with a JSON pointer where a text is not of this
/// codec.
Result<BuyerReturn> decode_return(std::string_view document, std::string_view personal);

std::string_view to_string(ReturnState state) noexcept;  // "unknown", "requested" …

}  // namespace marketplug::json
