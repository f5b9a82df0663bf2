#include "src/order_cursor.hpp"

#include <limits>

#include "marketplug/model/time.hpp"
#include "src/json.hpp"
#include "src/text.hpp"

namespace marketplug::amazon {
namespace json = boost::json;
namespace {

constexpr std::int64_t kVersion = 1;
constexpr std::size_t kLongestCursor = 32768;

/// FNV-1a, cut to 53 bits so that it stays a number in JSON.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash >> 11;
}

std::optional<std::uint64_t> number(const json::value& of, std::string_view name,
                                    std::uint64_t largest) {
  const json::value* found = member(of, name);
  const std::int64_t* value = found != nullptr ? found->if_int64() : nullptr;
  if (value == nullptr || *value < 0 || static_cast<std::uint64_t>(*value) > largest) {
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(*value);
}

/// False where the part inside a window is damaged.
bool read_window_state(const json::value& root, OrderCursor& cursor) {
  cursor.token = text_member(root, "token");
  const auto restarts = number(root, "restarts", 100);
  const auto anchor = number(root, "anchor", std::uint64_t{1} << 53);
  const auto steps = number(root, "steps", std::numeric_limits<std::uint32_t>::max());
  const auto power = number(root, "power", std::uint32_t{1} << 31);
  if (!restarts || !anchor || !steps || !power || *power == 0) return false;
  cursor.restarts = static_cast<int>(*restarts);
  cursor.anchor = *anchor;
  cursor.steps = static_cast<std::uint32_t>(*steps);
  cursor.power = static_cast<std::uint32_t>(*power);
  cursor.since = parse_time(text_member(root, "since"));
  cursor.end = parse_time(text_member(root, "end"));
  return cursor.token.empty() || cursor.since.has_value();
}

}  // namespace

void OrderCursor::begin_again() {
  token.clear();
  since.reset();
  end.reset();
  anchor = 0;
  steps = 0;
  power = 1;
}

bool OrderCursor::advance(std::string_view next_token) {
  const std::uint64_t hash = hash_of(next_token);
  if (next_token == token || (steps != 0 && hash == anchor)) return false;
  if (steps == 0 || steps == power) {
    if (steps != 0 && power < (std::uint32_t{1} << 31)) power *= 2;
    anchor = hash;
    steps = 0;
  }
  ++steps;
  token = next_token;
  return true;
}

std::string OrderCursor::to_text() const {
  std::string out = "{\"v\":" + std::to_string(kVersion);
  const auto put = [&](std::string_view name, std::string_view text) {
    out.append(",\"").append(name).append("\":");
    append_json_string(out, text);
  };
  put("origin", format_time(origin));
  put("after", format_time(after));
  put("marketplaces", marketplaces);
  out += ",\"restarts\":" + std::to_string(restarts);
  out += ",\"anchor\":" + std::to_string(anchor);
  out += ",\"steps\":" + std::to_string(steps);
  out += ",\"power\":" + std::to_string(power);
  if (!token.empty()) put("token", token);
  if (since) put("since", format_time(*since));
  if (end) put("end", format_time(*end));
  out += '}';
  return out;
}

std::optional<OrderCursor> OrderCursor::parse(std::string_view text) {
  std::string error;
  if (text.size() > kLongestCursor) return std::nullopt;
  const auto document = JsonDocument::parse(text, error);
  if (!document) return std::nullopt;
  const json::value& root = document->root();
  const auto origin = parse_time(text_member(root, "origin"));
  const auto after = parse_time(text_member(root, "after"));
  if (number(root, "v", kVersion) != kVersion || !origin || !after) return std::nullopt;
  OrderCursor cursor;
  cursor.origin = *origin;
  cursor.after = *after;
  cursor.marketplaces = text_member(root, "marketplaces");
  if (!read_window_state(root, cursor)) return std::nullopt;
  return cursor;
}

}  // namespace marketplug::amazon
