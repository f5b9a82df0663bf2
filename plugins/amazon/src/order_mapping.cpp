#include "src/order_mapping.hpp"

#include <array>

#include "src/marketplaces.hpp"
#include "src/order_mapping_parts.hpp"
#include "src/order_reader.hpp"
#include "src/text.hpp"

namespace marketplug::amazon {
namespace json = boost::json;
namespace {

/// What an order collects while its objects are read.
struct OrderParts {
  Order order;
  ObjectText attributes, personal;
  bool has_created = false, has_updated = false, has_channel = false, has_lines = false;
};

struct StatusName {
  std::string_view amazon;
  OrderState state;
};
constexpr std::array<StatusName, 6> kStatuses = {
    {{"PENDING_AVAILABILITY", OrderState::kPending},
     {"PENDING", OrderState::kPending},
     {"UNSHIPPED", OrderState::kOpen},
     {"PARTIALLY_SHIPPED", OrderState::kPartiallyShipped},
     {"SHIPPED", OrderState::kShipped},
     {"CANCELLED", OrderState::kCancelled}}};

void set_state(Order& order) {
  for (const StatusName& status : kStatuses) {
    if (order.marketplace_status == status.amazon) order.state = status.state;
  }
  if (order.state == OrderState::kNeedsCorrection) {
    if (order.marketplace_status.empty()) {
      order.correction_reasons.emplace_back("Amazon sent the order without a status.");
    } else if (order.marketplace_status == "UNFULFILLABLE") {
      order.correction_reasons.emplace_back("Amazon cannot fulfil the order (UNFULFILLABLE).");
    } else {
      order.correction_reasons.push_back("Amazon's status \"" +
                                         shown(order.marketplace_status, 60) +
                                         "\" is not known to this version.");
    }
  }
  if (order.lines.empty() && order.state != OrderState::kCancelled) {
    order.state = OrderState::kNeedsCorrection;
    order.correction_reasons.emplace_back("Amazon sent the order without order lines.");
  }
}

void map_aliases(const json::value& value, const Place& at, MappingContext& context,
                 OrderParts& parts) {
  ListText others;
  each_element(value, at, [&](const json::value& element, const Place& place) {
    std::string id, type;
    each_member(element, place, context.unknown,
                [&](std::string_view key, const json::value& inner, const Place& here) {
                  if (key == "aliasId") {
                    id = read_text(inner, here);
                  } else if (key == "aliasType") {
                    type = read_text(inner, here);
                  } else {
                    return false;
                  }
                  return true;
                });
    if (type == "SELLER_ORDER_ID" && parts.order.merchant_number.empty()) {
      parts.order.merchant_number = std::move(id);
      return;
    }
    ObjectText alias;
    alias.text("type", type);
    alias.text("id", id);
    others.json(alias.take());
  });
  parts.attributes.json("aliases", others.take());
}

void map_related(const json::value& value, const Place& at, MappingContext& context, Order& order) {
  each_element(value, at, [&](const json::value& element, const Place& place) {
    RelatedOrder related;
    each_member(element, place, context.unknown,
                [&](std::string_view key, const json::value& inner, const Place& here) {
                  if (key == "orderId") {
                    related.id = read_text(inner, here);
                  } else if (key == "associationType") {
                    related.relation = read_text(inner, here);
                  } else {
                    return false;
                  }
                  return true;
                });
    if (related.relation == "REPLACEMENT_ORIGINAL_ID") {
      related.relation = "replacement_of";
    } else if (related.relation == "EXCHANGE_ORIGINAL_ID") {
      related.relation = "exchange_of";
    }
    order.related.push_back(std::move(related));
  });
}

void map_channel(const json::value& value, const Place& at, MappingContext& context,
                 OrderParts& parts) {
  Order& order = parts.order;
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "channelName") {
                  parts.attributes.text("channel", read_text(inner, here));
                } else if (key == "marketplaceId") {
                  order.marketplace_id = read_text(inner, here);
                } else if (key == "marketplaceName") {
                  order.sales_channel = read_text(inner, here);
                } else {
                  return false;
                }
                return true;
              });
  const Marketplace* known = find_marketplace(order.marketplace_id);
  order.marketplace = known != nullptr ? std::string(known->code) : order.marketplace_id;
}

