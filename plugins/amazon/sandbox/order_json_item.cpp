#include "plugins/amazon/sandbox/order_json_item.hpp"

#include "marketplug/model/time.hpp"

namespace amazon_sandbox {
namespace {

void write_product(JsonWriter& json, const Order& order, const OrderLine& line, const View& view,
                   bool details) {
  json.key("product");
  json.open_object();
  json.member("asin", line.asin);
  json.member("title", line.title);
  json.member("sellerSku", line.sku);
  json.key("condition");
  json.open_object();
  json.member("conditionType", line.condition);
  json.member("conditionSubtype", line.condition == "NEW" ? "NEW" : "VERY_GOOD");
  json.member("conditionNote", line.condition_note);
  json.close_object();
  if (details) {
    json.key("price");
    json.open_object();
    write_money(json, "unitPrice", line.unit_price, *order.marketplace);
    if (line.business_price) json.member("priceDesignation", "BUSINESS_PRICE");
    json.close_object();
  }
  if (!line.serial_numbers.empty()) {
    json.key("serialNumbers");
    json.open_array();
    for (const auto& number : line.serial_numbers) json.text(number);
    json.close_array();
  }
  if (details && view.delivery_role && !line.customized_url.empty()) {
    json.key("customization");
    json.open_object();
    json.member("customizedUrl", customized_url(line.customized_url, view));
    json.close_object();
  }
  json.close_object();
}

void write_measure(JsonWriter& json, const Measure& measure) {
  json.key("measurement");
  json.open_object();
  json.member("unit", measure.unit);
  json.key("value");
  json.raw(measure.value);
  json.close_object();
}

void write_picking(JsonWriter& json, const OrderLine& line) {
  json.key("picking");
  json.open_object();
  json.key("substitutionPreference");
  json.open_object();
  json.member("substitutionType", line.substitution);
  if (!line.substitutes.empty()) {
    json.key("substitutionOptions");
    json.open_array();
    for (const auto& option : line.substitutes) {
      json.open_object();
      json.member("asin", option.asin);
      json.member("quantityOrdered", line.quantity);
      json.member("sellerSku", option.sku);
      json.member("title", option.title);
      write_measure(json, option.measure);
      json.close_object();
    }
    json.close_array();
  }
  json.close_object();
  json.close_object();
}

void write_service(JsonWriter& json, const OrderLine& line) {
  json.key("associatedOrderItems");
  json.open_array();
  json.open_object();
  json.member("orderId", line.service_order_id);
  json.member("orderItemId", line.id + "9");
  json.member("associationType", "VALUE_ADD_SERVICE");
  json.close_object();
  json.close_array();
}

bool constrained(const OrderLine& line) {
  return line.cash_on_delivery || line.signature || line.age_check || line.pallet ||
         line.identity_check;
}

void write_detail(JsonWriter& json, std::string_view subtype, std::int64_t minor,
                  const Marketplace& marketplace) {
  if (minor == 0) return;
  json.open_object();
  json.member("subtype", subtype);
  write_money(json, "value", minor, marketplace);
  json.close_object();
}

void write_item_proceeds(JsonWriter& json, const LineAmounts& amounts,
                         const Marketplace& marketplace) {
  json.key("proceeds");
  json.open_object();
  write_money(json, "proceedsTotal", amounts.total(), marketplace);
  json.key("breakdowns");
  json.open_array();
  write_breakdown(json, "ITEM", amounts.item, marketplace);
  if (amounts.shipping != 0) write_breakdown(json, "SHIPPING", amounts.shipping, marketplace);
  if (amounts.gift_wrap != 0) write_breakdown(json, "GIFT_WRAP", amounts.gift_wrap, marketplace);
  if (amounts.cod_fee != 0) write_breakdown(json, "COD_FEE", amounts.cod_fee, marketplace);
  if (amounts.discount() != 0) {
    json.open_object();
    json.member("type", "DISCOUNT");
    write_money(json, "subtotal", amounts.discount(), marketplace);
    json.key("detailedBreakdowns");
    json.open_array();
    write_detail(json, "ITEM", amounts.discount_item, marketplace);
    write_detail(json, "SHIPPING", amounts.discount_shipping, marketplace);
    json.close_array();
    json.close_object();
  }
  if (amounts.tax_item != 0 || amounts.tax() != 0) {
    json.open_object();
    json.member("type", "TAX");
    write_money(json, "subtotal", amounts.tax(), marketplace);
    json.key("detailedBreakdowns");
    json.open_array();
    write_detail(json, "ITEM", amounts.tax_item, marketplace);
    write_detail(json, "SHIPPING", amounts.tax_shipping, marketplace);
    write_detail(json, "GIFT_WRAP", amounts.tax_gift_wrap, marketplace);
    write_detail(json, "COD_FEE", amounts.tax_cod_fee, marketplace);
    write_detail(json, "DISCOUNT", amounts.tax_discount, marketplace);
    json.close_array();
    json.close_object();
  }
  json.close_array();
  json.close_object();
}

void write_points(JsonWriter& json, std::int64_t points, const Marketplace& marketplace) {
  json.key("expense");
  json.open_object();
  json.key("pointsCost");
  json.open_object();
  json.key("pointsGranted");
  json.open_object();
  json.member("pointsNumber", points);
  write_money(json, "pointsMonetaryValue", points, marketplace);
  json.close_object();
  json.close_object();
  json.close_object();
}

void write_promotions(JsonWriter& json, const OrderLine& line) {
  json.key("promotion");
  json.open_object();
  json.key("breakdowns");
  json.open_array();
  for (const auto& promotion : line.promotions) {
    json.open_object();
    json.member("promotionId", promotion);
    json.close_object();
  }
  json.close_array();
  json.close_object();
}

void write_cancellation(JsonWriter& json, const OrderLine& line) {
  json.key("cancellation");
  json.open_object();
  if (!line.cancel_request.empty()) {
    json.key("cancellationRequest");
    json.open_object();
    json.member("requester", "BUYER");
    json.member("cancelReason", line.cancel_request);
    json.close_object();
  }
  if (!line.cancelled_by.empty()) {
    json.key("cancellationExecution");
    json.open_object();
    json.member("cancelledBy", line.cancelled_by);
    json.member("cancelReason", line.cancel_reason);
    json.close_object();
  }
  json.close_object();
}

void write_packing(JsonWriter& json, const OrderLine& line, bool gift) {
  json.key("packing");
  json.open_object();
  if (gift) {
    json.key("giftOption");
    json.open_object();
    json.member_unless_empty("giftMessage", line.gift_message);
    json.member_unless_empty("giftWrapLevel", line.gift_wrap_level);
    json.close_object();
  }
  if (line.serial_required) {
    json.key("serialNumberRequirement");
    json.raw(R"({"requirementType":"REQUIRED"})");
  }
  json.close_object();
}

void write_shipping(JsonWriter& json, const OrderLine& line) {
  json.key("shipping");
  json.open_object();
  if (line.scheduled_delivery) {
    write_window(json, "scheduledDeliveryWindow", *line.scheduled_delivery);
  }
  if (constrained(line)) {
    json.key("shippingConstraints");
    json.open_object();
    if (line.cash_on_delivery) json.member("cashOnDelivery", "MANDATORY");
    if (line.signature) json.member("signatureConfirmation", "MANDATORY");
    if (line.age_check) json.member("recipientAgeVerification", "MANDATORY");
    if (line.pallet) json.member("palletDelivery", "MANDATORY");
    if (line.identity_check) json.member("recipientIdentityVerification", "MANDATORY");
    json.close_object();
  }
  if (!line.ioss_number.empty()) {
    json.key("internationalShipping");
    json.open_object();
    json.member("iossNumber", line.ioss_number);
    json.close_object();
  }
  json.close_object();
}

void write_item_fulfillment(JsonWriter& json, const OrderLine& line, const View& view,
                            bool details) {
  const bool gift = details && view.delivery_role &&
                    (!line.gift_message.empty() || !line.gift_wrap_level.empty());
  json.key("fulfillment");
  json.open_object();
  json.member("quantityFulfilled", line.fulfilled);
  json.member("quantityUnfulfilled", line.quantity - line.fulfilled);
  if (!line.substitution.empty()) write_picking(json, line);
  if (gift || line.serial_required) write_packing(json, line, gift);
  if (line.scheduled_delivery || constrained(line) || !line.ioss_number.empty()) {
    write_shipping(json, line);
  }
  json.close_object();
}

void write_item_tax(JsonWriter& json, const OrderLine& line) {
  json.key("tax");
  json.open_object();
  if (!line.reporting_scheme.empty()) {
    json.key("taxCalculationBreakdowns");
    json.open_array();
    json.open_object();
    json.member("reportingScheme", line.reporting_scheme);
    json.close_object();
    json.close_array();
  }
  if (!line.tax_collector.empty()) {
    json.key("taxCollections");
    json.open_array();
    json.open_object();
    json.member("model", "MARKETPLACE_FACILITATOR");
    json.member("responsibleParty", line.tax_collector);
    json.close_object();
    json.close_array();
  }
  json.close_object();
}

}  // namespace

void write_money(JsonWriter& json, std::string_view name, std::int64_t minor,
                 const Marketplace& marketplace) {
  json.key(name);
  json.open_object();
  json.member("amount", format_amount(minor, marketplace.decimals));
  json.member("currencyCode", marketplace.currency);
  json.close_object();
}

void write_breakdown(JsonWriter& json, std::string_view type, std::int64_t minor,
                     const Marketplace& marketplace) {
  json.open_object();
  json.member("type", type);
  write_money(json, "subtotal", minor, marketplace);
  json.close_object();
}

void write_window(JsonWriter& json, std::string_view name, const Window& window) {
  json.key(name);
  json.open_object();
  json.member("earliestDateTime", marketplug::format_time(window.earliest));
  json.member("latestDateTime", marketplug::format_time(window.latest));
  json.close_object();
}

void render_item(JsonWriter& json, const Order& order, const OrderLine& line, const View& view,
                 bool details) {
  const auto asked = [&](DataSet set) { return (view.sets & set) != 0; };
  json.open_object();
  json.member("orderItemId", line.id);
  json.member("quantityOrdered", line.quantity);
  if (line.measure) write_measure(json, *line.measure);
  if (!line.service_order_id.empty()) write_service(json, line);
  if (line.transparency || line.subscription) {
    json.key("programs");
    json.open_array();
    if (line.transparency) json.text("TRANSPARENCY");
    if (line.subscription) json.text("SUBSCRIBE_AND_SAVE");
    json.close_array();
  }
  write_product(json, order, line, view, details);
  if (details && asked(kProceeds)) write_item_proceeds(json, line.amounts, *order.marketplace);
  if (details && asked(kExpense) && line.points != 0) {
    write_points(json, line.points, *order.marketplace);
  }
  if (details && asked(kPromotion) && !line.promotions.empty()) write_promotions(json, line);
  if (asked(kCancellation) && (!line.cancel_request.empty() || !line.cancelled_by.empty())) {
    write_cancellation(json, line);
  }
  if (asked(kFulfillment)) write_item_fulfillment(json, line, view, details);
  if (details && asked(kTax) && (!line.reporting_scheme.empty() || !line.tax_collector.empty())) {
    write_item_tax(json, line);
  }
  json.close_object();
}

}  // namespace amazon_sandbox
