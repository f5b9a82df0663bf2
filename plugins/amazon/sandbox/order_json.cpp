#include "plugins/amazon/sandbox/order_json.hpp"

#include "marketplug/model/time.hpp"
#include "plugins/amazon/sandbox/json_writer.hpp"
#include "plugins/amazon/sandbox/order_json_item.hpp"
#include "plugins/amazon/sandbox/people.hpp"

namespace amazon_sandbox {
namespace {

using marketplug::format_time;

void write_customer_address(JsonWriter& json, const Address& address, const View& view,
                            bool with_phone) {
  const bool personal = view.delivery_role;
  json.open_object();
  if (personal) {
    json.member("name", address.name);
    json.member_unless_empty("companyName", address.company);
    json.member("addressLine1", address.line1);
    json.member_unless_empty("addressLine2", address.line2);
    json.member_unless_empty("addressLine3", address.line3);
  }
  json.member("city", address.city);
  json.member_unless_empty("districtOrCounty", address.district);
  json.member_unless_empty("stateOrRegion", address.state);
  json.member_unless_empty("municipality", address.municipality);
  if (personal) json.member_unless_empty("postalCode", address.postal_code);
  json.member("countryCode", address.country);
  if (personal && with_phone) json.member_unless_empty("phone", address.phone);
  if (personal && !address.street.empty()) {
    json.key("extendedFields");
    json.open_object();
    json.member("streetName", address.street);
    json.member("streetNumber", address.number);
    json.member_unless_empty("complement", address.complement);
    json.member_unless_empty("neighborhood", address.neighbourhood);
    json.close_object();
  }
  json.member("addressType", address.type);
  json.close_object();
}

void write_holidays(JsonWriter& json, TimePoint created) {
  const auto year =
      std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(created)).year();
  const auto date = [&](std::string_view day) {
    return std::to_string(static_cast<int>(year)) + "-12-" + std::string(day);
  };
  json.key("exceptionDates");
  json.open_array();
  json.open_object();
  json.member("exceptionDate", date("24"));
  json.member("exceptionDateType", "OPEN");
  json.key("timeWindows");
  json.raw(R"([{"startTime":{"hour":9,"minute":0},"endTime":{"hour":12,"minute":30}}])");
  json.close_object();
  json.open_object();
  json.member("exceptionDate", date("25"));
  json.member("exceptionDateType", "CLOSED");
  json.close_object();
  json.close_array();
}

void write_business_hours(JsonWriter& json, const Order& order) {
  json.key("deliveryTime");
  json.open_object();
  json.key("businessHours");
  json.open_array();
  for (const auto* day : {"MON", "TUE", "WED", "THU", "FRI"}) {
    json.open_object();
    json.member("dayOfWeek", day);
    json.key("timeWindows");
    json.raw(R"([{"startTime":{"hour":9,"minute":0},"endTime":{"hour":17,"minute":30}}])");
    json.close_object();
  }
  json.close_array();
  if (order.holidays) write_holidays(json, order.created);
  json.close_object();
  json.key("deliveryCapabilities");
  json.raw(R"(["PALLET_ENABLED"])");
}

void write_recipient(JsonWriter& json, const Order& order, const View& view) {
  // Suppressed for Amazon's orders and after the latest delivery date of shipped ones (model).
  const bool late = order.status == Status::kShipped && view.now > order.deliver_by.latest;
  const bool with_phone = order.fulfilled_by == FulfilledBy::kMerchant && !late;
  json.key("recipient");
  json.open_object();
  json.key("deliveryAddress");
  write_customer_address(json, order.recipient, view, with_phone);
  if (view.delivery_role &&
      (!order.drop_off.empty() || !order.address_instruction.empty() || order.business_hours)) {
    json.key("deliveryPreference");
    json.open_object();
    json.member_unless_empty("dropOffLocation", order.drop_off);
    json.member_unless_empty("addressInstruction", order.address_instruction);
    if (order.business_hours) write_business_hours(json, order);
    json.close_object();
  }
  json.close_object();
}

void write_buyer(JsonWriter& json, const Order& order, const View& view) {
  const bool shipping = order.status == Status::kUnshipped ||
                        order.status == Status::kPartiallyShipped ||
                        order.status == Status::kShipped;
  json.key("buyer");
  json.open_object();
  if (view.tax_role) json.member("buyerName", order.buyer_name);
  if (view.delivery_role && shipping && order.fulfilled_by == FulfilledBy::kMerchant) {
    json.member("buyerEmail", order.buyer_email);
  }
  if (view.tax_role) {
    json.member_unless_empty("buyerCompanyName", order.buyer_company);
    json.member_unless_empty("buyerPurchaseOrderNumber", order.purchase_order);
  }
  json.close_object();
}

void write_proceeds(JsonWriter& json, const Order& order) {
  const auto& market = *order.marketplace;
  LineAmounts sum;
  std::int64_t discount = 0, tax = 0;
  for (const auto& line : order.lines) {
    sum.item += line.amounts.item;
    sum.shipping += line.amounts.shipping;
    sum.gift_wrap += line.amounts.gift_wrap;
    sum.cod_fee += line.amounts.cod_fee;
    discount += line.amounts.discount();
    tax += line.amounts.tax();
  }
  json.key("proceeds");
  json.open_object();
  write_money(json, "grandTotal", grand_total(order), market);
  json.key("breakdowns");
  json.open_array();
  write_breakdown(json, "ITEM", sum.item, market);
  if (sum.shipping != 0) write_breakdown(json, "SHIPPING", sum.shipping, market);
  if (sum.gift_wrap != 0) write_breakdown(json, "GIFT_WRAP", sum.gift_wrap, market);
  if (sum.cod_fee != 0) write_breakdown(json, "COD_FEE", sum.cod_fee, market);
  if (discount != 0) write_breakdown(json, "DISCOUNT", discount, market);
  if (tax != 0) write_breakdown(json, "TAX", tax, market);
  if (order.delivery_tip != 0) {
    json.open_object();
    json.member("type", "DELIVERY_TIP");
    json.member("status", "FINALIZED");
    write_money(json, "subtotal", order.delivery_tip, market);
    json.close_object();
  }
  json.close_array();
  json.close_object();
}

void write_fulfillment(JsonWriter& json, const Order& order) {
  json.key("fulfillment");
  json.open_object();
  json.member("fulfillmentStatus", status_name(order.status));
  json.member("fulfilledBy", fulfilled_by_name(order.fulfilled_by));
  json.member("fulfillmentServiceLevel", order.service_level);
  write_window(json, "shipByWindow", order.ship_by);
  write_window(json, "deliverByWindow", order.deliver_by);
  if (order.label_from) {
    json.key("labelPrintingWindow");
    json.open_object();
    json.member("earliestDateTime", format_time(*order.label_from));
    json.member("latestDateTime", format_time(*order.label_until));
    json.close_object();
  }
  json.close_object();
}

void write_tax(JsonWriter& json, const Order& order, const View& view) {
  if (order.tax_registrations.empty() && order.invoice_preference.empty() &&
      order.invoice_status.empty()) {
    return;
  }
  json.key("tax");
  json.open_object();
  json.key("taxRegistrations");
  json.open_array();
  for (const auto& registration : order.tax_registrations) {
    if (registration.entity == "BUYER" && !view.tax_role) continue;
    json.open_object();
    json.member("entityType", registration.entity);
    json.member_unless_empty("legalName", registration.legal_name);
    json.member("taxRegistrationType", registration.type);
    json.member("taxRegistrationNumber", registration.number);
    if (registration.with_address) {
      json.key("taxRegistrationAddress");
      write_customer_address(json, order.recipient, view, !registration.office.empty());
    }
    if (!registration.office.empty()) {
      json.key("taxRegistrationAttributes");
      json.open_array();
      json.open_object();
      json.member("key", "TAX_OFFICE");
      json.member("value", registration.office);
      json.close_object();
      json.close_array();
    }
    json.close_object();
  }
  json.close_array();
  if (!order.invoice_preference.empty() || !order.invoice_status.empty()) {
    json.key("taxInvoicing");
    json.open_object();
    json.member_unless_empty("buyerInvoicePreference", order.invoice_preference);
    json.member_unless_empty("invoiceStatus", order.invoice_status);
    json.close_object();
  }
  json.close_object();
}

void write_payment(JsonWriter& json, const Order& order) {
  json.key("payment");
  json.open_object();
  json.key("paymentExecutions");
  json.open_array();
  json.open_object();
  json.member("paymentMethod", order.payment_method);
  write_money(json, "paymentAmount", grand_total(order), *order.marketplace);
  if (order.marketplace->country == "BR") {
    json.member("acquirerId", "00.000.000/0001-00");
    if (order.payment_method == "CreditCard") json.member("cardBrand", "Visa");
    json.member("authorizationCode", "000000");
  }
  json.close_object();
  json.close_array();
  json.close_object();
}

void write_packages(JsonWriter& json, const Order& order, std::string& out) {
  json.key("packages");
  json.open_array();
  for (const auto& package : order.packages) {
    json.open_object();
    json.member("packageReferenceId", package.reference);
    json.member("createdTime", format_time(package.created));
    json.key("packageStatus");
    json.open_object();
    json.member("status", package.status);
    json.member_unless_empty("detailedStatus", package.detailed_status);
    json.close_object();
    json.member("carrier", package.carrier);
    json.member("shipTime", format_time(package.shipped));
    json.member_unless_empty("shippingService", package.service);
    json.member_unless_empty("trackingNumber", package.tracking_number);
    json.key("shipFromAddress");
    render_ship_from(*order.marketplace, out);
    json.key("packageItems");
    json.open_array();
    for (const auto& item : package.items) {
      json.open_object();
      json.member("orderItemId", item.line_id);
      json.member("quantity", item.quantity);
      if (!item.transparency_codes.empty()) {
        json.key("transparencyCodes");
        json.open_array();
        for (const auto& code : item.transparency_codes) json.text(code);
        json.close_array();
      }
      json.close_object();
    }
    json.close_array();
    json.close_object();
  }
  json.close_array();
}

void write_identity(JsonWriter& json, const Order& order) {
  json.member("orderId", order.id);
  if (!order.seller_order_id.empty()) {
    json.key("orderAliases");
    json.open_array();
    json.open_object();
    json.member("aliasId", order.seller_order_id);
    json.member("aliasType", "SELLER_ORDER_ID");
    json.close_object();
    json.close_array();
  }
  json.member("createdTime", format_time(order.created));
  json.member("lastUpdatedTime", format_time(order.updated));
  if (!order.programs.empty()) {
    json.key("programs");
    json.open_array();
    for (const auto program : order.programs) json.text(program);
    json.close_array();
  }
  if (!order.original_id.empty()) {
    json.key("associatedOrders");
    json.open_array();
    json.open_object();
    json.member("orderId", order.original_id);
    json.member("associationType", "REPLACEMENT_ORIGINAL_ID");
    json.close_object();
    json.close_array();
  }
  json.key("salesChannel");
  json.open_object();
  json.member("channelName", order.non_amazon ? "NON_AMAZON" : "AMAZON");
  json.member("marketplaceId", order.marketplace->id);
  std::string name(order.marketplace->domain);
  name[0] = 'A';
  json.member("marketplaceName", name);
  json.close_object();
}

}  // namespace

