#pragma once
// Carries out one command against a Backend and prints what came of it. One thread.

#include <boost/json/object.hpp>

#include "host/api/backend.hpp"
#include "host/cli/command.hpp"
#include "host/cli/terminal.hpp"
#include "marketplug/services/clock.hpp"

namespace marketplug::cli {

/// The exit code. Output that nobody reads any more ends it quietly with 0. Other exceptions than
/// OperationError pass.
int execute(const Command& command, api::Backend& backend, Terminal& terminal, const Clock& clock);

/// Prints the answer of a command that needs no Backend.
void print(const Command& command, const boost::json::object& result, Terminal& terminal);

/// Says on standard error what went wrong; the exit code that belongs to it.
int report(const api::OperationError& error, Terminal& terminal);

}  // namespace marketplug::cli
