#pragma once
// Shops and their revisions. Any thread; owned by SqlStore.

#include "host/store/sql/context.hpp"
#include "host/store/store.hpp"

namespace marketplug::store::sql {

class ShopRepository final : public Shops {
 public:
  explicit ShopRepository(const Context& context) : context_(context) {}
  std::vector<ShopRecord> list() override;
  std::optional<ShopRecord> find(std::string_view id) override;
  ShopRecord put(const ShopRecord& shop) override;
  void set_enabled(std::string_view id, bool enabled) override;
  void set_state(std::string_view id, std::string_view state, std::string_view reason) override;

  /// Inside a transaction of the caller.
  static void write_state(db::Connection& connection, std::string_view id, std::string_view state,
                          std::string_view reason, TimePoint now);

 private:
  Context context_;
};

}  // namespace marketplug::store::sql
