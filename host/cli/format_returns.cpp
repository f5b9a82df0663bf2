#include <fmt/format.h>

#include "host/cli/format.hpp"
#include "host/cli/format_block.hpp"
#include "host/cli/json_read.hpp"
#include "host/cli/text.hpp"

namespace marketplug::cli {
namespace {

using boost::json::object;

/// "line 17", or why there is none.
std::string link_text(const object& line) {
  const auto link = text_of(line, "link");
  if (link == "linked") return "line " + text_of(line, "line_id");
  if (link == "no_order") return "order not here";
  if (link == "no_line") return "no such line in the order";
  return "several lines fit";
}

std::string lines_text(const object& of) {
  std::string text;
  for (const auto& each : array_of(of, "lines")) {
    const auto& line = as_object(each);
    if (!text.empty()) text += ", ";
    text += fmt::format("{} x {}", text_of(line, "quantity"), text_of(line, "sku"));
    if (text_of(line, "link") != "linked") text += " (" + link_text(line) + ")";
  }
  return text;
}

}  // namespace

std::string format_returns(const object& answer) {
  Table table({{"SHOP"}, {"RETURN"}, {"ORDER"}, {"STATE"}, {"BY"}, {"BEGUN (UTC)"}, {"ARTICLES"}});
  for (const auto& each : array_of(answer, "returns")) {
    const auto& one = as_object(each);
    table.add({text_of(one, "shop"), text_of(one, "id"), text_of(one, "order_id"),
               text_of(one, "state"), text_of(one, "fulfilled_by"), time_of(one, "begun_at"),
               lines_text(one)});
  }
  return table.empty() ? "No returns.\n" : table.text();
}

std::string format_return(const object& one) {
  Block block;
  block.line("shop", text_of(one, "shop"));
  block.line("order", text_of(one, "order_id"));
  block.line("marketplace", text_of(one, "marketplace"));
  block.line("state", text_of(one, "state"));
  block.line("  there", text_of(one, "marketplace_status"));
  block.line("fulfilled by", text_of(one, "fulfilled_by"));
  block.line("requested", time_of(one, "requested_at"));
  block.line("received", time_of(one, "received_at"));
  block.line("changed", time_of(one, "changed_at"));
  block.line("imported", time_of(one, "imported_at"));
  block.line("carrier", text_of(one, "carrier"));
  block.line("tracking", text_of(one, "tracking_number"));
  for (const auto& each : array_of(one, "lines")) {
    const auto& line = as_object(each);
    block.line("article", fmt::format("{} x {}", text_of(line, "quantity"), text_of(line, "sku")));
    block.line("  of", link_text(line));
    block.line("  title", text_of(line, "title"));
    block.line("  reason", text_of(line, "reason"));
    block.line("  comment", text_of(line, "buyer_comment"));
    block.line("  condition", text_of(line, "condition"));
    block.line("  resolution", text_of(line, "resolution"));
    const auto& refund = object_of(line, "refund_amount");
    if (!refund.empty()) {
      block.line("  refund", text_of(refund, "amount") + " " + text_of(refund, "currency"));
    }
  }
  return "Return " + harmless(text_of(one, "id")) + " (times are UTC)\n" + block.text();
}

}  // namespace marketplug::cli
