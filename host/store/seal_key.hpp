#pragma once
// A key of 256 bits that is wiped when it goes. Held by whoever made it; not copied by accident.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace marketplug::store {

class SealKey {
 public:
  static constexpr std::size_t kBytes = 32;

  /// From the system's generator. StoreError kOther where it has no entropy.
  static SealKey random(std::uint32_t id);
  /// StoreError kWrongKey unless exactly 32 bytes.
  SealKey(std::uint32_t id, std::string_view bytes);
  ~SealKey();
  SealKey(SealKey&& other) noexcept;
  SealKey& operator=(SealKey&&) = delete;

  /// Stands in front of every value sealed with it, so that keys can be changed one value at a
  /// time.
  std::uint32_t id() const noexcept { return id_; }
  std::span<const unsigned char, kBytes> bytes() const noexcept { return bytes_; }
  std::string_view text() const noexcept;

 private:
  explicit SealKey(std::uint32_t id) noexcept : id_(id) {}
  std::uint32_t id_;
  std::array<unsigned char, kBytes> bytes_{};
};

/// Overwrites what a string held, then empties it.
void wipe(std::string& text) noexcept;

}  // namespace marketplug::store
