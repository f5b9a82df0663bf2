#pragma once
// Sealing by shop: every shop has data keys of its own, kept in the store wrapped by the master
// key, so that a key can be changed or destroyed later without touching the others. Any thread.

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "host/store/db/connection.hpp"
#include "host/store/seal_key.hpp"
#include "host/store/sealer.hpp"
#include "marketplug/services/clock.hpp"

namespace marketplug::store::sql {

class Seals {
 public:
  Seals(SealKey master, const Clock& clock) : master_(std::move(master)), clock_(clock) {}

  /// A text for meta that only the same master key opens.
  std::string check_value() const;
  bool opens(std::string_view check_value) const;

  /// Makes the shop's data key where there is none. In a transaction that commits before anything
  /// is sealed for the shop.
  void ensure_key(db::Connection& connection, std::string_view shop);
  /// StoreError kNotFound where the shop has no key.
  std::string seal(db::Connection& connection, const SealLabel& label, std::string_view text);
  /// StoreError kCorrupt, naming object and kind, where the value does not open.
  std::string open(db::Connection& connection, const SealLabel& label, std::string_view sealed);
  /// A name for `bytes` that tells nothing about them; the same for the same shop and bytes.
  std::string fingerprint(db::Connection& connection, std::string_view shop,
                          std::string_view bytes);

 private:
  using KeyPtr = std::shared_ptr<const SealKey>;  // shared: the cache and whoever is sealing
  KeyPtr current_key(db::Connection& connection, std::string_view shop);
  KeyPtr key_by_id(db::Connection& connection, std::uint32_t id);
  KeyPtr unwrap(std::uint32_t id, std::string_view shop, std::string_view wrapped) const;

  Sealer sealer_;
  SealKey master_;
  const Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, KeyPtr, std::less<>> by_shop_;
  std::map<std::uint32_t, KeyPtr> by_id_;
};

}  // namespace marketplug::store::sql
