#pragma once
// Seeded drawing of numbers and choices: the same seed gives the same draws on every machine.
// One thread per object.

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>

namespace amazon_sandbox {

/// One step of SplitMix64: a good 64-bit hash of its argument.
constexpr std::uint64_t mix(std::uint64_t value) noexcept {
  value += 0x9e3779b97f4a7c15u;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
  return value ^ (value >> 31);
}

class Draw {
 public:
  explicit Draw(std::uint64_t seed) noexcept : state_(seed) {}

  std::uint64_t next() noexcept { return mix(state_ += 0x9e3779b97f4a7c15u); }
  /// 0 .. bound - 1; bound > 0. The bias of the modulo does not matter for test data.
  std::uint64_t below(std::uint64_t bound) noexcept { return next() % bound; }
  /// low .. high, both included.
  std::int64_t between(std::int64_t low, std::int64_t high) noexcept {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low + 1)));
  }
  /// True in so many of a thousand draws.
  bool per_mille(unsigned share) noexcept { return below(1000) < share; }

  template <class Range>
  const auto& pick(const Range& range) noexcept {
    return *std::next(std::begin(range), static_cast<std::ptrdiff_t>(below(std::size(range))));
  }

  std::string digits(std::size_t count) { return from("0123456789", 10, count); }
  std::string letters(std::size_t count) {
    return from("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", 34, count);
  }

 private:
  std::string from(const char* alphabet, std::uint64_t size, std::size_t count) {
    std::string text(count, ' ');
    for (auto& c : text) c = alphabet[below(size)];
    return text;
  }

  std::uint64_t state_;
};

}  // namespace amazon_sandbox
