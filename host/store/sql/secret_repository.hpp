#pragma once
// Secrets of shops, sealed. Any thread; owned by SqlStore. put() is durable when it returns.

#include "host/store/sql/context.hpp"
#include "host/store/store.hpp"

namespace marketplug::store::sql {

class SecretRepository final : public SecretVault {
 public:
  explicit SecretRepository(const Context& context) : context_(context) {}
  std::optional<SecretRecord> find(std::string_view shop, std::string_view name) override;
  void put(const SecretRecord& secret) override;
  void erase(std::string_view shop, std::string_view name) override;

 private:
  Context context_;
};

}  // namespace marketplug::store::sql
