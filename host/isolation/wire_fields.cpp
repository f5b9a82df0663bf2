#include "host/isolation/wire_fields.hpp"

#include <utility>

namespace marketplug::isolation::wire {

boost::json::value Leaves::write(const Money& money) {
  return boost::json::object{{"amount", format_amount(money)}, {"currency", text(money.currency)}};
}

void Leaves::read(const boost::json::value& from, Money& to) {
  const auto& members = from.as_object();
  if (members.size() != 2) throw std::invalid_argument("a member is unknown or missing");
  // The currency comes as it was: whether it is one is for the plugin to say, as without a worker.
  auto parsed = parse_money(members.at("amount").as_string(), "XXX");
  if (!parsed) throw std::invalid_argument("amount: is not an amount of money");
  to = *std::move(parsed);
  to.currency = text_of(members.at("currency"));
}

}  // namespace marketplug::isolation::wire
