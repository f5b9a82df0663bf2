#pragma once
// A plugin's settings schema, compiled once: which settings are secrets, which are the host's
// switches. Immutable, any thread. The free functions of config.hpp do the same for one call.

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "host/json/schema.hpp"

namespace marketplug::config {

class PluginSettings {
 public:
  /// Throws std::invalid_argument, with every cause, for what is not a schema of the settings
  /// vocabulary.
  explicit PluginSettings(std::string_view schema);

  const json::Schema& schema() const noexcept { return schema_; }
  /// See config.hpp.
  std::map<std::string, std::string, std::less<>> secrets(
      const boost::json::object& settings) const;
  /// Pointers of the texts that must not be shown: secrets, and what the schema does not know.
  std::vector<std::string> confidential(const boost::json::object& settings) const;
  std::map<std::string, std::string, std::less<>> references(
      const boost::json::object& settings) const;
  boost::json::object for_plugin(const boost::json::object& settings) const;
  bool capability_enabled(const boost::json::object& settings, std::string_view capability) const;
  /// The capabilities that have a switch, in order of name.
  std::vector<std::string> switched_capabilities() const;

 private:
  boost::json::value document_;
  json::Schema schema_;
};

}  // namespace marketplug::config
