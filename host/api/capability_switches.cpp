#include "host/api/capability_switches.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string_view>

namespace marketplug::api {
namespace {

constexpr int kDeepest = 32;

class SwitchFinder {
 public:
  explicit SwitchFinder(const boost::json::value& root) : root_(root) { walk(root, "", 0); }
  std::vector<CapabilitySwitch> take() { return std::move(found_); }

 private:
  const boost::json::value* target_of(const boost::json::value& reference) const {
    if (!reference.is_string()) return nullptr;
    const std::string_view text = reference.get_string();
    if (!text.starts_with('#')) return nullptr;
    boost::system::error_code error;
    return root_.find_pointer(text.substr(1), error);
  }

  void walk(const boost::json::value& schema, const std::string& pointer, int depth) {
    const auto* node = schema.if_object();
    if (node == nullptr || depth > kDeepest) return;
    if (const auto* reference = node->if_contains("$ref")) {
      if (const auto* target = target_of(*reference)) walk(*target, pointer, depth + 1);
      return;
    }
    const auto* capability = node->if_contains("x-capability");
    if (capability != nullptr && capability->is_string()) {
      add(pointer, std::string(capability->get_string()));
    }
    const auto* properties = node->if_contains("properties");
    if (properties != nullptr && properties->is_object()) {
      for (const auto& property : properties->get_object()) {
        walk(property.value(), pointer + "/" + std::string(property.key()), depth + 1);
      }
    }
    const auto* branches = node->if_contains("oneOf");
    if (branches != nullptr && branches->is_array()) {
      for (const auto& branch : branches->get_array()) walk(branch, pointer, depth + 1);
    }
  }

  void add(const std::string& pointer, std::string capability) {
    for (const auto& known : found_) {
      if (known.pointer == pointer) return;
    }
    found_.push_back({pointer, std::move(capability)});
  }

  const boost::json::value& root_;
  std::vector<CapabilitySwitch> found_;
};

}  // namespace

std::vector<CapabilitySwitch> capability_switches(const boost::json::value& settings_schema) {
  return SwitchFinder(settings_schema).take();
}

}  // namespace marketplug::api
