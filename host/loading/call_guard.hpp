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

/// Failure code of a step whose connector can do no more: a new one is made for the next step.
inline constexpr std::string_view kConnectorGone = "connector_gone";

/// For a catch block only: the Failure (kInternal, code "plugin_exception") of the exception in
/// flight.
Failure failure_of_current_exception(std::string_view where) noexcept;

/// What plugin code this thread runs, as its caller named it; empty: none. Safe in a signal
/// handler: it tells whom to blame for a crash.
std::string_view current_call() noexcept;

/// Notes the call for as long as it lives; borrows `where`. The first one of a thread gives it a
/// second stack for signal handlers, so that an endless recursion can still be told.
class CallNote {
 public:
  explicit CallNote(std::string_view where) noexcept;
  ~CallNote();
  CallNote(const CallNote&) = delete;
  CallNote& operator=(const CallNote&) = delete;

 private:
  std::string_view before_;
};

/// `call` returns a Result<T>; so does this. `where` names plugin and method, for the message.
template <class Call>
auto call_plugin(std::string_view where, Call&& call) -> decltype(call()) {
  const CallNote note(where);
  try {
    return std::forward<Call>(call)();
  } catch (const abi::__forced_unwind&) {
    throw;
  } catch (...) {
    return failure_of_current_exception(where);
  }
}

}  // namespace marketplug::loading
