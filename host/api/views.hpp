#pragma once
// The host's values as JSON, the same for command line, socket and API. Pure functions, any thread.
// Times are ISO 8601 in UTC; members without a value are left out.

#include <boost/json/object.hpp>
#include <string_view>

#include "host/api/local_backend.hpp"

namespace marketplug::api {

boost::json::object view_of(const loading::PluginFile& plugin);
/// With the facts of its ABI block and its dependencies.
boost::json::object full_view_of(const loading::PluginFile& plugin);
/// Without the document.
boost::json::object view_of(const store::ShopRecord& shop);
boost::json::object view_of(const store::JobRecord& job);
/// One line of a list: no personal data, no full document.
boost::json::object view_of(const store::StoredOrder& order);
/// The canonical order with the host's members first; `personal` only where the row has it.
boost::json::value full_view_of(const store::StoredOrder& order);
/// The canonical return with the host's members first, and what its lines are linked to; `personal`
/// as above.
boost::json::value full_view_of(const store::StoredReturn& buyer_return);
/// What became of an order that was fetched: "imported", "updated" …
std::string_view text_of(store::UpsertOutcome outcome);
boost::json::object view_of(const store::Event& event);
/// Without the raw document.
boost::json::object view_of(const store::ParkedRecord& parked);
boost::json::object view_of(const store::AlertRecord& alert);
boost::json::object view_of(const store::AuditRun& run);
boost::json::object view_of(const store::AuditFinding& finding);
boost::json::object view_of(const sync::ShopStatus& status);
boost::json::object view_of(const Finding& finding);
/// As a finding of severity error: what a file says wrong.
boost::json::object view_of(const config::Problem& problem);
boost::json::object view_of(const loading::PluginReason& reason);

}  // namespace marketplug::api
