// The only file that knows CLI11: it takes seconds to compile.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <chrono>
#include <cstdint>
#include <sstream>
#include <utility>
#include <vector>

#include "host/cli/command.hpp"
#include "host/json/nearest.hpp"
#include "marketplug/model/time.hpp"

namespace marketplug::cli {
namespace {

constexpr const char* kFooter =
    "Configuration: --config FILE, else ./marketplug.yaml, else /etc/marketplug/marketplug.yaml.\n"
    "Exit codes: 0 well, 1 problems were found, 2 the command was not understood.\n"
    "While a service runs, commands talk to it; otherwise they open the store themselves.";

/// "2026-11-23T10:00:00Z", or a date: its first moment, or with `whole_day` the one after its last.
std::optional<std::string> moment(const std::string& text, bool whole_day) {
  if (const auto time = parse_time(text)) return format_time(*time);
  const auto day = parse_time(text + "T00:00:00Z");
  if (!day) return std::nullopt;
  return format_time(whole_day ? *day + std::chrono::hours(24) : *day);
}

class Grammar {
 public:
  explicit Grammar(const std::string& version)
      : app_("Keeps shops in step with marketplaces.", "marketplug") {
    app_.set_version_flag("--version", "marketplug " + version);
    app_.set_help_all_flag("--help-all", "Print this and the help of every command");
    app_.footer(kFooter);
    app_.require_subcommand(1);
    app_.fallthrough();
    app_.add_option("--config", command_.config, "The host's configuration file")
        ->type_name("FILE");
    app_.add_option_function<std::string>(
            "--format",
            [this](const std::string& name) {
              command_.format = name == "json" ? Format::kJson : Format::kText;
            },
            "Output for people (text, the default) or machines (json)")
        ->check(CLI::IsMember({"text", "json"}))
        ->type_name("text|json");
    add_running();
    add_plugins();
    add_shops();
    add_orders();
    add_events();
    add_parked();
    add_alerts();
    add_quota();
    add_audit();
    add_returns();
  }

  Parsed parse(int argc, const char* const* argv) {
    Parsed parsed;
    try {
      app_.parse(argc, argv);
      for (const auto* sub : reads_personal_) {
        if (sub->parsed()) command_.parameters.emplace("personal", true);
      }
      parsed.command = std::move(command_);
    } catch (const CLI::Success& asked) {
      std::ostringstream out, err;
      app_.exit(asked, out, err);
      parsed.out = out.str();
    } catch (const CLI::ParseError& error) {
      parsed.exit_code = kExitUsage;
      const auto missing = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
      auto text = missing ? no_command() : std::string();
      if (text.empty()) {
        text = std::string(error.what()) +
               "\n  remedy: `marketplug --help` lists the commands, `marketplug COMMAND --help` "
               "its options.";
      }
      parsed.err = "error: " + text + "\n";
    }
    return parsed;
  }

 private:
  using Sub = CLI::App;

  /// What stands where a command should, with the remedy; empty: it was something else that is
  /// missing.
  std::string no_command() const {
    const CLI::App* reached = &app_;
    std::string group;
    while (!reached->get_subcommands().empty()) {
      reached = reached->get_subcommands().front();
      group += reached->get_name() + " ";
    }
    std::vector<std::string> known;
    for (const auto* sub : reached->get_subcommands([](const CLI::App*) { return true; })) {
      known.push_back(sub->get_name());
    }
    if (known.empty()) return "";
    const auto rest = app_.remaining(true);
    std::string text = "no command was given";
    if (!rest.empty() && rest.front().starts_with('-')) {
      text = "there is no option " + rest.front();
    } else if (!rest.empty()) {
      const auto meant = json::nearest(rest.front(), known);
      text = "there is no command " + group + rest.front() +
             (meant.empty() ? "" : "; did you mean " + group + meant + "?");
    }
    return text + "\n  remedy: `marketplug " + group + "--help` lists the commands.";
  }

  Sub* add(Sub& parent, const std::string& name, const std::string& help,
           const std::string& operation) {
    auto* sub = parent.add_subcommand(name, help);
    sub->fallthrough();
    sub->callback([this, operation] { command_.operation = operation; });
    return sub;
  }

  Sub& group(const std::string& name, const std::string& help) {
    auto* sub = app_.add_subcommand(name, help);
    sub->fallthrough();
    sub->require_subcommand(1);
    return *sub;
  }

  CLI::Option* text(Sub* sub, const std::string& option, const std::string& parameter,
                    const std::string& help, const std::string& type) {
    return sub
        ->add_option_function<std::string>(
            option,
            [this, parameter](const std::string& value) { command_.parameters[parameter] = value; },
            help)
        ->type_name(type);
  }

  CLI::Option* number(Sub* sub, const std::string& option, const std::string& parameter,
                      const std::string& help, std::int64_t min, std::int64_t max) {
    return sub
        ->add_option_function<std::int64_t>(
            option,
            [this, parameter](const std::int64_t& value) {
              command_.parameters[parameter] = value;
            },
            help)
        ->check(CLI::Range(min, max))
        ->type_name("N");
  }

