#pragma once
// Erases what may not be kept any longer, so that others get a turn in between and the bytes leave
// the disk too. Any thread.

#include <atomic>
#include <cstdint>
#include <functional>

#include "host/store/db/connection.hpp"
#include "host/store/sql/context.hpp"

namespace marketplug::store::sql {

class Eraser {
 public:
  explicit Eraser(const Context& context) : context_(context) {}
  /// Erases at most `most` rows whose time had come by `limit`; returns how many.
  using Batch =
      std::function<std::int64_t(db::Connection& connection, TimePoint limit, std::int64_t most)>;
  /// Batch after batch, each in a transaction of its own; returns how many rows in all.
  std::size_t erase(TimePoint now, const Batch& batch);

 private:
  Context context_;
  std::atomic<bool> in_log_ = false;  ///< erased bytes may still stand in the log
};

}  // namespace marketplug::store::sql
