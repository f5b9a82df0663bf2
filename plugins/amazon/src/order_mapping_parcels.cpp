#include "src/order_mapping_parts.hpp"

namespace marketplug::amazon {
namespace json = boost::json;
namespace {

ParcelItem map_parcel_item(const json::value& value, const Place& at, MappingContext& context) {
  ParcelItem out;
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "orderItemId") {
                  out.line_id = read_text(inner, here);
                } else if (key == "quantity") {
                  out.quantity = read_count(inner, here);
                } else if (key == "transparencyCodes") {
                  out.codes = read_texts(inner, here);
                } else {
                  return false;
                }
                return true;
              });
  return out;
}

void map_parcel_status(const json::value& value, const Place& at, MappingContext& context,
                       Parcel& parcel, ObjectText& attributes) {
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "status") {
                  parcel.status = read_text(inner, here);
                } else if (key == "detailedStatus") {
                  attributes.text("detailed_status", read_text(inner, here));
                } else {
                  return false;
                }
                return true;
              });
}

}  // namespace

Parcel map_parcel(const json::value& value, const Place& at, MappingContext& context) {
  Parcel out;
  ObjectText attributes;
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "packageReferenceId") {
                  out.reference = read_text(inner, here);
                } else if (key == "createdTime") {
                  out.created_at = read_time(inner, here);
                } else if (key == "packageStatus") {
                  map_parcel_status(inner, here, context, out, attributes);
                } else if (key == "carrier") {
                  out.carrier = read_text(inner, here);
                } else if (key == "shipTime") {
                  out.shipped_at = read_time(inner, here);
                } else if (key == "shippingService") {
                  out.service = read_text(inner, here);
                } else if (key == "trackingNumber") {
                  out.tracking_number = read_text(inner, here);
                } else if (key == "shipFromAddress") {
                  Address address = map_address(inner, here, context);
                  if (address != Address{}) out.ship_from = std::move(address);
                } else if (key == "packageItems") {
                  each_element(inner, here, [&](const json::value& element, const Place& place) {
                    out.items.push_back(map_parcel_item(element, place, context));
                  });
                } else {
                  return false;
                }
                return true;
              });
  out.attributes = attributes.take();
  return out;
}

}  // namespace marketplug::amazon
