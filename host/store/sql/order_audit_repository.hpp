#pragma once
// Comparisons with a second source of the marketplace, and what was amiss. Any thread; owned by
// SqlStore.

#include "host/store/sql/context.hpp"
#include "host/store/store.hpp"

namespace marketplug::store::sql {

class OrderAuditRepository final : public OrderAudits {
 public:
  explicit OrderAuditRepository(const Context& context) : context_(context) {}
  std::int64_t add(const AuditRun& run) override;
  std::optional<AuditRun> next(std::string_view shop) override;
  std::optional<AuditRun> find(std::int64_t id) override;
  std::vector<AuditRun> list(std::string_view shop, std::size_t limit) override;
  std::optional<TimePoint> first_done(std::string_view shop) override;
  std::vector<AuditFinding> findings(std::int64_t run, bool open_only, std::size_t limit) override;
  std::size_t purge(TimePoint ended_before) override;

  /// Inside a shop's transaction, see ShopTransaction.
  static std::int64_t insert(db::Connection& connection, const AuditRun& run);
  static void save(db::Connection& connection, const AuditRun& run);
  static bool note(db::Connection& connection, std::int64_t run, const AuditFinding& finding);
  static bool was_unchanged(db::Connection& connection, std::string_view shop,
                            const AuditFinding& finding);
  static void settle(db::Connection& connection, std::int64_t run, const AuditFinding& finding);

 private:
  std::optional<AuditRun> first(std::string_view condition, const db::Value& value);

  Context context_;
};

}  // namespace marketplug::store::sql