void render_ship_from(const Marketplace& marketplace, std::string& out) {
  const auto& country = country_data(marketplace.country);
  JsonWriter json(out);
  json.open_object();
  json.member("name", "Simulated Warehouse");
  json.member("addressLine1", country.streets.front());
  json.member("addressLine2", "Hall 3");
  json.member("addressLine3", "Dock 7");
  json.member("city", country.places.front().city);
  json.member_unless_empty("districtOrCounty", country.places.front().district);
  if (country.code == "MX" || country.code == "BR") {
    json.member("municipality", country.places.front().city);
  }
  json.member_unless_empty("stateOrRegion", country.places.front().state);
  json.member_unless_empty("postalCode", country.places.front().postal_code);
  json.member("countryCode", country.code);
  json.close_object();
}

void render_order(const Order& order, const View& view, std::string& out) {
  const bool pending =
      order.status == Status::kPending || order.status == Status::kPendingAvailability;
  const bool details = !pending || view.pending_details;
  const auto asked = [&](DataSet set) { return (view.sets & set) != 0; };
  JsonWriter json(out);
  json.open_object();
  write_identity(json, order);
  if (details && asked(kBuyer)) write_buyer(json, order, view);
  if (details && asked(kRecipient)) write_recipient(json, order, view);
  if (details && asked(kProceeds)) write_proceeds(json, order);
  if (details && asked(kTax)) write_tax(json, order, view);
  if (details && asked(kPayment)) write_payment(json, order);
  if (asked(kFulfillment)) write_fulfillment(json, order);
  json.key("orderItems");
  json.open_array();
  for (const auto& line : order.lines) render_item(json, order, line, view, details);
  json.close_array();
  if (asked(kPackages) && !order.packages.empty()) write_packages(json, order, out);
  if (asked(kFulfillmentOrders) && !order.fulfillment_order_id.empty()) {
    json.key("fulfillmentOrders");
    json.open_array();
    json.open_object();
    json.member("fulfillmentOrderId", order.fulfillment_order_id);
    json.close_object();
    json.close_array();
  }
  json.close_object();
}

}  // namespace amazon_sandbox
