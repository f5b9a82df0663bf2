#pragma once
// HTTP/1.1 messages as RFC 9112 has them, strictly and without sockets: requests that cannot be
// split, heads that cannot be misread, bodies whose end is known. Pure.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "host/services/http/failures.hpp"
#include "host/services/http/url.hpp"
#include "marketplug/services/http.hpp"

namespace marketplug::services::http {

inline constexpr std::size_t kMaxHead = 64u << 10;
inline constexpr std::size_t kMaxFields = 200;

/// Head and body, ready to be sent. Throws HttpError "invalid_request" for control characters and
/// for headers that belong to the transport (Host, Content-Length, Connection …).
std::string write_request(const HttpRequest& request, const Url& url, std::string_view user_agent,
                          const Place& place);

struct Head {
  int status = 0;
  HttpHeaders headers;
  bool keep_alive = false;

  std::string_view header(std::string_view name) const noexcept;
  std::size_t count(std::string_view name) const noexcept;
};
/// `text` ends with the empty line. Throws HttpError kRemote "malformed".
Head parse_head(std::string_view text, const Place& place);

/// Takes the body of one answer out of the bytes of its connection.
class BodyDecoder {
 public:
  using Sink = std::function<void(std::string_view)>;

  /// Throws HttpError kRemote "malformed" where the length is stated twice or not understood.
  BodyDecoder(const Head& head, std::string_view method, const Place& place);

  /// Hands the body's bytes to `sink`; returns how many bytes of `input` belong to this answer. All
  /// of them while done() is false. Throws HttpError kRemote "malformed".
  std::size_t feed(std::string_view input, const Sink& sink);
  /// The connection ended: throws HttpError "truncated" unless the body may end so.
  void finish(bool clean) const;

  bool done() const noexcept { return state_ == State::kDone; }
  /// Content-Length, where there is one.
  std::uint64_t announced() const noexcept { return mode_ == Mode::kLength ? announced_ : 0; }
  /// Bytes of the body so far, without chunk framing.
  std::uint64_t received() const noexcept { return received_; }

 private:
  enum class Mode { kNone, kLength, kChunked, kUntilClose };
  enum class State { kData, kChunkSize, kChunkEnd, kTrailer, kDone };

  std::size_t feed_data(std::string_view input, const Sink& sink);
  void end_line();
  void start_chunk();

  const Place& place_;
  Mode mode_ = Mode::kNone;
  State state_ = State::kDone;
  std::uint64_t announced_ = 0;
  std::uint64_t left_ = 0;
  std::uint64_t received_ = 0;
  std::size_t trailer_bytes_ = 0;
  std::string line_;
};

}  // namespace marketplug::services::http
