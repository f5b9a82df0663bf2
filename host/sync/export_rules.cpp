#include "host/sync/export_rules.hpp"

#include <algorithm>

namespace marketplug::sync {
namespace {

ExportAnswer held(std::string code, std::string reason) {
  return {ExportAnswer::Kind::kHeld, std::move(code), std::move(reason)};
}
ExportAnswer refused(std::string code, std::string reason) {
  return {ExportAnswer::Kind::kRefused, std::move(code), std::move(reason)};
}

class Question {
 public:
  Question(const Order& order, ExportKind kind, std::span<const std::string> lines)
      : order_(order), kind_(kind), lines_(lines) {}

  ExportAnswer answer(BuyerCancel buyer_cancel) const {
    for (const auto& rule : {&Question::of_everything, &Question::of_lines}) {
      if (ExportAnswer answer = (this->*rule)(); answer.kind != ExportAnswer::Kind::kAllowed)
        return answer;
    }
    switch (kind_) {
      case ExportKind::kShipment:
        return of_shipment(buyer_cancel);
      case ExportKind::kCancellation:
        return of_cancellation();
      case ExportKind::kRefund:
        return of_refund();
    }
    return {};
  }

 private:
  ExportAnswer of_everything() const {
    if (order_.fulfilled_by == FulfilledBy::kMarketplace) {
      return refused("marketplace_fulfilled",
                     "The marketplace fulfils this order itself and takes no " +
                         std::string(to_string(kind_)) + " for it.");
    }
    if (order_.state == OrderState::kCancelled) {
      return refused("cancelled", "The order is cancelled.");
    }
    if (order_.state == OrderState::kNeedsCorrection) {
      return held("needs_correction", "A person must look at the order first.");
    }
    if (order_.fulfilled_by == FulfilledBy::kUnknown) {
      return held("unknown_fulfilment", "The marketplace did not say who sends the goods.");
    }
    if (order_.state == OrderState::kPending && kind_ != ExportKind::kRefund) {
      return held("pending", "The marketplace has not released the order yet.");
    }
    return {};
  }

  ExportAnswer of_lines() const {
    for (const std::string& id : lines_) {
      const auto found = std::find_if(order_.lines.begin(), order_.lines.end(),
                                      [&](const OrderLine& line) { return line.id == id; });
      if (found == order_.lines.end()) {
        return refused("unknown_line", "The order has no line " + id + ".");
      }
      if (found->cancelled && kind_ != ExportKind::kRefund) {
        return refused("line_cancelled", "Line " + id + " is cancelled.");
      }
    }
    return {};
  }

  bool concerns(const OrderLine& line) const {
    return lines_.empty() || std::find(lines_.begin(), lines_.end(), line.id) != lines_.end();
  }

  ExportAnswer of_shipment(BuyerCancel buyer_cancel) const {
    if (buyer_cancel == BuyerCancel::kPass) return {};
    for (const OrderLine& line : order_.lines) {
      if (!concerns(line) || !line.cancel_requested || line.cancelled) continue;
      return held("buyer_cancel", "The buyer asks to cancel; a person or the back office decides.");
    }
    return {};
  }

  ExportAnswer of_cancellation() const {
    if (order_.state != OrderState::kShipped) return {};
    return refused("shipped", "The order is shipped: refund it instead.");
  }

  ExportAnswer of_refund() const {
    if (order_.state == OrderState::kShipped || order_.state == OrderState::kPartiallyShipped) {
      return {};
    }
    return refused("not_shipped", "Nothing of the order is shipped: cancel it instead.");
  }

  const Order& order_;
  ExportKind kind_;
  std::span<const std::string> lines_;
};

}  // namespace

std::string_view to_string(ExportKind kind) noexcept {
  switch (kind) {
    case ExportKind::kShipment:
      return "shipment";
    case ExportKind::kCancellation:
      return "cancellation";
    case ExportKind::kRefund:
      break;
  }
  return "refund";
}

std::string_view to_string(ExportAnswer::Kind kind) noexcept {
  switch (kind) {
    case ExportAnswer::Kind::kAllowed:
      return "allowed";
    case ExportAnswer::Kind::kHeld:
      return "held";
    case ExportAnswer::Kind::kRefused:
      break;
  }
  return "refused";
}

ExportAnswer export_answer(const Order& order, ExportKind kind, BuyerCancel buyer_cancel,
                           std::span<const std::string> lines) {
  return Question(order, kind, lines).answer(buyer_cancel);
}

}  // namespace marketplug::sync
