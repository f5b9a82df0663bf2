#pragma once
// Keeps what was written. One thread.

#include <string>
#include <string_view>

#include "host/cli/terminal.hpp"

namespace marketplug::cli::testing {

class FakeTerminal : public Terminal {
 public:
  void out(std::string_view text) override {
    if (reader_gone) throw OutputGone{};
    output += text;
  }
  void flush() override {
    if (reader_gone) throw OutputGone{};
    flushed = output;
  }
  void err(std::string_view text) noexcept override { errors += text; }
  bool err_is_terminal() const noexcept override { return terminal; }
  std::size_t err_columns() const noexcept override { return columns; }

  std::string output, flushed, errors;
  bool reader_gone = false, terminal = false;
  std::size_t columns = 40;
};

}  // namespace marketplug::cli::testing
