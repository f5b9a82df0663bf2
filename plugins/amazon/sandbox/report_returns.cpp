// The returns reports. Fields: developer-docs.amazon.com, returns reports attributes.

#include <algorithm>

#include <fmt/format.h>

#include "marketplug/model/time.hpp"
#include "plugins/amazon/sandbox/draw.hpp"
#include "plugins/amazon/sandbox/page_token.hpp"
#include "plugins/amazon/sandbox/report_contents.hpp"
#include "plugins/amazon/sandbox/report_headers.hpp"
#include "plugins/amazon/sandbox/report_text.hpp"

namespace amazon_sandbox {
namespace {

using std::chrono::days;

constexpr std::string_view kLabelType = "AmazonUnPaidLabel";
constexpr std::string_view kLabelPayer = "Customer";
constexpr std::string_view kReturnType = "C-Returns";

std::string_view yes_or_no(bool value) noexcept { return value ? "Y" : "N"; }

/// "23-Nov-2026": the flat file has dates without a time.
std::string flat_date(TimePoint time) {
  static constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::chrono::year_month_day date(std::chrono::floor<days>(time));
  return fmt::format("{:02}-{}-{}", static_cast<unsigned>(date.day()),
                     kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()));
}

std::string xml_time(TimePoint time) {
  return marketplug::format_time(std::chrono::floor<std::chrono::seconds>(time));
}

/// An element, left out where it has no text.
void append_element(std::string& xml, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  xml.append("<").append(name).append(">").append(xml_text(text));
  xml.append("</").append(name).append(">");
}

void append_item(std::string& xml, const CustomerReturn& item) {
  xml += "<item_details>";
  append_element(xml, "item_name", item.title);
  append_element(xml, "asin", item.asin);
  append_element(xml, "return_reason_code", item.reason);
  append_element(xml, "merchant_sku", item.sku);
  append_element(xml, "in_policy", yes_or_no(item.in_policy));
  append_element(xml, "return_quantity", std::to_string(item.quantity));
  append_element(xml, "resolution", item.resolution);
  append_element(xml, "refund_amount", plain_decimal(item.refunded, item.marketplace->decimals));
  xml += "</item_details>";
}

/// What the lines of one return share.
void append_shared(std::string& xml, const CustomerReturn& first) {
  append_element(xml, "order_id", first.order_id);
  append_element(xml, "order_date", xml_time(first.ordered));
  append_element(xml, "amazon_rma_id", first.rma_id);
  append_element(xml, "merchant_rma_id", first.merchant_rma_id);
  append_element(xml, "return_request_date", xml_time(first.requested));
  append_element(xml, "return_request_status", first.status);
  append_element(xml, "a_to_z_claim", first.a_to_z_claim ? "true" : "false");
  append_element(xml, "is_prime", yes_or_no(first.prime));
  xml += "<label_details>";
  append_element(xml, "tracking_id", first.tracking_number);
  append_element(xml, "return_carrier", first.carrier);
  append_element(xml, "currency_code", first.marketplace->currency);
  append_element(xml, "label_cost", "0.0");
  append_element(xml, "label_type", kLabelType);
  xml += "</label_details>";
  append_element(xml, "label_to_be_paid_by", kLabelPayer);
  append_element(xml, "return_type", kReturnType);
  append_element(xml, "order_amount",
                 plain_decimal(first.order_amount, first.marketplace->decimals));
  append_element(xml, "order_quantity", std::to_string(first.order_quantity));
}

void append_flat_row(std::string& text, const CustomerReturn& item) {
  const auto amount = [&](std::int64_t minor) {
    return format_amount(minor, item.marketplace->decimals);
  };
  append_field(text, item.order_id);
  append_field(text, flat_date(item.ordered));
  append_field(text, flat_date(item.requested));
  append_field(text, item.status);
  append_field(text, item.rma_id);
  append_field(text, item.merchant_rma_id);
  append_field(text, kLabelType);
  append_field(text, amount(0));
  append_field(text, item.marketplace->currency);
  append_field(text, item.carrier);
  append_field(text, item.tracking_number);
  append_field(text, kLabelPayer);
  append_field(text, yes_or_no(item.a_to_z_claim));
  append_field(text, yes_or_no(item.prime));
  append_field(text, item.asin);
  append_field(text, item.sku);
  append_field(text, item.title);
  append_field(text, std::to_string(item.quantity));
  append_field(text, item.reason);
  append_field(text, yes_or_no(item.in_policy));
  append_field(text, kReturnType);
  append_field(text, item.resolution);
  append_field(text, "");
  append_field(text, item.delivered ? flat_date(*item.delivered) : "");
  append_field(text, amount(item.order_amount));
  append_field(text, std::to_string(item.order_quantity));
  for (int safe_t = 0; safe_t < 5; ++safe_t) append_field(text, "");
  append_field(text, item.refunded == 0 ? "" : amount(item.refunded));
  text.back() = '\n';
}

void append_amazon_row(std::string& text, const CustomerReturn& item) {
  static constexpr std::string_view kCenters[] = {"LEJ1", "XOR1", "WRO2", "MAD4", "LTN4"};
  Draw draw(keyed_hash(item.sku, 0));
  append_field(text, report_time(item.requested));
  append_field(text, item.order_id);
  append_field(text, item.sku);
  append_field(text, item.asin);
  append_field(text, "X00" + draw.letters(7));
  append_field(text, item.title);
  append_field(text, std::to_string(item.quantity));
  append_field(text, draw.pick(kCenters));
  append_field(text, item.disposition);
  append_field(text, item.reason);
  append_field(text, item.status);
  append_field(text, item.licence_plate);
  append_field(text, item.comment);
  text.back() = '\n';
}

}  // namespace

