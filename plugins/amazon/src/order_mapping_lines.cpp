#include <array>

#include "src/order_mapping.hpp"
#include "src/order_mapping_parts.hpp"
#include "src/text.hpp"

namespace marketplug::amazon {
namespace json = boost::json;
namespace {

/// What a line collects while its objects are read.
struct LineParts {
  OrderLine line;
  ObjectText attributes;
  bool has_quantity = false;
  bool has_product = false;
};

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

std::string map_associated_items(const json::value& value, const Place& at,
                                 MappingContext& context) {
  ListText out;
  each_element(value, at, [&](const json::value& element, const Place& place) {
    ObjectText item;
    each_member(element, place, context.unknown,
                [&](std::string_view key, const json::value& inner, const Place& here) {
                  if (key == "orderId") {
                    item.text("order_id", read_text(inner, here));
                  } else if (key == "orderItemId") {
                    item.text("line_id", read_text(inner, here));
                  } else if (key == "associationType") {
                    item.text("relation", read_text(inner, here));
                  } else {
                    return false;
                  }
                  return true;
                });
    out.json(item.take());
  });
  return out.take();
}

std::string map_condition(const json::value& value, const Place& at, MappingContext& context) {
  ObjectText out;
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "conditionType") {
                  out.text("type", read_text(inner, here));
                } else if (key == "conditionSubtype") {
                  out.text("subtype", read_text(inner, here));
                } else if (key == "conditionNote") {
                  out.text("note", read_text(inner, here));
                } else {
                  return false;
                }
                return true;
              });
  return out.take();
}

void map_price(const json::value& value, const Place& at, MappingContext& context,
               LineParts& parts) {
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "unitPrice") {
                  parts.line.unit_price = read_money(inner, here, context.unknown);
                } else if (key == "priceDesignation") {
                  parts.attributes.text("price_designation", read_text(inner, here));
                } else {
                  return false;
                }
                return true;
              });
}

void map_customization(const json::value& value, const Place& at, MappingContext& context,
                       OrderLine& line) {
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key != "customizedUrl") return false;
                if (context.options.personal_data) line.customization_url = read_text(inner, here);
                return true;
              });
}

std::string joined(const std::vector<std::string>& texts) {
  ListText out;
  for (const std::string& text : texts) out.text(text);
  return out.take();
}

void map_product(const json::value& value, const Place& at, MappingContext& context,
                 LineParts& parts) {
  OrderLine& line = parts.line;
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "asin") {
                  line.product_id = read_text(inner, here);
                } else if (key == "title") {
                  line.title = read_text(inner, here);
                } else if (key == "sellerSku") {
                  line.sku = read_text(inner, here);
                } else if (key == "condition") {
                  parts.attributes.json("condition", map_condition(inner, here, context));
                } else if (key == "price") {
                  map_price(inner, here, context, parts);
                } else if (key == "serialNumbers") {
                  parts.attributes.json("serial_numbers", joined(read_texts(inner, here)));
                } else if (key == "customization") {
                  map_customization(inner, here, context, line);
                } else {
                  return false;
                }
                return true;
              });
}

void map_proceeds(const json::value& value, const Place& at, MappingContext& context,
                  OrderLine& line) {
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "proceedsTotal") {
                  line.total = read_money(inner, here, context.unknown);
                } else if (key == "breakdowns") {
                  map_breakdowns(inner, here, context, line.charges);
                } else {
                  return false;
                }
                return true;
              });
}

std::string map_points(const json::value& value, const Place& at, MappingContext& context) {
  ObjectText out;
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "pointsNumber") {
                  out.integer("number", read_count(inner, here));
                } else if (key == "pointsMonetaryValue") {
                  out.money("value", read_money(inner, here, context.unknown));
                } else {
                  return false;
                }
                return true;
              });
  return out.take();
}

void map_expense(const json::value& value, const Place& at, MappingContext& context,
                 ObjectText& attributes) {
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& cost, const Place& here) {
                if (key != "pointsCost") return false;
                each_member(
                    cost, here, context.unknown,
                    [&](std::string_view name, const json::value& inner, const Place& place) {
                      if (name != "pointsGranted") return false;
                      attributes.json("points_granted", map_points(inner, place, context));
                      return true;
                    });
                return true;
              });
}

void map_promotion(const json::value& value, const Place& at, MappingContext& context,
                   OrderLine& line) {
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& list, const Place& here) {
                if (key != "breakdowns") return false;
                each_element(list, here, [&](const json::value& element, const Place& place) {
                  each_member(
                      element, place, context.unknown,
                      [&](std::string_view name, const json::value& inner, const Place& deep) {
                        if (name != "promotionId") return false;
                        line.promotions.push_back(read_text(inner, deep));
                        return true;
                      });
                });
                return true;
              });
}

Cancellation map_cancellation(const json::value& value, const Place& at, MappingContext& context,
                              std::string_view who) {
  Cancellation out;
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == who) {
                  out.by = party(read_text(inner, here));
                } else if (key == "cancelReason") {
                  out.reason = read_text(inner, here);
                } else {
                  return false;
                }
                return true;
              });
  return out;
}

