#pragma once
// Where a command writes to. One thread. A reader that went away (`| head`) is no error: OutputGone
// ends the command quietly.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace marketplug::cli {

/// Nobody reads standard output any more.
struct OutputGone {};

class Terminal {
 public:
  virtual ~Terminal() = default;
  /// Throws OutputGone, and std::system_error where the output cannot be written (disk full).
  virtual void out(std::string_view text) = 0;
  /// As out(); what was written before is with the reader after it.
  virtual void flush() = 0;
  /// Never throws: where standard error is gone there is nobody to tell.
  virtual void err(std::string_view text) noexcept = 0;
  /// Whether standard error is a terminal, where a line can be written over.
  virtual bool err_is_terminal() const noexcept = 0;
  /// Columns of that terminal.
  virtual std::size_t err_columns() const noexcept = 0;
};

/// Standard output, buffered, and standard error. SIGPIPE must be ignored.
std::unique_ptr<Terminal> make_standard_terminal();

}  // namespace marketplug::cli
