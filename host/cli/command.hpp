#pragma once
// What a person asked for on the command line, as plain values. Any thread.

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>

namespace marketplug::cli {

enum class Format : std::uint8_t { kText = 0, kJson };

/// Exit codes of the program; documented in docs/operators/command-line.md.
inline constexpr int kExitOk = 0;
inline constexpr int kExitProblems = 1;
inline constexpr int kExitUsage = 2;

struct Command {
  std::string operation;  ///< of the service layer ("orders.list"), or "run" for the service
  boost::json::object parameters;
  std::string config;  ///< --config; empty: looked for
  Format format = Format::kText;
};

struct Parsed {
  std::optional<Command> command;  ///< absent: help, version, or a usage error
  int exit_code = kExitOk;         ///< where there is no command
  std::string out, err;            ///< to be printed where there is no command
};

/// `version` is what --version prints. Never throws for what a person can type.
Parsed parse(int argc, const char* const* argv, const std::string& version);

}  // namespace marketplug::cli