void map_order_proceeds(const json::value& value, const Place& at, MappingContext& context,
                        Order& order) {
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "grandTotal") {
                  order.total = read_money(inner, here, context.unknown);
                } else if (key == "breakdowns") {
                  map_breakdowns(inner, here, context, order.charges);
                } else {
                  return false;
                }
                return true;
              });
}

void set_fulfilled_by(const std::string& word, OrderParts& parts) {
  if (word == "AMAZON") {
    parts.order.fulfilled_by = FulfilledBy::kMarketplace;
  } else if (word == "MERCHANT") {
    parts.order.fulfilled_by = FulfilledBy::kMerchant;
  } else {
    parts.attributes.text("fulfilled_by", word);
  }
}

void map_order_fulfillment(const json::value& value, const Place& at, MappingContext& context,
                           OrderParts& parts) {
  Order& order = parts.order;
  each_member(value, at, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "fulfillmentStatus") {
                  order.marketplace_status = read_text(inner, here);
                } else if (key == "fulfilledBy") {
                  set_fulfilled_by(read_text(inner, here), parts);
                } else if (key == "fulfillmentServiceLevel") {
                  order.service_level = read_text(inner, here);
                } else if (key == "shipByWindow") {
                  order.ship_by = read_window(inner, here, context.unknown);
                } else if (key == "deliverByWindow") {
                  order.deliver_by = read_window(inner, here, context.unknown);
                } else if (key == "labelPrintingWindow") {
                  parts.attributes.window("label_printing",
                                          read_window(inner, here, context.unknown));
                } else {
                  return false;
                }
                return true;
              });
}

void map_fulfillment_orders(const json::value& value, const Place& at, MappingContext& context,
                            ObjectText& attributes) {
  ListText ids;
  each_element(value, at, [&](const json::value& element, const Place& place) {
    each_member(element, place, context.unknown,
                [&](std::string_view key, const json::value& inner, const Place& here) {
                  if (key != "fulfillmentOrderId") return false;
                  ids.text(read_text(inner, here));
                  return true;
                });
  });
  attributes.json("fulfillment_orders", ids.take());
}

void map_lines(const json::value& value, const Place& at, MappingContext& context, Order& order) {
  order.lines.reserve(read_array(value, at).size());
  each_element(value, at, [&](const json::value& element, const Place& place) {
    OrderLine line = map_line(element, place, context);
    for (const OrderLine& other : order.lines) {
      if (other.id == line.id) reject(place, "duplicate_line", "repeats an orderItemId");
    }
    order.lines.push_back(std::move(line));
  });
}

/// The order's larger objects; false where `key` is none of them.
bool map_order_object(std::string_view key, const json::value& inner, const Place& here,
                      MappingContext& context, OrderParts& parts) {
  Order& order = parts.order;
  const bool personal = context.options.personal_data;
  if (key == "buyer") {
    if (personal) map_buyer(inner, here, context, order);
  } else if (key == "recipient") {
    if (personal) map_recipient(inner, here, context, order, parts.personal);
  } else if (key == "proceeds") {
    map_order_proceeds(inner, here, context, order);
  } else if (key == "payment") {
    map_payment(inner, here, context, order);
  } else if (key == "tax") {
    if (personal) map_tax(inner, here, context, order, parts.attributes);
  } else if (key == "fulfillment") {
    map_order_fulfillment(inner, here, context, parts);
  } else if (key == "packages") {
    each_element(inner, here, [&](const json::value& element, const Place& place) {
      order.parcels.push_back(map_parcel(element, place, context));
    });
  } else if (key == "fulfillmentOrders") {
    map_fulfillment_orders(inner, here, context, parts.attributes);
  } else if (key == "orderItems") {
    parts.has_lines = true;
    map_lines(inner, here, context, order);
  } else if (key == "salesChannel") {
    parts.has_channel = true;
    map_channel(inner, here, context, parts);
  } else if (key == "orderAliases") {
    map_aliases(inner, here, context, parts);
  } else if (key == "associatedOrders") {
    map_related(inner, here, context, order);
  } else {
    return false;
  }
  return true;
}

