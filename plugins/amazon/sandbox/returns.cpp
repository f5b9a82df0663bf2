#include "plugins/amazon/sandbox/returns.hpp"

#include <algorithm>
#include <stdexcept>

#include "plugins/amazon/sandbox/draw.hpp"

namespace amazon_sandbox {
namespace {

constexpr std::string_view kMerchantReasons[] = {"CR-UNWANTED_ITEM", "CR-DEFECTIVE",
                                                 "CR-QUALITY_UNACCEPTABLE", "CR-ORDERED_WRONG_ITEM",
                                                 "AMZ-PG-APP-TOO-SMALL"};
constexpr std::string_view kAmazonReasons[] = {"UNWANTED_ITEM", "DEFECTIVE", "QUALITY_UNACCEPTABLE",
                                               "ORDERED_WRONG_ITEM"};
constexpr std::string_view kDispositions[] = {"SELLABLE", "CUSTOMER_DAMAGED", "DEFECTIVE"};

std::string or_usual(const std::string& given, std::string_view usual) {
  return given.empty() ? std::string(usual) : given;
}

std::int64_t refund(const std::string& text, const Marketplace& marketplace) {
  const auto amount = parse_amount(text, marketplace.decimals);
  if (!amount || *amount < 0) {
    throw std::invalid_argument("refunded amount \"" + text + "\" is no amount in " +
                                std::string(marketplace.currency) + ", such as " +
                                format_amount(1234, marketplace.decimals));
  }
  return *amount;
}

CustomerReturn about_the_order(const ReportedOrder& order, const ReportedLine& line) {
  CustomerReturn made;
  made.order_id = order.id;
  made.line_id = line.id;
  made.sku = line.sku;
  made.asin = line.asin;
  made.title = line.title;
  made.marketplace = order.marketplace;
  made.fulfilled_by = order.fulfilled_by;
  made.prime = order.prime;
  made.ordered = order.created;
  for (const auto& each : order.lines) {
    made.order_amount += each.amounts.total();
    made.order_quantity += each.quantity;
  }
  return made;
}

}  // namespace

std::int64_t ReturnBook::units_left(const ReportedOrder& order,
                                    const ReportedLine& line) const noexcept {
  auto left = line.fulfilled;
  for (const auto& each : returns_) {
    if (each.order_id == order.id && each.line_id == line.id) left -= each.quantity;
  }
  return left;
}

const ReportedLine& ReturnBook::line_for(const NewReturn& given, const ReportedOrder& order) const {
  const bool any = given.line_id.empty() && given.sku.empty();
  const auto found =
      std::find_if(order.lines.begin(), order.lines.end(), [&](const ReportedLine& line) {
        if (any) return units_left(order, line) >= given.quantity;
        return given.line_id.empty() ? line.sku == given.sku : line.id == given.line_id;
      });
  if (found != order.lines.end()) return *found;
  if (any) {
    throw std::invalid_argument("order " + order.id + " has no line with " +
                                std::to_string(given.quantity) +
                                " units that were shipped and not returned yet; ship it first, "
                                "with \"status\": \"SHIPPED\"");
  }
  std::string lines;
  for (const auto& line : order.lines) lines.append(lines.empty() ? "" : ", ").append(line.id);
  throw std::invalid_argument("order " + order.id + " has no line " +
                              (given.line_id.empty() ? "with SKU " + given.sku : given.line_id) +
                              "; it has " + lines);
}

const CustomerReturn& ReturnBook::add(const NewReturn& given, const ReportedOrder& order,
                                      std::uint64_t seed) {
  if (given.quantity < 1) throw std::invalid_argument("a return has at least one unit");
  const auto& line = line_for(given, order);
  if (const auto left = units_left(order, line); given.quantity > left) {
    throw std::invalid_argument("line " + line.id + " of order " + order.id + " has " +
                                std::to_string(std::max<std::int64_t>(left, 0)) +
                                " units that were shipped and not returned yet");
  }
  for (const auto& each : returns_) {
    if (!given.rma_id.empty() && each.rma_id == given.rma_id && each.order_id != order.id) {
      throw std::invalid_argument("return " + given.rma_id + " is of order " + each.order_id);
    }
  }
  const bool merchant = order.fulfilled_by == FulfilledBy::kMerchant;
  Draw draw(mix(seed) ^ returns_.size());
  auto made = about_the_order(order, line);
  const auto drawn_id = "D" + draw.letters(8) + "RRMA";
  const auto reason = merchant ? draw.pick(kMerchantReasons) : draw.pick(kAmazonReasons);
  const auto disposition = draw.pick(kDispositions);
  const auto plate = "LPNHE" + draw.digits(9);
  made.rma_id = or_usual(given.rma_id, drawn_id);
  made.merchant_rma_id = given.merchant_rma_id;
  made.requested = given.requested;
  made.delivered = given.delivered;
  made.quantity = given.quantity;
  made.reason = or_usual(given.reason, reason);
  made.comment = given.comment;
  made.status = or_usual(given.status, merchant ? "Approved" : "Unit returned to inventory");
  made.resolution = or_usual(given.resolution, "StandardRefund");
  made.carrier = given.carrier;
  made.tracking_number = given.tracking_number;
  if (!merchant) {
    made.disposition = or_usual(given.disposition, disposition);
    made.licence_plate = plate;
  }
  if (!given.refunded_amount.empty()) {
    made.refunded = refund(given.refunded_amount, *order.marketplace);
  }
  made.in_policy = given.in_policy;
  made.a_to_z_claim = given.a_to_z_claim;
  return returns_.emplace_back(std::move(made));
}

void ReturnBook::change(std::string_view rma_id, const ReturnChange& change) {
  if (!contains(rma_id)) {
    throw std::out_of_range("no return " + std::string(rma_id) + "; GET /returns lists them");
  }
  for (auto& each : returns_) {
    if (each.rma_id != rma_id) continue;
    if (change.refunded_amount) each.refunded = refund(*change.refunded_amount, *each.marketplace);
    if (change.status) each.status = *change.status;
    if (change.resolution) each.resolution = *change.resolution;
    if (change.carrier) each.carrier = *change.carrier;
    if (change.tracking_number) each.tracking_number = *change.tracking_number;
    if (change.delivered) each.delivered = change.delivered;
  }
}

bool ReturnBook::contains(std::string_view rma_id) const noexcept {
  return std::any_of(returns_.begin(), returns_.end(),
                     [&](const CustomerReturn& each) { return each.rma_id == rma_id; });
}

}  // namespace amazon_sandbox
