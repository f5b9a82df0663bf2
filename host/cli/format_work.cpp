// What check and sync found.
#include <fmt/format.h>

#include "host/cli/format.hpp"
#include "host/cli/format_block.hpp"
#include "host/cli/json_read.hpp"
#include "host/cli/text.hpp"

namespace marketplug::cli {
namespace {

using boost::json::object;

/// Where a finding belongs: file and line, pointer, marketplace, role, operation.
std::string place_of(const object& finding) {
  std::string place = text_of(finding, "file");
  const auto add = [&](const std::string& text, std::string_view before) {
    if (text.empty()) return;
    if (!place.empty()) place += before;
    place += text;
  };
  add(text_of(finding, "line"), ":");
  add(text_of(finding, "pointer"), ": ");
  add(text_of(finding, "marketplace"), ", ");
  add(text_of(finding, "role"), ", ");
  add(text_of(finding, "operation"), ", ");
  return place;
}

std::string format_findings(const boost::json::array& findings) {
  std::string text;
  for (const auto& each : findings) {
    const auto& finding = as_object(each);
    const auto place = place_of(finding);
    text += "  " + harmless(text_of(finding, "severity")) + ": " +
            (place.empty() ? "" : harmless(place) + ": ") + harmless(text_of(finding, "message")) +
            "\n";
    const auto remedy = text_of(finding, "remedy"), link = text_of(finding, "link");
    if (!remedy.empty()) text += "    remedy: " + harmless(remedy) + "\n";
    if (!link.empty()) text += "    see: " + harmless(link) + "\n";
  }
  return text;
}

}  // namespace

std::string format_check(const object& answer) {
  std::string text;
  const auto& host = array_of(answer, "host");
  if (!host.empty()) text += "Host\n" + format_findings(host);
  for (const auto& each : array_of(answer, "shops")) {
    const auto& shop = as_object(each);
    const auto& findings = array_of(shop, "findings");
    text += "Shop " + harmless(text_of(shop, "id")) +
            (flag_of(shop, "enabled") ? "" : " (disabled)") + "\n" +
            (findings.empty() ? "  nothing found\n" : format_findings(findings));
  }
  return text + fmt::format("{} error(s), {} warning(s)\n", number_of(answer, "errors"),
                            number_of(answer, "warnings"));
}

namespace {

std::string format_problems(const object& answer) {
  std::string text;
  for (const auto& each : array_of(answer, "problems")) {
    const auto& problem = as_object(each);
    const auto place = place_of(problem);
    text += "error: " + (place.empty() ? "" : harmless(place) + ": ") +
            harmless(text_of(problem, "message")) + "\n";
    const auto remedy = text_of(problem, "remedy");
    if (!remedy.empty()) text += "  remedy: " + harmless(remedy) + "\n";
  }
  return text;
}

/// "nothing due; next at …": a sync that did nothing says so.
std::string idleness_of(const object& shop) {
  if (!flag_of(shop, "nothing_due")) return "";
  const auto next = time_of(shop, "next_due"), id = text_of(shop, "shop");
  return "nothing due; next at " + next + " UTC; sync --shop " + id + " runs it now";
}

}  // namespace

std::string format_sync(const object& answer) {
  Table table({{"SHOP"},
               {"STATE"},
               {"NEW", Align::kRight},
               {"UPDATED", Align::kRight},
               {"UNCHANGED", Align::kRight},
               {"PARKED", Align::kRight},
               {"STEPS", Align::kRight},
               {"NEXT (UTC)"}});
  std::string failures;
  for (const auto& each : array_of(answer, "shops")) {
    const auto& shop = as_object(each);
    table.add({text_of(shop, "shop"), text_of(shop, "state"), text_of(shop, "orders_new"),
               text_of(shop, "orders_updated"), text_of(shop, "orders_unchanged"),
               text_of(shop, "parked"), text_of(shop, "steps"), time_of(shop, "next_due")});
    Block block;
    block.line(text_of(shop, "shop"), text_of(shop, "reason"));
    block.line(text_of(shop, "shop"), idleness_of(shop));
    for (const auto& each_job : array_of(shop, "jobs")) {
      const auto& job = as_object(each_job);
      block.line(text_of(shop, "shop"), text_of(job, "last_message"));
      block.line("  remedy", text_of(job, "last_remedy"));
    }
    failures += block.text();
  }
  const auto problems = format_problems(answer);
  if (table.empty()) return "No shop is set up.\n" + problems;
  return table.text() + failures + problems;
}

std::string progress_of_sync(const object& status) {
  std::string until;
  for (const auto& each : array_of(status, "jobs")) {
    until = std::max(until, time_of(as_object(each), "complete_until"));
  }
  return fmt::format("{}: {} new, {} updated, {} unchanged, {} parked, {} steps{}",
                     text_of(status, "shop"), number_of(status, "orders_new"),
                     number_of(status, "orders_updated"), number_of(status, "orders_unchanged"),
                     number_of(status, "parked"), number_of(status, "steps"),
                     until.empty() ? "" : ", complete until " + until);
}

std::string format_error(const std::string& message, const std::string& remedy) {
  return "error: " + harmless(message) + "\n" +
         (remedy.empty() ? "" : "  remedy: " + harmless(remedy) + "\n");
}

}  // namespace marketplug::cli
