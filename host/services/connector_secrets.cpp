#include "host/services/connector_secrets.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <optional>
#include <utility>

#include "host/services/config_failure.hpp"

namespace marketplug::services {
namespace {

constexpr std::string_view kScheme = "secret:";
constexpr std::size_t kLongestHandle = 512;
constexpr std::size_t kLargestValue = 64u << 10;

Failure store_failure(const store::StoreError& error) {
  Failure failure;
  failure.kind = Failure::Kind::kTransient;
  failure.code = "store";
  failure.message = error.what();
  return failure;
}

/// The setting's JSON pointer; nullopt where the text is no handle.
std::optional<std::string_view> pointer_of(std::string_view handle) {
  if (!handle.starts_with(kScheme) || handle.size() > kLongestHandle) return std::nullopt;
  handle.remove_prefix(kScheme.size());
  if (!handle.starts_with('/')) return std::nullopt;
  return handle;
}

Failure no_handle() {
  return config_failure("secret_handle",
                        "a plugin asked for a secret by something that is no handle",
                        "mark the setting writeOnly in the plugin's settings schema");
}

}  // namespace

std::string replaced_fingerprint(std::string_view stored, std::string_view declared) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (HMAC(EVP_sha256(), stored.data(), static_cast<int>(stored.size()),
           reinterpret_cast<const unsigned char*>(declared.data()), declared.size(), digest.data(),
           &size) == nullptr) {
    throw std::runtime_error("secrets: OpenSSL refused an HMAC");
  }
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += "0123456789abcdef"[digest.at(i) >> 4];
    text += "0123456789abcdef"[digest.at(i) & 15];
  }
  return text;
}

ConnectorSecrets::ConnectorSecrets(std::string shop, Settings settings, store::SecretVault& vault,
                                   const Clock& clock, Redactor& redactor)
    : shop_(std::move(shop)),
      settings_(std::move(settings)),
      vault_(vault),
      clock_(clock),
      redactor_(redactor) {}

std::optional<Result<std::string>> ConnectorSecrets::declared(std::string_view name) const {
  const auto found = settings_.find(name);
  if (found == settings_.end() || found->second.empty()) return std::nullopt;
  auto value = is_reference(found->second) ? resolve_reference(found->second)
                                           : Result<std::string>(found->second);
  if (value) {
    redactor_.learn(value.value());
  } else {
    value.failure().message = std::string(name) + ": " + value.failure().message;
  }
  return value;
}

Result<std::string> ConnectorSecrets::get(std::string_view handle) {
  const auto name = pointer_of(handle);
  if (!name) return no_handle();
  try {
    const auto stored = vault_.find(shop_, *name);
    if (stored) redactor_.learn(stored->value);
    auto value = declared(*name);
    if (!value) {
      if (stored) return stored->value;
      return config_failure("secret_missing", std::string(*name) + " is not set",
                            "set it in the shop's settings as ${env:NAME} or ${file:/path}");
    }
    if (!stored) return std::move(*value);
    // The replaced value may still stand in the reference: then what replaced it is in force. Any
    // other value there is a person's newer word; a reference that gives none is no word at all
    // (`check` tells of it).
    const bool in_force =
        !*value || stored->fingerprint == replaced_fingerprint(stored->value, value->value());
    return in_force ? Result<std::string>(stored->value) : std::move(*value);
  } catch (const store::StoreError& error) {
    return store_failure(error);
  }
}

Status ConnectorSecrets::replace(std::string_view handle, std::string_view value) {
  const auto name = pointer_of(handle);
  if (!name) return no_handle();
  if (value.empty() || value.size() > kLargestValue) {
    return config_failure("secret_value",
                          std::string(*name) + ": the new value is empty or over 64 KiB",
                          "The old value stays in use. Report it to the plugin's author, who gives "
                          "values of 1 to 65,536 bytes.");
  }
  redactor_.learn(value);
  const auto replaced = declared(*name);
  // Of a reference that cannot be read nothing is known: once it can be read again, it wins.
  const auto fingerprint =
      replaced && *replaced ? replaced_fingerprint(value, replaced->value()) : std::string();
  try {
    vault_.put({shop_, std::string(*name), std::string(value), fingerprint, clock_.now()});
  } catch (const store::StoreError& error) {
    return store_failure(error);
  }
  return Done{};
}

}  // namespace marketplug::services
