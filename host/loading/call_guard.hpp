#pragma once
// The one function that calls plugin code. Whatever the plugin throws ends here, inside the life of
// its library: type name and what() are copied into a Failure, nothing is rethrown.

#include <cxxabi.h>

#include <exception>
#include <string>
#include <string_view>
#include <typeinfo>
#include <utility>

#include "marketplug/result.hpp"

namespace marketplug::loading {

/// For a catch block only: the Failure (kInternal, code "plugin_exception") of the exception in
/// flight.
Failure failure_of_current_exception(std::string_view where) noexcept;

/// `call` returns a Result<T>; so does this. `where` names plugin and method, for the message.
template <class Call>
auto call_plugin(std::string_view where, Call&& call) -> decltype(call()) {
  try {
    return std::forward<Call>(call)();
  } catch (const abi::__forced_unwind&) {
    throw;
  } catch (...) {
    return failure_of_current_exception(where);
  }
}

}  // namespace marketplug::loading
