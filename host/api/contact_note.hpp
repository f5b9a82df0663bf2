#pragma once
// What `check` says of a shop's setting `contacts`. Pure, any thread.

#include "host/api/contact_views.hpp"
#include "marketplug/connector.hpp"

namespace marketplug::api {

/// For a shop that imports orders: the canonical address has single fields, so every marketplace
/// gives names and addresses as such.
Finding contact_note(const ContactDetail& detail);

}  // namespace marketplug::api
