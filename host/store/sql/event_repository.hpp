#pragma once
// Events of a shop, numbered without gaps. Any thread; owned by SqlStore.

#include "host/store/sql/context.hpp"
#include "host/store/store.hpp"

namespace marketplug::store::sql {

class EventRepository final : public Events {
 public:
  explicit EventRepository(const Context& context) : context_(context) {}
  std::vector<Event> after(std::string_view shop, std::int64_t after, std::size_t limit) override;
  std::int64_t last(std::string_view shop) override;

 private:
  Context context_;
};

/// Numbers events inside a shop's transaction, on from the number that the fence gave: the shop's
/// row is locked, so nobody else can. Rolled back, the numbers are given again.
class EventWriter {
 public:
  EventWriter(db::Connection& connection, std::string shop, std::int64_t last)
      : connection_(connection), shop_(std::move(shop)), stored_(last), last_(last) {}
  std::int64_t append(std::string_view type, std::string_view object, std::string_view data,
                      TimePoint now);
  /// Writes the last number back; before the commit.
  void finish();

 private:
  db::Connection& connection_;
  std::string shop_;
  std::int64_t stored_, last_;
};

}  // namespace marketplug::store::sql
