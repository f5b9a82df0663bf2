#include "host/store/sql/event_repository.hpp"

#include "host/store/db/query.hpp"

namespace marketplug::store::sql {

std::vector<Event> EventRepository::after(std::string_view shop, std::int64_t after,
                                          std::size_t limit) {
  const db::Lease lease = context_.database.reader();
  db::Query query(lease.connection(),
                  "SELECT shop, seq, type, object, at, data FROM event "
                  "WHERE shop = $1 AND seq > $2 ORDER BY seq LIMIT $3",
                  shop, after, db::row_limit(limit));
  std::vector<Event> events;
  while (query.next()) {
    events.push_back({query.text(0), query.integer(1), query.text(2), query.text(3), query.time(4),
                      query.text(5)});
  }
  return events;
}

std::int64_t EventRepository::last(std::string_view shop) {
  const db::Lease lease = context_.database.reader();
  db::Query query(lease.connection(), "SELECT last_event FROM shop_owner WHERE shop = $1", shop);
  return query.next() ? query.integer(0) : 0;
}

std::int64_t EventWriter::append(std::string_view type, std::string_view object,
                                 std::string_view data, TimePoint now) {
  db::execute(connection_,
              "INSERT INTO event (shop, seq, type, object, at, data) "
              "VALUES ($1, $2, $3, $4, $5, $6)",
              shop_, last_ + 1, type, object, now, data);
  return ++last_;
}

void EventWriter::finish() {
  if (last_ == stored_) return;
  db::execute(connection_, "UPDATE shop_owner SET last_event = $2 WHERE shop = $1", shop_, last_);
  stored_ = last_;
}

}  // namespace marketplug::store::sql
