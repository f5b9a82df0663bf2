// Money of a line or an order: proceeds, their breakdowns, points (ItemProceeds, ItemExpense).

#include <algorithm>
#include <iterator>

#include "src/order_mapping_parts.hpp"
#include "src/text.hpp"

namespace marketplug::amazon {
namespace json = boost::json;
namespace {

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

/// One ItemProceedsDetailedBreakdown; its type is the whole's.
Charge map_detail(const json::value& value, const Place& at, MappingContext& context) {
  Charge charge;
  bool has_value = false;
  each_member(value, at, context.unknown,
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
  if (!has_value) reject(at, "missing_field", "has no value");
  // An empty `of` would make it a second whole.
  if (charge.of.empty()) charge.of = "other";
  return charge;
}

}  // namespace

void map_breakdowns(const json::value& value, const Place& at, MappingContext& context,
                    std::vector<Charge>& charges) {
  each_element(value, at, [&](const json::value& element, const Place& place) {
    Charge whole;
    bool has_amount = false;
    std::vector<Charge> parts;
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
                    each_element(inner, here, [&](const json::value& part, const Place& where) {
                      parts.push_back(map_detail(part, where, context));
                    });
                  } else {
                    return false;
                  }
                  return true;
                });
    if (whole.type.empty()) reject(place, "missing_field", "has no type");
    if (!has_amount) reject(place, "missing_field", "has no subtotal");
    for (Charge& part : parts) part.type = whole.type;
    charges.push_back(std::move(whole));
    std::move(parts.begin(), parts.end(), std::back_inserter(charges));
  });
}

void map_line_proceeds(const json::value& value, const Place& at, MappingContext& context,
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

}  // namespace marketplug::amazon