std::vector<CustomerReturn> returns_within(const ReturnBook& book, FulfilledBy by,
                                           const ReportSpan& span, bool whole_days) {
  std::vector<CustomerReturn> found;
  for (const auto& each : book.all()) {
    const bool there = (span.marketplaces >> marketplace_index(*each.marketplace) & 1u) != 0;
    const bool known = !whole_days || each.requested < std::chrono::floor<days>(span.now);
    if (there && known && each.fulfilled_by == by && each.requested >= span.from &&
        each.requested <= span.to) {
      found.push_back(each);
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::tie(a.requested, a.rma_id) < std::tie(b.requested, b.rma_id);
  });
  return found;
}

ReportContents returns_xml(const std::vector<CustomerReturn>& returns, std::string_view seller,
                           Charset charset) {
  ReportContents contents{R"(<?xml version="1.0" encoding=")"};
  auto& xml = contents.text;
  xml.append(charset_name(charset)).append("\"?>\n<AmazonEnvelope>");
  xml += "<Header><DocumentVersion>1.01</DocumentVersion>";
  append_element(xml, "MerchantIdentifier", seller);
  xml += "</Header><MessageType>ReturnDetails</MessageType><Message>";
  for (std::size_t i = 0; i < returns.size(); ++i) {
    if (i == 0 || returns[i].rma_id != returns[i - 1].rma_id) xml += "<return_details>";
    append_item(xml, returns[i]);
    if (i + 1 == returns.size() || returns[i].rma_id != returns[i + 1].rma_id) {
      append_shared(xml, returns[i]);
      xml += "</return_details>";
    }
    ++contents.rows;
  }
  xml += "</Message></AmazonEnvelope>\n";
  return contents;
}

ReportContents returns_flat(const std::vector<CustomerReturn>& returns, HeaderLanguage language) {
  ReportContents contents;
  for (const auto name : return_headers(language)) append_field(contents.text, name);
  contents.text.back() = '\n';
  for (const auto& each : returns) append_flat_row(contents.text, each);
  contents.rows = returns.size();
  return contents;
}

ReportContents returns_of_amazon(const std::vector<CustomerReturn>& returns) {
  ReportContents contents{
      "return-date\torder-id\tsku\tasin\tfnsku\tproduct-name\tquantity\tfulfillment-center-id\t"
      "detailed-disposition\treason\tstatus\tlicense-plate-number\tcustomer-comments\n"};
  for (const auto& each : returns) append_amazon_row(contents.text, each);
  contents.rows = returns.size();
  return contents;
}

}  // namespace amazon_sandbox
