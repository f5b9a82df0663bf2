#pragma once
// Progress on standard error: on a terminal one line that is written over, else a line every few
// seconds, so that a log shows it too. One thread.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "host/cli/terminal.hpp"
#include "marketplug/services/clock.hpp"

namespace marketplug::cli {

class Progress {
 public:
  Progress(Terminal& terminal, const Clock& clock) : terminal_(terminal), clock_(clock) {}
  /// What is going on now. Shown at once, or a little later when it comes fast.
  void show(std::string_view text);
  /// Shows what was held back; on a terminal the line stays and output goes on below.
  void finish();
  /// Takes the line away, so that other output has the terminal.
  void clear();

 private:
  void write();

  Terminal& terminal_;
  const Clock& clock_;
  std::string text_;
  bool waiting_ = false, on_line_ = false;
  std::optional<TimePoint> last_;
};

}  // namespace marketplug::cli
