// How a line is picked, packed and shipped (ItemFulfillment).

#include <array>

#include "src/order_mapping.hpp"
#include "src/order_mapping_parts.hpp"

namespace marketplug::amazon {
namespace json = boost::json;
namespace {

std::string map_substitute(const json::value& value, const Place& at, MappingContext& context) {
  ObjectText out;
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "asin") {
                  out.text("product_id", read_text(inner, here));
                } else if (key == "quantityOrdered") {
                  out.integer("quantity", read_count(inner, here));
                } else if (key == "sellerSku") {
                  out.text("sku", read_text(inner, here));
                } else if (key == "title") {
                  out.text("title", read_text(inner, here));
                } else if (key == "measurement") {
                  out.json("measurement", map_measurement(inner, here, context));
                } else {
                  return false;
                }
                return true;
              });
  return out.take();
}

std::string map_substitution(const json::value& value, const Place& at, MappingContext& context) {
  ObjectText out;
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "substitutionType") {
                  out.text("type", read_text(inner, here));
                } else if (key == "substitutionOptions") {
                  ListText options;
                  each_element(inner, here, [&](const json::value& element, const Place& place) {
                    options.json(map_substitute(element, place, context));
                  });
                  out.json("options", options.take());
                } else {
                  return false;
                }
                return true;
              });
  return out.take();
}

void map_gift(const json::value& value, const Place& at, MappingContext& context,
              LineParts& parts) {
  parts.attributes.truth("gift", true);
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "giftMessage") {
                  if (context.options.personal_data) {
                    parts.line.gift_message = read_text(inner, here);
                  }
                } else if (key == "giftWrapLevel") {
                  parts.attributes.text("gift_wrap_level", read_text(inner, here));
                } else {
                  return false;
                }
                return true;
              });
}

void map_packing(const json::value& value, const Place& at, MappingContext& context,
                 LineParts& parts) {
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "giftOption") {
                  map_gift(inner, here, context, parts);
                } else if (key == "serialNumberRequirement") {
                  each_member(
                      inner, here, context.unknown,
                      [&](std::string_view name, const json::value& type, const Place& place) {
                        if (name != "requirementType") return false;
                        parts.attributes.text("serial_number_requirement", read_text(type, place));
                        return true;
                      });
                } else {
                  return false;
                }
                return true;
              });
}

std::string map_constraints(const json::value& value, const Place& at, MappingContext& context) {
  using Names = std::pair<std::string_view, std::string_view>;
  static constexpr std::array<Names, 5> kNames = {
      {{"palletDelivery", "pallet_delivery"},
       {"cashOnDelivery", "cash_on_delivery"},
       {"signatureConfirmation", "signature_confirmation"},
       {"recipientIdentityVerification", "recipient_identity_verification"},
       {"recipientAgeVerification", "recipient_age_verification"}}};
  ObjectText out;
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                for (const auto& [name, ours] : kNames) {
                  if (key != name) continue;
                  const std::string constraint = read_text(inner, here);
                  out.text(ours, constraint);
                  if (key == "cashOnDelivery")
                    context.cash_on_delivery |= constraint == "MANDATORY";
                  return true;
                }
                return false;
              });
  return out.take();
}

void map_shipping(const json::value& value, const Place& at, MappingContext& context,
                  LineParts& parts) {
  each_member(
      value, at, context.unknown,
      [&](std::string_view key, const json::value& inner, const Place& here) {
        if (key == "scheduledDeliveryWindow") {
          parts.line.deliver_by = read_window(inner, here, context.unknown);
        } else if (key == "shippingConstraints") {
          parts.attributes.json("shipping_constraints", map_constraints(inner, here, context));
        } else if (key == "internationalShipping") {
          each_member(inner, here, context.unknown,
                      [&](std::string_view name, const json::value& number, const Place& place) {
                        if (name != "iossNumber") return false;
                        parts.attributes.text("ioss_number", read_text(number, place));
                        return true;
                      });
        } else {
          return false;
        }
        return true;
      });
}

}  // namespace

std::string map_measurement(const json::value& value, const Place& at, MappingContext& context) {
  ObjectText out;
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "unit") {
                  out.text("unit", read_text(inner, here));
                } else if (key == "value") {
                  out.json("value", read_number(inner, here));
                } else {
                  return false;
                }
                return true;
              });
  return out.take();
}

void map_line_fulfillment(const json::value& value, const Place& at, MappingContext& context,
                          LineParts& parts) {
  each_member(
      value, at, context.unknown,
      [&](std::string_view key, const json::value& inner, const Place& here) {
        if (key == "quantityFulfilled") {
          parts.line.quantity_shipped = read_count(inner, here);
        } else if (key == "quantityUnfulfilled") {
          parts.line.quantity_open = read_count(inner, here);
        } else if (key == "picking") {
          each_member(
              inner, here, context.unknown,
              [&](std::string_view name, const json::value& preference, const Place& place) {
                if (name != "substitutionPreference") return false;
                parts.attributes.json("substitution", map_substitution(preference, place, context));
                return true;
              });
        } else if (key == "packing") {
          map_packing(inner, here, context, parts);
        } else if (key == "shipping") {
          map_shipping(inner, here, context, parts);
        } else {
          return false;
        }
        return true;
      });
}

}  // namespace marketplug::amazon
