#include "host/services/metric_rules.hpp"

#include <algorithm>
#include <array>

#include "host/services/ascii.hpp"

namespace marketplug::services {
namespace {

constexpr std::size_t kLongestName = 100;
constexpr std::size_t kLongestLabel = 64;
constexpr int kIdDigits = 5;  ///< so many digits in a row are an id, a postcode or a phone number

bool label_name_allowed(std::string_view name) noexcept {
  static constexpr std::array<std::string_view, 16> kPersonal{
      "order",     "order_id", "sku",   "asin", "product", "product_id", "buyer", "customer",
      "recipient", "email",    "phone", "name", "address", "city",       "le",    "quantile"};
  return metric_name_allowed(name) && !name.starts_with("__") &&
         std::find(kPersonal.begin(), kPersonal.end(), name) == kPersonal.end();
}

bool printable_word(std::string_view value) noexcept {
  return value.size() <= kLongestLabel && std::all_of(value.begin(), value.end(), [](char c) {
           return ascii::letter_or_digit(c) ||
                  std::string_view("-_./:").find(c) != std::string_view::npos;
         });
}

bool looks_like_id(std::string_view value) noexcept {
  int digits = 0;
  for (const char c : value) {
    digits = ascii::digit(c) ? digits + 1 : 0;
    if (digits >= kIdDigits) return true;
  }
  return false;
}

bool given_by_host(std::string_view name) noexcept {
  return name == "shop" || name == "plugin" || name == "operation";
}

}  // namespace

bool metric_name_allowed(std::string_view name) noexcept {
  return !name.empty() && name.size() <= kLongestName && !ascii::digit(name[0]) &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || ascii::digit(c) || c == '_'; });
}

std::optional<std::map<std::string, std::string>> allowed_labels(
    std::span<const MetricLabel> labels) {
  std::map<std::string, std::string> kept;
  for (const auto& [name, value] : labels) {
    if (!label_name_allowed(name)) return std::nullopt;
    const bool harmless = printable_word(value) && (given_by_host(name) || !looks_like_id(value));
    kept.emplace(name, harmless ? value : "other");
  }
  return kept;
}

}  // namespace marketplug::services