void check_time(TimePoint time, const Place& at, const MappingOptions& options) {
  if (time < kAmazonsOldest) {
    reject(at, "bad_time", "lies before 2016; Amazon has no orders of that time");
  }
  if (!is_plausible(time, options)) {
    reject(at, "bad_time", "lies in the future; it could shut out later versions of the order");
  }
}

void require(const OrderParts& parts, const Place& root, const MappingOptions& options) {
  const auto missing = [&](std::string_view field) {
    reject(root, "missing_field", "has no " + std::string(field));
  };
  const Order& order = parts.order;
  if (order.id.empty()) missing("orderId");
  if (!parts.has_created) missing("createdTime");
  if (!parts.has_updated) missing("lastUpdatedTime");
  if (!parts.has_channel) missing("salesChannel");
  if (!parts.has_lines) missing("orderItems");
  if (!is_order_id(order.id)) {
    reject({&root, "orderId"}, "bad_text", "is no order id that can be worked with");
  }
  check_time(order.placed_at, {&root, "createdTime"}, options);
  check_time(order.changed_at, {&root, "lastUpdatedTime"}, options);
}

OrderParts read_order(const json::value& source, const Place& root, MappingContext& context) {
  OrderParts parts;
  Order& order = parts.order;
  each_member(source, root, context.unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "orderId") {
                  order.id = read_text(inner, here);
                } else if (key == "createdTime") {
                  order.placed_at = read_time(inner, here);
                  parts.has_created = true;
                } else if (key == "lastUpdatedTime") {
                  order.changed_at = read_time(inner, here);
                  parts.has_updated = true;
                } else if (key == "programs") {
                  order.programs = read_texts(inner, here);
                } else {
                  return map_order_object(key, inner, here, context, parts);
                }
                return true;
              });
  return parts;
}

/// Buyers' data that came are there where somebody could deliver by them.
PersonalData presence(const Order& order, const MappingOptions& options) {
  if (!options.personal_data) return PersonalData::kNotAsked;
  const bool present =
      order.recipient && (!order.recipient->name.empty() || !order.recipient->line1.empty());
  return present ? PersonalData::kPresent : PersonalData::kMissing;
}

}  // namespace

MappedOrder map_order(const json::value& source, const MappingOptions& options,
                      std::string_view text) {
  MappedOrder out;
  MappingContext context{options, {}};
  const Place root;
  try {
    OrderParts parts = read_order(source, root, context);
    require(parts, root, options);
    Order& order = parts.order;
    set_state(order);
    add_cash_on_delivery(context, order);
    if (order.recipient) order.delivery_country = order.recipient->country;
    order.personal_data = presence(order, options);
    if (options.personal_data) {
      // Sealed with the personal data, because nobody knows what a new field will hold.
      ObjectText unknown;
      for (const auto& [pointer, value] : context.unknown) {
        unknown.json(pointer, to_text(*value));
      }
      parts.personal.json("unknown", unknown.take());
    }
    order.attributes = parts.attributes.take();
    order.personal_attributes = parts.personal.take();
    if (options.keep_raw) order.raw = raw_of(source, options, text);
    out.order = std::move(order);
  } catch (const BadOrder& bad) {
    out.parked = park(source, options, text, bad);
  }
  out.unknown.reserve(context.unknown.size());
  for (const auto& field : context.unknown) out.unknown.push_back(field.first);
  return out;
}

MappedOrder map_order_text(std::string_view text, const MappingOptions& options,
                           JsonReader& reader) {
  std::string why;
  if (const json::value* source = reader.parse(text, why)) {
    return map_order(*source, options, text);
  }
  MappedOrder out;
  out.parked = park_unreadable(text, options, why);
  return out;
}

}  // namespace marketplug::amazon
