#pragma once
// Values that say how a call went. Expected failures are values, never exceptions.
// Any thread; everything is owned by whoever holds it.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace marketplug {

/// A moment in UTC, with milliseconds.
using TimePoint = std::chrono::sys_time<std::chrono::milliseconds>;

/// Why a call gave nothing. The kind decides what the host does next.
struct Failure {
  enum class Kind : std::uint8_t {
    kInternal =
        0,       ///< a bug in the plugin or the host; the host fills this in for a stray exception
    kConfig,     ///< a person must change a setting; not retried until settings change
    kAuth,       ///< a person must grant access again; not retried until settings change
    kThrottled,  ///< asked to slow down; `retry_at` is set
    kTransient,  ///< network, 5xx, timeout; retried with back-off
    kRemote,     ///< the marketplace answered something it never should; retried, counted
    kCancelled,  ///< the deadline or a stop request was honoured; retried at once when due
  };
  Kind kind = Kind::kInternal;
  std::string message;  ///< for the shop owner: place and cause, one sentence, no secrets
  std::string remedy;   ///< for the shop owner: what to do about it; may be empty
  std::string code;     ///< stable machine name, such as "invalid_grant"; may be empty
  std::string detail;   ///< for the log: request ids, positions; never secrets or personal data
  std::optional<TimePoint> retry_at;

  bool operator==(const Failure&) const = default;
};

/// Either a value or the reason why there is none.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Failure failure) : state_(std::in_place_index<1>, std::move(failure)) {}

  explicit operator bool() const noexcept { return state_.index() == 0; }
  /// Only when true: throws std::bad_variant_access otherwise.
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  /// Only when false: throws std::bad_variant_access otherwise.
  Failure& failure() & { return std::get<1>(state_); }
  const Failure& failure() const& { return std::get<1>(state_); }
  Failure&& failure() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Failure> state_;
};

/// The value of a call that has nothing to give but its success.
struct Done {
  bool operator==(const Done&) const = default;
};
using Status = Result<Done>;

}  // namespace marketplug
