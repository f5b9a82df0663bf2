#pragma once
// host.secrets/1 of one shop: references, literals, and values in the vault that replaced them. Any
// thread; lives as long as the connector's host, which owns it.

#include <map>
#include <optional>
#include <string>

#include "host/services/services.hpp"
#include "marketplug/services/secrets.hpp"

namespace marketplug::services {

class ConnectorSecrets : public Secrets {
 public:
  using Settings = std::map<std::string, std::string, std::less<>>;
  ConnectorSecrets(std::string shop, Settings settings, store::SecretVault& vault,
                   const Clock& clock, Redactor& redactor);

  Result<std::string> get(std::string_view handle) override;
  Status replace(std::string_view handle, std::string_view value) override;

 private:
  /// What the settings say now, without the vault; nullopt where they say nothing.
  std::optional<Result<std::string>> declared(std::string_view name) const;

  std::string shop_;
  Settings settings_;
  store::SecretVault& vault_;
  const Clock& clock_;
  Redactor& redactor_;
};

/// Marks in the vault which declared value a stored one replaces, without telling it: an HMAC of
/// the declared value under the stored one (which lies sealed beside it). Empty for no value.
std::string replaced_fingerprint(std::string_view stored, std::string_view declared);

}  // namespace marketplug::services
