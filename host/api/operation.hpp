#pragma once
// One operation of the service layer: its name, the parameters it knows, and what runs it. Values;
// any thread. The tables live as long as the program.

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/loading/plugin.hpp"
#include "marketplug/result.hpp"

namespace marketplug::api {

struct LocalParts;

/// Takes one record or piece of progress. A null is a sign of life without content. May throw: the
/// operation then ends at once and passes the exception on.
using Emit = std::function<void(const boost::json::value&)>;

struct Parameter {
  enum class Type : std::uint8_t { kText = 0, kInteger, kFlag, kTime };
  std::string_view name;
  Type type = Type::kText;
  bool required = false;
  std::int64_t min = std::numeric_limits<std::int64_t>::min();  ///< kInteger
  std::int64_t max = std::numeric_limits<std::int64_t>::max();  ///< kInteger
};

/// Parameters that were checked against what the operation knows.
class Arguments {
 public:
  /// Throws OperationError 400: unknown, missing, of another type, or out of range.
  Arguments(std::string_view operation, const std::vector<Parameter>& known,
            const boost::json::object& given);

  bool has(std::string_view name) const;
  std::string text(std::string_view name) const;  ///< empty where absent
  std::int64_t integer(std::string_view name, std::int64_t otherwise) const;
  bool flag(std::string_view name) const;  ///< false where absent
  std::optional<TimePoint> time(std::string_view name) const;

 private:
  boost::json::object values_;
};

/// One call under way.
struct Call {
  const LocalParts& parts;
  const std::string& who;  ///< for the audit trail: "cli:<user>"
  const Arguments& arguments;
  const Emit& emit;
};

struct Operation {
  std::string_view name;
  std::vector<Parameter> parameters;
  boost::json::value (*run)(const Call& call);
};

std::vector<Operation> plugin_operations();
std::vector<Operation> shop_operations();
std::vector<Operation> order_operations();
std::vector<Operation> event_operations();
std::vector<Operation> parked_operations();
std::vector<Operation> alert_operations();
std::vector<Operation> resync_operations();
std::vector<Operation> quota_operations();
std::vector<Operation> audit_operations();
std::vector<Operation> return_operations();
std::vector<Operation> sync_operations();
std::vector<Operation> check_operations();
std::vector<Operation> status_operations();

/// The file of that id or path: of several, the one that can be used. nullptr: there is none.
const loading::PluginFile* find_plugin(const std::vector<loading::PluginFile>& plugins,
                                       std::string_view id);
/// What plugins.list and plugins.show answer: they need no store.
boost::json::object describe_plugins(const std::vector<loading::PluginFile>& plugins,
                                     const std::string& folder);
/// Throws OperationError 404, naming those that are there.
boost::json::object describe_plugin(const std::vector<loading::PluginFile>& plugins,
                                    const std::string& folder, const std::string& id);

/// What plugins.verify answers: one plugin (of an id) or all, each with its checks. Throws as
/// above.
boost::json::object describe_checks(const std::vector<loading::PluginFile>& plugins,
                                    const std::string& folder, const std::string& id);

/// All of them; nullptr where there is none of that name.
const Operation* find_operation(std::string_view name);

}  // namespace marketplug::api
