// Group D, the order audit: what it tells of its window, and the places in it.
#include <fmt/format.h>

#include <algorithm>

#include "host/testkit/reading.hpp"
#include "marketplug/model/time.hpp"

namespace marketplug::testkit {
namespace {

constexpr std::size_t kMostSightings = 1000;

struct Way {
  AuditWindow::By by;
  const char* name;
  const std::vector<std::string> AuditCase::*expected;
  std::optional<TimePoint> OrderSighting::*time;
};
constexpr Way kWays[] = {{AuditWindow::By::kChanged, "the audit by change", &AuditCase::changed,
                          &OrderSighting::changed_at},
                         {AuditWindow::By::kPlaced, "the audit by order time", &AuditCase::placed,
                          &OrderSighting::placed_at}};

/// An empty page must say when to come again, or lead on; else the host would ask without end.
void judge_pages(Trial& trial, const char* name, const Reading& reading) {
  for (const auto& step : reading.steps) {
    trial.expect(!step.nameless, fmt::format("{}: an order has no id", name));
    trial.expect(step.items <= kMostSightings,
                 fmt::format("{}: a page has {} orders, at most {} are good", name, step.items,
                             kMostSightings));
    const bool later = step.look_again_at && *step.look_again_at > step.at;
    trial.expect(!step.waits() || later || step.next != step.from,
                 fmt::format("{}: an empty page neither leads on nor says when to come again "
                             "(look_again_at)",
                             name));
  }
}

void d14_window(Trial& trial) {
  for (const Way& way : kWays) {
    Shop shop(trial);
    const AuditWindow window = audit_window(trial.cases, way.by);
    const auto judge = [&](const OrderSighting& order) {
      const auto& time = order.*way.time;
      trial.expect(!time || (*time >= window.from && *time < window.until),
                   fmt::format("{}: {} of order {} is not in the window", way.name,
                               time ? format_time(*time) : "", order.id));
    };
    const auto reading = whole_of(shop, way.name, [&](Shop& in, Cursor from, std::size_t most) {
      return read_audit(in, way.by, std::move(from), most, judge);
    });
    judge_pages(trial, way.name, reading);
    const auto all = reading.all();
    for (const auto& id : (*trial.cases.audit).*way.expected) {
      trial.expect(all.contains(id),
                   fmt::format("{}: order {} of the cases is not told", way.name, id));
    }
  }
}

void d15_places(Trial& trial) {
  for (const Way& way : kWays) {
    const PageReader read = [&](Shop& in, Cursor from, std::size_t most) {
      return read_audit(in, way.by, std::move(from), most);
    };
    Shop first(trial);
    judge_places(trial, way.name, whole_of(first, way.name, read), read);
  }
}

}  // namespace

std::vector<Check> audit_checks() {
  using enum Level;
  return {
      {"D14", kRequired, "An audit comes to its end, and tells the orders of its window alone",
       Need::kAudit, d14_window, true},
      {"D15", kRequired, "The same place in an audit gives the same, and going on loses nothing",
       Need::kAudit, d15_places, true},
  };
}

}  // namespace marketplug::testkit
