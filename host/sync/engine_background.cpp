// A shop's jobs beside the import of its orders: its returns, and audits of its orders. They begin
// once the import has reached the present (or there is none), and take turns whenever no import is
// due.
#include <algorithm>
#include <array>
#include <utility>

#include "host/sync/engine.hpp"

namespace marketplug::sync {

bool EngineCore::imports_next(const ShopEntry& entry) const {
  return entry.active && entry.job.state != "dead";
}

bool EngineCore::returns_next(const ShopEntry& entry) const {
  const bool orders_first = entry.active && !entry.was_caught_up;
  return entry.imports_returns && !orders_first && entry.job.state != "dead";
}

bool EngineCore::audits_next(const ShopEntry& entry) const {
  return entry.audits && (entry.audit_asked || (scheduling_ && entry.was_caught_up));
}

/// What is due first; of what is due at once the first in this order.
std::optional<EngineCore::Turn> EngineCore::next_turn(const ShopEntry& entry, TimePoint now) const {
  using enum JobKind;
  const std::array<Turn, 3> turns{{{kOrders, entry.job.due_at, JobPriority::kPresent},
                                   {kReturns, entry.returns.due_at, JobPriority::kBackground},
                                   {kAudit, entry.audit.due_at, JobPriority::kBackground}}};
  const std::array<bool, 3> wanted{imports_next(entry), returns_next(entry), audits_next(entry)};
  std::optional<Turn> first;
  for (std::size_t i = 0; i < turns.size(); ++i) {
    const bool earlier = !first || std::max(turns[i].due, now) < std::max(first->due, now);
    if (wanted[i] && earlier) first = turns[i];
  }
  return first;
}

void EngineCore::start_background(const EntryPtr& entry, JobKind kind) {
  begin_use(*entry);
  const bool audit = kind == JobKind::kAudit;
  if (audit) entry->audit_again = false;
  ++running_;
  StepInput input{entry->record,       entry->token, audit ? entry->audit : entry->returns,
                  entry->fresh,        false,        entry->was_caught_up,
                  audit && scheduling_};
  entry->fresh = false;
  parts_.executor.post([this, entry, kind, input = std::move(input)] {
    const bool of_audit = kind == JobKind::kAudit;
    const StepReport report =
        of_audit ? runner_.audit_step(entry->work, input) : runner_.return_step(entry->work, input);
    const std::lock_guard lock(mutex_);
    if (of_audit) {
      finish_audit(*entry, input.shop.revision, report);
    } else {
      entry->returns = report.job;
      entry->imports_returns =
          !report.nothing_to_do || entry->record.revision != input.shop.revision;
    }
    if (entry->plugin.empty()) entry->plugin = report.plugin;
    if (entry->overdue_told != TimePoint{}) entry->trouble.clear();
    finish_use(entry, report);
  });
}

void EngineCore::finish_audit(ShopEntry& entry, std::int64_t revision, const StepReport& report) {
  entry.audit = report.job;
  const bool again = std::exchange(entry.audit_again, false);
  if (again) entry.audit.due_at = parts_.clock.now();
  entry.audits = !report.nothing_to_do || again || entry.record.revision != revision;
  if (!again && (report.nothing_to_do || report.caught_up)) entry.audit_asked = false;
}

}  // namespace marketplug::sync
