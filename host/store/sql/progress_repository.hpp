#pragma once
// How far each shop's work is: cursors, plugin state, jobs, marks of steps in flight. Any thread;
// owned by SqlStore. The static functions write inside a shop's transaction.

#include "host/store/sql/context.hpp"
#include "host/store/store.hpp"

namespace marketplug::store::sql {

class ProgressRepository final : public Progress {
 public:
  explicit ProgressRepository(const Context& context) : context_(context) {}
  std::optional<Cursor> cursor(std::string_view shop, std::string_view capability) override;
  std::optional<std::string> state(std::string_view shop, std::string_view key) override;
  std::vector<JobRecord> jobs(std::string_view shop) override;
  void mark_in_flight(const OwnerToken& token, const InFlightMark& mark) override;
  std::vector<InFlightMark> marks() override;
  void drop_mark(const InFlightMark& mark) override;

  static void set_cursor(db::Connection& connection, std::string_view shop,
                         std::string_view capability, const Cursor& cursor);
  static void put_state(db::Connection& connection, std::string_view shop, std::string_view key,
                        std::string_view value);
  static void erase_state(db::Connection& connection, std::string_view shop, std::string_view key);
  static void save_job(db::Connection& connection, std::string_view shop, const JobRecord& job);
  static void clear_mark(db::Connection& connection, std::string_view shop,
                         std::string_view capability);

 private:
  Context context_;
};

}  // namespace marketplug::store::sql
