#pragma once
// When a trouble that stays is told again: at once where its cause is another one, else hourly. One
// thread.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace marketplug::app {

class Reminder {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  bool tell(std::string_view cause, Moment now) {
    auto kind = without_numbers(cause);
    if (told_at_ && kind == kind_ && now < *told_at_ + kAgain) return false;
    kind_ = std::move(kind);
    told_at_ = now;
    return true;
  }
  void over() { told_at_.reset(); }

 private:
  static constexpr std::chrono::hours kAgain{1};

  /// "… (4096 bytes free)" stays the same cause while the number changes.
  static std::string without_numbers(std::string_view cause) {
    std::string text(cause);
    std::erase_if(text, [](char c) { return c >= '0' && c <= '9'; });
    return text;
  }

  std::string kind_;
  std::optional<Moment> told_at_;
};

}  // namespace marketplug::app
