#pragma once
// Sources read page by page, as the host reads them: orders, an audit, returns. One thread.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/testkit/shop.hpp"

namespace marketplug::testkit {

/// What was read, page by page.
struct Reading {
  struct Step {
    Cursor from, next;
    TimePoint at{};                            ///< when it was asked for
    std::map<std::string, std::string> found;  ///< id -> content; parked ones as "parked"
    std::size_t items = 0;
    bool caught_up = false;
    std::string repeated;  ///< an id that came twice in the page
    bool nameless = false;
    std::optional<TimePoint> look_again_at;
    /// Nothing yet: the source prepares its answer.
    bool waits() const { return found.empty() && !caught_up; }
  };
  std::vector<Step> steps;
  std::optional<Failure> failure;
  bool caught_up = false;

  std::map<std::string, std::string> all() const;
  /// What step `first` and those after it gave.
  std::map<std::string, std::string> since(std::size_t first) const;
};

/// Until it is caught up, fails, or has taken so many steps; the clock goes on to each
/// look_again_at.
Reading read_orders(Shop& shop, Cursor from, std::size_t most_steps = 200);
Reading read_returns(Shop& shop, Cursor from, std::size_t most_steps = 200,
                     const std::function<void(const BuyerReturn&)>& each = {});
/// The window of the cases. Throws CannotGoOn where they have none.
Reading read_audit(Shop& shop, AuditWindow::By by, Cursor from, std::size_t most_steps = 200,
                   const std::function<void(const OrderSighting&)>& each = {});

/// Throw CannotGoOn where the cases have no orders, no returns.
void need_orders(const Cases& cases);
void need_returns(const Cases& cases);
AuditWindow audit_window(const Cases& cases, AuditWindow::By by);
/// That the cases have no window, for a message.
std::string no_audit(const Cases& cases);

/// Reads from a place, in that shop.
using PageReader = std::function<Reading(Shop&, Cursor, std::size_t most_steps)>;
/// The whole, from an empty cursor; ends the check where it cannot be read. `what`: "orders".
Reading whole_of(Shop& shop, std::string_view what, const PageReader& read);
/// Of one source, whose `whole` was read before: going on from each place with a new connector
/// loses nothing, and the same place gives the same again, unless it had nothing yet.
void judge_places(Trial& trial, std::string_view what, const Reading& whole,
                  const PageReader& read);

/// The ids in a reading that the other lacks, for a message; empty: none.
std::string missing(const std::map<std::string, std::string>& from,
                    const std::map<std::string, std::string>& in);

/// The first member that has not the value wanted, as pointer; nullopt: all have it.
std::optional<std::string> difference(const boost::json::value& has,
                                      const boost::json::value& wanted,
                                      const std::string& pointer = {});
/// The value there, for a message.
std::string shown_at(const boost::json::value& document, const std::string& pointer);

}  // namespace marketplug::testkit
