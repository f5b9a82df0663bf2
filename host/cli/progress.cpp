#include "host/cli/progress.hpp"

#include "host/cli/text.hpp"

namespace marketplug::cli {
namespace {

constexpr std::chrono::milliseconds kOnTerminal{100};
constexpr std::chrono::milliseconds kInLog{2000};

}  // namespace

void Progress::show(std::string_view text) {
  text_ = harmless(text);
  waiting_ = true;
  const auto pause = terminal_.err_is_terminal() ? kOnTerminal : kInLog;
  const auto now = clock_.now();
  if (last_ && now >= *last_ && now - *last_ < pause) return;
  last_ = now;
  write();
}

void Progress::write() {
  waiting_ = false;
  if (!terminal_.err_is_terminal()) return terminal_.err(text_ + "\n");
  on_line_ = true;
  terminal_.err("\r\x1b[K" + fitted(text_, terminal_.err_columns() - 1));
}

void Progress::finish() {
  if (waiting_) write();
  if (on_line_) terminal_.err("\n");
  on_line_ = false;
}

void Progress::clear() {
  if (on_line_) terminal_.err("\r\x1b[K");
  on_line_ = false;
}

}  // namespace marketplug::cli
