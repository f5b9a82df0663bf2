#include "tests/crash/altered_store.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "marketplug/model/time.hpp"

namespace marketplug::crash {
namespace {

/// `after` of a finished window becomes its end.
Cursor without_overlap(const Cursor& cursor, const std::optional<store::JobRecord>& job) {
  boost::json::object place = boost::json::parse(cursor.value).as_object();
  if (place.contains("token") || !job || !job->complete_until) return cursor;
  place["after"] = format_time(*job->complete_until);
  return {boost::json::serialize(place)};
}

class AlteredTransaction final : public store::ShopTransaction {
 private:
  /// Does it, and remembers how to do it again.
  template <class Write>
  auto write(Write write) {
    if (alterations_.cursor_first) written_.emplace_back(write);
    return write(*inner_);
  }

 public:
  AlteredTransaction(store::Store& store, store::OwnerToken token, const Alterations& alterations)
      : store_(store),
        token_(std::move(token)),
        alterations_(alterations),
        inner_(store.begin(token_)) {}

  std::optional<store::OrderHead> order_head(std::string_view id) override {
    return inner_->order_head(id);
  }
  store::UpsertOutcome upsert_order(const store::OrderRow& order) override {
    auto row = order;
    const auto head = inner_->order_head(row.id);
    if (alterations_.no_guard && head && row.changed_at < head->changed_at) {
      row.changed_at = head->changed_at;  // the store itself lets no older time in
    }
    return write([row](ShopTransaction& to) { return to.upsert_order(row); });
  }
  std::optional<std::vector<store::LineRow>> order_lines(std::string_view id) override {
    return inner_->order_lines(id);
  }
  store::UpsertOutcome upsert_return(const store::ReturnRow& row) override {
    return write([row](ShopTransaction& to) { return to.upsert_return(row); });
  }
  std::vector<std::string> returns_to_link(std::size_t limit) override {
    return inner_->returns_to_link(limit);
  }
  void link_return(std::string_view id, std::span<const store::LineLink> links) override {
    write([id = std::string(id), links = std::vector<store::LineLink>(links.begin(), links.end())](
              ShopTransaction& to) { to.link_return(id, links); });
  }
  std::int64_t append_event(std::string_view type, std::string_view object,
                            std::string_view data) override {
    return write([type = std::string(type), object = std::string(object), data = std::string(data)](
                     ShopTransaction& to) { return to.append_event(type, object, data); });
  }
  void park(std::string_view kind, const ParkedItem& item, std::chrono::seconds keep) override {
    write(
        [kind = std::string(kind), item, keep](ShopTransaction& to) { to.park(kind, item, keep); });
  }
  void unpark(std::string_view kind, std::string_view id) override {
    write([kind = std::string(kind), id = std::string(id)](ShopTransaction& to) {
      to.unpark(kind, id);
    });
  }
  bool raise_alert(std::string_view kind, std::string_view item,
                   const store::Alert& alert) override {
    return write([kind = std::string(kind), item = std::string(item), alert](ShopTransaction& to) {
      return to.raise_alert(kind, item, alert);
    });
  }
  void clear_alerts(std::string_view kind, std::string_view item,
                    std::span<const store::Alert> but) override {
    write([kind = std::string(kind), item = std::string(item),
           but = std::vector<store::Alert>(but.begin(), but.end())](ShopTransaction& to) {
      to.clear_alerts(kind, item, but);
    });
  }
  std::int64_t add_audit(const store::AuditRun& run) override {
    return write([run](ShopTransaction& to) { return to.add_audit(run); });
  }
  void save_audit(const store::AuditRun& run) override {
    write([run](ShopTransaction& to) { to.save_audit(run); });
  }
  bool note_finding(std::int64_t run, const store::AuditFinding& finding) override {
    return write([run, finding](ShopTransaction& to) { return to.note_finding(run, finding); });
  }
  bool was_unchanged(const store::AuditFinding& finding) override {
    return write([finding](ShopTransaction& to) { return to.was_unchanged(finding); });
  }
  void settle_finding(std::int64_t run, const store::AuditFinding& finding) override {
    write([run, finding](ShopTransaction& to) { to.settle_finding(run, finding); });
  }
  void set_cursor(std::string_view capability, const Cursor& cursor) override {
    capability_ = capability;
    cursor_ = cursor;
  }
  void put_state(std::string_view key, std::string_view value) override {
    write([key = std::string(key), value = std::string(value)](ShopTransaction& to) {
      to.put_state(key, value);
    });
  }
  void erase_state(std::string_view key) override {
    write([key = std::string(key)](ShopTransaction& to) { to.erase_state(key); });
  }
  void save_job(const store::JobRecord& job) override {
    job_ = job;
    write([job](ShopTransaction& to) { to.save_job(job); });
  }
  void set_shop_state(std::string_view state, std::string_view reason) override {
    write([state = std::string(state), reason = std::string(reason)](ShopTransaction& to) {
      to.set_shop_state(state, reason);
    });
  }
  void clear_mark(std::string_view capability) override {
    write(
        [capability = std::string(capability)](ShopTransaction& to) { to.clear_mark(capability); });
  }
  void commit() override {
    if (cursor_ && alterations_.no_overlap) cursor_ = without_overlap(*cursor_, job_);
    if (cursor_ && alterations_.cursor_first) {
      inner_.reset();
      const auto first = store_.begin(token_);
      first->set_cursor(capability_, *cursor_);
      first->commit();
      inner_ = store_.begin(token_);
      for (const auto& again : written_) again(*inner_);
    } else if (cursor_) {
      inner_->set_cursor(capability_, *cursor_);
    }
    inner_->commit();
  }

