#include "host/store/sql/order_writer.hpp"

#include "host/store/db/query.hpp"
#include "host/store/sql/names.hpp"

namespace marketplug::store::sql {
namespace {

constexpr std::string_view kInsert =
    "INSERT INTO orders (marketplace, state, status, marketplace_status, fulfilled_by, priority, "
    "personal_data, placed_at, changed_at, updated_at, personal_until, content_hash, document, "
    "personal, raw, shop, id, imported_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, "
    "$12, $13, $14, $15, $16, $17, $18) ON CONFLICT (shop, id) DO NOTHING {returning_key}";

/// The guard stands in the SQL too: the row decides, not what was read before. $16: the row's
/// sealed personal data stays, because the update brings none and does not forbid it.
constexpr std::string_view kUpdate =
    "UPDATE orders SET marketplace = $1, state = $2, status = $3, marketplace_status = $4, "
    "fulfilled_by = $5, priority = $6, personal_data = CASE WHEN $16 = 1 AND personal IS NOT NULL "
    "THEN personal_data ELSE $7 END, placed_at = $8, changed_at = $9, updated_at = $10, "
    "personal_until = $11, content_hash = $12, document = $13, personal = CASE WHEN $16 = 1 THEN "
    "personal ELSE $14 END, raw = $15 WHERE key = $17 AND (changed_at < $9 OR (changed_at = $9 AND "
    "content_hash <> $12))";

UpsertOutcome without_writing(const OrderHead& head, const OrderRow& order) {
  return head.changed_at == order.changed_at ? UpsertOutcome::kUnchanged : UpsertOutcome::kStale;
}

bool is_newer(const OrderHead& head, const OrderRow& order) {
  return order.changed_at > head.changed_at ||
         (order.changed_at == head.changed_at && order.content_hash != head.content_hash);
}

bool has_ended(OrderState state) {
  return state == OrderState::kShipped || state == OrderState::kCancelled;
}

std::optional<db::Blob> blob_or_null(const std::string& sealed) {
  if (sealed.empty()) return std::nullopt;
  return db::Blob{sealed};
}

}  // namespace

const std::optional<OrderWriter::Stored>& OrderWriter::stored(std::string_view id) {
  if (looked_up_ == id) return found_;
  looked_up_.clear();
  db::Query query(connection_,
                  "SELECT key, state, changed_at, content_hash, personal_until FROM orders "
                  "WHERE shop = $1 AND id = $2",
                  shop_, id);
  found_.reset();
  if (query.next()) {
    found_ = Stored{query.integer(0),
                    {order_state(query.text(1)), query.time(2), query.blob(3)},
                    query.maybe_time(4)};
  }
  looked_up_ = id;
  return found_;
}

std::optional<OrderHead> OrderWriter::head(std::string_view id) {
  const auto& found = stored(id);
  if (!found) return std::nullopt;
  return found->head;
}

UpsertOutcome OrderWriter::upsert(const OrderRow& order) {
  std::optional<Stored> before = stored(order.id);
  looked_up_.clear();
  if (!before) {
    if (const auto key = write_row(order, before)) {
      write_lines(*key, order, false);
      return UpsertOutcome::kInserted;
    }
    before = stored(order.id).value();
    looked_up_.clear();
  }
  if (!is_newer(before->head, order)) return without_writing(before->head, order);
  const auto key = write_row(order, before);
  if (!key) return without_writing(stored(order.id).value().head, order);
  write_lines(*key, order, true);
  return UpsertOutcome::kUpdated;
}

std::optional<std::int64_t> OrderWriter::write_row(const OrderRow& order,
                                                   const std::optional<Stored>& before) {
  const TimePoint now = context_.clock.now();
  // An ended order keeps its limit where the update names none: it must not live for ever.
  auto until = order.keep_personal_until;
  if (!until && before && has_ended(order.state)) until = before->personal_until;
  const bool expired = until && *until <= context_.time.to_erase_by(now);
  const bool forbidden = order.personal_data == PersonalData::kNotAsked;
  const bool store_personal = !expired && !order.personal.empty();
  const bool keep_stored = !expired && !forbidden && order.personal.empty();
  const bool withheld = expired && order.personal_data == PersonalData::kPresent;

  const std::string personal =
      store_personal
          ? context_.seals.seal(connection_, {shop_, order.id, "personal"}, order.personal)
          : std::string();
  const std::string raw =
      !expired && !order.raw.empty()
          ? context_.seals.seal(connection_, {shop_, order.id, "raw"}, order.raw)
          : std::string();
  const auto write = [&](const auto& statement, std::string_view sql, const auto&... more) {
    return statement(connection_, sql, order.marketplace, name_of(order.state), order.status,
                     order.marketplace_status, name_of(order.fulfilled_by), order.priority,
                     name_of(withheld ? PersonalData::kMissing : order.personal_data),
                     order.placed_at, order.changed_at, now, until, db::Blob{order.content_hash},
                     order.document, blob_or_null(personal), blob_or_null(raw), more...);
  };
  const auto insert = [](auto&&... arguments) { return db::insert(arguments...); };
  const auto update = [](auto&&... arguments) { return db::execute(arguments...); };
  if (!before) return write(insert, kInsert, shop_, order.id, now);
  if (write(update, kUpdate, keep_stored, before->key) == 0) return std::nullopt;
  return before->key;
}

std::optional<std::vector<LineRow>> OrderWriter::lines(std::string_view id) {
  const auto& found = stored(id);
  if (!found) return std::nullopt;
  db::Query query(connection_,
                  "SELECT id, sku, product_id, quantity FROM order_line WHERE order_key = $1 "
                  "ORDER BY position",
                  found->key);
  std::vector<LineRow> lines;
  while (query.next()) {
    lines.push_back({query.text(0), query.text(1), query.text(2), query.integer(3)});
  }
  return lines;
}

void OrderWriter::write_lines(std::int64_t key, const OrderRow& order, bool replace) {
  if (replace) db::execute(connection_, "DELETE FROM order_line WHERE order_key = $1", key);
  std::int64_t position = 0;
  for (const LineRow& line : order.lines) {
    db::execute(connection_,
                "INSERT INTO order_line (order_key, position, id, sku, product_id, quantity) "
                "VALUES ($1, $2, $3, $4, $5, $6)",
                key, ++position, line.id, line.sku, line.product_id, line.quantity);
  }
}

}  // namespace marketplug::store::sql
