#include "src/report_place.hpp"

#include "marketplug/model/time.hpp"
#include "src/json.hpp"
#include "src/text.hpp"

namespace marketplug::amazon {
namespace json = boost::json;
namespace {

constexpr std::uint64_t kLargestPlace = std::uint64_t{1} << 53;  // stays a number in JSON
constexpr std::uint64_t kMostTries = 1000;
constexpr std::size_t kLongestPlaceId = 512;

}  // namespace

void append_member(std::string& json, std::string_view name, std::string_view text) {
  json.append(",\"").append(name).append("\":");
  append_json_string(json, text);
}

void append_member(std::string& json, std::string_view name, TimePoint time) {
  append_member(json, name, format_time(time));
}

void append_member(std::string& json, std::string_view name, std::uint64_t number) {
  json.append(",\"").append(name).append("\":").append(std::to_string(number));
}

std::optional<std::uint64_t> count_member(const json::value& root, std::string_view name,
                                          std::uint64_t largest) {
  const json::value* found = member(root, name);
  if (found == nullptr) return 0;
  const std::int64_t* value = found->if_int64();
  if (value == nullptr || *value < 0 || static_cast<std::uint64_t>(*value) > largest) {
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(*value);
}

std::optional<TimePoint> time_member(const json::value& root, std::string_view name) {
  return parse_time(text_member(root, name));
}

void ReportPlace::append_to(std::string& json) const {
  if (!report.empty()) append_member(json, "report", report);
  if (asked_at) append_member(json, "asked", *asked_at);
  if (!document.empty()) {
    append_member(json, "document", document);
    append_member(json, "size", size);
  }
  if (offset != 0) append_member(json, "offset", offset);
  if (tries != 0) append_member(json, "tries", std::uint64_t{tries});
  if (cancelled != 0) append_member(json, "cancelled", std::uint64_t{cancelled});
}

std::optional<ReportPlace> ReportPlace::parse(const json::value& root) {
  ReportPlace place;
  place.report = text_member(root, "report");
  place.asked_at = time_member(root, "asked");
  place.document = text_member(root, "document");
  const auto size = count_member(root, "size", kLargestPlace);
  const auto offset = count_member(root, "offset", kLargestPlace);
  const auto tries = count_member(root, "tries", kMostTries);
  const auto cancelled = count_member(root, "cancelled", kMostTries);
  if (!size || !offset || !tries || !cancelled || place.report.size() > kLongestPlaceId ||
      place.document.size() > kLongestPlaceId ||
      place.report.empty() == place.asked_at.has_value() ||
      (place.report.empty() && !(place.document.empty() && *offset == 0))) {
    return std::nullopt;
  }
  place.size = *size;
  place.offset = *offset;
  place.tries = static_cast<std::uint32_t>(*tries);
  place.cancelled = static_cast<std::uint32_t>(*cancelled);
  return place;
}

}  // namespace marketplug::amazon
