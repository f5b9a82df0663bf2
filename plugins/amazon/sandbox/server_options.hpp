#pragma once
// The command `serve` with its options. One thread; outlives the parsing of its CLI::App.

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "plugins/amazon/sandbox/server_run.hpp"

namespace amazon_sandbox {

/// The options as typed.
struct ServeTexts {
  std::string data, ready_file, region = "EU", served, quota = "1", span = "14d", visible, within;
  std::string page_order = "oldest";
  std::vector<std::string> marketplaces;
  bool no_stale_reads = false;
};

class ServeCommand {
 public:
  explicit ServeCommand(CLI::App& app);
  ServeCommand(const ServeCommand&) = delete;
  ServeCommand& operator=(const ServeCommand&) = delete;

 private:
  ServeTexts texts_;
  ServeOptions options_;
};

}  // namespace amazon_sandbox
