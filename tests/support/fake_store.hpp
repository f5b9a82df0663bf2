#pragma once
// An in-memory Store with real transactions: one writer at a time, fences, leases by the injected
// clock, gap-free events. What was not committed is gone, so a crash is simply never committing.
// Any thread; `faults` is to be set while nobody calls.

#include <algorithm>
#include <cstdint>
#include <utility>

#include "support/fake_store_data.hpp"
#include "support/fake_vaults.hpp"

namespace marketplug::testing {

class FakeStore final : public store::Store {
 public:
  explicit FakeStore(const Clock& clock) : clock_(clock) {}

  FakeStoreFaults faults;

  std::unique_ptr<store::ShopTransaction> begin(const store::OwnerToken& token) override {
    call("begin", token.shop);
    std::unique_lock writer(writer_mutex_);
    FakeShopData data = checked(token);
    const auto commit = [this](const FakeShopData& changed) {
      const std::lock_guard lock(mutex_);
      FakeShopData& stored = shops_.at(changed.record.id);
      if (stored.fence != changed.fence) throw fenced(changed.record.id);
      const store::ShopRecord record = stored.record;
      stored = changed;
      // The document is the configuration's, the state the transaction's.
      stored.record = record;
      stored.record.state = changed.record.state;
      stored.record.state_reason = changed.record.state_reason;
    };
    const auto cursors_only = [this](const FakeShopData& changed) {
      const std::lock_guard lock(mutex_);
      shops_.at(changed.record.id).cursors = changed.cursors;
    };
    return std::make_unique<FakeTransaction>(std::move(writer), std::move(data), clock_.now(),
                                             faults, commit, cursors_only);
  }

  store::Shops& shops() override { return shops_part_; }
  store::Ownership& ownership() override { return ownership_part_; }
  store::Orders& orders() override { return orders_part_; }
  store::Returns& returns() override { return returns_part_; }
  store::Events& events() override { return events_part_; }
  store::Parked& parked() override { return parked_part_; }
  store::Alerts& alerts() override { return alerts_part_; }
  store::OrderAudits& order_audits() override { return audits_part_; }
  store::Progress& progress() override { return progress_part_; }
  store::PluginHistory& plugins() override { return plugins_; }
  store::QuotaLevels& quota() override { return quota_; }
  store::SecretVault& secrets() override { return secrets_; }
  store::DocumentVault& documents() override { return documents_; }
  store::AuditTrail& audit() override { return audit_; }
  std::optional<std::string> look_at_clock(TimePoint) override { return strange_clock; }
  /// What look_at_clock() says.
  std::optional<std::string> strange_clock;

  /// A copy of everything of a shop.
  FakeShopData data(std::string_view shop) const {
    const std::lock_guard lock(mutex_);
    return shops_.at(std::string(shop));
  }
  /// Another process takes the shop over.
  void steal(const std::string& shop, const std::string& node = "thief") {
    const std::lock_guard lock(mutex_);
    FakeShopData& stored = shops_.at(shop);
    stored.node = node;
    ++stored.fence;
    nodes_[node] = {1, TimePoint::max()};
    stored.epoch = 1;
  }
  /// The other process ends.
  void end_node(const std::string& node) {
    const std::lock_guard lock(mutex_);
    nodes_.erase(node);
  }
  void remove_shop(const std::string& shop) {
    const std::lock_guard lock(mutex_);
    shops_.erase(shop);
  }
  /// As if another version had written it.
  void spoil_return(const std::string& shop, const std::string& id) {
    const std::lock_guard lock(mutex_);
    shops_.at(shop).returns.at(id).document = "{\"later\":1}";
  }
  void discard_parked(const std::string& shop, const std::string& id) {
    const std::lock_guard lock(mutex_);
    shops_.at(shop).parked.at({"order", id}).state = "discarded";
  }

 private:
  struct Node {
    std::int64_t epoch = 0;
    TimePoint expires{};
  };

