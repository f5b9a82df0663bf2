#pragma once
// The store over any engine: checks, migrates and holds the repositories. Any thread; clock and
// database live as long as it does.

#include <functional>
#include <memory>

#include "host/store/sql/alert_repository.hpp"
#include "host/store/sql/audit_repository.hpp"
#include "host/store/sql/document_repository.hpp"
#include "host/store/sql/event_repository.hpp"
#include "host/store/sql/order_audit_repository.hpp"
#include "host/store/sql/order_repository.hpp"
#include "host/store/sql/ownership_repository.hpp"
#include "host/store/sql/parked_repository.hpp"
#include "host/store/sql/plugin_repository.hpp"
#include "host/store/sql/progress_repository.hpp"
#include "host/store/sql/quota_repository.hpp"
#include "host/store/sql/return_repository.hpp"
#include "host/store/sql/secret_repository.hpp"
#include "host/store/sql/shop_repository.hpp"
#include "host/store/store.hpp"

namespace marketplug::store::sql {

class SqlStore final : public Store {
 public:
  /// Makes the master key, or finds it; called once, after a newer schema was refused. `has_data`:
  /// the store was sealed with a key before, so a new one would be wrong.
  using MasterKey = std::function<SealKey(bool has_data)>;

  SqlStore(std::unique_ptr<db::Database> database, const MasterKey& master_key, const Clock& clock,
           const db::CheckHooks& hooks);
  ~SqlStore() override;

  std::unique_ptr<ShopTransaction> begin(const OwnerToken& token) override;
  Shops& shops() override { return shops_; }
  Ownership& ownership() override { return ownership_; }
  Orders& orders() override { return orders_; }
  Returns& returns() override { return returns_; }
  Events& events() override { return events_; }
  Parked& parked() override { return parked_; }
  Alerts& alerts() override { return alerts_; }
  OrderAudits& order_audits() override { return order_audits_; }
  Progress& progress() override { return progress_; }
  PluginHistory& plugins() override { return plugins_; }
  QuotaLevels& quota() override { return quota_; }
  SecretVault& secrets() override { return secrets_; }
  DocumentVault& documents() override { return documents_; }
  AuditTrail& audit() override { return audit_; }
  std::optional<std::string> look_at_clock(TimePoint now) override {
    return time_.look(*database_, now);
  }

 private:
  std::unique_ptr<db::Database> database_;
  std::unique_ptr<Seals> seals_;
  TrustedTime time_;
  Context context_;
  ShopRepository shops_;
  OwnershipRepository ownership_;
  AuditRepository audit_;
  OrderRepository orders_;
  ReturnRepository returns_;
  EventRepository events_;
  ParkedRepository parked_;
  AlertRepository alerts_;
  OrderAuditRepository order_audits_;
  ProgressRepository progress_;
  PluginRepository plugins_;
  QuotaRepository quota_;
  SecretRepository secrets_;
  DocumentRepository documents_;
};

}  // namespace marketplug::store::sql
