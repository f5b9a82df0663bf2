#include "host/store/sql/shop_transaction.hpp"

#include "host/store/sql/alert_repository.hpp"
#include "host/store/sql/fence.hpp"
#include "host/store/sql/order_audit_repository.hpp"
#include "host/store/sql/parked_repository.hpp"
#include "host/store/sql/progress_repository.hpp"
#include "host/store/sql/return_writer.hpp"
#include "host/store/sql/shop_repository.hpp"

namespace marketplug::store::sql {

SqlShopTransaction::Open::Open(const Context& context, const OwnerToken& token)
    : lease(context.database.writer()),
      transaction(lease.connection()),
      events(lease.connection(), token.shop, hold_fence(lease.connection(), token)),
      orders(context, lease.connection(), token.shop) {}

SqlShopTransaction::SqlShopTransaction(const Context& context, QuotaRepository& quota,
                                       const OwnerToken& token)
    : context_(context), quota_(quota), shop_(token.shop) {
  open_.emplace(context, token);
}

void SqlShopTransaction::raise_ended() const {
  throw StoreError(StoreError::Kind::kOther,
                   "The transaction of shop " + shop_ +
                       " has ended (committed, or rolled back after an error). Begin a new one.");
}

std::optional<OrderHead> SqlShopTransaction::order_head(std::string_view order_id) {
  return guarded([&](Open& open) { return open.orders.head(order_id); });
}

UpsertOutcome SqlShopTransaction::upsert_order(const OrderRow& order) {
  return guarded([&](Open& open) { return open.orders.upsert(order); });
}

std::optional<std::vector<LineRow>> SqlShopTransaction::order_lines(std::string_view order_id) {
  return guarded([&](Open& open) { return open.orders.lines(order_id); });
}

UpsertOutcome SqlShopTransaction::upsert_return(const ReturnRow& buyer_return) {
  return guarded([&](Open& open) {
    return ReturnWriter(context_, open.connection(), shop_).upsert(buyer_return);
  });
}

std::vector<std::string> SqlShopTransaction::returns_to_link(std::size_t limit) {
  return guarded(
      [&](Open& open) { return ReturnWriter(context_, open.connection(), shop_).to_link(limit); });
}

void SqlShopTransaction::link_return(std::string_view id, std::span<const LineLink> links) {
  guarded([&](Open& open) { ReturnWriter(context_, open.connection(), shop_).link(id, links); });
}

std::int64_t SqlShopTransaction::append_event(std::string_view type, std::string_view object,
                                              std::string_view data) {
  return guarded(
      [&](Open& open) { return open.events.append(type, object, data, context_.clock.now()); });
}

void SqlShopTransaction::park(std::string_view kind, const ParkedItem& item,
                              std::chrono::seconds keep_document) {
  guarded([&](Open& open) {
    ParkedRepository::park(context_, open.connection(), shop_, kind, item, keep_document);
  });
}

void SqlShopTransaction::unpark(std::string_view kind, std::string_view item_id) {
  guarded([&](Open& open) {
    ParkedRepository::unpark(open.connection(), shop_, kind, item_id, context_.clock.now());
  });
}

bool SqlShopTransaction::raise_alert(std::string_view kind, std::string_view item,
                                     const Alert& alert) {
  return guarded([&](Open& open) {
    return AlertRepository::raise(open.connection(), shop_, kind, item, alert,
                                  context_.clock.now());
  });
}

void SqlShopTransaction::clear_alerts(std::string_view kind, std::string_view item,
                                      std::span<const Alert> but) {
  guarded([&](Open& open) {
    AlertRepository::clear(open.connection(), shop_, kind, item, but, context_.clock.now());
  });
}

std::int64_t SqlShopTransaction::add_audit(const AuditRun& run) {
  return guarded([&](Open& open) { return OrderAuditRepository::insert(open.connection(), run); });
}

void SqlShopTransaction::save_audit(const AuditRun& run) {
  guarded([&](Open& open) { OrderAuditRepository::save(open.connection(), run); });
}

bool SqlShopTransaction::note_finding(std::int64_t run, const AuditFinding& finding) {
  return guarded(
      [&](Open& open) { return OrderAuditRepository::note(open.connection(), run, finding); });
}

bool SqlShopTransaction::was_unchanged(const AuditFinding& finding) {
  return guarded([&](Open& open) {
    return OrderAuditRepository::was_unchanged(open.connection(), shop_, finding);
  });
}

void SqlShopTransaction::settle_finding(std::int64_t run, const AuditFinding& finding) {
  guarded([&](Open& open) { OrderAuditRepository::settle(open.connection(), run, finding); });
}

void SqlShopTransaction::set_cursor(std::string_view capability, const Cursor& cursor) {
  guarded([&](Open& open) {
    ProgressRepository::set_cursor(open.connection(), shop_, capability, cursor);
  });
}

void SqlShopTransaction::put_state(std::string_view key, std::string_view value) {
  guarded([&](Open& open) { ProgressRepository::put_state(open.connection(), shop_, key, value); });
}

void SqlShopTransaction::erase_state(std::string_view key) {
  guarded([&](Open& open) { ProgressRepository::erase_state(open.connection(), shop_, key); });
}

void SqlShopTransaction::save_job(const JobRecord& job) {
  guarded([&](Open& open) { ProgressRepository::save_job(open.connection(), shop_, job); });
}

void SqlShopTransaction::set_shop_state(std::string_view state, std::string_view reason) {
  guarded([&](Open& open) {
    ShopRepository::write_state(open.connection(), shop_, state, reason, context_.clock.now());
  });
}

void SqlShopTransaction::clear_mark(std::string_view capability) {
  guarded(
      [&](Open& open) { ProgressRepository::clear_mark(open.connection(), shop_, capability); });
}

void SqlShopTransaction::commit() {
  const auto quota_saved = guarded([&](Open& open) {
    open.events.finish();
    auto saved = quota_.write_followed(open.connection());
    open.transaction.commit();
    return saved;
  });
  open_.reset();
  if (quota_saved) quota_saved();
}

}  // namespace marketplug::store::sql
