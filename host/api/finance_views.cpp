#include "host/api/finance_views.hpp"

#include <boost/json/array.hpp>
#include <utility>

namespace marketplug::api {
namespace {

using boost::json::array;
using boost::json::object;

array* list_in(object& of, std::string_view name) {
  auto* found = of.if_contains(name);
  return found != nullptr ? found->if_array() : nullptr;
}

object view_of(const Money& money) {
  return {{"amount", format_amount(money)}, {"currency", money.currency}};
}

object view_of(const finance::Vat& vat) {
  object view{{"tariff", vat.tariff}};
  if (!vat.rate.empty()) view["rate"] = vat.rate;
  if (!vat.scheme.empty()) view["scheme"] = vat.scheme;
  return view;
}

/// The marketplace's payments stand in the view already, in the same order.
void add_payments(object& order, const std::vector<finance::BookedPayment>& booked) {
  if (booked.empty()) return;
  if (!order.contains("payments")) order["payments"] = array();
  auto& payments = order["payments"].as_array();
  for (std::size_t i = 0; i < booked.size(); ++i) {
    if (i >= payments.size()) payments.emplace_back(object());
    auto& payment = payments[i].as_object();
    if (!booked[i].type.empty()) payment["type"] = booked[i].type;
    const auto& amount = booked[i].payment.amount;
    if (amount && !payment.contains("amount")) payment["amount"] = view_of(*amount);
  }
}

void add_vat(object& order, const std::vector<std::optional<finance::Vat>>& vat) {
  auto* lines = list_in(order, "lines");
  if (lines == nullptr) return;
  for (std::size_t i = 0; i < vat.size() && i < lines->size(); ++i) {
    if (auto* line = (*lines)[i].if_object(); line != nullptr && vat[i]) {
      (*line)["vat"] = view_of(*vat[i]);
    }
  }
}

void add_flags(array& to, const std::vector<finance::Flag>& flags) {
  for (const auto& flag : flags) {
    to.push_back(object{{"code", flag.code}, {"pointer", flag.pointer}, {"message", flag.message}});
  }
}

}  // namespace

void add_finances(object& view, const Order& order, const finance::Rules& rules) {
  const auto vat = finance::vat_of(order, rules);
  add_vat(view, vat);
  add_payments(view, finance::payments_of(order, rules));
  array flags;
  add_flags(flags, finance::reconcile(order));
  add_flags(flags, finance::other_currency(order, rules));
  add_flags(flags, finance::vat_flags(order, vat));
  if (!flags.empty()) view["flags"] = std::move(flags);
}

}  // namespace marketplug::api
