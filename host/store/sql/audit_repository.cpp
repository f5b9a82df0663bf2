#include "host/store/sql/audit_repository.hpp"

#include "host/store/db/query.hpp"
#include "host/store/sealer.hpp"

namespace marketplug::store::sql {
namespace {

/// Lengths in front, so that text cannot move from one field to the next unseen.
std::string chained_hash(std::string_view previous, const AuditEntry& entry) {
  std::string text(previous);
  text.append(std::to_string(entry.seq)).append("|");
  text.append(std::to_string(db::to_millis(entry.at))).append("|");
  for (const std::string* part :
       {&entry.who, &entry.action, &entry.shop, &entry.object, &entry.detail}) {
    text.append(std::to_string(part->size())).append(":").append(*part).append("|");
  }
  return sha256(text);
}

AuditEntry read_entry(const db::Query& query) {
  AuditEntry entry;
  entry.seq = query.integer(0);
  entry.at = query.time(1);
  entry.who = query.text(2);
  entry.action = query.text(3);
  entry.shop = query.text(4);
  entry.object = query.text(5);
  entry.detail = query.text(6);
  return entry;
}

void insert_entry(db::Connection& connection, AuditEntry entry) {
  std::string previous;
  {
    db::Query head(connection,
                   "UPDATE audit_head SET seq = seq + 1 WHERE id = 1 RETURNING seq, hash");
    if (!head.next()) {
      throw StoreError(StoreError::Kind::kCorrupt,
                       "The end of the audit trail is missing: someone changed the store. Restore "
                       "the last backup.");
    }
    entry.seq = head.integer(0);
    previous = head.blob(1);
    head.next();
  }
  const std::string hash = chained_hash(previous, entry);
  db::execute(connection,
              "INSERT INTO audit (seq, at, who, action, shop, object, detail, hash) "
              "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
              entry.seq, entry.at, entry.who, entry.action, entry.shop, entry.object, entry.detail,
              db::Blob{hash});
  db::execute(connection, "UPDATE audit_head SET hash = $1 WHERE id = 1", db::Blob{hash});
}

}  // namespace

void AuditRepository::append(const AuditEntry& entry) {
  record(entry.who, entry.action, entry.shop, entry.object, entry.detail);
}

void AuditRepository::record(std::string_view who, std::string_view action, std::string_view shop,
                             std::string_view object, std::string_view detail) {
  AuditEntry entry;
  entry.who = who;
  entry.action = action;
  entry.shop = shop;
  entry.object = object;
  entry.detail = detail;
  db::write(context_.database, [&](db::Connection& connection) {
    entry.at = context_.clock.now();
    insert_entry(connection, std::move(entry));
  });
}

std::vector<AuditEntry> AuditRepository::list(std::string_view shop, std::int64_t after,
                                              std::size_t limit) {
  const db::Lease lease = context_.database.reader();
  std::vector<db::Value> values = {db::to_value(after), db::to_value(db::row_limit(limit))};
  if (!shop.empty()) values.push_back(db::to_value(shop));
  db::Query query(lease.connection(),
                  shop.empty() ? "SELECT seq, at, who, action, shop, object, detail FROM audit "
                                 "WHERE seq > $1 ORDER BY seq LIMIT $2"
                               : "SELECT seq, at, who, action, shop, object, detail FROM audit "
                                 "WHERE shop = $3 AND seq > $1 ORDER BY seq LIMIT $2",
                  std::span<const db::Value>(values));
  std::vector<AuditEntry> entries;
  while (query.next()) entries.push_back(read_entry(query));
  return entries;
}

std::optional<std::int64_t> AuditRepository::first_broken() {
  const db::Lease lease = context_.database.reader();
  // The end first: an entry added meanwhile lies behind it and is not looked at.
  std::int64_t end = 0;
  std::string end_hash;
  {
    db::Query head(lease.connection(), "SELECT seq, hash FROM audit_head WHERE id = 1");
    if (!head.next()) return 1;
    end = head.integer(0);
    end_hash = head.blob(1);
  }
  db::Query query(lease.connection(),
                  "SELECT seq, at, who, action, shop, object, detail, hash FROM audit "
                  "WHERE seq <= $1 ORDER BY seq",
                  end);
  std::string previous;
  std::int64_t expected = 1;
  for (; query.next(); ++expected) {
    const AuditEntry entry = read_entry(query);
    if (entry.seq != expected || chained_hash(previous, entry) != query.blob(7)) return expected;
    previous = query.blob(7);
  }
  if (expected <= end || previous != end_hash) return expected;
  return std::nullopt;
}

}  // namespace marketplug::store::sql
