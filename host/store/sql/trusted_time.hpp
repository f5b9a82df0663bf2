#pragma once
// Which time may decide that data is too old to keep. A machine whose clock jumped ahead must not
// lose what it still has to keep: until the new time has proven itself, the last one that was
// trusted counts. Any thread; owned by SqlStore.

#include <mutex>
#include <optional>
#include <string>

#include "host/store/db/database.hpp"
#include "marketplug/result.hpp"

namespace marketplug::store::sql {

class TrustedTime {
 public:
  /// What the last run knew; nothing in a new store, where the first look is believed.
  void load(db::Connection& connection);
  /// Data whose time to go is not after this may be erased: `now`, or the last trusted time where
  /// `now` is too far ahead of it.
  TimePoint to_erase_by(TimePoint now) const;
  /// Takes note of the time, at each opening and about each hour, and keeps it in the store. The
  /// result tells a person what is strange about it and what to do; nullopt: nothing.
  std::optional<std::string> look(db::Database& database, TimePoint now);

 private:
  void judge(TimePoint now);
  std::optional<std::string> describe(TimePoint now) const;

  mutable std::mutex mutex_;
  std::optional<TimePoint> trusted_;
  std::optional<TimePoint> doubted_;          ///< the last look that was not believed
  std::chrono::milliseconds doubted_for_{0};  ///< how long such looks have agreed
};

}  // namespace marketplug::store::sql