 private:
  store::Store& store_;
  store::OwnerToken token_;
  Alterations alterations_;
  std::unique_ptr<store::ShopTransaction> inner_;
  std::vector<std::function<void(store::ShopTransaction&)>> written_;
  std::string capability_;
  std::optional<Cursor> cursor_;
  std::optional<store::JobRecord> job_;
};

class AlteredStore final : public store::Store {
 public:
  AlteredStore(std::unique_ptr<store::Store> inner, const Alterations& alterations)
      : inner_(std::move(inner)), alterations_(alterations) {}

  std::unique_ptr<store::ShopTransaction> begin(const store::OwnerToken& token) override {
    return std::make_unique<AlteredTransaction>(*inner_, token, alterations_);
  }
  store::Shops& shops() override { return inner_->shops(); }
  store::Ownership& ownership() override { return inner_->ownership(); }
  store::Orders& orders() override { return inner_->orders(); }
  store::Returns& returns() override { return inner_->returns(); }
  store::Events& events() override { return inner_->events(); }
  store::Parked& parked() override { return inner_->parked(); }
  store::Alerts& alerts() override { return inner_->alerts(); }
  store::OrderAudits& order_audits() override { return inner_->order_audits(); }
  store::Progress& progress() override { return inner_->progress(); }
  store::PluginHistory& plugins() override { return inner_->plugins(); }
  store::QuotaLevels& quota() override { return inner_->quota(); }
  store::SecretVault& secrets() override { return inner_->secrets(); }
  store::DocumentVault& documents() override { return inner_->documents(); }
  store::AuditTrail& audit() override { return inner_->audit(); }
  std::optional<std::string> look_at_clock(TimePoint now) override {
    return inner_->look_at_clock(now);
  }

 private:
  std::unique_ptr<store::Store> inner_;
  Alterations alterations_;
};

}  // namespace

std::unique_ptr<store::Store> alter(std::unique_ptr<store::Store> store,
                                    const Alterations& alterations) {
  return std::make_unique<AlteredStore>(std::move(store), alterations);
}

}  // namespace marketplug::crash
