#include <fcntl.h>
#include <poll.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>

#include "host/services/log_line.hpp"
#include "host/services/services.hpp"

namespace marketplug::services {
namespace {

/// How long a line waits for a reader that is slow; behind a lost line none waits.
constexpr int kPatienceMs = 200;

/// Whole lines to a file descriptor. A line that does not fit on the disk, or into a pipe that
/// nobody reads, is dropped and counted; the count is the first thing written once there is room.
class DescriptorSink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  /// The line that tells how many were lost.
  using Confession = std::function<std::string(std::uint64_t lines)>;
  DescriptorSink(int descriptor, bool owned, Confession confession)
      : descriptor_(descriptor), owned_(owned), confession_(std::move(confession)) {}
  ~DescriptorSink() override {
    if (owned_) ::close(descriptor_);
  }
  DescriptorSink(const DescriptorSink&) = delete;
  DescriptorSink& operator=(const DescriptorSink&) = delete;

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    if (!put({message.payload.data(), message.payload.size()})) {
      ++dropped_;
    } else if (dropped_ != 0 && put(confession_(dropped_))) {
      dropped_ = 0;
    }
  }
  void flush_() override {}

 private:
  bool put(std::string_view text) {
    // After a line of which only a part was written, the next one starts on a line of its own.
    std::string line = torn_ ? "\n" : "";
    line.append(text).push_back('\n');
    std::size_t done = 0;
    while (done < line.size() && has_room()) {
      // A pipe that has room takes PIPE_BUF bytes without blocking. The descriptor itself stays as
      // it is: the parent may share it.
      const auto piece = std::min<std::size_t>(line.size() - done, PIPE_BUF);
      const auto written = ::write(descriptor_, line.data() + done, piece);
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) break;
      done += static_cast<std::size_t>(written);
    }
    working_ = done == line.size();
    if (done != 0) torn_ = !working_;
    return working_;
  }

  bool has_room() const {
    pollfd state{descriptor_, POLLOUT, 0};
    return ::poll(&state, 1, working_ ? kPatienceMs : 0) != 0;
  }

  int descriptor_;
  bool owned_;
  Confession confession_;
  bool torn_ = false;
  bool working_ = true;
  std::uint64_t dropped_ = 0;
};

class SpdLog : public Log {
 public:
  SpdLog(const LogOptions& options, const Redactor& redactor, const Clock& clock)
      : level_(options.level),
        json_(options.json),
        redactor_(redactor),
        clock_(clock),
        logger_("marketplug", open(options.file)) {
    logger_.set_level(spdlog::level::trace);
    logger_.set_error_handler([](const std::string&) {});
  }

  void write(Level level, std::string_view event, std::string_view message,
             std::span<const LogField> fields) override {
    if (level < level_) return;
    try {
      const auto line = line_of({clock_.now(), level, event, message, fields});
      logger_.log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
    } catch (const std::exception&) {
      // Out of memory while logging: the line is lost, the work is not.
    }
  }

 private:
  std::shared_ptr<DescriptorSink> open(const std::string& file) const {
    const auto confession = [this](std::uint64_t lines) {
      const auto count = std::to_string(lines);
      const LogField field{"lines", count};
      return line_of({clock_.now(),
                      Level::kWarning,
                      "log.dropped",
                      "log lines were lost because the log could not be written",
                      {&field, 1}});
    };
    if (file.empty()) return std::make_shared<DescriptorSink>(STDERR_FILENO, false, confession);
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    if (descriptor < 0) {
      throw std::runtime_error("log: cannot open " + file + ": " + std::strerror(errno) +
                               "; make its folder writable for this program");
    }
    return std::make_shared<DescriptorSink>(descriptor, true, confession);
  }

  std::string line_of(const LogEntry& entry) const {
    return json_ ? json_line(entry, redactor_) : text_line(entry, redactor_);
  }

  Level level_;
  bool json_;
  const Redactor& redactor_;
  const Clock& clock_;
  spdlog::logger logger_;
};

}  // namespace

std::unique_ptr<Log> make_log(const LogOptions& options, const Redactor& redactor,
                              const Clock& clock) {
  return std::make_unique<SpdLog>(options, redactor, clock);
}

}  // namespace marketplug::services
