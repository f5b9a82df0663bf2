#include "src/order_mapping.hpp"
#include "src/order_mapping_parts.hpp"
#include "src/text.hpp"

namespace marketplug::amazon {
namespace json = boost::json;
namespace {

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

/// Where Amazon collects the tax: under the scheme that it reports, else by the model.
void map_line_tax(const json::value& value, const Place& at, MappingContext& context,
                  LineParts& parts) {
  ListText schemes, collections;
  std::string reported, collected;
  const auto scheme = [&](std::string_view key, const json::value& inner, const Place& here) {
    if (key != "reportingScheme") return false;
    const std::string text = read_text(inner, here);
    schemes.text(text);
    if (reported.empty()) reported = text;
    return true;
  };
  const auto collection = [&](const json::value& element, const Place& place) {
    ObjectText out;
    each_member(element, place, context.unknown,
                [&](std::string_view key, const json::value& inner, const Place& here) {
                  if (key == "model") {
                    const std::string model = read_text(inner, here);
                    out.text("model", model);
                    if (collected.empty()) collected = model;
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
  parts.attributes.json("tax_reporting_schemes", schemes.take());
  parts.attributes.json("tax_collections", collections.take());
  parts.line.tax_scheme = reported.empty() ? std::move(collected) : std::move(reported);
}

/// One of the line's larger objects; false where `key` is none of them.
bool map_line_object(std::string_view key, const json::value& inner, const Place& here,
                     MappingContext& context, LineParts& parts) {
  if (key == "product") {
    parts.has_product = true;
    map_product(inner, here, context, parts);
  } else if (key == "proceeds") {
    map_line_proceeds(inner, here, context, parts.line);
  } else if (key == "expense") {
    map_expense(inner, here, context, parts.attributes);
  } else if (key == "promotion") {
    map_promotion(inner, here, context, parts.line);
  } else if (key == "cancellation") {
    map_cancellations(inner, here, context, parts.line);
  } else if (key == "fulfillment") {
    map_line_fulfillment(inner, here, context, parts);
  } else if (key == "tax") {
    map_line_tax(inner, here, context, parts);
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
