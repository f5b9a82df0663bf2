#include "plugins/amazon/sandbox/order.hpp"

#include <charconv>

#include "plugins/amazon/sandbox/draw.hpp"

namespace amazon_sandbox {
namespace {

constexpr std::string_view kStatusNames[] = {"PENDING_AVAILABILITY", "PENDING", "UNSHIPPED",
                                             "PARTIALLY_SHIPPED",    "SHIPPED", "CANCELLED",
                                             "UNFULFILLABLE"};

__extension__ typedef unsigned __int128 Wide;

constexpr std::uint64_t kIds = 100'000'000'000'000;    // 14 digits
constexpr std::uint64_t kFactor = 61'803'398'874'989;  // odd and not a multiple of five

constexpr std::uint64_t times(std::uint64_t a, std::uint64_t b) {
  return static_cast<std::uint64_t>(static_cast<Wide>(a) * b % kIds);
}

/// kFactor to the power of phi(10^14) - 1 is its inverse (Euler); phi(10^14) is 4 * 10^13.
constexpr std::uint64_t inverse_of_factor() {
  std::uint64_t result = 1;
  std::uint64_t base = kFactor;
  for (std::uint64_t power = 40'000'000'000'000 - 1; power != 0; power >>= 1) {
    if ((power & 1) != 0) result = times(result, base);
    base = times(base, base);
  }
  return result;
}

constexpr std::uint64_t kInverse = inverse_of_factor();
static_assert(times(kFactor, kInverse) == 1);

}  // namespace

std::string_view status_name(Status status) noexcept {
  return kStatusNames[static_cast<std::size_t>(status)];
}

std::optional<Status> status_by_name(std::string_view name) noexcept {
  for (std::size_t i = 0; i < std::size(kStatusNames); ++i) {
    if (kStatusNames[i] == name) return static_cast<Status>(i);
  }
  return std::nullopt;
}

std::string_view fulfilled_by_name(FulfilledBy by) noexcept {
  return by == FulfilledBy::kAmazon ? "AMAZON" : "MERCHANT";
}

std::optional<FulfilledBy> fulfilled_by_by_name(std::string_view name) noexcept {
  if (name == "MERCHANT") return FulfilledBy::kMerchant;
  if (name == "AMAZON") return FulfilledBy::kAmazon;
  return std::nullopt;
}

std::int64_t grand_total(const Order& order) noexcept {
  std::int64_t sum = order.delivery_tip;
  for (const auto& line : order.lines) sum += line.amounts.total();
  return sum;
}

std::string format_amount(std::int64_t minor, int decimals) {
  char digits[24];
  const bool negative = minor < 0;
  const auto magnitude =
      negative ? 0 - static_cast<std::uint64_t>(minor) : static_cast<std::uint64_t>(minor);
  std::string text(digits, std::to_chars(digits, digits + sizeof digits, magnitude).ptr);
  if (decimals > 0) {
    const auto scale = static_cast<std::size_t>(decimals);
    if (text.size() <= scale) text.insert(0, scale + 1 - text.size(), '0');
    text.insert(text.size() - scale, 1, '.');
  }
  if (negative) text.insert(0, 1, '-');
  return text;
}

std::string order_id(std::string_view prefix, std::uint64_t number, std::uint64_t secret) {
  const auto scrambled = (times(number % kIds, kFactor) + mix(secret) % kIds) % kIds;
  std::string digits = std::to_string(scrambled);
  digits.insert(0, 14 - digits.size(), '0');
  std::string id(prefix);
  id.append("-").append(digits, 0, 7).append("-").append(digits, 7, 7);
  return id;
}

std::optional<std::uint64_t> order_number(std::string_view id, std::uint64_t secret) noexcept {
  if (id.size() != 19) return std::nullopt;
  std::uint64_t scrambled = 0;
  for (std::size_t i = 0; i < id.size(); ++i) {
    const char c = id[i];
    if (i == 3 || i == 11) {
      if (c != '-') return std::nullopt;
    } else if (c < '0' || c > '9') {
      return std::nullopt;
    } else if (i > 3) {
      scrambled = scrambled * 10 + static_cast<std::uint64_t>(c - '0');
    }
  }
  return times((scrambled + kIds - mix(secret) % kIds) % kIds, kInverse);
}

}  // namespace amazon_sandbox
