#pragma once
// The one door through which buyers' data, documents and secrets are written: AES-256-GCM bound to
// the place where the value belongs. Any thread. Format: docs/design/store.md.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "host/store/seal_key.hpp"

struct evp_cipher_st;

namespace marketplug::store {

/// Where a sealed value belongs. A value copied to another shop, object or class does not open.
struct SealLabel {
  std::string_view shop;
  std::string_view object;
  std::string_view kind;  ///< "personal", "raw", "parked", "document", "secret" …
};

class Sealer {
 public:
  /// StoreError kOther where OpenSSL has no AES-256-GCM.
  Sealer();
  ~Sealer();
  Sealer(const Sealer&) = delete;
  Sealer& operator=(const Sealer&) = delete;

  /// Layout version, key id, IV, ciphertext, tag.
  std::string seal(const SealKey& key, const SealLabel& label, std::string_view text) const;
  /// nullopt: altered, of another place, or of another key.
  std::optional<std::string> open(const SealKey& key, const SealLabel& label,
                                  std::string_view sealed) const;
  /// The key it was sealed with; nullopt: not a sealed value of a known layout.
  static std::optional<std::uint32_t> key_id(std::string_view sealed) noexcept;

 private:
  struct FreeCipher {
    void operator()(evp_cipher_st* cipher) const noexcept;
  };
  std::unique_ptr<evp_cipher_st, FreeCipher>
      cipher_;  // fetched once: a fetch costs more than a seal
};

std::string sha256(std::string_view bytes);
/// HMAC-SHA-256, for a name of a value that tells nothing about it.
std::string keyed_hash(const SealKey& key, std::string_view bytes);
std::string to_hex(std::string_view bytes);
/// nullopt: not hexadecimal.
std::optional<std::string> from_hex(std::string_view text);

}  // namespace marketplug::store
