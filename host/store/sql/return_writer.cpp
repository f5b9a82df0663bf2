#include "host/store/sql/return_writer.hpp"

#include "host/store/db/query.hpp"
#include "host/store/sql/names.hpp"

namespace marketplug::store::sql {
namespace {

constexpr std::string_view kInsertReturn =
    "INSERT INTO buyer_return (order_id, marketplace, state, fulfilled_by, begun_at, changed_at, "
    "updated_at, personal_until, content_hash, document, personal, shop, id, imported_at) VALUES "
    "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) {returning_key}";

constexpr std::string_view kUpdateReturn =
    "UPDATE buyer_return SET order_id = $1, marketplace = $2, state = $3, fulfilled_by = $4, "
    "begun_at = $5, changed_at = $6, updated_at = $7, personal_until = $8, content_hash = $9, "
    "document = $10, personal = $11 WHERE key = $12";

}  // namespace

std::vector<LineLink> read_links(db::Connection& connection, std::int64_t key) {
  db::Query query(connection,
                  "SELECT link, order_line FROM return_line WHERE return_key = $1 ORDER BY "
                  "position",
                  key);
  std::vector<LineLink> links;
  while (query.next()) links.push_back({return_link(query.text(0)), query.text(1)});
  return links;
}

std::optional<ReturnWriter::Stored> ReturnWriter::stored(std::string_view id) {
  db::Query query(connection_,
                  "SELECT key, changed_at, content_hash FROM buyer_return WHERE shop = $1 AND "
                  "id = $2",
                  shop_, id);
  if (!query.next()) return std::nullopt;
  return Stored{query.integer(0), query.maybe_time(1), query.blob(2)};
}

UpsertOutcome ReturnWriter::upsert(const ReturnRow& row) {
  const auto before = stored(row.id);
  if (before) {
    const bool dated = before->changed_at && row.changed_at;
    if (dated && *row.changed_at < *before->changed_at) return UpsertOutcome::kStale;
    const bool same_time = !dated || *row.changed_at == *before->changed_at;
    if (same_time && row.content_hash == before->content_hash) {
      if (read_links(connection_, before->key) == row.links) return UpsertOutcome::kUnchanged;
      link(row.id, row.links);
      return UpsertOutcome::kUpdated;
    }
  }
  const auto key = write_row(row, before);
  if (before) db::execute(connection_, "DELETE FROM return_line WHERE return_key = $1", key);
  write_links(key, row.links);
  return before ? UpsertOutcome::kUpdated : UpsertOutcome::kInserted;
}

std::int64_t ReturnWriter::write_row(const ReturnRow& row, const std::optional<Stored>& before) {
  const TimePoint now = context_.clock.now();
  const bool expired =
      row.keep_personal_until && *row.keep_personal_until <= context_.time.to_erase_by(now);
  std::string sealed;
  std::optional<db::Blob> personal;
  if (!expired && !row.personal.empty()) {
    sealed = context_.seals.seal(connection_, {shop_, row.id, "return"}, row.personal);
    personal = db::Blob{sealed};
  }
  const auto write = [&](const auto& statement, std::string_view sql, const auto&... more) {
    return statement(connection_, sql, row.order_id, row.marketplace, name_of(row.state),
                     name_of(row.fulfilled_by), row.begun_at, row.changed_at, now,
                     row.keep_personal_until, db::Blob{row.content_hash}, row.document, personal,
                     more...);
  };
  if (before) {
    write([](auto&&... arguments) { return db::execute(arguments...); }, kUpdateReturn,
          before->key);
    return before->key;
  }
  const auto insert = [](auto&&... arguments) { return db::insert(arguments...); };
  return write(insert, kInsertReturn, shop_, row.id, now).value();
}

void ReturnWriter::write_links(std::int64_t key, std::span<const LineLink> links) {
  std::int64_t position = 0;
  for (const LineLink& each : links) {
    db::execute(connection_,
                "INSERT INTO return_line (return_key, position, link, order_line) VALUES "
                "($1, $2, $3, $4)",
                key, ++position, name_of(each.link), each.order_line);
  }
}

std::vector<std::string> ReturnWriter::to_link(std::size_t limit) {
  db::Query query(connection_,
                  "SELECT document FROM buyer_return AS r WHERE key IN (SELECT return_key FROM "
                  "return_line WHERE link = 'no_order') AND shop = $1 AND EXISTS (SELECT 1 FROM "
                  "orders WHERE orders.shop = r.shop AND orders.id = r.order_id) ORDER BY key "
                  "LIMIT $2",
                  shop_, db::row_limit(limit));
  std::vector<std::string> documents;
  while (query.next()) documents.push_back(query.text(0));
  return documents;
}

void ReturnWriter::link(std::string_view id, std::span<const LineLink> links) {
  const auto found = stored(id);
  if (!found) {
    throw StoreError(StoreError::Kind::kNotFound,
                     "Shop " + shop_ + " has no return " + std::string(id) + ".");
  }
  db::execute(connection_, "DELETE FROM return_line WHERE return_key = $1", found->key);
  write_links(found->key, links);
  db::execute(connection_, "UPDATE buyer_return SET updated_at = $1 WHERE key = $2",
              context_.clock.now(), found->key);
}

}  // namespace marketplug::store::sql
