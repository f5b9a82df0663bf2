#pragma once
// The audit trail: entries chained by SHA-256, so that a changed, removed or inserted one shows.
// Any thread; owned by SqlStore.

#include "host/store/sql/context.hpp"
#include "host/store/store.hpp"

namespace marketplug::store::sql {

class AuditRepository final : public AuditTrail {
 public:
  explicit AuditRepository(const Context& context) : context_(context) {}
  /// Number and time are given here.
  void append(const AuditEntry& entry) override;
  std::vector<AuditEntry> list(std::string_view shop, std::int64_t after,
                               std::size_t limit) override;
  std::optional<std::int64_t> first_broken() override;

  /// append() for those who have the parts; durable when it returns.
  void record(std::string_view who, std::string_view action, std::string_view shop,
              std::string_view object, std::string_view detail);

 private:
  Context context_;
};

}  // namespace marketplug::store::sql