  void flag(Sub* sub, const std::string& option, const std::string& parameter, bool value,
            const std::string& help) {
    sub->add_flag_callback(
        option, [this, parameter, value] { command_.parameters[parameter] = value; }, help);
  }

  void time(Sub* sub, const std::string& option, const std::string& parameter, bool whole_day,
            const std::string& help) {
    text(sub, option, parameter, help, "TIME")
        ->check(
            [whole_day](const std::string& value) {
              return moment(value, whole_day) ? std::string()
                                              : "'" + value +
                                                    "' is neither a date (2026-11-23) nor a moment "
                                                    "(2026-11-23T10:00:00Z)";
            },
            "")
        ->transform([whole_day](const std::string& value) {
          return moment(value, whole_day).value_or(value);
        });
  }

  void shop_filter(Sub* sub, const std::string& help) { text(sub, "--shop", "shop", help, "ID"); }

  void add_running() {
    add(app_, "run",
        "The service: keeps every enabled shop in sync until it is told to stop (Ctrl-C, SIGTERM)",
        "run");
    auto* sync = add(app_, "sync", "Run what is due now, then end", "sync.run");
    shop_filter(sync, "Only this shop");
    flag(sync, "--until-idle", "until_idle", true,
         "Go on until nothing is due within a minute (no shop is polled again within 90 seconds)");
    auto* check = add(app_, "check",
                      "Test configuration, plugins and the marketplaces' access; imports nothing",
                      "check.run");
    shop_filter(check, "Only this shop");
  }

  void add_plugins() {
    auto& plugins = group("plugins", "The connector plugins in the plugins' folder");
    add(plugins, "list", "All plugins with their state", "plugins.list");
    auto* show = add(plugins, "show", "One plugin: facts, capabilities, and what is wrong with it",
                     "plugins.show");
    text(show, "plugin", "plugin", "The plugin's id, or the path of its file", "ID")->required();
    auto* made =
        add(app_, "new-plugin", "A project for a new plugin, from the template", "plugins.new");
    text(made, "name", "name", "The plugin's id: my-market", "NAME")->required();
    text(made, "--folder", "folder", "Where to write it; must not exist (./NAME)", "DIR");
    auto* verify = add(plugins, "verify",
                       "Every check of a plugin's file, with a trial in a process of its own",
                       "plugins.verify");
    text(verify, "plugin", "plugin", "The plugin's id, or any file (all in the folder)", "ID|FILE");
    auto* release =
        add(plugins, "release", "End the quarantine of a plugin that crashed again and again",
            "plugins.release");
    text(release, "plugin", "plugin", "The plugin's id", "ID")->required();
  }

  void add_shops() {
    auto& shops = group("shops", "The shops and how they do");
    add(shops, "list", "All shops with their state", "shops.list");
    const auto one = [&](const std::string& name, const std::string& help) {
      text(add(shops, name, help, "shops." + name), "shop", "shop", "The shop's id", "ID")
          ->required();
    };
    one("show", "One shop: state, jobs, and its document without secrets");
    one("enable", "Let a shop run that was made here (declared shops: change their file)");
    one("disable", "Stop a shop that was made here (declared shops: change their file)");
  }

  void order_filter(Sub* sub) {
    shop_filter(sub, "Only orders of this shop");
    text(sub, "--marketplace", "marketplace", "Only orders of this marketplace (NL)", "CODE");
    text(sub, "--status", "status", "Only orders with this status of your own", "STATUS");
    text(sub, "--state", "state", "Only orders in this canonical state", "STATE")
        ->check(CLI::IsMember(
            {"pending", "open", "partially_shipped", "shipped", "cancelled", "needs_correction"}));
    time(sub, "--from", "placed_from", false, "Placed at this moment or later, or on this day");
    time(sub, "--until", "placed_until", true, "Placed before this moment, or until this day");
    text(sub, "--after", "after", "Go on behind the last page", "PLACE");
  }

  void add_orders() {
    auto& orders = group("orders", "The orders in the store");
    auto* list = add(orders, "list", "Orders, newest first", "orders.list");
    order_filter(list);
    number(list, "--limit", "limit", "At most that many (50)", 1, 1000);
    flag(list, "--oldest-first", "oldest_first", true, "Oldest first");
    auto* show =
        add(orders, "show", "One order with lines, money, addresses and parcels", "orders.show");
    text(show, "order", "order", "The marketplace's order id", "ID")->required();
    shop_filter(show, "The order's shop, where several have that id");
    personal(show);
    auto* exported =
        add(orders, "export", "Orders as JSON Lines, one canonical order a line, oldest first",
            "orders.export");
    order_filter(exported);
    number(exported, "--limit", "limit", "At most that many (all)", 1, INT64_MAX);
    personal(exported);
    auto* resync = add(orders, "resync", "Fetch orders from the marketplace now", "orders.resync");
    shop_filter(resync, "The orders' shop, where there are several and none has them yet");
    time(
        resync, "--from", "from", false,
        "Instead of ids: every order here that was placed at this moment or later, or on this day");
    time(resync, "--to", "until", true, "And before this moment, or until this day");
    resync
        ->add_option_function<std::vector<std::string>>(
            "orders",
            [this](const std::vector<std::string>& ids) {
              std::string joined;
              for (const auto& id : ids) joined += (joined.empty() ? "" : ",") + id;
              command_.parameters["orders"] = joined;
            },
            "The marketplace's order ids")
        ->type_name("ID");
  }

