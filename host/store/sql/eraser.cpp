#include "host/store/sql/eraser.hpp"

#include "host/store/db/query.hpp"

namespace marketplug::store::sql {

std::size_t Eraser::erase(TimePoint now, const Batch& batch) {
  constexpr std::int64_t kMost = 500;
  std::size_t erased = 0;
  const TimePoint limit = context_.time.to_erase_by(now);
  for (;;) {
    const std::int64_t rows = db::write(context_.database, [&](db::Connection& connection) {
      return batch(connection, limit, kMost);
    });
    erased += static_cast<std::size_t>(rows);
    if (rows > 0) in_log_ = true;
    if (rows < kMost) break;
  }
  // Readers in the way keep the mark: the next time tries again although it erases nothing itself.
  if (in_log_.exchange(false) && !context_.database.forget_erased()) in_log_ = true;
  return erased;
}

}  // namespace marketplug::store::sql