  void call(std::string_view operation, std::string_view shop = {}) const {
    if (faults.on_call) faults.on_call(operation, shop);
  }
  FakeShopData checked(const store::OwnerToken& token) const {
    const std::lock_guard lock(mutex_);
    const auto found = shops_.find(token.shop);
    if (found == shops_.end() || found->second.node != token.node ||
        found->second.fence != token.fence) {
      throw fenced(token.shop);
    }
    return found->second;
  }
  static store::StoreError fenced(const std::string& shop) {
    return {store::StoreError::Kind::kFenced, "shop " + shop + " has another owner"};
  }

  class ShopsPart final : public store::Shops {
   public:
    explicit ShopsPart(FakeStore& store) : s_(store) {}
    std::vector<store::ShopRecord> list() override {
      s_.call("shops.list");
      const std::lock_guard lock(s_.mutex_);
      std::vector<store::ShopRecord> all;
      for (const auto& [id, data] : s_.shops_) all.push_back(data.record);
      return all;
    }
    std::optional<store::ShopRecord> find(std::string_view id) override {
      s_.call("shops.find");
      const std::lock_guard lock(s_.mutex_);
      const auto found = s_.shops_.find(id);
      if (found == s_.shops_.end()) return std::nullopt;
      return found->second.record;
    }
    store::ShopRecord put(const store::ShopRecord& shop) override {
      const std::lock_guard lock(s_.mutex_);
      store::ShopRecord& stored = s_.shops_[shop.id].record;
      const bool same = stored.revision > 0 && stored.document == shop.document &&
                        stored.source == shop.source && stored.enabled == shop.enabled;
      stored.id = shop.id;
      stored.document = shop.document;
      stored.source = shop.source;
      stored.enabled = shop.enabled;
      if (stored.revision == 0) stored.state = shop.enabled ? "not_running" : "disabled";
      if (!same) ++stored.revision;
      return stored;
    }
    void set_enabled(std::string_view id, bool enabled) override {
      const std::lock_guard lock(s_.mutex_);
      store::ShopRecord& stored = s_.shops_.find(id)->second.record;
      if (stored.enabled != enabled) ++stored.revision;
      stored.enabled = enabled;
    }
    void set_state(std::string_view id, std::string_view state, std::string_view reason) override {
      const std::lock_guard lock(s_.mutex_);
      store::ShopRecord& stored = s_.shops_.find(id)->second.record;
      stored.state = state;
      stored.state_reason = reason;
    }

   private:
    FakeStore& s_;
  };

  class OwnershipPart final : public store::Ownership {
   public:
    explicit OwnershipPart(FakeStore& store) : s_(store) {}
    void register_node(std::string_view node, std::chrono::seconds lease) override {
      s_.call("register_node");
      const std::lock_guard lock(s_.mutex_);
      node_ = node;
      lease_ = lease;
      Node& me = s_.nodes_[node_];
      ++me.epoch;
      me.expires = s_.clock_.now() + lease;
      epoch_ = me.epoch;
    }
    bool renew() override {
      s_.call("renew");
      const std::lock_guard lock(s_.mutex_);
      Node& me = s_.nodes_[node_];
      if (me.epoch != epoch_ || me.expires <= s_.clock_.now()) return false;
      me.expires = s_.clock_.now() + lease_;
      return true;
    }
    std::vector<store::OwnerToken> claim(std::size_t limit) override {
      s_.call("claim");
      const std::lock_guard lock(s_.mutex_);
      std::vector<store::OwnerToken> tokens;
      for (auto& [id, data] : s_.shops_) {
        if (tokens.size() == limit) break;
        const auto owner = s_.nodes_.find(data.node);
        const bool owned = owner != s_.nodes_.end() && owner->second.epoch == data.epoch &&
                           owner->second.expires > s_.clock_.now();
        if (owned) continue;
        data.node = node_;
        data.epoch = epoch_;
        ++data.fence;
        tokens.push_back({id, node_, data.fence});
      }
      return tokens;
    }
    void release(const store::OwnerToken& token) override {
      s_.call("release", token.shop);
      const std::lock_guard lock(s_.mutex_);
      const auto found = s_.shops_.find(token.shop);
      if (found != s_.shops_.end() && found->second.fence == token.fence) {
        found->second.node.clear();
      }
    }

