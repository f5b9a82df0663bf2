#include "src/order_cursor.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

#include "marketplug/model/time.hpp"
#include "src/json.hpp"
#include "src/text.hpp"

namespace marketplug::amazon {
namespace json = boost::json;
namespace {

using std::chrono::hours;

constexpr std::int64_t kVersion = 1;
constexpr std::size_t kLongestCursor = 32768;

// A backlog of up to a year is one window: nothing is lost while its page tokens are good. A longer
// one, and what a lost token made read again, goes in windows with an end of their own. They grow
// where there is little to read, because an empty one costs a request all the same.
constexpr hours kLongestBacklog{366 * 24};
constexpr hours kFirstSlice{91 * 24};
constexpr hours kRestartedSlice{7 * 24};
constexpr hours kLongestSlice{3650 * 24};
/// A window that would end this close to now (by a clock that may be wrong) reaches up to now.
constexpr hours kUpToNow{24};
constexpr std::uint32_t kFewPages = 10;
constexpr std::uint32_t kManyPages = 100;
/// As many smaller pages as make up one of the size before.
constexpr std::uint32_t kSmallPages = 10;

std::uint32_t hours_of(std::chrono::milliseconds length, hours longest) {
  const hours whole = std::chrono::floor<hours>(length);
  return static_cast<std::uint32_t>(std::clamp(whole, hours{1}, longest).count());
}

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

/// What cursors of before 0.1.0 lack. False where it is there and damaged.
bool read_pacing(const json::value& root, OrderCursor& cursor) {
  const auto read = [&](std::string_view name, std::uint32_t least, std::uint32_t largest,
                        std::uint32_t& out) {
    if (member(root, name) == nullptr) return true;
    const auto value = number(root, name, largest);
    if (value) out = static_cast<std::uint32_t>(*value);
    return value && *value >= least;
  };
  if (member(root, "page_anchor") != nullptr) {
    const auto anchor = number(root, "page_anchor", std::uint64_t{1} << 53);
    if (!anchor) return false;
    cursor.page_anchor = *anchor;
  }
  cursor.asked_again = bool_member(root, "asked_again", false);
  return read("slice", 0, kLongestSlice.count(), cursor.slice) &&
         read("page_size", 1, kWholePage, cursor.page_size) &&
         read("small_pages", 0, kSmallPages, cursor.small_pages) &&
         read("pages", 0, std::numeric_limits<std::uint32_t>::max(), cursor.pages);
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
  cursor.before = parse_time(text_member(root, "before"));
  cursor.end = parse_time(text_member(root, "end"));
  cursor.reached = parse_time(text_member(root, "reached"));
  auto backlog = BacklogPlace::parse(root);
  if (!backlog || (backlog->filling() && !cursor.before)) return false;
  cursor.backlog = std::move(*backlog);
  return cursor.token.empty() || cursor.since.has_value();
}

}  // namespace

void OrderCursor::begin_again() {
  token.clear();
  before.reset();
  since.reset();
  end.reset();
  reached.reset();
  backlog = BacklogPlace();
  asked_again = false;
  pages = 0;
  anchor = 0;
  page_anchor = 0;
  steps = 0;
  power = 1;
}

void OrderCursor::begin_shorter(TimePoint now) {
  slice = hours_of((before.value_or(now) - after) / 2, kRestartedSlice);
  begin_again();
}

void OrderCursor::lacks_buyers_data() {
  lacking_since = lacking_since ? std::min(*lacking_since, after) : after;
}

void OrderCursor::fill_buyers_data() {
  if (!lacking_since || !token.empty()) return;
  after = std::min(after, *lacking_since);
  lacking_since.reset();
}

void OrderCursor::choose_end(TimePoint now) {
  before.reset();
  if (slice == 0 && now - after > kLongestBacklog) slice = kFirstSlice.count();
  const TimePoint wanted = after + hours{slice};
  if (slice != 0 && wanted < now - kUpToNow) before = wanted;
}

void OrderCursor::finish(TimePoint next) {
  if (!before) {
    slice = 0;
  } else if (pages <= kFewPages) {
    slice = std::min<std::uint32_t>(slice * (pages <= 1 ? 4 : 2), kLongestSlice.count());
  } else if (pages > kManyPages) {
    slice = std::max<std::uint32_t>(slice / 2, 1);
  }
  begin_again();
  restarts = 0;
  after = std::max(after, next);
}

void OrderCursor::begin_parts(TimePoint from, BacklogPlace filling) {
  begin_again();
  after = from;
  before = filling.until;
  backlog = std::move(filling);
}

void OrderCursor::begin_others() {
  BacklogPlace filling = std::move(backlog);
  filling.state = BacklogPlace::State::kOthers;
  filling.searched = false;
  filling.fetched = 0;
  begin_parts(after, std::move(filling));
}

void OrderCursor::leave_backlog() {
  const bool in_parts = backlog.filling();
  if (in_parts) begin_again();
  backlog = BacklogPlace();
  backlog.state = BacklogPlace::State::kLeft;
}

bool OrderCursor::shrink_page() {
  if (page_size == 1) return false;
  page_size = page_size > kSmallPages ? kSmallPages : 1;
  small_pages = kSmallPages;
  return true;
}

void OrderCursor::passed_page() {
  if (page_size == kWholePage || (small_pages > 1 && --small_pages > 0)) return;
  page_size = page_size == 1 ? kSmallPages : kWholePage;
  small_pages = page_size == kWholePage ? 0 : kSmallPages;
}

bool OrderCursor::advance(std::string_view next_token, std::uint64_t page) {
  const std::uint64_t hash = hash_of(next_token);
  page >>= 11;  // stays a number in JSON
  const bool same_page = page != 0 && page == page_anchor;
  if (next_token == token || (steps != 0 && (hash == anchor || same_page))) return false;
  if (steps == 0 || steps == power) {
    if (steps != 0 && power < (std::uint32_t{1} << 31)) power *= 2;
    anchor = hash;
    page_anchor = page;
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
  if (slice != 0) out += ",\"slice\":" + std::to_string(slice);
  if (page_size != kWholePage) {
    out += ",\"page_size\":" + std::to_string(page_size);
    out += ",\"small_pages\":" + std::to_string(small_pages);
  }
  if (page_anchor != 0) out += ",\"page_anchor\":" + std::to_string(page_anchor);
  if (asked_again) out += ",\"asked_again\":true";
  if (lacking_since) put("lacking_since", format_time(*lacking_since));
  if (pages != 0) out += ",\"pages\":" + std::to_string(pages);
  out += ",\"restarts\":" + std::to_string(restarts);
  out += ",\"anchor\":" + std::to_string(anchor);
  out += ",\"steps\":" + std::to_string(steps);
  out += ",\"power\":" + std::to_string(power);
  if (!token.empty()) put("token", token);
  if (before) put("before", format_time(*before));
  if (since) put("since", format_time(*since));
  if (end) put("end", format_time(*end));
  if (reached) put("reached", format_time(*reached));
  backlog.append_to(out);
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
  cursor.lacking_since = parse_time(text_member(root, "lacking_since"));
  if (!read_pacing(root, cursor) || !read_window_state(root, cursor)) return std::nullopt;
  return cursor;
}

}  // namespace marketplug::amazon
