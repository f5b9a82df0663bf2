#include "host/services/http/message.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "host/services/ascii.hpp"

namespace marketplug::services::http {
namespace {

bool token_char(char c) noexcept {
  return ascii::letter_or_digit(c) ||
         (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
}

bool is_token(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), token_char);
}

bool is_field_value(std::string_view text) noexcept {
  return std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
  });
}

std::string_view trimmed(std::string_view text) noexcept {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

/// Whether a comma-separated field holds a word.
bool lists(std::string_view field, std::string_view word) noexcept {
  while (!field.empty()) {
    const auto comma = std::min(field.find(','), field.size());
    if (ascii::same(trimmed(field.substr(0, comma)), word)) return true;
    field.remove_prefix(std::min(comma + 1, field.size()));
  }
  return false;
}

constexpr std::array<std::string_view, 9> kOwnHeaders{
    "host", "content-length", "transfer-encoding", "connection", "keep-alive",
    "te",   "trailer",        "upgrade",           "expect"};

void check_request(const HttpRequest& request, const Place& place) {
  static constexpr std::string_view kRemedy =
      "look for line breaks or blanks in the settings and secrets that go into this request";
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (request.method.empty() || request.method.size() > 16 || request.method == "CONNECT" ||
      !std::all_of(request.method.begin(), request.method.end(), upper)) {
    throw wrong_config(place, "invalid_request", "the method is not allowed", kRemedy);
  }
  for (const auto& [name, value] : request.headers) {
    if (!is_token(name)) {
      throw wrong_config(place, "invalid_request", "a header's name is malformed", kRemedy);
    }
    if (!is_field_value(value)) {
      throw wrong_config(place, "invalid_request",
                         "the header " + name + " holds a control character", kRemedy);
    }
    const bool own =
        std::any_of(kOwnHeaders.begin(), kOwnHeaders.end(),
                    [&, &key = name](auto header) { return ascii::same(key, header); });
    if (own || ascii::starts_with(name, "proxy-")) {
      throw wrong_config(place, "invalid_request", "the header " + name + " is the transport's own",
                         kRemedy);
    }
  }
}

bool has_header(const HttpRequest& request, std::string_view name) {
  return std::any_of(request.headers.begin(), request.headers.end(),
                     [&](const auto& header) { return ascii::same(header.first, name); });
}

/// Decimal digits only; false where there are others, none, or too many.
bool parse_length(std::string_view text, std::uint64_t& out) noexcept {
  if (text.empty() || text.size() > 18) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

std::string write_request(const HttpRequest& request, const Url& url, std::string_view user_agent,
                          const Place& place) {
  check_request(request, place);
  std::string text = request.method + " " + url.target + " HTTP/1.1\r\nHost: " + url.authority();
  const auto add = [&](std::string_view name, std::string_view value) {
    text.append("\r\n").append(name).append(": ").append(value);
  };
  for (const auto& [name, value] : request.headers) add(name, value);
  if (!has_header(request, "user-agent")) add("User-Agent", user_agent);
  if (!has_header(request, "accept-encoding")) add("Accept-Encoding", "gzip");
  const bool has_body = !request.body.empty() || request.method == "POST" ||
                        request.method == "PUT" || request.method == "PATCH";
  if (has_body) add("Content-Length", std::to_string(request.body.size()));
  text += "\r\n\r\n";
  return text += request.body;
}

std::string_view Head::header(std::string_view name) const noexcept {
  for (const auto& [key, value] : headers) {
    if (ascii::same(key, name)) return value;
  }
  return {};
}

std::size_t Head::count(std::string_view name) const noexcept {
  return static_cast<std::size_t>(
      std::count_if(headers.begin(), headers.end(),
                    [&](const auto& header) { return ascii::same(header.first, name); }));
}

Head parse_head(std::string_view text, const Place& place) {
  const auto malformed = [&](std::string_view what) {
    return remote(place, "malformed", "the answer is not HTTP: " + std::string(what));
  };
  const auto next_line = [&] {
    const auto end = std::min(text.find("\r\n"), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 2, text.size()));
    return line;
  };
  Head head;
  const auto first = next_line();
  const bool version = first.starts_with("HTTP/1.1 ") || first.starts_with("HTTP/1.0 ");
  const bool digits =
      first.size() >= 12 && std::all_of(first.begin() + 9, first.begin() + 12,
                                        [](char c) { return c >= '0' && c <= '9'; });
  if (!version || !digits || (first.size() > 12 && first[12] != ' ')) {
    throw malformed("its status line");
  }
  std::from_chars(first.data() + 9, first.data() + 12, head.status);
  if (head.status < 100 || head.status > 599) throw malformed("its status");
  for (auto line = next_line(); !line.empty(); line = next_line()) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon)) ||
        !is_field_value(line)) {
      throw malformed("one of its headers");
    }
    if (head.headers.size() == kMaxFields) throw malformed("too many headers");
    head.headers.emplace_back(line.substr(0, colon), trimmed(line.substr(colon + 1)));
  }
  const auto connection = head.header("connection");
  head.keep_alive = first[7] == '1' ? !lists(connection, "close") : lists(connection, "keep-alive");
  return head;
}

