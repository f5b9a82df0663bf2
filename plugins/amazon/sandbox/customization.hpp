#pragma once
// What buyers make with Amazon Custom: the archives behind customizedUrl, made from their address
// whenever they are asked for. Beside good ones of the shapes that sellers know there are odd ones.
// Any thread.

#include <cstdint>
#include <string>
#include <string_view>

#include "plugins/amazon/sandbox/order.hpp"
#include "plugins/amazon/sandbox/request.hpp"

namespace amazon_sandbox {

/// Where drawn orders have their archives unless an answer names a host of its own.
inline constexpr std::string_view kCustomHost = "https://customization.example";

/// The path of a line's archive: "/customizations/KIND.NUMBER.LINE.SECONDS". `drawn` chooses the
/// kind; before `created` plus five minutes one that is late is not there.
std::string custom_path(std::string_view drawn, std::string_view line_id, TimePoint created);

/// Wants no credentials and refuses them. KIND: surfaces (two of them), tree, areas (the list
/// alone), late, traversal, broken, bomb, missing, encrypted, empty, other (another line's), deep.
Response download_customization(const Request& request, std::string_view key, TimePoint now);

}  // namespace amazon_sandbox
