#include "host/cli/format.hpp"
#include "host/cli/format_block.hpp"
#include "host/cli/json_read.hpp"
#include "host/cli/text.hpp"

namespace marketplug::cli {
namespace {

void add_reasons(Block& block, const boost::json::object& plugin, std::string_view name,
                 std::string_view label) {
  for (const auto& each : array_of(plugin, name)) {
    const auto& reason = as_object(each);
    block.line(label, text_of(reason, "message"));
    block.line("  remedy", text_of(reason, "remedy"));
  }
}

}  // namespace

std::string format_plugins(const boost::json::object& answer) {
  Table table({{"PLUGIN"}, {"NAME"}, {"VERSION"}, {"STATE"}, {"CAPABILITIES"}});
  std::string reasons;
  for (const auto& each : array_of(answer, "plugins")) {
    const auto& plugin = as_object(each);
    const auto id = text_of(plugin, "id");
    table.add({id.empty() ? text_of(plugin, "path") : id, text_of(plugin, "name"),
               text_of(plugin, "version"), text_of(plugin, "state"),
               list_of(plugin, "capabilities")});
    Block block;
    add_reasons(block, plugin, "reasons", text_of(plugin, "state"));
    add_reasons(block, plugin, "warnings", "warning");
    if (!block.text().empty())
      reasons += "\n" + harmless(text_of(plugin, "path")) + "\n" + block.text();
  }
  if (table.empty()) return "No plugins in " + harmless(text_of(answer, "folder")) + ".\n";
  return table.text() + reasons;
}

std::string format_plugin(const boost::json::object& plugin) {
  Block block;
  block.line("id", text_of(plugin, "id"));
  block.line("name", text_of(plugin, "name"));
  block.line("version", text_of(plugin, "version"));
  block.line("state", text_of(plugin, "state"));
  block.line("capabilities", list_of(plugin, "capabilities"));
  block.line("file", text_of(plugin, "path"));
  block.line("sha256", text_of(plugin, "sha256"));
  const auto& abi = object_of(plugin, "abi");
  block.line("ABI", text_of(abi, "major") + "." + text_of(abi, "minor") + ", layout " +
                        text_of(abi, "layout_hash"));
  block.line("built with", text_of(abi, "compiler"));
  block.line("needs", list_of(plugin, "needed"));
  add_reasons(block, plugin, "reasons", text_of(plugin, "state"));
  add_reasons(block, plugin, "warnings", "warning");
  return "Plugin " + harmless(text_of(plugin, "id")) + "\n" + block.text();
}

std::string format_new_plugin(const boost::json::object& answer) {
  std::string text = "The plugin project " + harmless(text_of(answer, "plugin")) + " is in " +
                     harmless(text_of(answer, "folder")) + ", with " +
                     std::to_string(array_of(answer, "files").size()) + " files. Next:\n\n";
  for (const auto& command : array_of(answer, "next")) {
    text += "  " + harmless(std::string(command.as_string())) + "\n";
  }
  return text + "\nIts README.md says where to begin.\n";
}

std::string format_checks(const boost::json::object& answer) {
  std::string text;
  for (const auto& each : array_of(answer, "plugins")) {
    const auto& plugin = as_object(each);
    const auto id = text_of(plugin, "id");
    Block block;
    block.line("state", text_of(plugin, "state"));
    for (const auto& one : array_of(plugin, "checks")) {
      const auto& check = as_object(one);
      block.line(text_of(check, "check") + " " + text_of(check, "result"), text_of(check, "name"));
    }
    add_reasons(block, plugin, "reasons", "reason");
    add_reasons(block, plugin, "warnings", "warning");
    if (!text.empty()) text += "\n";
    text += "Plugin " + harmless(id.empty() ? text_of(plugin, "path") : id) + "\n" + block.text();
  }
  if (text.empty()) return "No plugins in " + harmless(text_of(answer, "folder")) + ".\n";
  return text;
}

std::string format_release(const boost::json::object& answer) {
  const auto shops = list_of(answer, "shops");
  return "Plugin " + harmless(text_of(answer, "plugin")) + " is released. " +
         (shops.empty() ? "No enabled shop uses it.\n"
                        : "Its shops look again: " + harmless(shops) + ".\n");
}

}  // namespace marketplug::cli
