#pragma once
// The commands `add-return`, `change-return` and `returns`. One thread; outlives the parsing of its
// CLI::App.

#include <CLI/App.hpp>
#include <cstdint>
#include <string>

#include "plugins/amazon/sandbox/server_commands.hpp"

namespace amazon_sandbox {

/// The options as typed.
struct ReturnTexts {
  Where where;
  std::string order, item, sku, ago, rma, merchant_rma, reason, comment, status, resolution;
  std::string carrier, tracking, disposition, refunded, delivered_ago, seller;
  std::uint64_t quantity = 1;
};

class ReturnCommands {
 public:
  explicit ReturnCommands(CLI::App& app);
  ReturnCommands(const ReturnCommands&) = delete;
  ReturnCommands& operator=(const ReturnCommands&) = delete;

 private:
  void add_add_return(CLI::App& app);
  void add_change_return(CLI::App& app);
  void add_returns(CLI::App& app);

  ReturnTexts added_, changed_, listed_;
};

}  // namespace amazon_sandbox
