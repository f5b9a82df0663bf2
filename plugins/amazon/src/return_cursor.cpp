#include "src/return_cursor.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "src/json.hpp"

namespace marketplug::amazon {
namespace {

constexpr std::uint64_t kReturnVersion = 1;
constexpr std::size_t kLongestReturnCursor = 8192;
/// Amazon's limit of the returns reports.
constexpr std::chrono::hours kReturnSlice{60 * 24};
constexpr std::array<std::string_view, 4> kSourceNames = {"none", "xml", "flat", "fba"};

}  // namespace

void ReturnCursor::begin_slice(TimePoint from) {
  report = ReportPlace();
  slice_from = from;
  slice_until = std::min(end, from + kReturnSlice);
  const bool flat = flat_until && end < *flat_until;
  source = slice_from >= end ? Source::kNone : flat ? Source::kFlat : Source::kXml;
}

void ReturnCursor::next_source() {
  if (source == Source::kFba) return begin_slice(slice_until);
  source = Source::kFba;
  report = ReportPlace();
}

std::string ReturnCursor::to_text() const {
  std::string out = "{\"v\":" + std::to_string(kReturnVersion);
  append_member(out, "source", kSourceNames[static_cast<std::size_t>(source)]);
  append_member(out, "marketplaces", marketplaces);
  append_member(out, "origin", origin);
  append_member(out, "end", end);
  append_member(out, "slice_from", slice_from);
  append_member(out, "slice_until", slice_until);
  if (deep_at) append_member(out, "deep", *deep_at);
  if (flat_until) append_member(out, "flat_until", *flat_until);
  report.append_to(out);
  return out + "}";
}

std::optional<ReturnCursor> ReturnCursor::parse(std::string_view text) {
  std::string error;
  if (text.size() > kLongestReturnCursor) return std::nullopt;
  const auto document = JsonDocument::parse(text, error);
  if (!document) return std::nullopt;
  const boost::json::value& root = document->root();
  const auto source =
      std::find(kSourceNames.begin(), kSourceNames.end(), text_member(root, "source"));
  const auto origin = time_member(root, "origin"), end = time_member(root, "end");
  const auto slice_from = time_member(root, "slice_from");
  const auto slice_until = time_member(root, "slice_until");
  auto report = ReportPlace::parse(root);
  if (count_member(root, "v", kReturnVersion) != kReturnVersion || source == kSourceNames.end() ||
      !origin || !end || !slice_from || !slice_until || !report) {
    return std::nullopt;
  }
  ReturnCursor cursor;
  cursor.source = static_cast<Source>(source - kSourceNames.begin());
  cursor.marketplaces = text_member(root, "marketplaces");
  cursor.origin = *origin;
  cursor.end = *end;
  cursor.slice_from = *slice_from;
  cursor.slice_until = *slice_until;
  cursor.deep_at = time_member(root, "deep");
  cursor.flat_until = time_member(root, "flat_until");
  cursor.report = std::move(*report);
  return cursor;
}

}  // namespace marketplug::amazon
