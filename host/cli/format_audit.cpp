#include <fmt/format.h>

#include "host/cli/format.hpp"
#include "host/cli/format_block.hpp"
#include "host/cli/json_read.hpp"
#include "host/cli/text.hpp"

namespace marketplug::cli {
namespace {

using boost::json::object;

std::string window_text(const object& audit) {
  return fmt::format("{} {} to {}", text_of(audit, "by"), time_of(audit, "from"),
                     time_of(audit, "until"));
}

std::string outcome_text(const object& finding) {
  std::string text = text_of(finding, "outcome");
  const auto at = time_of(finding, "settled_at");
  if (!at.empty()) text += " " + at;
  const auto message = text_of(finding, "message");
  return message.empty() ? text : text + ": " + message;
}

}  // namespace

/// "shop-nl, orders changed … to …: the marketplace knows 812, 811 are held", and what was amiss.
std::string format_audit(const object& audit) {
  std::string text = fmt::format("{}, orders {}: ", harmless(text_of(audit, "shop")),
                                 harmless(window_text(audit)));
  const auto state = text_of(audit, "state");
  if (state == "failed") {
    text += "failed: " + harmless(text_of(audit, "message")) + "\n";
    const auto remedy = text_of(audit, "remedy");
    if (!remedy.empty()) text += "  remedy: " + harmless(remedy) + "\n";
    return text;
  }
  text += fmt::format("the marketplace knows {}, {} held, {} missing, {} stale",
                      number_of(audit, "known"), number_of(audit, "held"),
                      number_of(audit, "missing"), number_of(audit, "stale"));
  const auto later = number_of(audit, "later");
  if (later != 0) text += fmt::format("; {} changed since the last import", later);
  if (state != "done") text += " (" + harmless(state) + ")";
  text += "\n";
  Table table({{"  ORDER"}, {"WHAT"}, {"THERE"}, {"PLACED (UTC)"}, {"OUTCOME (UTC)"}});
  for (const auto& each : array_of(audit, "findings")) {
    const auto& finding = as_object(each);
    table.add({"  " + text_of(finding, "order"), text_of(finding, "problem"),
               text_of(finding, "marketplace_status"), time_of(finding, "placed_at"),
               outcome_text(finding)});
  }
  return table.empty() ? text : text + table.text();
}

std::string format_audit_result(const object& answer) {
  std::string text;
  for (const auto& each : array_of(answer, "audits")) text += format_audit(as_object(each));
  return text;
}

std::string format_audits(const object& answer) {
  Table table({{"NO", Align::kRight},
               {"SHOP"},
               {"ASKED (UTC)"},
               {"BY"},
               {"ORDERS"},
               {"STATE"},
               {"KNOWN", Align::kRight},
               {"HELD", Align::kRight},
               {"MISSING", Align::kRight},
               {"STALE", Align::kRight},
               {"UNSETTLED", Align::kRight}});
  for (const auto& each : array_of(answer, "audits")) {
    const auto& audit = as_object(each);
    const auto who = text_of(audit, "asked_by");
    table.add({text_of(audit, "id"), text_of(audit, "shop"), time_of(audit, "asked_at"),
               who.empty() ? "schedule" : who, window_text(audit), text_of(audit, "state"),
               text_of(audit, "known"), text_of(audit, "held"), text_of(audit, "missing"),
               text_of(audit, "stale"), text_of(audit, "unsettled")});
  }
  return table.empty() ? "No audits yet.\n" : table.text();
}

}  // namespace marketplug::cli
