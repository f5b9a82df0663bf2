#include "plugins/amazon/sandbox/reported_order.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "plugins/amazon/sandbox/order_changed.hpp"

namespace amazon_sandbox {
namespace {

ReportedLine reported_line(const OrderLine& line) {
  ReportedLine result{line.id, line.sku, line.asin, std::string(line.title), {}};
  for (const auto& promotion : line.promotions) {
    result.promotions.append(result.promotions.empty() ? "" : ",").append(promotion);
  }
  result.quantity = line.quantity;
  result.fulfilled = line.fulfilled;
  result.amounts = line.amounts;
  result.business_price = line.business_price;
  return result;
}

ReportedOrder reported_order(const Order& order) {
  const auto has = [&](std::string_view program) {
    return std::find(order.programs.begin(), order.programs.end(), program) != order.programs.end();
  };
  ReportedOrder result;
  result.merchant_order_id = order.seller_order_id;
  result.non_amazon = order.non_amazon;
  result.business = has("AMAZON_BUSINESS");
  result.prime = has("PRIME");
  result.service_level = order.service_level;
  result.city = order.recipient.city;
  result.state = order.recipient.state;
  result.postal_code = order.recipient.postal_code;
  result.country = order.recipient.country;
  result.purchase_order = order.purchase_order;
  for (const auto& line : order.lines) result.lines.push_back(reported_line(line));
  return result;
}

/// The value at the pointer; null where there is none.
const boost::json::value& value_at(const boost::json::value& value, std::string_view pointer) {
  static const boost::json::value kNothing;
  boost::system::error_code error;
  const auto* found = value.find_pointer(pointer, error);
  return found == nullptr ? kNothing : *found;
}

std::string string_at(const boost::json::value& value, std::string_view pointer) {
  const auto* text = value_at(value, pointer).if_string();
  return text == nullptr ? std::string() : std::string(*text);
}

std::int64_t count_at(const boost::json::value& value, std::string_view pointer) {
  const auto& found = value_at(value, pointer);
  return found.is_int64() ? found.get_int64() : 0;
}

template <class Visit>
void each_at(const boost::json::value& value, std::string_view pointer, Visit visit) {
  const auto* list = value_at(value, pointer).if_array();
  if (list == nullptr) return;
  for (const auto& element : *list) visit(element);
}

LineAmounts amounts_of(const boost::json::value& item, int decimals) {
  const auto amount = [&](const boost::json::value& value, std::string_view pointer) {
    return parse_amount(string_at(value, pointer), decimals).value_or(0);
  };
  LineAmounts amounts;
  each_at(item, "/proceeds/breakdowns", [&](const boost::json::value& breakdown) {
    const auto type = string_at(breakdown, "/type");
    const auto subtotal = amount(breakdown, "/subtotal/amount");
    if (type == "ITEM") amounts.item += subtotal;
    if (type == "SHIPPING") amounts.shipping += subtotal;
    if (type == "GIFT_WRAP") amounts.gift_wrap += subtotal;
    if (type == "COD_FEE") amounts.cod_fee += subtotal;
    if (type != "DISCOUNT" && type != "TAX") return;
    const bool tax = type == "TAX";
    auto& rest = tax ? amounts.tax_item : amounts.discount_item;
    rest += subtotal;
    each_at(breakdown, "/detailedBreakdowns", [&](const boost::json::value& detail) {
      const auto subtype = string_at(detail, "/subtype");
      auto* part = subtype == "SHIPPING"
                       ? (tax ? &amounts.tax_shipping : &amounts.discount_shipping)
                   : !tax                   ? nullptr
                   : subtype == "GIFT_WRAP" ? &amounts.tax_gift_wrap
                   : subtype == "COD_FEE"   ? &amounts.tax_cod_fee
                   : subtype == "DISCOUNT"  ? &amounts.tax_discount
                                            : nullptr;
      if (part == nullptr) return;
      const auto value = amount(detail, "/value/amount");
      *part += value;
      rest -= value;
    });
  });
  return amounts;
}

ReportedLine reported_line(const boost::json::value& item, int decimals) {
  ReportedLine result{string_at(item, "/orderItemId"),
                      string_at(item, "/product/sellerSku"),
                      string_at(item, "/product/asin"),
                      string_at(item, "/product/title"),
                      {}};
  each_at(item, "/promotion/breakdowns", [&](const boost::json::value& promotion) {
    result.promotions.append(result.promotions.empty() ? "" : ",")
        .append(string_at(promotion, "/promotionId"));
  });
  result.quantity = count_at(item, "/quantityOrdered");
  result.fulfilled = count_at(item, "/fulfillment/quantityFulfilled");
  result.amounts = amounts_of(item, decimals);
  result.business_price = string_at(item, "/product/price/priceDesignation") == "BUSINESS_PRICE";
  return result;
}

ReportedOrder reported_order(const boost::json::value& order, int decimals) {
  ReportedOrder result;
  each_at(order, "/orderAliases", [&](const boost::json::value& alias) {
    if (string_at(alias, "/aliasType") == "SELLER_ORDER_ID") {
      result.merchant_order_id = string_at(alias, "/aliasId");
    }
  });
  each_at(order, "/programs", [&](const boost::json::value& program) {
    const auto name = string_at(program, "");
    if (name == "AMAZON_BUSINESS") result.business = true;
    if (name == "PRIME") result.prime = true;
  });
  result.non_amazon = string_at(order, "/salesChannel/channelName") == "NON_AMAZON";
  result.service_level = string_at(order, "/fulfillment/fulfillmentServiceLevel");
  result.city = string_at(order, "/recipient/deliveryAddress/city");
  result.state = string_at(order, "/recipient/deliveryAddress/stateOrRegion");
  result.postal_code = string_at(order, "/recipient/deliveryAddress/postalCode");
  result.country = string_at(order, "/recipient/deliveryAddress/countryCode");
  result.purchase_order = string_at(order, "/buyer/buyerPurchaseOrderNumber");
  each_at(order, "/orderItems", [&](const boost::json::value& item) {
    result.lines.push_back(reported_line(item, decimals));
  });
  return result;
}

}  // namespace

std::optional<std::int64_t> parse_amount(std::string_view text, int decimals) noexcept {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const auto point = text.find('.');
  const auto fraction = point == std::string_view::npos ? "" : text.substr(point + 1);
  const auto whole = text.substr(0, point);
  if (whole.empty() || whole.size() > 12 || (point != std::string_view::npos && fraction.empty()) ||
      fraction.size() > static_cast<std::size_t>(decimals)) {
    return std::nullopt;
  }
  std::int64_t minor = 0;
  for (const auto part : {whole, fraction}) {
    for (const char c : part) {
      if (c < '0' || c > '9') return std::nullopt;
      minor = minor * 10 + (c - '0');
    }
  }
  for (auto digits = static_cast<int>(fraction.size()); digits < decimals; ++digits) minor *= 10;
  return negative ? -minor : minor;
}

/// Times, status and marketplace are those that searches go by, as patches leave them alone.
ReportedOrder OrderStore::reported(std::uint32_t index) const {
  const auto& record = records_.at(index);
  const auto& market = all_marketplaces()[record.marketplace];
  const auto* changed = record.newest.changed.get();
  ReportedOrder result;
  if (changed == nullptr || (!changed->raw && changed->patches.empty())) {
    result = reported_order(order(index, record.newest));
  } else {
    boost::json::value value;
    if (changed->raw) {
      value = *changed->raw;
    } else {
      View everything;
      everything.pending_details = true;
      std::string text;
      render_order(order(index, record.newest), everything, text);
      value = boost::json::parse(text);
    }
    for (const auto& patch : changed->patches) apply_patch(value, patch, false);
    result = reported_order(value, market.decimals);
  }
  result.id = id_of(index);
  result.created = record.created;
  result.updated = record.newest.updated;
  result.marketplace = &market;
  result.status = record.newest.status;
  result.fulfilled_by = record.fulfilled_by;
  return result;
}

std::vector<std::uint32_t> OrderStore::within(bool by_created, TimePoint from, TimePoint to,
                                              std::uint32_t marketplaces, TimePoint now) const {
  std::vector<std::pair<TimePoint, std::uint32_t>> found;
  for (std::uint32_t i = 0; i < records_.size(); ++i) {
    const auto& record = records_[i];
    const auto time = by_created ? record.created : record.newest.updated;
    if (time < from || time > to || (marketplaces >> record.marketplace & 1u) == 0 ||
        expired(i, now)) {
      continue;
    }
    found.emplace_back(time, i);
  }
  std::sort(found.begin(), found.end());
  std::vector<std::uint32_t> indices;
  indices.reserve(found.size());
  for (const auto& [time, index] : found) indices.push_back(index);
  return indices;
}

}  // namespace amazon_sandbox
