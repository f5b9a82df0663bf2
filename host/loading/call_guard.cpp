#include "host/loading/call_guard.hpp"

#include <cstdlib>
#include <memory>

namespace marketplug::loading {
namespace {

std::string readable_name(const std::type_info& type) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(
      abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), &std::free);
  return status == 0 && name ? name.get() : type.name();
}

}  // namespace

Failure failure_of_current_exception(std::string_view where) noexcept {
  Failure failure;
  try {
    failure.kind = Failure::Kind::kInternal;
    failure.code = "plugin_exception";
    failure.message = std::string(where) + " failed with an unexpected exception";
    failure.remedy = "This is a defect of the plugin: report it to its author with the log lines.";
    try {
      throw;
    } catch (const std::exception& error) {
      failure.detail = readable_name(typeid(error)) + ": " + error.what();
    } catch (...) {
      const std::type_info* type = abi::__cxa_current_exception_type();
      failure.detail = type != nullptr ? readable_name(*type) : "an exception of unknown type";
    }
  } catch (...) {
    // Out of memory while describing: the empty Failure still says kInternal.
  }
  return failure;
}

}  // namespace marketplug::loading
