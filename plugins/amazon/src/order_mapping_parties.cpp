#include <array>

#include "src/order_mapping_parts.hpp"
#include "src/text.hpp"

namespace marketplug::amazon {
namespace json = boost::json;
namespace {

using AddressField = std::pair<std::string_view, std::string Address::*>;
constexpr std::array<AddressField, 12> kAddressFields = {{
    {"name", &Address::name},
    {"companyName", &Address::company},
    {"addressLine1", &Address::line1},
    {"addressLine2", &Address::line2},
    {"addressLine3", &Address::line3},
    {"city", &Address::city},
    {"districtOrCounty", &Address::district},
    {"stateOrRegion", &Address::region},
    {"municipality", &Address::municipality},
    {"postalCode", &Address::postal_code},
    {"countryCode", &Address::country},
    {"phone", &Address::phone},
}};

using Names = std::pair<std::string_view, std::string_view>;
constexpr std::array<Names, 4> kExtendedFields = {{{"streetName", "street_name"},
                                                   {"streetNumber", "street_number"},
                                                   {"complement", "complement"},
                                                   {"neighborhood", "neighborhood"}}};

std::string map_extended_fields(const json::value& value, const Place& at,
                                MappingContext& context) {
  ObjectText out;
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                for (const auto& [name, ours] : kExtendedFields) {
                  if (key != name) continue;
                  out.text(ours, read_text(inner, here));
                  return true;
                }
                return false;
              });
  return out.take();
}

/// {hour, minute} as "09:30".
std::string map_hour_minute(const json::value& value, const Place& at, MappingContext& context) {
  std::int64_t hour = 0, minute = 0;
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "hour") {
                  hour = read_count(inner, here);
                } else if (key == "minute") {
                  minute = read_count(inner, here);
                } else {
                  return false;
                }
                return true;
              });
  const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return two(hour) + ":" + two(minute);
}

std::string map_time_windows(const json::value& value, const Place& at, MappingContext& context) {
  ListText out;
  each_element(value, at, [&](const json::value& window, const Place& place) {
    ObjectText times;
    each_member(window, place, context.unknown,
                [&](std::string_view key, const json::value& inner, const Place& here) {
                  if (key == "startTime") {
                    times.text("from", map_hour_minute(inner, here, context));
                  } else if (key == "endTime") {
                    times.text("to", map_hour_minute(inner, here, context));
                  } else {
                    return false;
                  }
                  return true;
                });
    out.json(times.take());
  });
  return out.take();
}

/// One BusinessHour or ExceptionDate.
std::string map_opening(const json::value& value, const Place& at, MappingContext& context) {
  ObjectText out;
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "dayOfWeek") {
                  out.text("day", read_text(inner, here));
                } else if (key == "exceptionDate") {
                  out.text("date", read_text(inner, here));
                } else if (key == "exceptionDateType") {
                  out.text("type", read_text(inner, here));
                } else if (key == "timeWindows") {
                  out.json("hours", map_time_windows(inner, here, context));
                } else {
                  return false;
                }
                return true;
              });
  return out.take();
}

std::string map_openings(const json::value& value, const Place& at, MappingContext& context) {
  ListText out;
  each_element(value, at, [&](const json::value& inner, const Place& here) {
    out.json(map_opening(inner, here, context));
  });
  return out.take();
}

std::string map_delivery_time(const json::value& value, const Place& at, MappingContext& context) {
  ObjectText out;
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "businessHours") {
                  out.json("business_hours", map_openings(inner, here, context));
                } else if (key == "exceptionDates") {
                  out.json("exception_dates", map_openings(inner, here, context));
                } else {
                  return false;
                }
                return true;
              });
  return out.take();
}

std::string list_of(const std::vector<std::string>& texts) {
  ListText out;
  for (const std::string& text : texts) out.text(text);
  return out.take();
}

std::string map_delivery_preference(const json::value& value, const Place& at,
                                    MappingContext& context) {
  ObjectText out;
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "dropOffLocation") {
                  out.text("drop_off_location", read_text(inner, here));
                } else if (key == "addressInstruction") {
                  out.text("address_instruction", read_text(inner, here));
                } else if (key == "deliveryTime") {
                  out.json("delivery_time", map_delivery_time(inner, here, context));
                } else if (key == "deliveryCapabilities") {
                  out.json("capabilities", list_of(read_texts(inner, here)));
                } else {
                  return false;
                }
                return true;
              });
  return out.take();
}

std::string map_registration_attributes(const json::value& value, const Place& at,
                                        MappingContext& context) {
  ListText out;
  each_element(value, at, [&](const json::value& element, const Place& place) {
    ObjectText pair;
    each_member(element, place, context.unknown,
                [&](std::string_view key, const json::value& inner, const Place& here) {
                  if (key != "key" && key != "value") return false;
                  pair.text(key, read_text(inner, here));
                  return true;
                });
    out.json(pair.take());
  });
  ObjectText attributes;
  attributes.json("registration_attributes", out.take());
  return attributes.take();
}

