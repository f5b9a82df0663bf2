#include "host/store/sql/secret_repository.hpp"

#include "host/store/db/query.hpp"

namespace marketplug::store::sql {

std::optional<SecretRecord> SecretRepository::find(std::string_view shop, std::string_view name) {
  const db::Lease lease = context_.database.reader();
  db::Connection& connection = lease.connection();
  db::Query query(connection,
                  "SELECT value_sealed, fingerprint_sealed, updated_at FROM secret "
                  "WHERE shop = $1 AND name = $2",
                  shop, name);
  if (!query.next()) return std::nullopt;
  SecretRecord secret;
  secret.shop = shop;
  secret.name = name;
  secret.value = context_.seals.open(connection, {shop, name, "secret"}, query.blob(0));
  secret.fingerprint = context_.seals.open(connection, {shop, name, "fingerprint"}, query.blob(1));
  secret.updated_at = query.time(2);
  return secret;
}

void SecretRepository::put(const SecretRecord& secret) {
  // A secret may be entered before its shop is saved. The key is committed on its own, so that
  // nothing is ever sealed with one that a rollback takes away.
  db::write(context_.database, [&](db::Connection& connection) {
    context_.seals.ensure_key(connection, secret.shop);
  });
  db::write(context_.database, [&](db::Connection& connection) {
    const std::string value =
        context_.seals.seal(connection, {secret.shop, secret.name, "secret"}, secret.value);
    // The fingerprint of a short secret could be guessed from: it is sealed as well.
    const std::string fingerprint = context_.seals.seal(
        connection, {secret.shop, secret.name, "fingerprint"}, secret.fingerprint);
    db::execute(connection,
                "INSERT INTO secret (shop, name, value_sealed, fingerprint_sealed, updated_at) "
                "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (shop, name) DO UPDATE SET "
                "value_sealed = excluded.value_sealed, "
                "fingerprint_sealed = excluded.fingerprint_sealed, "
                "updated_at = excluded.updated_at",
                secret.shop, secret.name, db::Blob{value}, db::Blob{fingerprint},
                context_.clock.now());
  });
}

void SecretRepository::erase(std::string_view shop, std::string_view name) {
  db::write(context_.database, [&](db::Connection& connection) {
    db::execute(connection, "DELETE FROM secret WHERE shop = $1 AND name = $2", shop, name);
  });
}

}  // namespace marketplug::store::sql
