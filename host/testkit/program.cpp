#include "host/testkit/program.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <stdexcept>
#include <string_view>

#include "host/testkit/report.hpp"
#include "host/testkit/runner.hpp"

namespace marketplug::testkit {
namespace {

constexpr const char* kUsage =
    "usage: marketplug-testkit PLUGIN.so --cases DIR [options]\n"
    "Holds a connector plugin to what the host expects of it; needs no network.\n\n"
    "  --cases DIR      folder with cases.json: settings and recorded answers\n"
    "  --previous FILE  the plugin's release before this one, for B6\n"
    "  --only IDS       these checks alone: A1,D2\n"
    "  --seed N         of what is drawn at random; printed at the end, to repeat a run\n"
    "  --limit SECONDS  for each check (30)\n"
    "  --report FILE    a report as JSON\n"
    "  --junit FILE     a report as JUnit XML\n"
    "  --in-process     everything in this process, for a debugger\n"
    "  --list           the checks and their levels\n\n"
    "Exit code 0: every required check passed or was skipped with a reason. 1: one failed.\n"
    "2: the command or the cases make no sense.\n";

class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Command {
  Subject subject;
  RunOptions options;
  std::string report, junit, run_check;
  bool list = false, help = false;
};

std::uint64_t number_of(const std::string& option, const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw UsageError(fmt::format("{} wants a whole number, not '{}'", option, text));
  }
  return number;
}

std::chrono::seconds limit_of(const std::string& option, const std::string& text) {
  constexpr std::uint64_t kLongest = 86'400;
  const auto number = number_of(option, text);
  if (number == 0 || number > kLongest) {
    throw UsageError(fmt::format("{} wants 1 to {} seconds, not {}", option, kLongest, number));
  }
  return std::chrono::seconds{number};
}

std::vector<std::string> ids_of(std::string_view text) {
  if (text.empty()) throw UsageError("--only wants ids: A1,D2");
  std::vector<std::string> ids;
  while (!text.empty()) {
    const auto comma = text.find(',');
    ids.emplace_back(text.substr(0, comma));
    if (find_check(ids.back()) == nullptr) {
      throw UsageError(fmt::format("there is no check '{}': see --list", ids.back()));
    }
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return ids;
}

std::string absolute(const std::string& path) {
  return std::filesystem::absolute(path).lexically_normal().string();
}

Command command_of(const std::vector<std::string>& arguments) {
  Command command;
  bool seeded = false;
  command.options.limit = std::chrono::seconds{30};
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    const auto next = [&]() -> const std::string& {
      if (i + 1 >= arguments.size()) throw UsageError(word + " wants a value");
      return arguments[++i];
    };
    if (word == "--cases") {
      command.subject.cases = absolute(next());
    } else if (word == "--previous") {
      const auto& path = next();
      if (!path.empty()) command.subject.previous = absolute(path);
    } else if (word == "--only") {
      command.options.only = ids_of(next());
    } else if (word == "--seed") {
      command.subject.seed = number_of(word, next());
      seeded = true;
    } else if (word == "--limit") {
      command.options.limit = limit_of(word, next());
    } else if (word == "--report") {
      command.report = next();
    } else if (word == "--junit") {
      command.junit = next();
    } else if (word == "--run-check") {
      command.run_check = next();
    } else if (word == "--in-process") {
      command.options.in_process = true;
    } else if (word == "--list") {
      command.list = true;
    } else if (word == "--help" || word == "-h") {
      command.help = true;
    } else if (word.starts_with('-') || !command.subject.plugin.empty()) {
      throw UsageError(fmt::format("what is '{}'?", word));
    } else {
      command.subject.plugin = absolute(word);
    }
  }
  if (!seeded) command.subject.seed = std::random_device{}();
  return command;
}

void print(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); }

void write_file(const std::string& path, const std::string& text) {
  if (path.empty()) return;
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  if (!out) throw UsageError(fmt::format("{} cannot be written", path));
}

void check_skips(const Cases& cases) {
  for (const auto& [id, reason] : cases.skips) {
    if (find_check(id) == nullptr) {
      throw CasesError(
          fmt::format("{}: /skips/{}: there is no such check\n  remedy: see "
                      "marketplug-testkit --list",
                      cases.file, id));
    }
  }
}

int run(const Command& command) {
  if (command.help) {
    print(kUsage);
    return 0;
  }
  if (command.list) {
    for (const Check& check : all_checks()) {
      print(fmt::format("{:<4} {:<11} {}\n", check.id, to_string(check.level), check.title));
    }
    return 0;
  }
  if (command.subject.plugin.empty()) throw UsageError("which plugin? Name its file.");
  if (command.subject.cases.empty())
    throw UsageError("which cases? Name their folder: --cases DIR");
  if (!command.run_check.empty()) run_as_child(command.subject, command.run_check);
  if (!std::filesystem::is_regular_file(command.subject.plugin)) {
    throw UsageError(command.subject.plugin + " is no file");
  }
  const auto& previous = command.subject.previous;
  if (!previous.empty() && !std::filesystem::is_regular_file(previous)) {
    throw UsageError(previous + " is no file");
  }
  const Cases cases = read_cases(command.subject.cases);
  check_skips(cases);
  const auto all = run_all(command.subject, cases, command.options, [](const Ran& ran) {
    print(line_of(ran));
    std::fflush(stdout);
  });
  print(summary_of(all, command.subject));
  write_file(command.report, json_report(all, command.subject));
  write_file(command.junit, junit_report(all, command.subject));
  return conforms(all) ? 0 : 1;
}

}  // namespace

int run_program(const std::vector<std::string>& arguments) {
  try {
    return run(command_of(arguments));
  } catch (const UsageError& error) {
    fmt::print(stderr, "marketplug-testkit: {}\n\n{}", error.what(), kUsage);
  } catch (const std::exception& error) {
    fmt::print(stderr, "marketplug-testkit: {}\n", error.what());
  }
  return 2;
}

}  // namespace marketplug::testkit
