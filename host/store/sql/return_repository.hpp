#pragma once
// Reads returns, and erases personal data whose time has come. Any thread; owned by SqlStore.

#include "host/store/sql/audit_repository.hpp"
#include "host/store/sql/context.hpp"
#include "host/store/sql/eraser.hpp"
#include "host/store/store.hpp"

namespace marketplug::store::sql {

class ReturnRepository final : public Returns {
 public:
  ReturnRepository(const Context& context, AuditRepository& audit)
      : context_(context), audit_(audit), eraser_(context) {}
  std::vector<StoredReturn> list(const ReturnFilter& filter) override;
  std::optional<StoredReturn> find(std::string_view shop, std::string_view id) override;
  std::optional<StoredReturn> find_personal(std::string_view shop, std::string_view id,
                                            std::string_view who) override;
  std::size_t purge_personal(TimePoint now) override;

 private:
  std::optional<StoredReturn> read_one(std::string_view shop, std::string_view id, bool personal);

  Context context_;
  AuditRepository& audit_;
  Eraser eraser_;
};

}  // namespace marketplug::store::sql
