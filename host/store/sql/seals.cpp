#include "host/store/sql/seals.hpp"

#include <fmt/format.h>

#include <limits>

#include "host/store/db/query.hpp"
#include "host/store/types.hpp"

namespace marketplug::store::sql {
namespace {

constexpr std::string_view kCheckText = "marketplug";

SealLabel check_label() { return {"", "check", "master"}; }
SealLabel wrap_label(std::string_view shop) { return {shop, "data-key", "key"}; }

}  // namespace

std::string Seals::check_value() const {
  return to_hex(sealer_.seal(master_, check_label(), kCheckText));
}

bool Seals::opens(std::string_view check_value) const {
  const auto sealed = from_hex(check_value);
  return sealed && sealer_.open(master_, check_label(), *sealed) == kCheckText;
}

void Seals::ensure_key(db::Connection& connection, std::string_view shop) {
  if (db::Query(connection, "SELECT id FROM data_key WHERE shop = $1", shop).next()) return;
  const SealKey fresh = SealKey::random(0);
  db::execute(connection, "INSERT INTO data_key (shop, wrapped, created_at) VALUES ($1, $2, $3)",
              shop, db::Blob{sealer_.seal(master_, wrap_label(shop), fresh.text())}, clock_.now());
}

Seals::KeyPtr Seals::unwrap(std::uint32_t id, std::string_view shop,
                            std::string_view wrapped) const {
  auto bytes = sealer_.open(master_, wrap_label(shop), wrapped);
  if (!bytes) {
    throw StoreError(
        StoreError::Kind::kCorrupt,
        fmt::format("The data key of shop {} was altered. Restore the last backup.", shop));
  }
  auto key = std::make_shared<const SealKey>(id, *bytes);
  wipe(*bytes);
  return key;
}

Seals::KeyPtr Seals::current_key(db::Connection& connection, std::string_view shop) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = by_shop_.find(shop); found != by_shop_.end()) return found->second;
  }
  db::Query query(connection,
                  "SELECT id, wrapped FROM data_key WHERE shop = $1 ORDER BY id DESC LIMIT 1",
                  shop);
  if (!query.next()) {
    throw StoreError(StoreError::Kind::kNotFound,
                     fmt::format("Shop {} has no data key: save the shop before its data.", shop));
  }
  const auto id = static_cast<std::uint32_t>(query.integer(0));
  const KeyPtr key = unwrap(id, shop, query.blob(1));
  const std::lock_guard lock(mutex_);
  by_id_.emplace(id, key);
  return by_shop_.emplace(std::string(shop), key).first->second;
}

Seals::KeyPtr Seals::key_by_id(db::Connection& connection, std::uint32_t id) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = by_id_.find(id); found != by_id_.end()) return found->second;
  }
  db::Query query(connection, "SELECT shop, wrapped FROM data_key WHERE id = $1", id);
  if (!query.next()) return nullptr;
  KeyPtr key = unwrap(id, query.text(0), query.blob(1));
  const std::lock_guard lock(mutex_);
  return by_id_.emplace(id, std::move(key)).first->second;
}

std::string Seals::seal(db::Connection& connection, const SealLabel& label, std::string_view text) {
  return sealer_.seal(*current_key(connection, label.shop), label, text);
}

std::string Seals::open(db::Connection& connection, const SealLabel& label,
                        std::string_view sealed) {
  const auto id = Sealer::key_id(sealed);
  const KeyPtr key = id ? key_by_id(connection, *id) : nullptr;
  auto text = key ? sealer_.open(*key, label, sealed) : std::nullopt;
  if (text) return *std::move(text);
  throw StoreError(StoreError::Kind::kCorrupt,
                   fmt::format("The sealed value \"{}\" of {} (shop {}) does not open: it was "
                               "altered or belongs elsewhere. Restore it from a backup, or let the "
                               "marketplace send it again.",
                               label.kind, label.object, label.shop));
}

std::string Seals::fingerprint(db::Connection& connection, std::string_view shop,
                               std::string_view bytes) {
  return to_hex(keyed_hash(*current_key(connection, shop), bytes));
}

}  // namespace marketplug::store::sql
