#include "host/store/seal_key.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>

#include "host/store/types.hpp"

namespace marketplug::store {

SealKey SealKey::random(std::uint32_t id) {
  SealKey key(id);
  if (RAND_priv_bytes(key.bytes_.data(), static_cast<int>(kBytes)) != 1) {
    throw StoreError(StoreError::Kind::kOther,
                     "The system gave no random numbers for an encryption key. Try again later.");
  }
  return key;
}

SealKey::SealKey(std::uint32_t id, std::string_view bytes) : id_(id) {
  if (bytes.size() != kBytes) {
    throw StoreError(StoreError::Kind::kWrongKey, "An encryption key must be 32 bytes long.");
  }
  std::copy(bytes.begin(), bytes.end(), bytes_.begin());
}

SealKey::~SealKey() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

SealKey::SealKey(SealKey&& other) noexcept : id_(other.id_), bytes_(other.bytes_) {
  OPENSSL_cleanse(other.bytes_.data(), other.bytes_.size());
}

std::string_view SealKey::text() const noexcept {
  return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
}

void wipe(std::string& text) noexcept {
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

}  // namespace marketplug::store