  /// Who may read the store's files may read its buyers; each read goes into the audit trail.
  void personal(Sub* sub) {
    reads_personal_.push_back(sub);
    flag(sub, "--no-personal", "personal", false,
         "Leave buyers' data out (with them, the read goes into the audit trail)");
  }

  void add_events() {
    auto& events = group("events", "What happened, in order");
    auto* tail = add(events, "tail", "The last events", "events.tail");
    shop_filter(tail, "Only events of this shop");
    number(tail, "--after", "after", "Events behind this number of the shop", 0, INT64_MAX);
    number(tail, "--limit", "limit", "At most that many (20)", 1, 10'000);
    flag(tail, "-f,--follow", "follow", true, "Wait for new ones; needs a running service");
  }

  void add_alerts() {
    auto& alerts = group("alerts", "What a person should know of");
    auto* list = add(alerts, "list", "Alerts that are open, the newest first", "alerts.list");
    shop_filter(list, "Only those of this shop");
    flag(list, "--all", "all", true, "Also those that are over by themselves");
    number(list, "--limit", "limit", "At most that many (100)", 1, 10'000);
  }

  void add_quota() {
    auto& quota = group("quota", "What the marketplaces allow, and what of it is left");
    add(quota, "show", "Each account and operation", "quota.show");
  }

  /// By itself it runs one; its commands look at those that were.
  void add_audit() {
    auto* audit = app_.add_subcommand(
        "audit",
        "Compare the orders with the marketplace's own reports, and fetch what is missing");
    audit->fallthrough();
    shop_filter(audit, "Only this shop");
    time(audit, "--from", "from", false,
         "Changed or placed at this moment or later (the shop's "
         "audit.orders_days back)");
    time(audit, "--to", "until", true, "Before this moment, or until this day (now)");
    auto* list = add(*audit, "list", "The latest audits", "audit.list");
    number(list, "--limit", "limit", "At most that many (20)", 1, 1000);
    auto* show = add(*audit, "show", "One audit, with what was missing or old", "audit.show");
    number(show, "audit", "audit", "The audit's number", 1, INT64_MAX)->required();
    audit->callback([this, audit] {
      if (audit->get_subcommands().empty()) command_.operation = "audit.run";
    });
  }

  void add_returns() {
    auto& returns = group("returns", "Goods that buyers send back");
    auto* list = add(returns, "list", "Returns, newest first", "returns.list");
    shop_filter(list, "Only those of this shop");
    text(list, "--order", "order", "Only those of this order of the marketplace", "ID");
    text(list, "--state", "state", "Only those in this state", "STATE")
        ->check(CLI::IsMember(
            {"requested", "authorized", "received", "closed", "rejected", "unknown"}));
    flag(list, "--unlinked", "unlinked", true,
         "Only those with an article that could not be linked to a line of its order");
    number(list, "--limit", "limit", "At most that many (50)", 1, 1000);
    auto* show = add(returns, "show", "One return with its articles", "returns.show");
    text(show, "return", "return", "The return's id", "ID")->required();
    shop_filter(show, "The return's shop, where several have that id");
    personal(show);
  }

  void add_parked() {
    auto& parked = group("parked", "Records that could not be processed, with the reason");
    auto* list = add(parked, "list", "Parked records that are open", "parked.list");
    shop_filter(list, "Only those of this shop");
    flag(list, "--all", "all", true, "Also those that were replayed or discarded");
    number(list, "--limit", "limit", "At most that many (100)", 1, 10'000);
    auto* show =
        add(parked, "show", "One parked record and the marketplace's own document", "parked.show");
    number(show, "parked", "parked", "The record's number", 1, INT64_MAX)->required();
    personal(show);
    auto* replay = add(parked, "replay", "Fetch it from the marketplace again", "parked.replay");
    auto* one = number(replay, "parked", "parked", "The record's number", 1, INT64_MAX);
    auto* shop = text(replay, "--shop", "shop", "Every open record of this shop", "ID");
    auto* all = replay->add_flag_callback(
        "--all", [this] { command_.parameters["all"] = true; }, "Every open record");
    one->excludes(shop)->excludes(all);
    shop->excludes(all);
    replay->require_option(1);
  }

  CLI::App app_;
  Command command_;
  std::vector<const Sub*> reads_personal_;
};

}  // namespace

Parsed parse(int argc, const char* const* argv, const std::string& version) {
  return Grammar(version).parse(argc, argv);
}

}  // namespace marketplug::cli
