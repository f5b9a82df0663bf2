#include <boost/json/serialize.hpp>

#include "host/cli/format.hpp"
#include "host/cli/format_block.hpp"
#include "host/cli/json_read.hpp"
#include "host/cli/text.hpp"

namespace marketplug::cli {
namespace {

constexpr std::size_t kReason = 80;  ///< columns in a list; `shops show` has all of it

void add_jobs(Block& block, const boost::json::object& shop) {
  Table jobs({{"JOB"},
              {"STATE"},
              {"NEXT"},
              {"LAST SUCCESS"},
              {"COMPLETE UNTIL"},
              {"FAILURES", Align::kRight}});
  std::string failures;
  for (const auto& each : array_of(shop, "jobs")) {
    const auto& job = as_object(each);
    jobs.add({text_of(job, "kind"), text_of(job, "state"), time_of(job, "due_at"),
              time_of(job, "last_succeeded"), time_of(job, "complete_until"),
              text_of(job, "failures")});
    Block failure;
    failure.line("last failure", text_of(job, "last_message"));
    failure.line("  remedy", text_of(job, "last_remedy"));
    if (flag_of(job, "in_memory")) failure.line("job", "waits in memory, it is not in the store");
    failures += failure.text();
  }
  if (!jobs.empty()) block.raw("\n" + jobs.text(2) + failures);
}

/// What belongs to no shop: trouble of the service, files that do not say whose they are.
std::string format_troubles(const boost::json::object& answer) {
  std::string text;
  for (const auto& each : array_of(answer, "service")) {
    if (each.is_string()) text += "service: " + harmless(each.get_string()) + "\n";
  }
  for (const auto& each : array_of(answer, "problems")) {
    const auto& problem = as_object(each);
    const auto line = text_of(problem, "line");
    text += "error: " + harmless(text_of(problem, "file")) + (line.empty() ? "" : ":" + line) +
            ": " + harmless(text_of(problem, "message")) + "\n";
    const auto remedy = text_of(problem, "remedy");
    if (!remedy.empty()) text += "  remedy: " + harmless(remedy) + "\n";
  }
  return text;
}

/// JSON for people: an indented line per member.
void write_indented(const boost::json::value& value, std::size_t indent, std::string& out) {
  const std::string inner(indent + 2, ' ');
  if (const auto* object = value.if_object(); object != nullptr && !object->empty()) {
    for (const auto& member : *object) {
      out += inner + harmless(member.key()) + ":";
      const bool nested = (member.value().is_object() && !member.value().get_object().empty()) ||
                          (member.value().is_array() && !member.value().get_array().empty() &&
                           member.value().get_array().front().is_object());
      if (!nested) {
        out += " " + harmless_json(boost::json::serialize(member.value())) + "\n";
        continue;
      }
      out += "\n";
      write_indented(member.value(), indent + 2, out);
    }
    return;
  }
  if (const auto* array = value.if_array()) {
    for (const auto& each : *array) {
      out += inner + "- " + harmless_json(boost::json::serialize(each)) + "\n";
    }
  }
}

}  // namespace

std::string format_shops(const boost::json::object& answer) {
  Table table({{"SHOP"}, {"NAME"}, {"PLUGIN"}, {"STATE"}, {"REASON"}, {"SOURCE"}});
  for (const auto& each : array_of(answer, "shops")) {
    const auto& shop = as_object(each);
    table.add({text_of(shop, "id"), text_of(shop, "name"), text_of(shop, "plugin"),
               text_of(shop, "state"), fitted(harmless(text_of(shop, "state_reason")), kReason),
               text_of(shop, "source")});
  }
  const auto problems = format_troubles(answer);
  if (table.empty()) return "No shops. Put a file for each into the shops' folder.\n" + problems;
  return table.text() + problems;
}

std::string format_shop(const boost::json::object& shop) {
  Block block;
  block.line("name", text_of(shop, "name"));
  block.line("plugin", text_of(shop, "plugin"));
  block.line("enabled", flag_of(shop, "enabled") ? "yes" : "no");
  block.line("state", text_of(shop, "state"));
  block.line("reason", text_of(shop, "state_reason"));
  const auto& live = object_of(shop, "live");
  block.line("next", time_of(live, "next_due"));
  block.line("overdue since", time_of(live, "overdue_since"));
  block.line("source", text_of(shop, "source"));
  block.line("revision", text_of(shop, "revision") + ", " + time_of(shop, "updated_at"));
  for (const auto& each : array_of(shop, "problems")) {
    const auto& problem = as_object(each);
    block.line("problem", text_of(problem, "pointer") + " " + text_of(problem, "message"));
    block.line("  remedy", text_of(problem, "remedy"));
  }
  add_jobs(block, shop);
  std::string document;
  if (const auto* found = shop.if_contains("document"); found != nullptr && found->is_object()) {
    write_indented(*found, 0, document);
    document = "\n  Document\n" + document;
  }
  return "Shop " + harmless(text_of(shop, "id")) + "\n" + block.text() + document;
}

}  // namespace marketplug::cli
