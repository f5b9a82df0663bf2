#include "host/store/sql/order_writer.hpp"

#include "host/store/db/query.hpp"
#include "host/store/sql/names.hpp"

namespace marketplug::store::sql {
namespace {

/// The guard stands in the SQL too: the row decides, not what was read before. $18: the row's
/// sealed personal data stays, because the update brings none and does not forbid it.
constexpr std::string_view kUpsertOrder =
    "INSERT INTO orders (shop, id, marketplace, state, status, marketplace_status, fulfilled_by, "
    "personal_data, placed_at, changed_at, imported_at, updated_at, personal_until, content_hash, "
    "document, personal, raw, priority) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, "
    "$13, $14, $15, $16, $17, $19) ON CONFLICT (shop, id) DO UPDATE SET marketplace = "
    "excluded.marketplace, "
    "state = excluded.state, status = excluded.status, "
    "marketplace_status = excluded.marketplace_status, fulfilled_by = excluded.fulfilled_by, "
    "priority = excluded.priority, "
    "personal_data = CASE WHEN $18 = 1 AND orders.personal IS NOT NULL THEN orders.personal_data "
    "ELSE excluded.personal_data END, placed_at = excluded.placed_at, "
    "changed_at = excluded.changed_at, updated_at = excluded.updated_at, "
    "personal_until = excluded.personal_until, content_hash = excluded.content_hash, "
    "document = excluded.document, "
    "personal = CASE WHEN $18 = 1 THEN orders.personal ELSE excluded.personal END, "
    "raw = excluded.raw WHERE excluded.changed_at > orders.changed_at OR "
    "(excluded.changed_at = orders.changed_at AND excluded.content_hash <> orders.content_hash) "
    "RETURNING key";

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

std::optional<OrderWriter::Stored> OrderWriter::stored(std::string_view id) {
  db::Query query(connection_,
                  "SELECT state, changed_at, content_hash, personal_until FROM orders "
                  "WHERE shop = $1 AND id = $2",
                  shop_, id);
  if (!query.next()) return std::nullopt;
  return Stored{{order_state(query.text(0)), query.time(1), query.blob(2)}, query.maybe_time(3)};
}

std::optional<OrderHead> OrderWriter::head(std::string_view id) {
  auto found = stored(id);
  if (!found) return std::nullopt;
  return std::move(found->head);
}

UpsertOutcome OrderWriter::upsert(const OrderRow& order) {
  const auto before = stored(order.id);
  if (before && !is_newer(before->head, order)) return without_writing(before->head, order);
  const auto key = write_row(order, before);
  if (!key) return without_writing(stored(order.id).value().head, order);
  write_lines(*key, order, before.has_value());
  return before ? UpsertOutcome::kUpdated : UpsertOutcome::kInserted;
}

std::optional<std::int64_t> OrderWriter::write_row(const OrderRow& order,
                                                   const std::optional<Stored>& before) {
  const TimePoint now = context_.clock.now();
  // An ended order keeps its limit where the update names none: it must not live for ever.
  auto until = order.keep_personal_until;
  if (!until && before && has_ended(order.state)) until = before->personal_until;
  const bool expired = until && *until <= now;
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
  db::Query query(connection_, kUpsertOrder, shop_, order.id, order.marketplace,
                  name_of(order.state), order.status, order.marketplace_status,
                  name_of(order.fulfilled_by),
                  name_of(withheld ? PersonalData::kMissing : order.personal_data), order.placed_at,
                  order.changed_at, now, now, until, db::Blob{order.content_hash}, order.document,
                  blob_or_null(personal), blob_or_null(raw), keep_stored, order.priority);
  if (!query.next()) return std::nullopt;
  const std::int64_t key = query.integer(0);
  query.next();
  return key;
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
