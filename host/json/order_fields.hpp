#pragma once
// The members of the canonical order and their names in JSON, written down once for encoding and
// decoding. Compile-time tables, nothing to own.

#include <array>
#include <string>
#include <string_view>
#include <tuple>

#include "marketplug/model/order.hpp"

namespace marketplug::json {

/// How a member is written: kJson is text that is a JSON object already.
enum class Form { kValue, kJson };

template <class T, class M, Form F>
struct Field {
  static constexpr Form form = F;
  std::string_view name;
  M T::*member;
  bool required;  ///< written even when empty, and missed when absent
};

template <class T, class M>
constexpr Field<T, M, Form::kValue> field(std::string_view name, M T::*member) {
  return {name, member, false};
}
template <class T, class M>
constexpr Field<T, M, Form::kValue> required(std::string_view name, M T::*member) {
  return {name, member, true};
}
template <class T>
constexpr Field<T, std::string, Form::kJson> object(std::string_view name, std::string T::*member) {
  return {name, member, false};
}

/// `kMembers`: what is not personal. `kPersonal`, where there is one: the rest.
template <class T>
struct Fields;

/// `kAll`: the names of an enum's values, from 0 on. Other values there are none.
template <class Enum>
struct Words;

/// A value that there is none of has the name of the first.
template <class Enum>
constexpr std::string_view word_of(Enum value) noexcept {
  const auto index = static_cast<std::size_t>(value);
  return Words<Enum>::kAll[index < Words<Enum>::kAll.size() ? index : 0];
}

template <>
struct Words<OrderState> {
  static constexpr std::array<std::string_view, 6> kAll{
      "needs_correction", "pending", "open", "partially_shipped", "shipped", "cancelled"};
};

template <>
struct Words<FulfilledBy> {
  static constexpr std::array<std::string_view, 3> kAll{"unknown", "merchant", "marketplace"};
};

template <>
struct Words<PersonalData> {
  static constexpr std::array<std::string_view, 3> kAll{"not_asked", "present", "missing"};
};

template <>
struct Fields<TimeWindow> {
  static constexpr auto kMembers = std::tuple{
      field("earliest", &TimeWindow::earliest),
      field("latest", &TimeWindow::latest),
  };
};

template <>
struct Fields<Address> {
  static constexpr auto kMembers = std::tuple{
      field("name", &Address::name),
      field("company", &Address::company),
      field("line1", &Address::line1),
      field("line2", &Address::line2),
      field("line3", &Address::line3),
      field("city", &Address::city),
      field("district", &Address::district),
      field("region", &Address::region),
      field("municipality", &Address::municipality),
      field("postal_code", &Address::postal_code),
      field("country", &Address::country),
      field("phone", &Address::phone),
      field("type", &Address::type),
      object("attributes", &Address::attributes),
  };
};

template <>
struct Fields<Charge> {
  static constexpr auto kMembers = std::tuple{
      required("type", &Charge::type),
      field("of", &Charge::of),
      field("status", &Charge::status),
      required("amount", &Charge::amount),
  };
};

template <>
struct Fields<Payment> {
  static constexpr auto kMembers = std::tuple{
      field("method", &Payment::method),
      field("kind", &Payment::kind),
      field("amount", &Payment::amount),
      object("attributes", &Payment::attributes),
  };
};

template <>
struct Fields<TaxRegistration> {
  static constexpr auto kMembers = std::tuple{
      field("entity", &TaxRegistration::entity),
      field("name", &TaxRegistration::name),
      field("type", &TaxRegistration::type),
      field("number", &TaxRegistration::number),
      field("address", &TaxRegistration::address),
      object("attributes", &TaxRegistration::attributes),
  };
};

template <>
struct Fields<Cancellation> {
  static constexpr auto kMembers = std::tuple{
      field("by", &Cancellation::by),
      field("reason", &Cancellation::reason),
  };
};

template <>
struct Fields<LineProperty> {
  static constexpr auto kMembers = std::tuple{
      required("name", &LineProperty::name),
      required("value", &LineProperty::value),
  };
};

template <>
struct Fields<OrderLine> {
  static constexpr auto kMembers = std::tuple{
      required("id", &OrderLine::id),
      field("sku", &OrderLine::sku),
      field("product_id", &OrderLine::product_id),
      field("title", &OrderLine::title),
      required("quantity", &OrderLine::quantity),
      field("quantity_shipped", &OrderLine::quantity_shipped),
      field("quantity_open", &OrderLine::quantity_open),
      field("unit_price", &OrderLine::unit_price),
      field("total", &OrderLine::total),
      field("charges", &OrderLine::charges),
      field("tax_scheme", &OrderLine::tax_scheme),
      field("promotions", &OrderLine::promotions),
      field("programs", &OrderLine::programs),
      field("cancel_requested", &OrderLine::cancel_requested),
      field("cancelled", &OrderLine::cancelled),
      field("deliver_by", &OrderLine::deliver_by),
      object("attributes", &OrderLine::attributes),
  };
  static constexpr auto kPersonal = std::tuple{
      field("gift_message", &OrderLine::gift_message),
      field("customization_url", &OrderLine::customization_url),
      field("properties", &OrderLine::properties),
      object("personal_attributes", &OrderLine::personal_attributes),
  };
};

template <>
struct Fields<ParcelItem> {
  static constexpr auto kMembers = std::tuple{
      required("line_id", &ParcelItem::line_id),
      required("quantity", &ParcelItem::quantity),
      field("codes", &ParcelItem::codes),
  };
};

template <>
struct Fields<Parcel> {
  static constexpr auto kMembers = std::tuple{
      field("reference", &Parcel::reference),   field("carrier", &Parcel::carrier),
      field("service", &Parcel::service),       field("tracking_number", &Parcel::tracking_number),
      field("status", &Parcel::status),         field("created_at", &Parcel::created_at),
      field("shipped_at", &Parcel::shipped_at), field("ship_from", &Parcel::ship_from),
      field("items", &Parcel::items),           object("attributes", &Parcel::attributes),
  };
};

template <>
struct Fields<RelatedOrder> {
  static constexpr auto kMembers = std::tuple{
      required("id", &RelatedOrder::id),
      field("relation", &RelatedOrder::relation),
  };
};

template <>
struct Fields<Buyer> {
  static constexpr auto kMembers = std::tuple{
      field("name", &Buyer::name),
      field("email", &Buyer::email),
      field("company", &Buyer::company),
      field("purchase_order", &Buyer::purchase_order),
  };
};

template <>
struct Fields<Order> {
  static constexpr auto kMembers = std::tuple{
      required("id", &Order::id),
      field("merchant_number", &Order::merchant_number),
      field("marketplace", &Order::marketplace),
      field("marketplace_id", &Order::marketplace_id),
      field("sales_channel", &Order::sales_channel),
      required("state", &Order::state),
      field("marketplace_status", &Order::marketplace_status),
      field("correction_reasons", &Order::correction_reasons),
      required("fulfilled_by", &Order::fulfilled_by),
      required("placed_at", &Order::placed_at),
      required("changed_at", &Order::changed_at),
      field("ship_by", &Order::ship_by),
      field("deliver_by", &Order::deliver_by),
      field("delivery_country", &Order::delivery_country),
      field("service_level", &Order::service_level),
      field("programs", &Order::programs),
      field("related", &Order::related),
      field("total", &Order::total),
      field("charges", &Order::charges),
      field("payments", &Order::payments),
      required("lines", &Order::lines),
      field("parcels", &Order::parcels),
      required("personal_data", &Order::personal_data),
      object("attributes", &Order::attributes),
  };
  static constexpr auto kPersonal = std::tuple{
      field("buyer", &Order::buyer),
      field("recipient", &Order::recipient),
      field("tax_registrations", &Order::tax_registrations),
      object("personal_attributes", &Order::personal_attributes),
  };
};

}  // namespace marketplug::json
