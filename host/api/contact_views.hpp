#pragma once
// Names and addresses of an order taken apart, where the shop's setting `contacts` wants it: a view
// beside the marketplace's own fields, which stay as they are. Pure functions, any thread.

#include <boost/json/value.hpp>
#include <string_view>

namespace marketplug::api {

/// What a shop has chosen; false: single, as the marketplace gives it.
struct ContactDetail {
  bool split_names = false, split_addresses = false;
};

/// From the shop's document, as the store has it. `single` where it says nothing.
ContactDetail contact_detail_of(std::string_view shop_document);
/// Adds `name_parts` and `address_parts` to the recipient, the buyer and the addresses of tax
/// registrations (schemas/order.schema.json). The buyer's name follows the recipient's country: a
/// marketplace tells no other.
void add_contact_parts(boost::json::value& order, const ContactDetail& detail);

}  // namespace marketplug::api
