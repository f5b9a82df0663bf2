#include <boost/json/serialize.hpp>

#include "host/cli/format.hpp"
#include "host/cli/format_block.hpp"
#include "host/cli/json_read.hpp"
#include "host/cli/text.hpp"

namespace marketplug::cli {

std::string format_parked_list(const boost::json::object& answer) {
  Table table({{"NO.", Align::kRight},
               {"SHOP"},
               {"KIND"},
               {"ID"},
               {"STATE"},
               {"TRIES", Align::kRight},
               {"LAST (UTC)"},
               {"REASON"}});
  for (const auto& each : array_of(answer, "parked")) {
    const auto& parked = as_object(each);
    table.add({text_of(parked, "id"), text_of(parked, "shop"), text_of(parked, "kind"),
               text_of(parked, "item"), text_of(parked, "state"), text_of(parked, "tries"),
               time_of(parked, "last_at"), text_of(parked, "message")});
  }
  return table.empty() ? "Nothing is parked.\n" : table.text();
}

std::string format_parked(const boost::json::object& parked) {
  Block block;
  block.line("shop", text_of(parked, "shop"));
  block.line("kind", text_of(parked, "kind"));
  block.line("id", text_of(parked, "item"));
  block.line("state", text_of(parked, "state"));
  block.line("reason", text_of(parked, "message"));
  block.line("  remedy", text_of(parked, "remedy"));
  block.line("code", text_of(parked, "code"));
  block.line("pointer", text_of(parked, "pointer"));
  block.line("tries", text_of(parked, "tries"));
  block.line("first", time_of(parked, "first_at"));
  block.line("last", time_of(parked, "last_at"));
  if (const auto* raw = parked.if_contains("raw")) {
    block.line("document", boost::json::serialize(*raw));
  }
  return "Parked record " + text_of(parked, "id") + " (times are UTC)\n" + block.text();
}

std::string format_replay(const boost::json::object& outcome) {
  std::string line = "Parked record " + text_of(outcome, "id") + " (" +
                     harmless(text_of(outcome, "item")) + ", shop " +
                     harmless(text_of(outcome, "shop")) +
                     "): " + (flag_of(outcome, "ok") ? "" : "failed: ") +
                     harmless(text_of(outcome, "message")) + "\n";
  const auto remedy = text_of(outcome, "remedy");
  if (!remedy.empty()) line += "  remedy: " + harmless(remedy) + "\n";
  return line;
}

}  // namespace marketplug::cli