void map_cancellations(const json::value& value, const Place& at, MappingContext& context,
                       OrderLine& line) {
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "cancellationRequest") {
                  line.cancel_requested = map_cancellation(inner, here, context, "requester");
                } else if (key == "cancellationExecution") {
                  line.cancelled = map_cancellation(inner, here, context, "cancelledBy");
                } else {
                  return false;
                }
                return true;
              });
}

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
                  out.text(ours, read_text(inner, here));
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

void map_fulfillment(const json::value& value, const Place& at, MappingContext& context,
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

void map_line_tax(const json::value& value, const Place& at, MappingContext& context,
                  ObjectText& attributes) {
  ListText schemes, collections;
  const auto scheme = [&](std::string_view key, const json::value& inner, const Place& here) {
    if (key != "reportingScheme") return false;
    schemes.text(read_text(inner, here));
    return true;
  };
  const auto collection = [&](const json::value& element, const Place& place) {
    ObjectText out;
    each_member(element, place, context.unknown,
                [&](std::string_view key, const json::value& inner, const Place& here) {
                  if (key == "model") {
                    out.text("model", read_text(inner, here));
                  } else if (key == "responsibleParty") {
                    out.text("responsible_party", read_text(inner, here));
                  } else {
                    return false;
                  }
                  return true;
                });
    collections.json(out.take());
  };
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "taxCalculationBreakdowns") {
                  each_element(inner, here, [&](const json::value& element, const Place& place) {
                    each_member(element, place, context.unknown, scheme);
                  });
                } else if (key == "taxCollections") {
                  each_element(inner, here, collection);
                } else {
                  return false;
                }
                return true;
              });
  attributes.json("tax_reporting_schemes", schemes.take());
  attributes.json("tax_collections", collections.take());
}

/// One of the line's larger objects; false where `key` is none of them.
bool map_line_object(std::string_view key, const json::value& inner, const Place& here,
                     MappingContext& context, LineParts& parts) {
  if (key == "product") {
    parts.has_product = true;
    map_product(inner, here, context, parts);
  } else if (key == "proceeds") {
    map_proceeds(inner, here, context, parts.line);
  } else if (key == "expense") {
    map_expense(inner, here, context, parts.attributes);
  } else if (key == "promotion") {
    map_promotion(inner, here, context, parts.line);
  } else if (key == "cancellation") {
    map_cancellations(inner, here, context, parts.line);
  } else if (key == "fulfillment") {
    map_fulfillment(inner, here, context, parts);
  } else if (key == "tax") {
    map_line_tax(inner, here, context, parts.attributes);
  } else if (key == "measurement") {
    parts.attributes.json("measurement", map_measurement(inner, here, context));
  } else if (key == "associatedOrderItems") {
    parts.attributes.json("associated_items", map_associated_items(inner, here, context));
  } else {
    return false;
  }
  return true;
}

}  // namespace

void map_breakdowns(const json::value& value, const Place& at, MappingContext& context,
                    std::vector<Charge>& charges) {
  each_element(value, at, [&](const json::value& element, const Place& place) {
    Charge whole;
    bool has_amount = false;
    std::vector<Charge> parts;
    const auto part = [&](const json::value& detail, const Place& where) {
      Charge charge;
      bool has_value = false;
      each_member(detail, where, context.unknown,
                  [&](std::string_view key, const json::value& inner, const Place& here) {
                    if (key == "subtype") {
                      charge.of = lower(read_text(inner, here));
                    } else if (key == "value") {
                      charge.amount = read_money(inner, here, context.unknown);
                      has_value = true;
                    } else {
                      return false;
                    }
                    return true;
                  });
      if (!has_value) reject(where, "missing_field", "has no value");
      // An empty `of` would make it a second whole.
      if (charge.of.empty()) charge.of = "other";
      parts.push_back(std::move(charge));
    };
    each_member(element, place, context.unknown,
                [&](std::string_view key, const json::value& inner, const Place& here) {
                  if (key == "type") {
                    whole.type = lower(read_text(inner, here));
                  } else if (key == "status") {
                    whole.status = read_text(inner, here);
                  } else if (key == "subtotal") {
                    whole.amount = read_money(inner, here, context.unknown);
                    has_amount = true;
                  } else if (key == "detailedBreakdowns") {
                    each_element(inner, here, part);
                  } else {
                    return false;
                  }
                  return true;
                });
    if (whole.type.empty()) reject(place, "missing_field", "has no type");
    if (!has_amount) reject(place, "missing_field", "has no subtotal");
    const std::string type = whole.type;
    charges.push_back(std::move(whole));
    for (Charge& charge : parts) {
      charge.type = type;
      charges.push_back(std::move(charge));
    }
  });
}

OrderLine map_line(const json::value& value, const Place& at, MappingContext& context) {
  LineParts parts;
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "orderItemId") {
                  parts.line.id = read_text(inner, here);
                } else if (key == "quantityOrdered") {
                  parts.line.quantity = read_count(inner, here);
                  parts.has_quantity = true;
                } else if (key == "programs") {
                  parts.line.programs = read_texts(inner, here);
                } else {
                  return map_line_object(key, inner, here, context, parts);
                }
                return true;
              });
  if (parts.line.id.empty()) reject(at, "missing_field", "has no orderItemId");
  if (!parts.has_quantity) reject(at, "missing_field", "has no quantityOrdered");
  if (!parts.has_product) reject(at, "missing_field", "has no product");
  parts.line.attributes = parts.attributes.take();
  return std::move(parts.line);
}

}  // namespace marketplug::amazon
