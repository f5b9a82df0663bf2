#include "host/cli/execute.hpp"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>

#include "host/cli/format.hpp"
#include "host/cli/json_read.hpp"
#include "host/cli/progress.hpp"
#include "host/cli/text.hpp"

namespace marketplug::cli {
namespace {

using boost::json::object;

/// What an operation hands over while it runs.
enum class Emits : unsigned char {
  kNothing = 0,
  kSyncProgress,   ///< for the progress line
  kCheckProgress,  ///< for the progress line
  kRecords,        ///< the output itself, JSON Lines in both formats
  kTexts,          ///< the output itself, a line of text or of JSON each
};

struct Printer {
  std::string_view operation;
  std::string (*result)(const object&);  ///< nullptr: the result is not printed
  Emits emits = Emits::kNothing;
  std::string (*record)(const object&) = nullptr;  ///< kTexts
};

constexpr std::array kPrinters{
    Printer{"plugins.list", format_plugins},
    Printer{"plugins.show", format_plugin},
    Printer{"plugins.new", format_new_plugin},
    Printer{"plugins.verify", format_checks},
    Printer{"plugins.release", format_release},
    Printer{"shops.list", format_shops},
    Printer{"shops.show", format_shop},
    Printer{"shops.enable", format_shop},
    Printer{"shops.disable", format_shop},
    Printer{"orders.list", format_orders},
    Printer{"orders.show", format_order},
    Printer{"orders.export", nullptr, Emits::kRecords},
    Printer{"orders.resync", nullptr, Emits::kTexts, format_fetched},
    Printer{"events.tail", nullptr, Emits::kTexts, format_event},
    Printer{"parked.list", format_parked_list},
    Printer{"parked.show", format_parked},
    Printer{"parked.replay", nullptr, Emits::kTexts, format_replay},
    Printer{"alerts.list", format_alerts},
    Printer{"quota.show", format_quota},
    Printer{"audit.run", format_audit_result, Emits::kCheckProgress},
    Printer{"audit.list", format_audits},
    Printer{"audit.show", format_audit},
    Printer{"returns.list", format_returns},
    Printer{"returns.show", format_return},
    Printer{"check.run", format_check, Emits::kCheckProgress},
    Printer{"sync.run", format_sync, Emits::kSyncProgress},
};

const Printer* printer_of(std::string_view operation) {
  return std::find_if(kPrinters.begin(), kPrinters.end(),
                      [&](const auto& each) { return each.operation == operation; });
}

std::string json_line(const boost::json::value& value) {
  return harmless_json(boost::json::serialize(value)) + "\n";
}

bool found_problems(std::string_view operation, const object& result) {
  if (operation == "check.run") return number_of(result, "errors") != 0;
  if (operation == "plugins.verify") return number_of(result, "failed") != 0;
  if (operation == "sync.run") return !flag_of(result, "ok");
  if (operation == "parked.replay" || operation == "orders.resync" || operation == "audit.run") {
    return number_of(result, "failed") != 0;
  }
  return false;
}

class Execution {
 public:
  Execution(const Command& command, const Printer& printer, Terminal& terminal, const Clock& clock)
      : command_(command), printer_(printer), terminal_(terminal), progress_(terminal, clock) {}

  int run(api::Backend& backend) {
    const auto result = backend.call(command_.operation, command_.parameters,
                                     [this](const boost::json::value& each) { take(each); });
    progress_.finish();
    const bool json = command_.format == Format::kJson;
    if (printer_.result != nullptr) {
      terminal_.out(json ? json_line(result) : printer_.result(as_object(result)));
    }
    terminal_.flush();
    return found_problems(command_.operation, as_object(result)) ? kExitProblems : kExitOk;
  }

  /// What was received before it went wrong is still worth printing.
  void give_up() {
    progress_.finish();
    terminal_.flush();
  }

 private:
  void take(const boost::json::value& each) {
    // A sign of life: whoever follows wants to see what there is.
    if (each.is_null()) return terminal_.flush();
    const auto& record = as_object(each);
    switch (printer_.emits) {
      case Emits::kSyncProgress:
        return progress_.show(progress_of_sync(record));
      case Emits::kCheckProgress:
        return progress_.show(text_of(record, "shop") + ": " + text_of(record, "message"));
      case Emits::kRecords:
        return terminal_.out(json_line(each));
      case Emits::kTexts:
        terminal_.out(command_.format == Format::kJson ? json_line(each) : printer_.record(record));
        return terminal_.flush();
      case Emits::kNothing:
        return;
    }
  }

  const Command& command_;
  const Printer& printer_;
  Terminal& terminal_;
  Progress progress_;
};

}  // namespace

int execute(const Command& command, api::Backend& backend, Terminal& terminal, const Clock& clock) {
  const auto* printer = printer_of(command.operation);
  if (printer == kPrinters.end()) {
    return report({400, "unknown_command", command.operation + ": this is no command",
                   "`marketplug --help` lists the commands."},
                  terminal);
  }
  Execution execution(command, *printer, terminal, clock);
  try {
    try {
      return execution.run(backend);
    } catch (const api::OperationError& error) {
      execution.give_up();
      return report(error, terminal);
    }
  } catch (const OutputGone&) {
    return kExitOk;
  }
}

void print(const Command& command, const object& result, Terminal& terminal) {
  const auto* printer = printer_of(command.operation);
  const bool text = command.format == Format::kText && printer != kPrinters.end();
  terminal.out(text ? printer->result(result) : json_line(result));
  terminal.flush();
}

int report(const api::OperationError& error, Terminal& terminal) {
  terminal.err(format_error(error.what(), error.remedy()));
  return error.status() == 400 ? kExitUsage : kExitProblems;
}

}  // namespace marketplug::cli
