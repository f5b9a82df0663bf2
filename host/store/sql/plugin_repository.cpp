#include "host/store/sql/plugin_repository.hpp"

#include "host/store/db/query.hpp"

namespace marketplug::store::sql {
namespace {

/// Older crashes decide nothing any more.
constexpr std::chrono::hours kKeepCrashes{24 * 30};

}  // namespace

void PluginRepository::add_crash(const PluginCrash& crash) {
  db::write(context_.database, [&](db::Connection& connection) {
    db::execute(connection,
                "INSERT INTO plugin_crash (plugin, occasion, shop, at, cause) "
                "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (plugin, occasion) DO NOTHING",
                crash.plugin, crash.occasion, crash.shop, crash.at, crash.cause);
    db::execute(connection, "DELETE FROM plugin_crash WHERE plugin = $1 AND at < $2", crash.plugin,
                crash.at - kKeepCrashes);
  });
}

std::vector<PluginCrash> PluginRepository::crashes(std::string_view plugin, TimePoint since) {
  const db::Lease lease = context_.database.reader();
  db::Query query(lease.connection(),
                  "SELECT plugin, occasion, shop, at, cause FROM plugin_crash "
                  "WHERE plugin = $1 AND at >= $2 ORDER BY at, occasion",
                  plugin, since);
  std::vector<PluginCrash> crashes;
  while (query.next()) {
    crashes.push_back({query.text(0), query.text(1), query.text(2), query.time(3), query.text(4)});
  }
  return crashes;
}

void PluginRepository::quarantine(const PluginQuarantine& quarantine) {
  db::write(context_.database, [&](db::Connection& connection) {
    db::execute(connection,
                "INSERT INTO plugin_quarantine (plugin, since, reason) VALUES ($1, $2, $3) "
                "ON CONFLICT (plugin) DO NOTHING",
                quarantine.plugin, quarantine.since, quarantine.reason);
  });
}

std::vector<PluginQuarantine> PluginRepository::quarantined() {
  const db::Lease lease = context_.database.reader();
  db::Query query(lease.connection(),
                  "SELECT plugin, since, reason FROM plugin_quarantine ORDER BY plugin");
  std::vector<PluginQuarantine> found;
  while (query.next()) found.push_back({query.text(0), query.time(1), query.text(2)});
  return found;
}

bool PluginRepository::release(std::string_view plugin) {
  bool was = false;
  db::write(context_.database, [&](db::Connection& connection) {
    {
      db::Query query(connection, "SELECT 1 FROM plugin_quarantine WHERE plugin = $1", plugin);
      was = query.next();
    }
    db::execute(connection, "DELETE FROM plugin_quarantine WHERE plugin = $1", plugin);
    db::execute(connection, "DELETE FROM plugin_crash WHERE plugin = $1", plugin);
  });
  return was;
}

std::optional<PluginFileRecord> PluginRepository::file(std::string_view plugin) {
  const db::Lease lease = context_.database.reader();
  db::Query query(lease.connection(),
                  "SELECT plugin, path, sha256, inode, seen_at FROM plugin_file WHERE plugin = $1",
                  plugin);
  if (!query.next()) return std::nullopt;
  return PluginFileRecord{query.text(0), query.text(1), query.text(2), query.integer(3),
                          query.time(4)};
}

void PluginRepository::put_file(const PluginFileRecord& file) {
  db::write(context_.database, [&](db::Connection& connection) {
    db::execute(connection,
                "INSERT INTO plugin_file (plugin, path, sha256, inode, seen_at) "
                "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (plugin) DO UPDATE SET "
                "path = excluded.path, sha256 = excluded.sha256, inode = excluded.inode, "
                "seen_at = excluded.seen_at",
                file.plugin, file.path, file.sha256, file.inode, file.seen_at);
  });
}

}  // namespace marketplug::store::sql
