#pragma once
// Reads orders, and erases personal data whose time has come. Any thread; owned by SqlStore.

#include "host/store/sql/audit_repository.hpp"
#include "host/store/sql/context.hpp"
#include "host/store/sql/eraser.hpp"
#include "host/store/store.hpp"

namespace marketplug::store::sql {

class OrderRepository final : public Orders {
 public:
  OrderRepository(const Context& context, AuditRepository& audit)
      : context_(context), audit_(audit), eraser_(context) {}
  OrderPage list(const OrderFilter& filter) override;
  std::vector<OrderCount> count(std::string_view shop) override;
  std::optional<StoredOrder> find(std::string_view shop, std::string_view id) override;
  std::optional<StoredOrder> find_personal(std::string_view shop, std::string_view id,
                                           std::string_view who) override;
  OrderPage list_personal(const OrderFilter& filter, std::string_view who) override;
  std::size_t purge_personal(TimePoint now) override;

 private:
  OrderPage read_page(const OrderFilter& filter, bool personal);
  std::optional<StoredOrder> read_one(std::string_view shop, std::string_view id, bool personal);

  Context context_;
  AuditRepository& audit_;
  Eraser eraser_;
};

}  // namespace marketplug::store::sql
