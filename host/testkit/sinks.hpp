#pragma once
// The six sinks behind one face: their objects come as JSON (schemas/*.schema.json), so that the
// checks need not know which sink they drive. Stateless; any thread.

#include <boost/json/array.hpp>
#include <span>
#include <string>
#include <string_view>

#include "host/json/schema.hpp"
#include "marketplug/connector.hpp"
#include "marketplug/step.hpp"

namespace marketplug::testkit {

class Sink {
 public:
  virtual ~Sink() = default;
  virtual std::string_view id() const noexcept = 0;    ///< "stock-sink/1"
  virtual std::string_view name() const noexcept = 0;  ///< in cases.json: "stock"
  virtual const json::Schema& schema() const = 0;      ///< of one object
  /// The connector must have the sink. What the plugin throws comes through.
  virtual Result<SinkStep> push(Connector& connector, const boost::json::array& items,
                                const Cursor& continuation, StepContext& ctx) const = 0;
  virtual Result<VerifyStep> verify(Connector& connector, const boost::json::array& items,
                                    const Cursor& continuation, StepContext& ctx) const = 0;
};

std::span<const Sink* const> all_sinks();

}  // namespace marketplug::testkit
