#include <algorithm>
#include <array>

#include "host/finance/amounts.hpp"
#include "host/finance/finance.hpp"

namespace marketplug::finance {
namespace {

/// What an order shows as sums of its lines. Anything else is the order's own, such as a tip.
constexpr std::array<std::string_view, 7> kOfLines = {"item", "shipping", "gift_wrap", "cod_fee",
                                                      "tax",  "discount", "other"};

bool is_of_lines(std::string_view type) {
  return std::find(kOfLines.begin(), kOfLines.end(), type) != kOfLines.end();
}

class Reconciliation {
 public:
  explicit Reconciliation(const Order& order) : order_(order) {}

  std::vector<Flag> flags() {
    if (!has_prices(order_)) return {};
    for (std::size_t i = 0; i < order_.lines.size(); ++i) {
      check_line(order_.lines[i], "/lines/" + std::to_string(i));
    }
    check_parts(order_.charges, "/charges");
    check_total();
    check_sums();
    return std::move(flags_);
  }

 private:
  void differ(std::string pointer, std::string_view what, const Sum& sum, const Money& stated) {
    if (!sum.value()) {
      flags_.push_back({"mixed_currencies", std::move(pointer),
                        std::string(what) + " are of several currencies, or too large to add up."});
      return;
    }
    flags_.push_back({"unreconciled", std::move(pointer),
                      std::string(what) + " add up to " + shown(*sum.value()) + ", stated are " +
                          shown(stated) + "."});
  }

  void check_line(const OrderLine& line, const std::string& at) {
    check_parts(line.charges, at + "/charges");
    if (!line.total || reading_of(*line.total, line.charges) != Reading::kNone) return;
    differ(at + "/total", "The amounts of the line", whole(line.charges), *line.total);
  }

  /// The parts of a charge follow it.
  void check_parts(const std::vector<Charge>& charges, const std::string& at) {
    for (std::size_t i = 0; i < charges.size(); ++i) {
      if (!charges[i].of.empty()) continue;
      Sum sum, without_discounts;
      for (std::size_t j = i + 1; j < charges.size() && !charges[j].of.empty(); ++j) {
        sum.add(charges[j].amount);
        without_discounts.add(charges[j].amount);
        if (charges[j].of != "discount") continue;
        without_discounts.subtract(charges[j].amount);
        without_discounts.subtract(charges[j].amount);
      }
      if (!sum.any()) continue;
      if (sum.value() && equal(*sum.value(), charges[i].amount)) continue;
      if (without_discounts.value() && equal(*without_discounts.value(), charges[i].amount)) {
        continue;
      }
      differ(at + "/" + std::to_string(i), "The parts of " + charges[i].type, sum,
             charges[i].amount);
    }
  }

  /// A line that was cancelled may have lost its amount; without another's nothing can be said.
  bool every_line_has(bool (*told)(const OrderLine&)) const {
    return !order_.lines.empty() &&
           std::all_of(order_.lines.begin(), order_.lines.end(), [told](const OrderLine& line) {
             return line.cancelled || line.quantity == 0 || told(line);
           });
  }

  void check_total() {
    if (!order_.total) return;
    if (!every_line_has([](const OrderLine& line) { return line.total.has_value(); })) return;
    Sum lines;
    for (const OrderLine& line : order_.lines) {
      if (line.total) lines.add(*line.total);
    }
    // Every line is cancelled and has lost its amount.
    if (!lines.any()) return;
    if (lines.value() && equal(*lines.value(), *order_.total)) return;
    Sum all = lines;
    for (const Charge& charge : order_.charges) {
      if (charge.of.empty() && !is_of_lines(charge.type)) all.add(charge.amount);
    }
    if (all.value() && equal(*all.value(), *order_.total)) return;
    differ("/total", "The lines and the order's own charges", all, *order_.total);
  }

  /// Each charge of the order that is a sum of its lines.
  void check_sums() {
    if (!every_line_has([](const OrderLine& line) { return !line.charges.empty(); })) return;
    for (std::size_t i = 0; i < order_.charges.size(); ++i) {
      const Charge& charge = order_.charges[i];
      if (!charge.of.empty() || !is_of_lines(charge.type)) continue;
      Sum sum;
      for (const OrderLine& line : order_.lines) {
        for (const Charge& part : line.charges) {
          if (part.of.empty() && part.type == charge.type) sum.add(part.amount);
        }
      }
      if (!sum.any() && is_zero(charge.amount)) continue;
      if (!sum.any()) sum.add({0, 0, charge.amount.currency});
      if (sum.value() && equal(*sum.value(), charge.amount)) continue;
      differ("/charges/" + std::to_string(i), "The lines' amounts of " + charge.type, sum,
             charge.amount);
    }
  }

  const Order& order_;
  std::vector<Flag> flags_;
};

/// The first amount that is not of the currency.
class Foreign {
 public:
  explicit Foreign(std::string_view currency) : currency_(currency) {}

  void look(const std::optional<Money>& money, const std::string& at) {
    if (found_ || !money || money->currency == currency_) return;
    found_ = Flag{"other_currency", at,
                  "Amounts are in " + money->currency + ", the shop's currency is " +
                      std::string(currency_) + "."};
  }
  void look(const std::vector<Charge>& charges, const std::string& at) {
    for (std::size_t i = 0; i < charges.size(); ++i) {
      look(charges[i].amount, at + "/charges/" + std::to_string(i) + "/amount");
    }
  }
  const std::optional<Flag>& found() const noexcept { return found_; }

 private:
  std::string_view currency_;
  std::optional<Flag> found_;
};

}  // namespace

std::vector<Flag> reconcile(const Order& order) { return Reconciliation(order).flags(); }

std::vector<Flag> other_currency(const Order& order, const Rules& rules) {
  if (rules.currency.empty()) return {};
  Foreign foreign(rules.currency);
  foreign.look(order.total, "/total");
  foreign.look(order.charges, "");
  for (std::size_t i = 0; i < order.lines.size(); ++i) {
    const std::string at = "/lines/" + std::to_string(i);
    foreign.look(order.lines[i].unit_price, at + "/unit_price");
    foreign.look(order.lines[i].total, at + "/total");
    foreign.look(order.lines[i].charges, at);
  }
  if (!foreign.found()) return {};
  return {*foreign.found()};
}

}  // namespace marketplug::finance
