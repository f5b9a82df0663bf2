#pragma once
// HTTP/1.1 as text: request heads, targets, query strings and forms, without sockets.
// Strict: what RFC 7230 does not allow is refused. Any thread; results belong to the caller.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugins/amazon/sandbox/request.hpp"

namespace amazon_sandbox {

using Parameters = std::vector<std::pair<std::string, std::string>>;

struct RequestHead {
  Request request;  ///< without a body
  std::size_t content_length = 0;
  bool chunked = false;
  bool keep_alive = true;
};

/// Reads "METHOD target HTTP/1.1 CRLF headers CRLF CRLF" (RFC 7230, 3). nullopt: malformed.
std::optional<RequestHead> parse_request_head(std::string_view text);

/// Status line and headers of the answer, with Content-Length, Connection and the empty line.
std::string write_response_head(const Response& response, bool keep_alive);

/// The answer that Amazon's front gives to a request that is no HTTP: 400 with HTML.
Response malformed_request_response();

/// Decodes %XX; '+' is a space only where `form`. nullopt: broken escape or a control character.
std::optional<std::string> percent_decode(std::string_view text, bool form);

struct Target {
  std::string path;  ///< as sent, still percent-encoded
  Parameters query;  ///< decoded, in the order sent
};

/// Splits and decodes a request target in origin form. nullopt: malformed.
std::optional<Target> parse_target(std::string_view target);

/// Decodes name=value&name=value. nullopt: broken escape or a part without a name.
std::optional<Parameters> parse_form(std::string_view text);

/// The path split at '/', decoded per segment; nullopt when a segment is malformed.
std::optional<std::vector<std::string>> path_segments(std::string_view path);

/// "Mon, 23 Nov 2026 10:00:00 GMT": a date as HTTP writes it (RFC 7231, 7.1.1.1).
std::string http_date(std::chrono::sys_time<std::chrono::milliseconds> time);

/// The reason phrase of the status, "Unknown" for one the simulator never sends by itself.
std::string_view reason_phrase(int status) noexcept;

}  // namespace amazon_sandbox
