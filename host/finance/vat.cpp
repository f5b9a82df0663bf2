#include <algorithm>
#include <array>

#include "host/finance/amounts.hpp"
#include "host/finance/finance.hpp"

namespace marketplug::finance {
namespace {

__extension__ using Wide = __int128;

constexpr Wide kWhole = 100'000;  ///< 100 % in thousandths of a percent

/// ISO 4217: what differs from two digits.
constexpr std::array<std::string_view, 16> kNoDigits = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY",
                                                        "KMF", "KRW", "PYG", "RWF", "UGX", "VND",
                                                        "VUV", "XAF", "XOF", "XPF"};
constexpr std::array<std::string_view, 7> kThreeDigits = {"BHD", "IQD", "JOD", "KWD",
                                                          "LYD", "OMR", "TND"};

Wide power_of_ten(int exponent) {
  Wide power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

/// Units at nine digits behind the point: what 64 bits hold fits.
Wide fine(const Money& money) { return money.units * power_of_ten(9 - money.scale); }

std::string percent(std::int64_t thousandths) {
  std::string text = format_amount({thousandths, 3, ""});
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

/// What an amount is: with its tax, or without.
enum class Amount { kGross, kNet };

/// What the tariff's tax is a share of, in thousandths of a percent of the net amount.
Wide whole_of(Amount amount, const Tariff& tariff) {
  return amount == Amount::kNet ? kWhole : kWhole + tariff.thousandths;
}

/// How far the tax is from the tariff's, times whole_of().
Wide distance(const Money& base, Amount amount, const Money& tax, const Tariff& tariff) {
  const Wide off = fine(tax) * whole_of(amount, tariff) - fine(base) * tariff.thousandths;
  return off < 0 ? -off : off;
}

/// Within one minor unit of the tax; of several the nearest. nullptr: none.
const Tariff* nearest(const Money& base, Amount amount, const Money& tax,
                      const std::vector<Tariff>& tariffs) {
  const Wide minor_unit = power_of_ten(9 - minor_digits(tax.currency));
  const Tariff* best = nullptr;
  for (const Tariff& tariff : tariffs) {
    const Wide off = distance(base, amount, tax, tariff);
    if (off > minor_unit * whole_of(amount, tariff)) continue;
    if (best == nullptr || off * whole_of(amount, *best) <
                               distance(base, amount, tax, *best) * whole_of(amount, tariff)) {
      best = &tariff;
    }
  }
  return best;
}

/// The shop's tariffs where the order goes, else where it was sold; nullptr: of neither.
const std::vector<Tariff>* tariffs_for(const Order& order, const Rules& rules) {
  for (const std::string& country : {order.delivery_country, order.marketplace}) {
    // Marketplaces say UK where ISO 3166-1 says GB.
    for (const std::string& code : {country, std::string(country == "UK"   ? "GB"
                                                         : country == "GB" ? "UK"
                                                                           : "")}) {
      const auto found = rules.rates.find(code);
      if (!code.empty() && found != rules.rates.end()) return &found->second;
    }
  }
  return nullptr;
}

Vat tariff_of(const OrderLine& line, const std::vector<Tariff>* tariffs) {
  Vat unmatched{"unmatched", "", ""};
  if (tariffs == nullptr) return unmatched;
  const Money none{0, 0, line.total->currency};
  const Sum taxes = whole(line.charges, "tax");
  if (taxes.any() && !taxes.value()) return unmatched;
  const Money tax = taxes.value().value_or(none);
  if (tax.currency != line.total->currency) return unmatched;
  const Tariff* found = nearest(*line.total, Amount::kGross, tax, *tariffs);
  // A total without the tax has it within its prices, or is the net amount.
  if (found == nullptr && reading_of(*line.total, line.charges) == Reading::kWithoutTax) {
    found = nearest(*line.total, Amount::kNet, tax, *tariffs);
  }
  return found == nullptr ? unmatched : Vat{found->name, percent(found->thousandths), ""};
}

}  // namespace

std::uint8_t minor_digits(std::string_view currency) noexcept {
  if (std::find(kNoDigits.begin(), kNoDigits.end(), currency) != kNoDigits.end()) return 0;
  if (std::find(kThreeDigits.begin(), kThreeDigits.end(), currency) != kThreeDigits.end()) return 3;
  return 2;
}

std::vector<std::optional<Vat>> vat_of(const Order& order, const Rules& rules) {
  std::vector<std::optional<Vat>> all(order.lines.size());
  if (!has_prices(order)) return all;
  const auto* tariffs = tariffs_for(order, rules);
  for (std::size_t i = 0; i < order.lines.size(); ++i) {
    const OrderLine& line = order.lines[i];
    if (!line.tax_scheme.empty()) {
      all[i] = Vat{"marketplace", "", line.tax_scheme};
    } else if (!rules.rates.empty() && line.total && !is_zero(*line.total)) {
      all[i] = tariff_of(line, tariffs);
    }
  }
  return all;
}

std::vector<Flag> vat_flags(const Order& order, const std::vector<std::optional<Vat>>& vat) {
  std::vector<Flag> flags;
  for (std::size_t i = 0; i < vat.size() && i < order.lines.size(); ++i) {
    if (!vat[i] || vat[i]->tariff != "unmatched") continue;
    const auto tax = whole(order.lines[i].charges, "tax").value();
    const std::string where =
        order.delivery_country.empty() ? order.marketplace : order.delivery_country;
    flags.push_back({"vat_unmatched", "/lines/" + std::to_string(i),
                     "No tariff in the shop's vat_rates" + (where.empty() ? "" : " for " + where) +
                         " fits a tax of " + (tax ? shown(*tax) : "nothing") + " in " +
                         shown(*order.lines[i].total) + "."});
  }
  return flags;
}

}  // namespace marketplug::finance