BodyDecoder::BodyDecoder(const Head& head, std::string_view method, const Place& place)
    : place_(place) {
  if (method == "HEAD" || head.status < 200 || head.status == 204 || head.status == 304) return;
  const auto encodings = head.count("transfer-encoding");
  const auto lengths = head.count("content-length");
  if (encodings != 0) {
    if (encodings != 1 || lengths != 0 ||
        !ascii::same(head.header("transfer-encoding"), "chunked")) {
      throw remote(place, "malformed", "the answer's length is stated in two ways");
    }
    mode_ = Mode::kChunked;
    state_ = State::kChunkSize;
  } else if (lengths != 0) {
    for (const auto& [name, value] : head.headers) {
      if (ascii::same(name, "content-length") && value != head.header("content-length")) {
        throw remote(place, "malformed", "the answer has two lengths");
      }
    }
    if (!parse_length(head.header("content-length"), announced_)) {
      throw remote(place, "malformed", "the answer's Content-Length is not a number");
    }
    mode_ = Mode::kLength;
    left_ = announced_;
    state_ = left_ == 0 ? State::kDone : State::kData;
  } else {
    mode_ = Mode::kUntilClose;
    state_ = State::kData;
  }
}

std::size_t BodyDecoder::feed(std::string_view input, const Sink& sink) {
  std::size_t used = 0;
  while (used < input.size() && state_ != State::kDone) {
    if (state_ == State::kData) {
      used += feed_data(input.substr(used), sink);
      continue;
    }
    const char c = input[used++];
    if (c != '\n') {
      line_ += c;
      if (line_.size() > kMaxHead) throw remote(place_, "malformed", "a chunk's head is endless");
      continue;
    }
    if (!line_.ends_with('\r')) {
      throw remote(place_, "malformed", "a chunk's head is malformed");
    }
    line_.pop_back();
    end_line();
    line_.clear();
  }
  return used;
}

std::size_t BodyDecoder::feed_data(std::string_view input, const Sink& sink) {
  const auto size = mode_ == Mode::kUntilClose
                        ? input.size()
                        : static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
  received_ += size;
  if (mode_ != Mode::kUntilClose) {
    left_ -= size;
    if (left_ == 0) state_ = mode_ == Mode::kLength ? State::kDone : State::kChunkEnd;
  }
  sink(input.substr(0, size));
  return size;
}

void BodyDecoder::end_line() {
  switch (state_) {
    case State::kChunkSize:
      start_chunk();
      break;
    case State::kChunkEnd:
      if (!line_.empty()) throw remote(place_, "malformed", "a chunk is longer than it says");
      state_ = State::kChunkSize;
      break;
    case State::kTrailer:
      trailer_bytes_ += line_.size() + 2;
      if (trailer_bytes_ > kMaxHead) throw remote(place_, "malformed", "the trailer is endless");
      if (line_.empty()) state_ = State::kDone;
      break;
    default:
      break;
  }
}

void BodyDecoder::start_chunk() {
  const auto text = trimmed(std::string_view(line_).substr(0, line_.find(';')));
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), left_, 16);
  if (text.empty() || text.size() > 15 || error != std::errc{} ||
      end != text.data() + text.size()) {
    throw remote(place_, "malformed", "a chunk's size is not a number");
  }
  state_ = left_ == 0 ? State::kTrailer : State::kData;
}

void BodyDecoder::finish(bool clean) const {
  if (done() || (mode_ == Mode::kUntilClose && clean)) return;
  std::string cause = "the answer broke off after " + std::to_string(received_);
  if (mode_ == Mode::kLength) cause += " of " + std::to_string(announced_);
  throw transient(place_, "truncated", cause + " bytes");
}

}  // namespace marketplug::services::http
