#pragma once
// The SDK's values as JSON, for the frames between host and worker. Byte-faithful: what is not
// UTF-8 travels as base64. Reading throws std::exception where a value is not of its type. Pure
// functions, any thread.

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "marketplug/capabilities/options_source.hpp"
#include "marketplug/capabilities/order_audit.hpp"
#include "marketplug/connector.hpp"
#include "marketplug/model/order.hpp"
#include "marketplug/model/return.hpp"
#include "marketplug/result.hpp"
#include "marketplug/services/http.hpp"
#include "marketplug/services/quota.hpp"
#include "marketplug/step.hpp"

namespace marketplug::isolation::wire {

/// Both sides say it first. A step whenever a frame changes its meaning.
inline constexpr int kProtocol = 2;

/// nullopt: not the text of a JSON object.
std::optional<boost::json::object> parse(std::string_view frame);

boost::json::value text(std::string_view bytes);
std::string text_of(const boost::json::value& value);
/// The member's text; empty where there is none.
std::string text_at(const boost::json::object& object, std::string_view name);

boost::json::value time(const std::optional<TimePoint>& time);
std::optional<TimePoint> time_of(const boost::json::value& value);
TimePoint moment_at(const boost::json::object& object, std::string_view name);

boost::json::object failure(const Failure& failure);
Failure failure_of(const boost::json::value& value);

/// An order that the codec cannot take arrives parked, as the import would have parked it.
boost::json::object page(const Page<Order>& page);
Page<Order> page_of(const boost::json::value& value);
/// The same holds for returns.
boost::json::object returns(const Page<BuyerReturn>& page);
Page<BuyerReturn> returns_of(const boost::json::value& value);
boost::json::object sightings(const Page<OrderSighting>& page);
Page<OrderSighting> sightings_of(const boost::json::value& value);
boost::json::value window(const AuditWindow& window);
AuditWindow window_of(const boost::json::value& value);

boost::json::array findings(const std::vector<Finding>& findings);
std::vector<Finding> findings_of(const boost::json::value& value);
boost::json::array options(const std::vector<Option>& options);
std::vector<Option> options_of(const boost::json::value& value);

boost::json::object request(const HttpRequest& request);
HttpRequest request_of(const boost::json::value& value);
boost::json::object response(const HttpResponse& response);
HttpResponse response_of(const boost::json::value& value);
boost::json::object limits(const DownloadLimits& limits);
DownloadLimits limits_of(const boost::json::value& value);
boost::json::object document(const DocumentInfo& info);
DocumentInfo document_of(const boost::json::value& value);

}  // namespace marketplug::isolation::wire
