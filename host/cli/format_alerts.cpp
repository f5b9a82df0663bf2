#include "host/cli/format.hpp"
#include "host/cli/format_block.hpp"
#include "host/cli/json_read.hpp"
#include "host/cli/text.hpp"

namespace marketplug::cli {

std::string format_alerts(const boost::json::object& answer) {
  Table table({{"SINCE (UTC)"}, {"SHOP"}, {"ABOUT"}, {"DECIDE BY"}, {"WHAT"}});
  std::string remedies;
  for (const auto& each : array_of(answer, "alerts")) {
    const auto& alert = as_object(each);
    const auto over = time_of(alert, "cleared_at");
    auto what = text_of(alert, "message");
    if (what.empty()) what = text_of(alert, "code");
    if (!over.empty()) what += " (over since " + over + ")";
    const bool of_shop = text_of(alert, "kind") == "shop";
    table.add({time_of(alert, "raised_at"), text_of(alert, "shop"),
               of_shop ? "the shop" : text_of(alert, "kind") + " " + text_of(alert, "item"),
               time_of(alert, "due_at"), what});
    const auto remedy = text_of(alert, "remedy");
    if (remedy.empty() || !over.empty()) continue;
    const auto line = "  " + harmless(text_of(alert, "code")) + ": " + harmless(remedy) + "\n";
    if (remedies.find(line) == std::string::npos) remedies += line;
  }
  if (table.empty()) return "No alerts.\n";
  return table.text() + (remedies.empty() ? "" : "What to do:\n" + remedies);
}

}  // namespace marketplug::cli
