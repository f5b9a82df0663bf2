#pragma once
// Leases of processes and fences of shops. No lock is held between calls: rows and the injected
// clock decide. Any thread; owned by SqlStore.

#include <mutex>

#include "host/store/sql/context.hpp"
#include "host/store/store.hpp"

namespace marketplug::store::sql {

class OwnershipRepository final : public Ownership {
 public:
  explicit OwnershipRepository(const Context& context) : context_(context) {}
  void register_node(std::string_view node, std::chrono::seconds lease) override;
  bool renew() override;
  std::vector<OwnerToken> claim(std::size_t limit) override;
  void release(const OwnerToken& token) override;

  /// Where no other process can exist: whoever is written down as owner is dead.
  static void forget_all(db::Connection& connection);

 private:
  struct Registration {
    std::string node;
    std::int64_t epoch = 0;
    std::chrono::milliseconds lease{0};
  };
  /// StoreError kOther before register_node().
  Registration registration();

  Context context_;
  std::mutex mutex_;
  Registration registration_;
};

}  // namespace marketplug::store::sql
