#include "src/audit_cursor.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "src/json.hpp"

namespace marketplug::amazon {
namespace {

constexpr std::uint64_t kAuditVersion = 1;
constexpr std::size_t kLongestAuditCursor = 8192;
constexpr std::uint32_t kMostSliceHours = 30 * 24;

std::string_view name_of(AuditWindow::By by) {
  return by == AuditWindow::By::kPlaced ? "placed" : "changed";
}

}  // namespace

void AuditCursor::begin_slice(TimePoint from) {
  slice_from = from;
  slice_until = std::min(end, from + std::chrono::hours(hours));
  report = ReportPlace();
}

bool AuditCursor::shorten() {
  const auto half = std::chrono::floor<std::chrono::hours>((slice_until - slice_from) / 2);
  if (half < std::chrono::hours(1)) return false;
  hours = static_cast<std::uint32_t>(half.count());
  begin_slice(slice_from);
  return true;
}

std::string AuditCursor::to_text() const {
  std::string out = "{\"v\":" + std::to_string(kAuditVersion);
  append_member(out, "by", name_of(window.by));
  append_member(out, "from", window.from);
  append_member(out, "until", window.until);
  append_member(out, "marketplaces", marketplaces);
  append_member(out, "end", end);
  append_member(out, "slice_from", slice_from);
  append_member(out, "slice_until", slice_until);
  append_member(out, "hours", std::uint64_t{hours});
  if (done) append_member(out, "done", std::uint64_t{1});
  report.append_to(out);
  return out + "}";
}

std::optional<AuditCursor> AuditCursor::parse(std::string_view text) {
  std::string error;
  if (text.size() > kLongestAuditCursor) return std::nullopt;
  const auto document = JsonDocument::parse(text, error);
  if (!document) return std::nullopt;
  const boost::json::value& root = document->root();
  const std::string_view by = text_member(root, "by");
  const auto from = time_member(root, "from"), until = time_member(root, "until");
  const auto end = time_member(root, "end");
  const auto slice_from = time_member(root, "slice_from");
  const auto slice_until = time_member(root, "slice_until");
  const auto hours = count_member(root, "hours", kMostSliceHours);
  const auto done = count_member(root, "done", 1);
  auto report = ReportPlace::parse(root);
  if (count_member(root, "v", kAuditVersion) != kAuditVersion ||
      (by != "changed" && by != "placed") || !from || !until || !end || !slice_from ||
      !slice_until || !hours || *hours == 0 || !done || !report) {
    return std::nullopt;
  }
  AuditCursor cursor;
  cursor.window = {by == "placed" ? AuditWindow::By::kPlaced : AuditWindow::By::kChanged, *from,
                   *until};
  cursor.marketplaces = text_member(root, "marketplaces");
  cursor.end = *end;
  cursor.slice_from = *slice_from;
  cursor.slice_until = *slice_until;
  cursor.hours = static_cast<std::uint32_t>(*hours);
  cursor.done = *done == 1;
  cursor.report = std::move(*report);
  return cursor;
}

}  // namespace marketplug::amazon
