#include "host/cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace marketplug::cli {
namespace {

constexpr std::size_t kBuffer = 64u << 10;
constexpr std::size_t kUsualColumns = 80;

class StandardTerminal : public Terminal {
 public:
  void out(std::string_view text) override {
    buffer_ += text;
    if (buffer_.size() >= kBuffer) flush();
  }

  void flush() override {
    std::string_view rest = buffer_;
    while (!rest.empty()) {
      const auto written = ::write(STDOUT_FILENO, rest.data(), rest.size());
      if (written >= 0) {
        rest.remove_prefix(static_cast<std::size_t>(written));
      } else if (errno != EINTR) {
        const int cause = errno;
        buffer_.clear();
        if (cause == EPIPE) throw OutputGone{};
        throw std::system_error(cause, std::generic_category(), "standard output");
      }
    }
    buffer_.clear();
  }

  void err(std::string_view text) noexcept override {
    while (!text.empty()) {
      const auto written = ::write(STDERR_FILENO, text.data(), text.size());
      if (written < 0 && errno != EINTR) return;
      if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  bool err_is_terminal() const noexcept override { return ::isatty(STDERR_FILENO) == 1; }

  std::size_t err_columns() const noexcept override {
    winsize size{};
    if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUsualColumns;
    return size.ws_col;
  }

 private:
  std::string buffer_;
};

}  // namespace

std::unique_ptr<Terminal> make_standard_terminal() { return std::make_unique<StandardTerminal>(); }

}  // namespace marketplug::cli
