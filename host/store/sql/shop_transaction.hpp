#pragma once
// One shop's step in one transaction. Holds the writer from the fence to commit() or destruction:
// other writers wait, readers go on. One thread. After a throw it is rolled back and refuses
// everything else, so that nothing half-written can be committed.

#include <optional>
#include <type_traits>
#include <utility>

#include "host/store/sql/context.hpp"
#include "host/store/sql/event_repository.hpp"
#include "host/store/sql/order_writer.hpp"
#include "host/store/sql/quota_repository.hpp"
#include "host/store/store.hpp"

namespace marketplug::store::sql {

class SqlShopTransaction final : public ShopTransaction {
 public:
  SqlShopTransaction(const Context& context, QuotaRepository& quota, const OwnerToken& token);

  std::optional<OrderHead> order_head(std::string_view order_id) override;
  UpsertOutcome upsert_order(const OrderRow& order) override;
  std::optional<std::vector<LineRow>> order_lines(std::string_view order_id) override;
  UpsertOutcome upsert_return(const ReturnRow& buyer_return) override;
  std::vector<std::string> returns_to_link(std::size_t limit) override;
  void link_return(std::string_view id, std::span<const LineLink> links) override;
  std::int64_t append_event(std::string_view type, std::string_view object,
                            std::string_view data) override;
  void park(std::string_view kind, const ParkedItem& item,
            std::chrono::seconds keep_document) override;
  void unpark(std::string_view kind, std::string_view item_id) override;
  bool raise_alert(std::string_view kind, std::string_view item, const Alert& alert) override;
  void clear_alerts(std::string_view kind, std::string_view item,
                    std::span<const Alert> but) override;
  std::int64_t add_audit(const AuditRun& run) override;
  void save_audit(const AuditRun& run) override;
  bool note_finding(std::int64_t run, const AuditFinding& finding) override;
  bool was_unchanged(const AuditFinding& finding) override;
  void settle_finding(std::int64_t run, const AuditFinding& finding) override;
  void set_cursor(std::string_view capability, const Cursor& cursor) override;
  void put_state(std::string_view key, std::string_view value) override;
  void erase_state(std::string_view key) override;
  void save_job(const JobRecord& job) override;
  void set_shop_state(std::string_view state, std::string_view reason) override;
  void clear_mark(std::string_view capability) override;
  void commit() override;

 private:
  /// The writer and what is open on it, in the order of construction.
  struct Open {
    Open(const Context& context, const OwnerToken& token);
    db::Connection& connection() const { return lease.connection(); }
    db::Lease lease;
    db::Transaction transaction;
    EventWriter events;
    OrderWriter orders;
  };

  template <class Work>
  auto guarded(Work&& work) -> std::invoke_result_t<Work, Open&> {
    if (!open_) raise_ended();
    try {
      return std::forward<Work>(work)(*open_);
    } catch (...) {
      open_.reset();
      throw;
    }
  }
  [[noreturn]] void raise_ended() const;

  Context context_;
  QuotaRepository& quota_;
  std::string shop_;
  std::optional<Open> open_;
};

}  // namespace marketplug::store::sql