   private:
    FakeStore& s_;
    std::string node_;
    std::chrono::seconds lease_{};
    std::int64_t epoch_ = 0;
  };

  /// Only what sync uses; lists for people are the real store's matter.
  class OrdersPart final : public store::Orders {
   public:
    explicit OrdersPart(FakeStore& store) : s_(store) {}
    store::OrderPage list(const store::OrderFilter&) override { return {}; }
    std::vector<store::OrderCount> count(std::string_view) override { return {}; }
    std::optional<store::StoredOrder> find(std::string_view, std::string_view) override {
      return std::nullopt;
    }
    std::optional<store::StoredOrder> find_personal(std::string_view, std::string_view,
                                                    std::string_view) override {
      return std::nullopt;
    }
    store::OrderPage list_personal(const store::OrderFilter&, std::string_view) override {
      return {};
    }
    std::size_t purge_personal(TimePoint now) override {
      s_.call("purge_personal");
      const std::lock_guard writer(s_.writer_mutex_);
      const std::lock_guard lock(s_.mutex_);
      std::size_t purged = 0;
      for (auto& [id, data] : s_.shops_) {
        for (auto& [order, row] : data.orders) {
          const bool due = row->keep_personal_until && *row->keep_personal_until <= now;
          if (!due || (row->personal.empty() && row->raw.empty())) continue;
          store::OrderRow bare = *row;
          bare.personal.clear();
          bare.raw.clear();
          row = std::make_shared<const store::OrderRow>(std::move(bare));
          ++purged;
        }
      }
      return purged;
    }

   private:
    FakeStore& s_;
  };

  /// Only what sync uses.
  class ReturnsPart final : public store::Returns {
   public:
    explicit ReturnsPart(FakeStore& store) : s_(store) {}
    std::vector<store::StoredReturn> list(const store::ReturnFilter&) override { return {}; }
    std::optional<store::StoredReturn> find(std::string_view, std::string_view) override {
      return std::nullopt;
    }
    std::optional<store::StoredReturn> find_personal(std::string_view, std::string_view,
                                                     std::string_view) override {
      return std::nullopt;
    }
    std::size_t purge_personal(TimePoint) override {
      s_.call("purge_personal_of_returns");
      return 0;
    }

   private:
    FakeStore& s_;
  };

  class EventsPart final : public store::Events {
   public:
    explicit EventsPart(FakeStore& store) : s_(store) {}
    std::vector<store::Event> after(std::string_view shop, std::int64_t after,
                                    std::size_t limit) override {
      const std::lock_guard lock(s_.mutex_);
      std::vector<store::Event> found;
      for (const auto& event : s_.shops_.find(shop)->second.events) {
        if (event->seq > after && found.size() < limit) found.push_back(*event);
      }
      return found;
    }
    std::int64_t last(std::string_view shop) override {
      const std::lock_guard lock(s_.mutex_);
      return static_cast<std::int64_t>(s_.shops_.find(shop)->second.events.size());
    }

   private:
    FakeStore& s_;
  };

  class AlertsPart final : public store::Alerts {
   public:
    explicit AlertsPart(FakeStore& store) : s_(store) {}
    std::vector<store::AlertRecord> list(std::string_view shop, bool open_only,
                                         std::size_t limit) override {
      const std::lock_guard lock(s_.mutex_);
      std::vector<store::AlertRecord> found;
      for (const auto& [id, data] : s_.shops_) {
        for (const auto& record : data.alerts) {
          if (found.size() == limit || (!shop.empty() && id != shop)) continue;
          if (!open_only || !record.cleared_at) found.push_back(record);
        }
      }
      return found;
    }
    std::size_t expire(TimePoint now, std::chrono::seconds keep) override {
      const std::lock_guard lock(s_.mutex_);
      std::size_t ended = 0;
      for (auto& [id, data] : s_.shops_) {
        for (auto& record : data.alerts) {
          if (record.cleared_at || !record.alert.ends_at || *record.alert.ends_at > now) continue;
          record.cleared_at = now;
          ++ended;
        }
        std::erase_if(data.alerts, [&](const store::AlertRecord& record) {
          return record.cleared_at && *record.cleared_at <= now - keep;
        });
      }
      return ended;
    }

