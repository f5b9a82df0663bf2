#pragma once
// Answers of the service layer as text for people; every value in them is made harmless. Pure
// functions, any thread. Times are UTC.

#include <boost/json/object.hpp>
#include <string>

namespace marketplug::cli {

std::string format_plugins(const boost::json::object& answer);
std::string format_plugin(const boost::json::object& plugin);
std::string format_new_plugin(const boost::json::object& answer);
std::string format_checks(const boost::json::object& answer);
std::string format_release(const boost::json::object& answer);
std::string format_shops(const boost::json::object& answer);
std::string format_shop(const boost::json::object& shop);
std::string format_orders(const boost::json::object& answer);
std::string format_order(const boost::json::object& order);
std::string format_fetched(const boost::json::object& outcome);
std::string format_event(const boost::json::object& event);
std::string format_parked_list(const boost::json::object& answer);
std::string format_parked(const boost::json::object& parked);
std::string format_replay(const boost::json::object& outcome);
std::string format_alerts(const boost::json::object& answer);
std::string format_audit(const boost::json::object& answer);
std::string format_audit_result(const boost::json::object& answer);
std::string format_audits(const boost::json::object& answer);
std::string format_returns(const boost::json::object& answer);
std::string format_return(const boost::json::object& one);
std::string format_quota(const boost::json::object& answer);
std::string format_check(const boost::json::object& answer);
std::string format_sync(const boost::json::object& answer);

/// One line for sync's progress: "shop-nl: 320 orders (320 new) …".
std::string progress_of_sync(const boost::json::object& status);

/// "error: cause\n  remedy: …\n".
std::string format_error(const std::string& message, const std::string& remedy);

}  // namespace marketplug::cli
