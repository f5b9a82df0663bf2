// The order tracking reports. Columns: developer-docs.amazon.com, order tracking reports
// attributes.

#include "plugins/amazon/sandbox/report_contents.hpp"

#include "marketplug/model/time.hpp"

namespace amazon_sandbox {
namespace {

constexpr std::string_view kOrderColumns =
    "amazon-order-id\tmerchant-order-id\tpurchase-date\tlast-updated-date\torder-status\t"
    "fulfillment-channel\tsales-channel\torder-channel\tship-service-level\tproduct-name\tsku\t"
    "asin\titem-status\tquantity\tcurrency\titem-price\titem-tax\tshipping-price\tshipping-tax\t"
    "gift-wrap-price\tgift-wrap-tax\titem-promotion-discount\tship-promotion-discount\tship-city\t"
    "ship-state\tship-postal-code\tship-country\tpromotion-ids\t";
constexpr std::string_view kLastColumns =
    "is-business-order\tpurchase-order-number\tprice-designation\n";

/// The reports have words of their own for the statuses.
std::string_view reported_status(Status status) noexcept {
  switch (status) {
    case Status::kPendingAvailability:
    case Status::kPending:
      return "Pending";
    case Status::kUnshipped:
      return "Unshipped";
    case Status::kPartiallyShipped:
      return "PartiallyShipped";
    case Status::kShipped:
      return "Shipped";
    case Status::kCancelled:
      return "Cancelled";
    case Status::kUnfulfillable:
      return "Unfulfillable";
  }
  return "";
}

std::string_view item_status(const ReportedOrder& order, const ReportedLine& line) noexcept {
  if (order.status == Status::kCancelled) return "Cancelled";
  return line.fulfilled >= line.quantity && line.quantity > 0 ? "Shipped" : "Unshipped";
}

/// "SECOND_DAY" as "SecondDay".
std::string service_level(std::string_view name) {
  std::string result;
  bool first = true;
  for (const char c : name) {
    if (c == '_') {
      first = true;
      continue;
    }
    result += first || c < 'A' || c > 'Z' ? c : static_cast<char>(c - 'A' + 'a');
    first = false;
  }
  return result;
}

std::string sales_channel(const ReportedOrder& order) {
  std::string domain(order.marketplace->domain);
  domain[0] = 'A';
  return order.non_amazon ? "Non-" + domain : domain;
}

/// Currency and amounts; none while an order is pending, and of what was cancelled. Discounts are
/// positive here, and the tax that they save is taken off the item's.
void append_amounts(std::string& row, const ReportedOrder& order, const ReportedLine& line) {
  const bool priced = order.status != Status::kPending &&
                      order.status != Status::kPendingAvailability &&
                      order.status != Status::kCancelled;
  const auto amount = [&](std::int64_t minor) {
    append_field(row, priced ? format_amount(minor, order.marketplace->decimals) : "");
  };
  const auto& a = line.amounts;
  append_field(row, priced ? order.marketplace->currency : "");
  amount(a.item);
  amount(a.tax_item + a.tax_discount);
  amount(a.shipping);
  amount(a.tax_shipping);
  amount(a.gift_wrap);
  amount(a.tax_gift_wrap);
  amount(-a.discount_item);
  amount(-a.discount_shipping);
}

void append_line(std::string& text, const ReportedOrder& order, const ReportedLine& line,
                 bool by_created) {
  const bool cancelled = order.status == Status::kCancelled;
  const bool pending =
      order.status == Status::kPending || order.status == Status::kPendingAvailability;
  append_field(text, order.id);
  append_field(text, order.merchant_order_id.empty() ? order.id : order.merchant_order_id);
  append_field(text, report_time(order.created));
  append_field(text, report_time(order.updated));
  append_field(text, reported_status(order.status));
  append_field(text, order.fulfilled_by == FulfilledBy::kAmazon ? "Amazon" : "Merchant");
  append_field(text, sales_channel(order));
  append_field(text, "");
  append_field(text, service_level(order.service_level));
  append_field(text, line.title);
  append_field(text, line.sku);
  append_field(text, line.asin);
  append_field(text, item_status(order, line));
  append_field(text, std::to_string(cancelled ? 0 : line.quantity));
  append_amounts(text, order, line);
  for (const auto* place : {&order.city, &order.state, &order.postal_code, &order.country}) {
    append_field(text, pending ? std::string_view() : *place);
  }
  append_field(text, pending ? std::string_view() : line.promotions);
  if (by_created) append_field(text, "");
  append_field(text, order.business ? "true" : "false");
  append_field(text, order.purchase_order);
  append_field(text, line.business_price ? "Business Price" : "");
  text.back() = '\n';
}

}  // namespace

void append_field(std::string& row, std::string_view value) {
  for (const char c : value) row += c == '\t' || c == '\r' || c == '\n' ? ' ' : c;
  row += '\t';
}

std::string report_time(TimePoint time) {
  auto text = marketplug::format_time(std::chrono::floor<std::chrono::seconds>(time));
  text.replace(text.size() - 1, 1, "+00:00");
  return text;
}

ReportContents orders_report(const OrderStore& orders, bool by_created, const ReportSpan& span) {
  ReportContents contents{std::string(kOrderColumns)};
  // Brazil's tax number stands in the report by order date only, and only orders of Brazil have it.
  if (by_created) contents.text += "cpf\t";
  contents.text += kLastColumns;
  for (const auto index :
       orders.within(by_created, span.from, span.to, span.marketplaces, span.now)) {
    const auto order = orders.reported(index);
    for (const auto& line : order.lines) {
      append_line(contents.text, order, line, by_created);
      ++contents.rows;
    }
  }
  return contents;
}

}  // namespace amazon_sandbox
