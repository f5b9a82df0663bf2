#include "host/api/contact_views.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <string>

#include "host/contacts/contacts.hpp"
#include "host/json/pointer.hpp"

namespace marketplug::api {
namespace {

using boost::json::object;

bool is_split(const boost::json::value& shop, std::string_view pointer) {
  const auto* chosen = json::find_value(shop, pointer);
  return chosen != nullptr && chosen->is_string() && chosen->get_string() == "split";
}

std::string_view text_in(const object& of, std::string_view name) {
  const auto* value = of.if_contains(name);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string())
                                                : std::string_view();
}

void put_part(object& into, std::string_view name, std::string_view text) {
  if (!text.empty()) into[name] = text;
}

object parts_of(const contacts::NameParts& parts) {
  object view{{"split", parts.split}};
  put_part(view, "prefix", parts.prefix);
  put_part(view, "given", parts.given);
  put_part(view, "infix", parts.infix);
  put_part(view, "family", parts.family);
  put_part(view, "suffix", parts.suffix);
  return view;
}

object parts_of(const contacts::AddressParts& parts) {
  object view{{"split", parts.split}};
  put_part(view, "kind", parts.kind);
  put_part(view, "street", parts.street);
  put_part(view, "house_number", parts.house_number);
  put_part(view, "extension", parts.extension);
  put_part(view, "additional", parts.additional);
  return view;
}

void add_name(object& to, std::string_view country) {
  const auto name = text_in(to, "name");
  if (!name.empty()) to["name_parts"] = parts_of(contacts::split_name(name, country));
}

void add_lines(object& to, std::string_view country) {
  const contacts::AddressLines lines{text_in(to, "line1"), text_in(to, "line2"),
                                     text_in(to, "line3")};
  if (lines.line1.empty() && lines.line2.empty() && lines.line3.empty()) return;
  to["address_parts"] = parts_of(contacts::split_address(lines, country));
}

object* member(object& of, std::string_view name) {
  auto* found = of.if_contains(name);
  return found != nullptr ? found->if_object() : nullptr;
}

void add_address(object* address, const ContactDetail& detail) {
  if (address == nullptr) return;
  const std::string country(text_in(*address, "country"));
  if (detail.split_names) add_name(*address, country);
  if (detail.split_addresses) add_lines(*address, country);
}

}  // namespace

ContactDetail contact_detail_of(std::string_view shop_document) {
  boost::system::error_code error;
  const auto shop = boost::json::parse(shop_document, error);
  if (error) return {};
  return {is_split(shop, "/contacts/name_detail"), is_split(shop, "/contacts/address_detail")};
}

void add_contact_parts(boost::json::value& order, const ContactDetail& detail) {
  auto* members = order.if_object();
  if (members == nullptr || (!detail.split_names && !detail.split_addresses)) return;
  auto* recipient = member(*members, "recipient");
  add_address(recipient, detail);
  if (auto* buyer = member(*members, "buyer"); buyer != nullptr && detail.split_names) {
    add_name(*buyer, recipient != nullptr ? std::string(text_in(*recipient, "country")) : "");
  }
  auto* taxes = members->if_contains("tax_registrations");
  if (taxes == nullptr || !taxes->is_array()) return;
  for (auto& tax : taxes->get_array()) {
    if (auto* registration = tax.if_object()) add_address(member(*registration, "address"), detail);
  }
}

}  // namespace marketplug::api
