#pragma once
// An order's own document for shops that may not keep personal data: only members whose names
// Amazon's model has and that hold none. Whatever else is there, however damaged, is left out.
// Pure function, any thread.

#include <boost/json/value.hpp>

namespace marketplug::amazon {

/// Buyer, recipient, tax of the order, gift messages, customizations and unknown members are out.
boost::json::value without_personal_data(const boost::json::value& order);

}  // namespace marketplug::amazon