   private:
    FakeStore& s_;
  };

  /// Run numbers are per shop here.
  class AuditsPart final : public store::OrderAudits {
   public:
    explicit AuditsPart(FakeStore& store) : s_(store) {}
    std::int64_t add(const store::AuditRun& run) override {
      const std::lock_guard lock(s_.mutex_);
      auto& audits = s_.shops_.at(run.shop).audits;
      const auto id = static_cast<std::int64_t>(audits.size()) + 1;
      audits.emplace(id, run).first->second.id = id;
      return id;
    }
    std::optional<store::AuditRun> next(std::string_view shop) override {
      const std::lock_guard lock(s_.mutex_);
      const store::AuditRun* found = nullptr;
      for (const auto& [id, run] : s_.shops_.at(std::string(shop)).audits) {
        if (run.ended_at) continue;
        if (found == nullptr || (found->asked_by.empty() && !run.asked_by.empty())) found = &run;
      }
      return found == nullptr ? std::nullopt : std::optional(*found);
    }
    std::optional<store::AuditRun> find(std::int64_t id) override {
      const std::lock_guard lock(s_.mutex_);
      for (const auto& [shop, data] : s_.shops_) {
        const auto found = data.audits.find(id);
        if (found != data.audits.end()) return found->second;
      }
      return std::nullopt;
    }
    std::vector<store::AuditRun> list(std::string_view shop, std::size_t limit) override {
      const std::lock_guard lock(s_.mutex_);
      std::vector<store::AuditRun> runs;
      for (const auto& [name, data] : s_.shops_) {
        for (auto it = data.audits.rbegin(); it != data.audits.rend(); ++it) {
          if (runs.size() < limit && (shop.empty() || shop == name)) runs.push_back(it->second);
        }
      }
      return runs;
    }
    std::optional<TimePoint> first_done(std::string_view shop) override {
      const std::lock_guard lock(s_.mutex_);
      for (const auto& [id, run] : s_.shops_.at(std::string(shop)).audits) {
        if (run.asked_by.empty() && run.state == "done") return run.asked_at;
      }
      return std::nullopt;
    }
    std::vector<store::AuditFinding> findings(std::int64_t run, bool open_only,
                                              std::size_t limit) override {
      const std::lock_guard lock(s_.mutex_);
      std::vector<store::AuditFinding> found;
      for (const std::string_view problem : {"missing", "stale"}) {
        for (const auto& [shop, data] : s_.shops_) {
          for (const auto& [key, finding] : data.findings) {
            const bool wanted = key.first == run && finding.problem == problem &&
                                (!open_only || finding.outcome == "open");
            if (wanted && found.size() < limit) found.push_back(finding);
          }
        }
      }
      return found;
    }
    std::size_t purge(TimePoint ended_before) override {
      const std::lock_guard lock(s_.mutex_);
      std::size_t purged = 0;
      for (auto& [shop, data] : s_.shops_) {
        purged += std::erase_if(data.audits, [&](const auto& each) {
          return each.second.ended_at && *each.second.ended_at <= ended_before;
        });
      }
      return purged;
    }

   private:
    FakeStore& s_;
  };

