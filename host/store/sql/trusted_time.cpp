#include "host/store/sql/trusted_time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

#include "host/store/db/query.hpp"
#include "host/store/sql/meta.hpp"
#include "marketplug/model/time.hpp"

namespace marketplug::store::sql {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr hours kFarAhead{30 * 24};  ///< longer than a program is usually off
constexpr hours kFarBehind{24};
constexpr hours kProof{24};          ///< so long a strange clock must run on evenly
constexpr hours kLongestCounted{2};  ///< between two looks: the program may have been off

std::optional<std::int64_t> number(db::Connection& connection, std::string_view name) {
  const auto text = meta(connection, name);
  std::int64_t value = 0;
  if (!text) return std::nullopt;
  const auto end = text->data() + text->size();
  if (std::from_chars(text->data(), end, value).ptr != end) return std::nullopt;
  return value;
}

std::optional<TimePoint> time_of(std::optional<std::int64_t> value) {
  if (!value) return std::nullopt;
  return TimePoint{milliseconds{*value}};
}

}  // namespace

void TrustedTime::load(db::Connection& connection) {
  const std::lock_guard lock(mutex_);
  trusted_ = time_of(number(connection, kMetaTimeTrusted));
  doubted_ = time_of(number(connection, kMetaTimeDoubted));
  doubted_for_ = milliseconds{number(connection, kMetaTimeDoubtedFor).value_or(0)};
}

TimePoint TrustedTime::to_erase_by(TimePoint now) const {
  const std::lock_guard lock(mutex_);
  return trusted_ && now > *trusted_ + kFarAhead ? *trusted_ : now;
}

std::optional<std::string> TrustedTime::look(db::Database& database, TimePoint now) {
  std::optional<TimePoint> trusted, doubted;
  milliseconds doubted_for{0};
  {
    const std::lock_guard lock(mutex_);
    judge(now);
    trusted = trusted_;
    doubted = doubted_;
    doubted_for = doubted_for_;
  }
  db::write(database, [&](db::Connection& connection) {
    const auto put = [&](std::string_view name, std::int64_t value) {
      set_meta(connection, name, std::to_string(value));
    };
    put(kMetaTimeTrusted, trusted->time_since_epoch().count());
    if (doubted) {
      put(kMetaTimeDoubted, doubted->time_since_epoch().count());
      put(kMetaTimeDoubtedFor, doubted_for.count());
    } else {
      db::execute(connection, "DELETE FROM meta WHERE name = $1 OR name = $2", kMetaTimeDoubted,
                  kMetaTimeDoubtedFor);
    }
  });
  const std::lock_guard lock(mutex_);
  return describe(now);
}

void TrustedTime::judge(TimePoint now) {
  const bool believed =
      !trusted_ || (now <= *trusted_ + kFarAhead && now >= *trusted_ - kFarBehind);
  if (!believed) {
    const bool agrees = doubted_ && now >= *doubted_ && now <= *doubted_ + kFarAhead;
    doubted_for_ = agrees ? doubted_for_ + std::min<milliseconds>(now - *doubted_, kLongestCounted)
                          : milliseconds{0};
    doubted_ = now;
    if (doubted_for_ < kProof) return;
  }
  trusted_ = now;
  doubted_.reset();
  doubted_for_ = milliseconds{0};
}

std::optional<std::string> TrustedTime::describe(TimePoint now) const {
  if (!doubted_) return std::nullopt;
  const auto left = std::chrono::ceil<hours>(kProof - doubted_for_).count();
  if (now > *trusted_) {
    return fmt::format(
        "This machine's clock says {}, but the last time that this store has seen is {}. Until the "
        "new time has proven itself, buyers' data is not erased by it. Check the date and the time "
        "service of the machine. Where the date is right (marketplug was off for so long), nothing "
        "needs to be done: erasing goes on by itself after {} more hour(s) of running.",
        format_time(now), format_time(*trusted_), left);
  }
  return fmt::format(
      "This machine's clock says {}, which is before {}, the last time that this store has seen. "
      "Check the date and the time service of the machine. Nothing stops, but buyers' data is kept "
      "for longer.",
      format_time(now), format_time(*trusted_));
}

}  // namespace marketplug::store::sql
