#include "plugins/amazon/sandbox/page_token.hpp"

#include <array>
#include <cstring>

#include "plugins/amazon/sandbox/draw.hpp"

namespace amazon_sandbox {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// Place, order and version, before, expires, query, nonce, seal.
using Words = std::array<std::uint64_t, 7>;
constexpr std::size_t kSeal = 6;
constexpr std::size_t kLength = (7 * 64 + 5) / 6;

std::uint64_t seal(const Words& words, std::uint64_t secret) noexcept {
  std::uint64_t hash = mix(secret);
  for (std::size_t i = 0; i + 1 < words.size(); ++i) hash = mix(hash ^ words[i]);
  return hash;
}

std::uint64_t count(TimePoint time) noexcept {
  return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

TimePoint time(std::uint64_t count) noexcept {
  return TimePoint{std::chrono::milliseconds{static_cast<std::int64_t>(count)}};
}

}  // namespace

std::uint64_t keyed_hash(std::string_view text, std::uint64_t secret) noexcept {
  std::uint64_t hash = mix(secret ^ text.size());
  for (const char c : text) hash = mix(hash ^ static_cast<unsigned char>(c));
  return hash;
}

std::string write_page_token(const PageToken& token, std::uint64_t secret) {
  const auto& order = token.last.order;
  Words words{count(token.last.time),
              order.index | static_cast<std::uint64_t>(order.version) << 32,
              count(token.before),
              count(token.expires),
              token.query,
              token.nonce,
              0};
  words[kSeal] = seal(words, secret);
  // Blinded word by word, so that the text says nothing.
  for (std::size_t i = 0; i < kSeal; ++i) words[i] ^= mix(words[kSeal] + secret + i);
  std::string text;
  unsigned bits = 0, buffer = 0;
  for (const auto word : words) {
    for (int byte = 0; byte < 8; ++byte) {
      buffer = (buffer << 8) | static_cast<unsigned>(word >> (8 * byte) & 0xff);
      for (bits += 8; bits >= 6; bits -= 6) text += kAlphabet[buffer >> (bits - 6) & 63];
    }
  }
  text += kAlphabet[buffer << (6 - bits) & 63];
  return text;
}

std::optional<PageToken> read_page_token(std::string_view text, std::uint64_t secret) {
  if (text.size() != kLength) return std::nullopt;
  Words words{};
  unsigned bits = 0, buffer = 0;
  std::size_t byte = 0;
  for (const char c : text) {
    const auto value = kAlphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    buffer = (buffer << 6) | static_cast<unsigned>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    words[byte / 8] |= static_cast<std::uint64_t>(buffer >> bits & 0xff) << (8 * (byte % 8));
    ++byte;
  }
  if ((buffer & ((1u << bits) - 1)) != 0) return std::nullopt;
  for (std::size_t i = 0; i < kSeal; ++i) words[i] ^= mix(words[kSeal] + secret + i);
  if (words[kSeal] != seal(words, secret)) return std::nullopt;
  PageToken token;
  token.last = {time(words[0]),
                {static_cast<std::uint32_t>(words[1]), static_cast<std::uint32_t>(words[1] >> 32)}};
  token.before = time(words[2]);
  token.expires = time(words[3]);
  token.query = words[4];
  token.nonce = words[5];
  return token;
}

}  // namespace amazon_sandbox
