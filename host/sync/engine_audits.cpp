// Order audits: a shop's second job, in turn whenever no import of it is due.
#include <utility>

#include "host/sync/engine.hpp"

namespace marketplug::sync {

bool EngineCore::audits_next(const ShopEntry& entry) const {
  return entry.audits && (entry.audit_asked || (scheduling_ && entry.was_caught_up));
}

void EngineCore::start_audit(const EntryPtr& entry) {
  begin_use(*entry);
  entry->audit_again = false;
  ++running_;
  StepInput input{entry->record, entry->token,         entry->audit, entry->fresh,
                  false,         entry->was_caught_up, scheduling_};
  entry->fresh = false;
  parts_.executor.post([this, entry, input = std::move(input)] {
    const StepReport report = runner_.audit_step(entry->work, input);
    finish_audit(entry, input.shop.revision, report);
  });
}

void EngineCore::finish_audit(const EntryPtr& entry, std::int64_t revision,
                              const StepReport& report) {
  const std::lock_guard lock(mutex_);
  entry->audit = report.job;
  if (entry->plugin.empty()) entry->plugin = report.plugin;
  if (entry->overdue_told != TimePoint{}) entry->trouble.clear();
  const bool again = std::exchange(entry->audit_again, false);
  if (again) entry->audit.due_at = parts_.clock.now();
  entry->audits = !report.nothing_to_do || again || entry->record.revision != revision;
  if (!again && (report.nothing_to_do || report.caught_up)) entry->audit_asked = false;
  finish_use(entry, report);
}

}  // namespace marketplug::sync
