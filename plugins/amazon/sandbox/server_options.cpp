#include "plugins/amazon/sandbox/server_options.hpp"

#include <CLI/CLI.hpp>
#include <chrono>
#include <optional>

#include "plugins/amazon/sandbox/duration.hpp"

namespace amazon_sandbox {
namespace {

std::chrono::milliseconds duration(const std::string& option, const std::string& text) {
  const auto parsed = parse_duration(text);
  if (!parsed) throw CLI::ValidationError(option, "\"" + text + "\" is not a duration such as 3m");
  return *parsed;
}

std::optional<double> quota_scale(const std::string& text) {
  if (text == "off") return std::nullopt;
  std::size_t used = 0;
  double factor = 0;
  try {
    factor = std::stod(text, &used);
  } catch (const std::exception&) {
    used = 0;
  }
  if (used == 0 || used != text.size() || !(factor > 0)) {
    throw CLI::ValidationError("--quota-scale", "takes a number above 0, or off");
  }
  return factor;
}

Region region(const std::string& option, const std::string& text) {
  const auto parsed = region_by_name(text);
  if (!parsed) throw CLI::ValidationError(option, "takes NA, EU or FE");
  return *parsed;
}

void finish_consistency(const ServeTexts& texts, ServeOptions& options) {
  auto& settings = options.settings;
  if (!texts.visible.empty()) {
    const auto range = parse_duration_range(texts.visible);
    if (!range) {
      throw CLI::ValidationError("--visible-after",
                                 "takes a range such as 0s..10m, or one duration for its end");
    }
    const bool both = texts.visible.find("..") != std::string::npos;
    settings.visible_after_min = both ? range->first : std::chrono::milliseconds(0);
    settings.visible_after_max = range->second;
  }
  if (!texts.within.empty()) options.within = duration("--appear-within", texts.within);
  settings.stale_reads = !texts.no_stale_reads;
  const auto order = page_order_by_name(texts.page_order);
  if (!order) throw CLI::ValidationError("--page-order", "takes oldest, newest or shuffled");
  settings.page_order = *order;
  if (!texts.served.empty()) settings.served_region = region("--enforce-region", texts.served);
}

void finish(const ServeTexts& texts, ServeOptions& options) {
  options.data = texts.data;
  options.ready_file = texts.ready_file;
  options.region = region("--region", texts.region);
  for (const auto& name : texts.marketplaces) {
    const auto* marketplace = marketplace_by_name(name);
    if (marketplace == nullptr || marketplace->region != options.region) {
      throw CLI::ValidationError("--marketplaces",
                                 name + " is no marketplace of region " + texts.region);
    }
    options.marketplaces.push_back(marketplace);
  }
  options.span = duration("--span", texts.span);
  options.settings.quota_factor = quota_scale(texts.quota);
  finish_consistency(texts, options);
}

void add_consistency(CLI::App& command, ServeTexts& texts, ServeOptions& options) {
  auto& settings = options.settings;
  command.add_option("--visible-after", texts.visible,
                     "searches find orders and changes so much later: 0s..10m");
  command.add_option("--appear-within", texts.within,
                     "but all the first orders so soon after the start: 25s");
  command.add_flag("--beyond-overlap", settings.beyond_overlap, "later than 10m is meant");
  command.add_flag("--no-stale-reads", texts.no_stale_reads,
                   "a change that is not found yet hides the order instead of its old version");
  command.add_flag("--get-order-late", settings.get_order_late, "getOrder is as late as searches");
  command.add_option("--page-order", texts.page_order,
                     "of the orders of a page: oldest, newest or shuffled");
  command.add_option("--repeat", settings.repeat_per_mille,
                     "so many of a thousand places of a page hold an order again");
}

}  // namespace

ServeCommand::ServeCommand(CLI::App& app) {
  auto& command = *app.add_subcommand("serve", "run the simulator until SIGTERM");
  command.add_option("--data", texts_.data, "folder for certificates and ready.json")->required();
  command.add_option("--port", options_.port, "HTTPS port; 0: any free one");
  command.add_option("--admin-port", options_.admin_port, "control port; 0: any free one");
  command.add_option("--seed", options_.seed, "of all data that is drawn");
  command.add_option("--orders", options_.orders, "how many orders to start with");
  command.add_option("--marketplaces", texts_.marketplaces, "of those orders: NL,DE,FR")
      ->delimiter(',');
  command.add_option("--region", texts_.region, "NA, EU or FE");
  command.add_option("--span", texts_.span, "time over which those orders are spread: 14d");
  command.add_option("--until", options_.until, "when that time ends (ISO 8601); default: 3m ago");
  command.add_option("--quota-scale", texts_.quota, "multiplies Amazon's rates, or off");
  command.add_option("--enforce-region", texts_.served,
                     "the port is this region's host only: NA, EU or FE");
  add_consistency(command, texts_, options_);
  command.add_option("--ready-file", texts_.ready_file, "write what is printed here too");
  command.add_flag("--pending-details", options_.settings.pending_details,
                   "pending orders show prices and addresses");
  command.add_flag("--gzip", options_.gzip, "compress answers for clients that accept it");
  command.callback([this] {
    finish(texts_, options_);
    throw CLI::RuntimeError(serve(options_));
  });
}

}  // namespace amazon_sandbox