TaxRegistration map_registration(const json::value& value, const Place& at,
                                 MappingContext& context) {
  TaxRegistration out;
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "entityType") {
                  out.entity = party(read_text(inner, here));
                } else if (key == "legalName") {
                  out.name = read_text(inner, here);
                } else if (key == "taxRegistrationType") {
                  out.type = read_text(inner, here);
                } else if (key == "taxRegistrationNumber") {
                  out.number = read_text(inner, here);
                } else if (key == "taxRegistrationAddress") {
                  Address address = map_address(inner, here, context);
                  if (address != Address{}) out.address = std::move(address);
                } else if (key == "taxRegistrationAttributes") {
                  out.attributes = map_registration_attributes(inner, here, context);
                } else {
                  return false;
                }
                return true;
              });
  return out;
}

std::string map_invoicing(const json::value& value, const Place& at, MappingContext& context) {
  ObjectText out;
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "buyerInvoicePreference") {
                  out.text("buyer_invoice_preference", read_text(inner, here));
                } else if (key == "invoiceStatus") {
                  out.text("invoice_status", read_text(inner, here));
                } else {
                  return false;
                }
                return true;
              });
  return out.take();
}

/// Amazon names examples of its methods, no list (PaymentExecution).
std::string payment_kind(std::string_view method) {
  if (method == "CashOnDelivery" || method == "COD") return "cash_on_delivery";
  if (method == "Invoice" || method == "PayByInvoice") return "invoice";
  return {};
}

Payment map_execution(const json::value& value, const Place& at, MappingContext& context) {
  Payment out;
  ObjectText attributes;
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "paymentMethod") {
                  out.method = read_text(inner, here);
                  out.kind = payment_kind(out.method);
                } else if (key == "paymentAmount") {
                  out.amount = read_money(inner, here, context.unknown);
                } else if (key == "acquirerId") {
                  attributes.text("acquirer_id", read_text(inner, here));
                } else if (key == "cardBrand") {
                  attributes.text("card_brand", read_text(inner, here));
                } else if (key == "authorizationCode") {
                  attributes.text("authorization_code", read_text(inner, here));
                } else {
                  return false;
                }
                return true;
              });
  out.attributes = attributes.take();
  return out;
}

}  // namespace

std::string party(std::string_view amazon_word) {
  return amazon_word == "AMAZON" ? std::string("marketplace") : lower(amazon_word);
}

Address map_address(const json::value& value, const Place& at, MappingContext& context) {
  Address out;
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                for (const auto& [name, field] : kAddressFields) {
                  if (key != name) continue;
                  out.*field = read_text(inner, here);
                  return true;
                }
                if (key == "addressType") {
                  out.type = lower(read_text(inner, here));
                } else if (key == "extendedFields") {
                  out.attributes = map_extended_fields(inner, here, context);
                } else {
                  return false;
                }
                return true;
              });
  return out;
}

void map_buyer(const json::value& value, const Place& at, MappingContext& context, Order& order) {
  Buyer buyer;
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "buyerName") {
                  buyer.name = read_text(inner, here);
                } else if (key == "buyerEmail") {
                  buyer.email = read_text(inner, here);
                } else if (key == "buyerCompanyName") {
                  buyer.company = read_text(inner, here);
                } else if (key == "buyerPurchaseOrderNumber") {
                  buyer.purchase_order = read_text(inner, here);
                } else {
                  return false;
                }
                return true;
              });
  if (buyer != Buyer{}) order.buyer = std::move(buyer);
}

void map_recipient(const json::value& value, const Place& at, MappingContext& context, Order& order,
                   ObjectText& personal) {
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "deliveryAddress") {
                  Address address = map_address(inner, here, context);
                  if (address != Address{}) order.recipient = std::move(address);
                } else if (key == "deliveryPreference") {
                  personal.json("delivery_preference",
                                map_delivery_preference(inner, here, context));
                } else {
                  return false;
                }
                return true;
              });
}

void map_tax(const json::value& value, const Place& at, MappingContext& context, Order& order,
             ObjectText& attributes) {
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "taxRegistrations") {
                  each_element(inner, here, [&](const json::value& element, const Place& place) {
                    order.tax_registrations.push_back(map_registration(element, place, context));
                  });
                } else if (key == "taxInvoicing") {
                  attributes.json("tax_invoicing", map_invoicing(inner, here, context));
                } else {
                  return false;
                }
                return true;
              });
}

void map_payment(const json::value& value, const Place& at, MappingContext& context, Order& order) {
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key != "paymentExecutions") return false;
                each_element(inner, here, [&](const json::value& element, const Place& place) {
                  order.payments.push_back(map_execution(element, place, context));
                });
                return true;
              });
}

void add_cash_on_delivery(const MappingContext& context, Order& order) {
  if (!context.cash_on_delivery || !order.payments.empty()) return;
  Payment& payment = order.payments.emplace_back();
  payment.method = "CashOnDelivery";
  payment.kind = payment_kind(payment.method);
}

}  // namespace marketplug::amazon
