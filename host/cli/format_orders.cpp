#include <boost/json/serialize.hpp>
#include <initializer_list>
#include <string>
#include <string_view>

#include "host/cli/format.hpp"
#include "host/cli/format_block.hpp"
#include "host/cli/json_read.hpp"
#include "host/cli/text.hpp"

namespace marketplug::cli {
namespace {

using boost::json::object;

std::string joined(std::initializer_list<std::string> parts, std::string_view between) {
  std::string text;
  for (const auto& part : parts) {
    if (part.empty()) continue;
    if (!text.empty()) text += between;
    text += part;
  }
  return text;
}

std::string window(const object& of, std::string_view name) {
  const auto& window = object_of(of, name);
  const auto earliest = time_of(window, "earliest"), latest = time_of(window, "latest");
  if (earliest.empty()) return latest.empty() ? "" : "until " + latest;
  return earliest + " to " + (latest.empty() ? "open" : latest);
}

/// Each part of an address on a line of its own, under one label.
void add_address(Block& block, std::string_view label, const object& address) {
  if (address.empty()) return;
  const auto city = joined(
      {text_of(address, "postal_code"), text_of(address, "city"), text_of(address, "district"),
       text_of(address, "municipality"), text_of(address, "region")},
      " ");
  std::string name(label);
  for (const auto& part :
       {text_of(address, "name"), text_of(address, "company"), text_of(address, "line1"),
        text_of(address, "line2"), text_of(address, "line3"), city, text_of(address, "country")}) {
    if (part.empty()) continue;
    block.line(name, part);
    name.clear();
  }
  block.line(name, text_of(address, "phone").empty() ? "" : "phone " + text_of(address, "phone"));
}

/// "given Juno, infix van der …": what the shop's setting `contacts` adds.
void add_parts(Block& block, std::string_view label, const object& of, std::string_view name,
               std::initializer_list<std::string_view> members) {
  const auto& parts = object_of(of, name);
  if (parts.empty()) return;
  std::string text;
  for (const auto member : members) {
    const auto value = text_of(parts, member);
    if (value.empty()) continue;
    if (!text.empty()) text += " | ";
    text += std::string(member) + " " + value;
  }
  block.line(label, text.empty() ? "not split, stays whole" : text);
}

void add_name_parts(Block& block, const object& of) {
  add_parts(block, "  name", of, "name_parts", {"prefix", "given", "infix", "family", "suffix"});
}

/// "ioss_number IM0000000000", one line a leaf: what the neutral fields lack.
void add_leaves(Block& block, std::string_view label, const boost::json::value& of,
                const std::string& name) {
  if (const auto* members = of.if_object()) {
    for (const auto& member : *members) {
      add_leaves(block, label, member.value(),
                 name.empty() ? std::string(member.key()) : name + "." + std::string(member.key()));
    }
  } else if (const auto* list = of.if_array()) {
    for (const auto& each : *list) add_leaves(block, label, each, name);
  } else if (!of.is_null()) {
    block.line(
        label,
        name + " " + (of.is_string() ? std::string(of.get_string()) : boost::json::serialize(of)));
  }
}

void add_attributes(Block& block, std::string_view label, const object& of) {
  for (const auto* name : {"attributes", "personal_attributes"}) {
    add_leaves(block, label, object_of(of, name), "");
  }
}

void add_head(Block& block, const object& order) {
  block.line("status", joined({text_of(order, "status"),
                               "marketplace says " + text_of(order, "marketplace_status")},
                              ", "));
  block.line("state", text_of(order, "state"));
  for (const auto& reason : array_of(order, "correction_reasons")) {
    block.line("  reason", reason.is_string() ? std::string_view(reason.get_string()) : "");
  }
  block.line("marketplace", joined({text_of(order, "marketplace"), text_of(order, "marketplace_id"),
                                    text_of(order, "sales_channel")},
                                   ", "));
  block.line("merchant no.", text_of(order, "merchant_number"));
  if (order.contains("priority")) {
    block.line("priority", std::to_string(number_of(order, "priority")));
  }
  block.line("fulfilled by", text_of(order, "fulfilled_by"));
  block.line("service level", text_of(order, "service_level"));
  block.line("delivery to", text_of(order, "delivery_country"));
  block.line("programs", list_of(order, "programs"));
  block.line("placed", time_of(order, "placed_at"));
  block.line("changed", time_of(order, "changed_at"));
  block.line("ship by", window(order, "ship_by"));
  block.line("deliver by", window(order, "deliver_by"));
  for (const auto* kind : {"shipment", "cancellation", "refund"}) {
    const auto& answer = object_of(object_of(order, "exports"), kind);
    const auto said = text_of(answer, "answer");
    if (said == "held" || text_of(answer, "code") == "marketplace_fulfilled") {
      block.line(kind, said + ": " + text_of(answer, "reason"));
    }
  }
  for (const auto& each : array_of(order, "related")) {
    block.line("related",
               text_of(as_object(each), "relation") + " " + text_of(as_object(each), "id"));
  }
}

void add_people(Block& block, const object& order) {
  const auto& recipient = object_of(order, "recipient");
  add_address(block, "recipient", recipient);
  add_name_parts(block, recipient);
  add_parts(block, "  address", recipient, "address_parts",
            {"street", "house_number", "extension", "additional"});
  const auto& buyer = object_of(order, "buyer");
  block.line("buyer", joined({text_of(buyer, "name"), text_of(buyer, "company"),
                              text_of(buyer, "email"), text_of(buyer, "purchase_order")},
                             ", "));
  add_name_parts(block, buyer);
  for (const auto& each : array_of(order, "tax_registrations")) {
    const auto& tax = as_object(each);
    block.line("tax id", joined({text_of(tax, "entity"), text_of(tax, "name"), text_of(tax, "type"),
                                 text_of(tax, "number")},
                                ", "));
    add_address(block, "  address", object_of(tax, "address"));
    add_attributes(block, "", tax);
  }
  if (text_of(order, "personal_data") == "missing") {
    block.line("buyers' data", "asked for, but the marketplace did not give it");
  }
}

std::string charge_name(const object& charge) {
  return joined(
      {text_of(charge, "type"), text_of(charge, "of").empty() ? "" : "of " + text_of(charge, "of"),
       text_of(charge, "status")},
      " ");
}

/// "standard 21 %", "unmatched", "marketplace (IOSS)".
std::string vat_of(const object& line) {
  const auto& vat = object_of(line, "vat");
  if (vat.empty()) return "";
  const auto rate = text_of(vat, "rate"), scheme = text_of(vat, "scheme");
  return "VAT " + joined({text_of(vat, "tariff"), rate.empty() ? "" : rate + " %",
                          scheme.empty() ? "" : "(" + scheme + ")"},
                         " ");
}

/// Nothing about nothing.
std::string worded(std::string_view words, const std::string& about) {
  return about.empty() ? "" : std::string(words) + about;
}

std::string who_and_why(const object& line, std::string_view name) {
  const auto& wish = object_of(line, name);
  return joined({text_of(wish, "by"), text_of(wish, "reason")}, ": ");
}

std::string lines_of(const object& order) {
  Table table({{"QTY", Align::kRight},
               {"SHIPPED", Align::kRight},
               {"SKU"},
               {"PRODUCT"},
               {"UNIT PRICE", Align::kRight},
               {"TOTAL", Align::kRight},
               {"TITLE"}});
  std::string notes;
  for (const auto& each : array_of(order, "lines")) {
    const auto& line = as_object(each);
    table.add({text_of(line, "quantity"), text_of(line, "quantity_shipped"), text_of(line, "sku"),
               text_of(line, "product_id"), money_of(line, "unit_price"), money_of(line, "total"),
               fitted(harmless(text_of(line, "title")), 60)});
    Block note;
    const auto sku = text_of(line, "sku");
    for (const auto& charge : array_of(line, "charges")) {
      note.line(sku, charge_name(as_object(charge)) + " " + money_of(as_object(charge), "amount"));
    }
    note.line(sku, vat_of(line));
    note.line(sku, worded("programs: ", list_of(line, "programs")));
    note.line(sku, worded("promotions: ", list_of(line, "promotions")));
    note.line(sku, worded("deliver by ", window(line, "deliver_by")));
    note.line(sku, worded("cancellation asked for by ", who_and_why(line, "cancel_requested")));
    note.line(sku, worded("cancelled by ", who_and_why(line, "cancelled")));
    note.line(sku, worded("gift message: ", text_of(line, "gift_message")));
    note.line(sku, worded("customization: ", text_of(line, "customization_url")));
    for (const auto& chosen : array_of(line, "properties")) {
      const auto& property = as_object(chosen);
      note.line(sku, text_of(property, "name") + ": " + text_of(property, "value"));
    }
    add_attributes(note, sku, line);
    notes += note.text();
  }
  return "\n" + table.text(2) + notes;
}

void add_money(Block& block, const object& order) {
  for (const auto& charge : array_of(order, "charges")) {
    block.line("charge",
               charge_name(as_object(charge)) + " " + money_of(as_object(charge), "amount"));
  }
  for (const auto& each : array_of(order, "payments")) {
    const auto& payment = as_object(each);
    const auto kind = text_of(payment, "kind"), type = text_of(payment, "type");
    block.line("payment",
               joined({text_of(payment, "method"), money_of(payment, "amount"),
                       kind.empty() ? "" : "(" + kind + ")", type.empty() ? "" : "as " + type},
                      " "));
  }
  block.line("total", money_of(order, "total"));
  for (const auto& each : array_of(order, "flags")) {
    const auto& flag = as_object(each);
    block.line("look at", joined({text_of(flag, "code") + " " + text_of(flag, "pointer"),
                                  text_of(flag, "message")},
                                 ": "));
  }
}

void add_parcels(Block& block, const object& order) {
  for (const auto& each : array_of(order, "parcels")) {
    const auto& parcel = as_object(each);
    const auto shipped = time_of(parcel, "shipped_at");
    block.line("parcel",
               joined({text_of(parcel, "reference"), text_of(parcel, "carrier"),
                       text_of(parcel, "service"), text_of(parcel, "tracking_number"),
                       text_of(parcel, "status"), shipped.empty() ? "" : "shipped " + shipped},
                      ", "));
    for (const auto& item : array_of(parcel, "items")) {
      block.line("", text_of(as_object(item), "quantity") + " of line " +
                         text_of(as_object(item), "line_id") +
                         worded(", codes ", list_of(as_object(item), "codes")));
    }
    add_address(block, "  sent from", object_of(parcel, "ship_from"));
    add_attributes(block, "", parcel);
  }
}

}  // namespace

std::string format_orders(const object& answer) {
  Table table({{"ORDER"},
               {"SHOP"},
               {"MARKET"},
               {"STATUS"},
               {"MARKETPLACE SAYS"},
               {"PLACED (UTC)"},
               {"LINES", Align::kRight},
               {"TOTAL", Align::kRight}});
  for (const auto& each : array_of(answer, "orders")) {
    const auto& order = as_object(each);
    table.add({text_of(order, "id"), text_of(order, "shop"), text_of(order, "marketplace"),
               text_of(order, "status"), text_of(order, "marketplace_status"),
               time_of(order, "placed_at"), text_of(order, "lines"), money_of(order, "total")});
  }
  if (table.empty()) return "No orders.\n";
  const auto next = text_of(answer, "next");
  return table.text() + (next.empty() ? "" : "There are more: --after " + harmless(next) + "\n");
}

std::string format_order(const object& order) {
  Block head, foot;
  add_head(head, order);
  add_people(head, order);
  add_money(foot, order);
  add_parcels(foot, order);
  add_attributes(foot, "more", order);
  return "Order " + harmless(text_of(order, "id")) + " of shop " +
         harmless(text_of(order, "shop")) + " (times are UTC)\n" + head.text() + lines_of(order) +
         "\n" + foot.text();
}

std::string format_fetched(const object& outcome) {
  std::string line = "Order " + harmless(text_of(outcome, "order")) + " (shop " +
                     harmless(text_of(outcome, "shop")) +
                     "): " + (flag_of(outcome, "ok") ? "" : "failed: ") +
                     harmless(text_of(outcome, "message")) + "\n";
  const auto remedy = text_of(outcome, "remedy");
  if (!remedy.empty()) line += "  remedy: " + harmless(remedy) + "\n";
  return line;
}

std::string format_event(const object& event) {
  std::string data;
  for (const auto& member : object_of(event, "data")) {
    if (text_of(event, "object") == text_of(object_of(event, "data"), member.key())) continue;
    data += " " + harmless(member.key()) + "=" +
            (member.value().is_string() ? harmless(member.value().get_string())
                                        : harmless_json(boost::json::serialize(member.value())));
  }
  return time_of(event, "at") + "  " + harmless(text_of(event, "shop")) + " #" +
         text_of(event, "seq") + "  " + harmless(text_of(event, "type")) + "  " +
         harmless(text_of(event, "object")) + (data.empty() ? "" : " " + data) + "\n";
}

}  // namespace marketplug::cli
