#pragma once
// What a person should know of, until it is over by itself. Any thread; owned by SqlStore.

#include <span>

#include "host/store/sql/context.hpp"
#include "host/store/store.hpp"

namespace marketplug::store::sql {

class AlertRepository final : public Alerts {
 public:
  explicit AlertRepository(const Context& context) : context_(context) {}
  std::vector<AlertRecord> list(std::string_view shop, bool open_only, std::size_t limit) override;
  std::size_t expire(TimePoint now, std::chrono::seconds keep) override;

  /// Inside a shop's transaction, see ShopTransaction.
  static bool raise(db::Connection& connection, std::string_view shop, std::string_view kind,
                    std::string_view item, const Alert& alert, TimePoint now);
  static void clear(db::Connection& connection, std::string_view shop, std::string_view kind,
                    std::string_view item, std::span<const Alert> but, TimePoint now);

 private:
  Context context_;
};

}  // namespace marketplug::store::sql