  class ParkedPart final : public store::Parked {
   public:
    explicit ParkedPart(FakeStore& store) : s_(store) {}
    std::vector<store::ParkedRecord> list(std::string_view shop, bool open_only,
                                          std::size_t limit) override {
      s_.call("parked.list", shop);
      const std::lock_guard lock(s_.mutex_);
      std::vector<store::ParkedRecord> found;
      for (const auto& [key, record] : s_.shops_.find(shop)->second.parked) {
        if (found.size() < limit && (!open_only || record.state == "open")) {
          found.push_back(record);
        }
      }
      return found;
    }
    store::OpenParked open(std::string_view shop, std::string_view kind,
                           std::span<const std::string_view> ids) override {
      s_.call("parked.open", shop);
      const std::lock_guard lock(s_.mutex_);
      store::OpenParked found;
      const auto& parked = s_.shops_.find(shop)->second.parked;
      for (const std::string_view id : ids) {
        const auto record = parked.find({std::string(kind), std::string(id)});
        if (record == parked.end() || record->second.state != "open") continue;
        found.insert_or_assign(std::string(id), record->second.item.changed_at);
      }
      return found;
    }
    std::optional<store::ParkedRecord> find(std::int64_t, std::string_view) override {
      return std::nullopt;
    }
    std::size_t purge_documents(TimePoint) override {
      s_.call("purge_documents");
      return 0;
    }

   private:
    FakeStore& s_;
  };

  class ProgressPart final : public store::Progress {
   public:
    explicit ProgressPart(FakeStore& store) : s_(store) {}
    std::optional<Cursor> cursor(std::string_view shop, std::string_view capability) override {
      s_.call("cursor", shop);
      const std::lock_guard lock(s_.mutex_);
      return lookup(s_.shops_.find(shop)->second.cursors, capability);
    }
    std::optional<std::string> state(std::string_view shop, std::string_view key) override {
      const std::lock_guard lock(s_.mutex_);
      return lookup(s_.shops_.find(shop)->second.state, key);
    }
    std::vector<store::JobRecord> jobs(std::string_view shop) override {
      s_.call("jobs", shop);
      const std::lock_guard lock(s_.mutex_);
      std::vector<store::JobRecord> found;
      for (const auto& [kind, job] : s_.shops_.find(shop)->second.jobs) found.push_back(job);
      return found;
    }
    void mark_in_flight(const store::OwnerToken& token, const store::InFlightMark& mark) override {
      s_.call("mark_in_flight", token.shop);
      const std::lock_guard writer(s_.writer_mutex_);
      s_.checked(token);
      const std::lock_guard lock(s_.mutex_);
      s_.shops_.at(token.shop).marks.insert_or_assign(mark.capability, mark);
    }
    std::vector<store::InFlightMark> marks() override {
      s_.call("marks");
      const std::lock_guard lock(s_.mutex_);
      std::vector<store::InFlightMark> found;
      for (const auto& [id, data] : s_.shops_) {
        for (const auto& [capability, mark] : data.marks) found.push_back(mark);
      }
      return found;
    }
    void drop_mark(const store::InFlightMark& mark) override {
      s_.call("drop_mark", mark.shop);
      const std::lock_guard lock(s_.mutex_);
      s_.shops_.at(mark.shop).marks.erase(mark.capability);
    }

   private:
    template <class Map>
    static std::optional<typename Map::mapped_type> lookup(const Map& map, std::string_view key) {
      const auto found = map.find(key);
      if (found == map.end()) return std::nullopt;
      return found->second;
    }
    FakeStore& s_;
  };

  const Clock& clock_;
  std::mutex writer_mutex_;
  mutable std::mutex mutex_;
  std::map<std::string, FakeShopData, std::less<>> shops_;
  std::map<std::string, Node, std::less<>> nodes_;
  ShopsPart shops_part_{*this};
  OwnershipPart ownership_part_{*this};
  OrdersPart orders_part_{*this};
  ReturnsPart returns_part_{*this};
  EventsPart events_part_{*this};
  ParkedPart parked_part_{*this};
  AlertsPart alerts_part_{*this};
  AuditsPart audits_part_{*this};
  ProgressPart progress_part_{*this};
  FakePluginHistory plugins_;
  FakeQuotaLevels quota_;
  FakeSecretVault secrets_;
  FakeDocumentVault documents_;
  FakeAuditTrail audit_;
};

}  // namespace marketplug::testing
