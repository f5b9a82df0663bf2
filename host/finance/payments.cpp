#include "host/finance/finance.hpp"

namespace marketplug::finance {
namespace {

std::string type_of(const Payment& payment, const Rules& rules) {
  for (const std::string_view name :
       {std::string_view(payment.method), std::string_view("default")}) {
    const auto found = rules.payment_types.find(std::string(name));
    if (!name.empty() && found != rules.payment_types.end()) return found->second;
  }
  return {};
}

}  // namespace

std::vector<BookedPayment> payments_of(const Order& order, const Rules& rules) {
  std::vector<BookedPayment> booked;
  if (order.state == OrderState::kPending) return booked;
  for (const Payment& payment : order.payments) {
    booked.push_back({payment, type_of(payment, rules)});
  }
  // A cancelled order that names no payment was not paid.
  if (booked.empty() && order.total && order.state != OrderState::kCancelled) {
    booked.push_back({Payment{}, type_of({}, rules)});
  }
  if (booked.size() == 1 && !booked.front().payment.amount) {
    booked.front().payment.amount = order.total;
  }
  return booked;
}

}  // namespace marketplug::finance
