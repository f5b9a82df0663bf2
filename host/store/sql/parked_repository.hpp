#pragma once
// What could not be processed, with its reason and (sealed) document. Any thread; owned by
// SqlStore.

#include "host/store/sql/audit_repository.hpp"
#include "host/store/sql/context.hpp"
#include "host/store/sql/eraser.hpp"
#include "host/store/store.hpp"

namespace marketplug::store::sql {

class ParkedRepository final : public Parked {
 public:
  ParkedRepository(const Context& context, AuditRepository& audit)
      : context_(context), audit_(audit), eraser_(context) {}
  /// Newest first.
  std::vector<ParkedRecord> list(std::string_view shop, bool open_only, std::size_t limit) override;
  OpenParked open(std::string_view shop, std::string_view kind,
                  std::span<const std::string_view> ids) override;
  std::optional<ParkedRecord> find(std::int64_t id, std::string_view who) override;
  std::size_t purge_documents(TimePoint now) override;

  /// Inside a shop's transaction. An item without id is known by its document.
  static void park(const Context& context, db::Connection& connection, std::string_view shop,
                   std::string_view kind, const ParkedItem& item,
                   std::chrono::seconds keep_document);
  /// Ends the open record and erases its document: the order itself holds it now.
  static void unpark(db::Connection& connection, std::string_view shop, std::string_view kind,
                     std::string_view item_id, TimePoint now);

 private:
  Context context_;
  AuditRepository& audit_;
  Eraser eraser_;
};

}  // namespace marketplug::store::sql
