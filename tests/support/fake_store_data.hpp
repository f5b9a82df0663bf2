#pragma once
// What a FakeStore holds, and its transaction: a copy of one shop's data that becomes the truth at
// commit. Values; the FakeStore's mutex guards the committed ones.

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/store/store.hpp"

namespace marketplug::testing {

using KindAndId = std::pair<std::string, std::string>;

struct FakeShopData {
  store::ShopRecord record;
  std::string node;
  std::int64_t epoch = 0, fence = 0;
  std::map<std::string, std::shared_ptr<const store::OrderRow>, std::less<>> orders;
  std::map<std::string, int, std::less<>> applied;  ///< versions of an order that took effect
  std::map<std::string, store::ReturnRow, std::less<>> returns;
  std::vector<std::shared_ptr<const store::Event>> events;
  std::map<KindAndId, store::ParkedRecord> parked;
  std::vector<store::AlertRecord> alerts;
  std::map<std::int64_t, store::AuditRun> audits;
  std::map<std::pair<std::int64_t, std::string>, store::AuditFinding> findings;
  std::map<std::string, Cursor, std::less<>> cursors;
  std::map<std::string, std::string, std::less<>> state;
  std::map<std::string, store::JobRecord, std::less<>> jobs;
  std::map<std::string, store::InFlightMark, std::less<>> marks;
};

/// Faults a test builds in. `on_call` sees each operation by name before it happens ("commit.done":
/// after) and may throw; the broken_ ones are controls that a good test must catch.
struct FakeStoreFaults {
  std::function<void(std::string_view operation, std::string_view shop)> on_call;
  std::function<void(const store::OrderRow&)> on_upsert;   ///< may refuse one order
  std::function<void(const store::ReturnRow&)> on_return;  ///< the same
  bool broken_cursor_first = false;
  bool broken_no_guard = false;
};

class FakeTransaction final : public store::ShopTransaction {
 public:
  using Commit = std::function<void(const FakeShopData&)>;
  FakeTransaction(std::unique_lock<std::mutex> writer, FakeShopData data, TimePoint now,
                  const FakeStoreFaults& faults, Commit commit, Commit write_through)
      : writer_(std::move(writer)),
        data_(std::move(data)),
        now_(now),
        faults_(faults),
        commit_(std::move(commit)),
        write_through_(std::move(write_through)) {}

  std::optional<store::OrderHead> order_head(std::string_view id) override {
    call("order_head");
    const auto found = data_.orders.find(id);
    if (found == data_.orders.end()) return std::nullopt;
    return store::OrderHead{found->second->state, found->second->changed_at,
                            found->second->content_hash};
  }

  store::UpsertOutcome upsert_order(const store::OrderRow& order) override {
    call("upsert_order");
    if (faults_.on_upsert) {
      spent_ = true;
      faults_.on_upsert(order);
      spent_ = false;
    }
    const auto found = data_.orders.find(order.id);
    const bool exists = found != data_.orders.end();
    if (exists) {
      const store::OrderRow& old = *found->second;
      if (order.changed_at < old.changed_at && !faults_.broken_no_guard) {
        return store::UpsertOutcome::kStale;
      }
      if (order.changed_at == old.changed_at && order.content_hash == old.content_hash) {
        return store::UpsertOutcome::kUnchanged;
      }
    }
    data_.orders.insert_or_assign(order.id, std::make_shared<store::OrderRow>(order));
    ++data_.applied[order.id];
    return exists ? store::UpsertOutcome::kUpdated : store::UpsertOutcome::kInserted;
  }

  std::optional<std::vector<store::LineRow>> order_lines(std::string_view id) override {
    call("order_lines");
    const auto found = data_.orders.find(id);
    if (found == data_.orders.end()) return std::nullopt;
    return found->second->lines;
  }

  store::UpsertOutcome upsert_return(const store::ReturnRow& row) override {
    call("upsert_return");
    if (faults_.on_return) {
      spent_ = true;
      faults_.on_return(row);
      spent_ = false;
    }
    const auto found = data_.returns.find(row.id);
    if (found == data_.returns.end()) {
      data_.returns.emplace(row.id, row);
      return store::UpsertOutcome::kInserted;
    }
    if (row.changed_at && found->second.changed_at && *row.changed_at < *found->second.changed_at) {
      return store::UpsertOutcome::kStale;
    }
    const bool same = row.content_hash == found->second.content_hash;
    if (same && row.links == found->second.links) return store::UpsertOutcome::kUnchanged;
    found->second = row;
    return store::UpsertOutcome::kUpdated;
  }

  std::vector<std::string> returns_to_link(std::size_t limit) override {
    call("returns_to_link");
    std::vector<std::string> documents;
    for (const auto& [id, row] : data_.returns) {
      const bool waits = std::any_of(
          row.links.begin(), row.links.end(),
          [](const store::LineLink& each) { return each.link == store::ReturnLink::kNoOrder; });
      if (waits && data_.orders.contains(row.order_id) && documents.size() < limit) {
        documents.push_back(row.document);
      }
    }
    return documents;
  }

  void link_return(std::string_view id, std::span<const store::LineLink> links) override {
    call("link_return");
    data_.returns.find(id)->second.links.assign(links.begin(), links.end());
  }

