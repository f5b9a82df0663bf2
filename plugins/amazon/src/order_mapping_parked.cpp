// An order that cannot be taken, as the item that is parked in its place.
#include <algorithm>

#include "src/json_split.hpp"
#include "src/order_mapping.hpp"
#include "src/order_mapping_parts.hpp"
#include "src/order_redaction.hpp"
#include "src/text.hpp"

namespace marketplug::amazon {
namespace json = boost::json;
namespace {

constexpr std::size_t kLongestId = 64;

/// When the version that is parked came to be; nullopt where nobody can believe it.
std::optional<TimePoint> change_time(std::string_view text, const MappingOptions& options) {
  const auto time = parse_time(text);
  return time && is_plausible(*time, options) ? time : std::nullopt;
}

/// The text of a JSON string literal, where it is one without escapes.
std::string_view plain_string(std::string_view literal) {
  if (literal.size() < 2 || literal.front() != '"' || literal.back() != '"') return {};
  const std::string_view inside = literal.substr(1, literal.size() - 2);
  return inside.find('\\') == std::string_view::npos ? inside : std::string_view();
}

}  // namespace

bool is_order_id(std::string_view id) {
  return !id.empty() && id.size() <= kLongestId &&
         std::all_of(id.begin(), id.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

bool is_plausible(TimePoint time, const MappingOptions& options) {
  return time >= kAmazonsOldest && time <= options.newest;
}

std::string raw_of(const json::value& source, const MappingOptions& options,
                   std::string_view text) {
  if (!options.personal_data) return to_text(without_personal_data(source));
  return text.empty() ? to_text(source) : std::string(text);
}

ParkedItem park(const json::value& source, const MappingOptions& options, std::string_view text,
                const BadOrder& bad) {
  ParkedItem out;
  const std::string_view id = text_member(source, "orderId");
  if (is_order_id(id)) out.id = id;
  out.code = bad.code;
  out.pointer = bad.pointer;
  out.message = bad.message;
  out.remedy =
      "Look the order up in Seller Central. It is read again by itself when Amazon changes it; "
      "where Amazon keeps sending it like this, report it together with this message.";
  out.raw = raw_of(source, options, text);
  out.changed_at = change_time(text_member(source, "lastUpdatedTime"), options);
  return out;
}

ParkedItem park_unreadable(std::string_view text, const MappingOptions& options,
                           const std::string& why) {
  ParkedItem out;
  const std::string_view id = plain_string(split_member(text, "orderId"));
  if (is_order_id(id)) out.id = id;
  out.changed_at = change_time(plain_string(split_member(text, "lastUpdatedTime")), options);
  out.code = kNotJsonOrder;
  out.message = "The order is not JSON that can be believed: " + why + ".";
  out.remedy =
      "Look the order up in Seller Central. It is read again by itself when Amazon changes it.";
  // Without access to personal data nothing may be kept that could not be searched for them.
  out.raw = options.personal_data ? to_utf8(text) : std::string("{}");
  return out;
}

}  // namespace marketplug::amazon
