// Which line of its order each line of a return is.
#include <algorithm>
#include <optional>
#include <set>

#include "host/sync/return_import.hpp"

namespace marketplug::sync {
namespace {

using store::LineLink;
using store::LineRow;
using store::ReturnLink;

/// Of the lines that fit, the only one; of several, the only one with that quantity, where that
/// says something.
LineLink among(const std::vector<const LineRow*>& fitting, std::optional<std::int64_t> quantity) {
  if (fitting.empty()) return {ReturnLink::kNoLine, ""};
  if (fitting.size() == 1) return {ReturnLink::kLinked, fitting.front()->id};
  if (!quantity) return {ReturnLink::kAmbiguous, ""};
  const auto same = [&](const LineRow* line) { return line->quantity == *quantity; };
  if (std::count_if(fitting.begin(), fitting.end(), same) != 1) return {ReturnLink::kAmbiguous, ""};
  return {ReturnLink::kLinked, (*std::find_if(fitting.begin(), fitting.end(), same))->id};
}

LineLink link_one(const ReturnLine& line, bool whole, const std::vector<LineRow>& order,
                  const std::set<std::string>& taken) {
  std::vector<const LineRow*> fitting, free;
  for (const LineRow& each : order) {
    if (!line.line_id.empty() ? each.id != line.line_id
                              : line.sku.empty() || each.sku != line.sku) {
      continue;
    }
    fitting.push_back(&each);
    if (!taken.contains(each.id)) free.push_back(&each);
  }
  // A line may come back in parts, each a line of the return.
  return among(free.empty() ? fitting : free, whole ? std::optional(line.quantity) : std::nullopt);
}

}  // namespace

std::vector<LineLink> link_lines(const BuyerReturn& of,
                                 const std::optional<std::vector<LineRow>>& order) {
  std::vector<LineLink> links;
  std::set<std::string> taken;
  // What a marketplace takes back itself it tells unit by unit: one of two says nothing.
  const bool whole = of.fulfilled_by != FulfilledBy::kMarketplace;
  for (const ReturnLine& line : of.lines) {
    LineLink& link = links.emplace_back();
    if (!order) continue;
    link = link_one(line, whole, *order, taken);
    if (link.link == ReturnLink::kLinked) taken.insert(link.order_line);
  }
  return links;
}

}  // namespace marketplug::sync