  std::int64_t append_event(std::string_view type, std::string_view object,
                            std::string_view data) override {
    call("append_event");
    store::Event event;
    event.shop = data_.record.id;
    event.seq = static_cast<std::int64_t>(data_.events.size()) + 1;
    event.type = type;
    event.object = object;
    event.at = now_;
    event.data = data;
    data_.events.push_back(std::make_shared<const store::Event>(event));
    return event.seq;
  }

  void park(std::string_view kind, const ParkedItem& item,
            std::chrono::seconds keep_document) override {
    call("park");
    auto& record = data_.parked[{std::string(kind), item.id}];
    if (record.state != "open") {
      record = {};
      record.first_at = now_;
    }
    record.id = static_cast<std::int64_t>(data_.parked.size());
    record.shop = data_.record.id;
    record.kind = kind;
    record.item = item;
    if (item.changed_at.value_or(record.first_at) + keep_document <= now_) record.item.raw.clear();
    record.state = "open";
    record.last_at = now_;
    ++record.tries;
  }

  void unpark(std::string_view kind, std::string_view item_id) override {
    call("unpark");
    const auto found = data_.parked.find({std::string(kind), std::string(item_id)});
    if (found != data_.parked.end()) found->second.state = "replayed";
  }

  bool raise_alert(std::string_view kind, std::string_view item,
                   const store::Alert& alert) override {
    call("raise_alert");
    for (auto& record : data_.alerts) {
      if (record.cleared_at || record.kind != kind || record.item != item) continue;
      if (record.alert.code != alert.code) continue;
      record.alert = alert;
      return false;
    }
    const auto id = static_cast<std::int64_t>(data_.alerts.size()) + 1;
    data_.alerts.push_back(
        {id, data_.record.id, std::string(kind), std::string(item), alert, now_, std::nullopt});
    return true;
  }

  void clear_alerts(std::string_view kind, std::string_view item,
                    std::span<const store::Alert> but) override {
    call("clear_alerts");
    for (auto& record : data_.alerts) {
      if (record.cleared_at || record.kind != kind || record.item != item) continue;
      const bool stays = std::any_of(but.begin(), but.end(), [&](const store::Alert& alert) {
        return alert.code == record.alert.code;
      });
      if (!stays) record.cleared_at = now_;
    }
  }

  std::int64_t add_audit(const store::AuditRun& run) override {
    call("add_audit");
    const auto id = static_cast<std::int64_t>(data_.audits.size()) + 1;
    data_.audits.emplace(id, run).first->second.id = id;
    return id;
  }

  void save_audit(const store::AuditRun& run) override {
    call("save_audit");
    data_.audits.at(run.id) = run;
    if (!run.ended_at) return;
    std::erase_if(data_.findings, [&](const auto& each) {
      return each.first.first == run.id && each.second.problem.empty();
    });
  }

  bool note_finding(std::int64_t run, const store::AuditFinding& finding) override {
    call("note_finding");
    return data_.findings.emplace(std::pair(run, finding.order), finding).second;
  }

  bool was_unchanged(const store::AuditFinding& finding) override {
    call("was_unchanged");
    return std::any_of(data_.findings.begin(), data_.findings.end(), [&](const auto& each) {
      const auto& known = each.second;
      return known.order == finding.order && known.outcome == "unchanged" &&
             known.marketplace_status == finding.marketplace_status &&
             known.changed_at == finding.changed_at;
    });
  }

  void settle_finding(std::int64_t run, const store::AuditFinding& finding) override {
    call("settle_finding");
    data_.findings.at({run, finding.order}) = finding;
  }

  void set_cursor(std::string_view capability, const Cursor& cursor) override {
    call("set_cursor");
    data_.cursors.insert_or_assign(std::string(capability), cursor);
  }

  void put_state(std::string_view key, std::string_view value) override {
    call("put_state");
    data_.state.insert_or_assign(std::string(key), std::string(value));
  }

  void erase_state(std::string_view key) override {
    call("erase_state");
    data_.state.erase(std::string(key));
  }

  void save_job(const store::JobRecord& job) override {
    call("save_job");
    data_.jobs.insert_or_assign(job.kind, job);
  }

  void set_shop_state(std::string_view state, std::string_view reason) override {
    call("set_shop_state");
    data_.record.state = state;
    data_.record.state_reason = reason;
  }

  void clear_mark(std::string_view capability) override {
    call("clear_mark");
    data_.marks.erase(std::string(capability));
  }

  void commit() override {
    if (faults_.broken_cursor_first) write_through_(data_);
    call("commit");
    commit_(data_);
    call("commit.done");
  }

 private:
  void call(std::string_view operation) {
    if (spent_ && operation != "commit.done") {
      throw store::StoreError(store::StoreError::Kind::kOther, "the transaction has ended");
    }
    spent_ = true;
    if (faults_.on_call) faults_.on_call(operation, data_.record.id);
    spent_ = operation.rfind("commit", 0) == 0;
  }

  std::unique_lock<std::mutex> writer_;
  FakeShopData data_;
  TimePoint now_;
  const FakeStoreFaults& faults_;
  Commit commit_, write_through_;
  bool spent_ = false;  ///< after a throw or a commit, as the real ones
};

}  // namespace marketplug::testing
