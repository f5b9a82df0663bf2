#include <boost/json/parse.hpp>
#include <cmath>

#include "host/finance/finance.hpp"

namespace marketplug::finance {
namespace {

using boost::json::object;

const object& object_in(const object& of, std::string_view name) {
  static const object kNone;
  const auto* found = of.if_contains(name);
  return found != nullptr && found->is_object() ? found->get_object() : kNone;
}

/// A rate has at most three digits behind the point: what a double holds exactly enough.
std::vector<Tariff> tariffs_of(const object& from) {
  std::vector<Tariff> tariffs;
  for (const auto& [name, rate] : from) {
    if (!rate.is_number()) continue;
    tariffs.push_back({name, std::llround(rate.to_number<double>() * 1000)});
  }
  return tariffs;
}

}  // namespace

Rules rules_of(std::string_view shop_document) {
  Rules rules;
  boost::system::error_code error;
  const auto parsed = boost::json::parse(shop_document, error);
  if (error || !parsed.is_object()) return rules;
  const object& shop = parsed.get_object();
  if (const auto* currency = shop.if_contains("currency"); currency && currency->is_string()) {
    rules.currency = currency->get_string();
  }
  for (const auto& [country, tariffs] : object_in(shop, "vat_rates")) {
    if (tariffs.is_object()) rules.rates[country] = tariffs_of(tariffs.get_object());
  }
  for (const auto& [method, type] : object_in(shop, "payment_types")) {
    if (type.is_string()) rules.payment_types[method] = type.get_string();
  }
  return rules;
}

}  // namespace marketplug::finance
