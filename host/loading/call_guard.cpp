#include "host/loading/call_guard.hpp"

#include <signal.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <utility>

#include "marketplug/abi.hpp"

namespace marketplug::loading {
namespace {

std::string readable_name(const std::type_info& type) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(
      abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), &std::free);
  return status == 0 && name ? name.get() : type.name();
}

/// Of one thread. Sanitizers bring their own.
class SignalStack {
 public:
  SignalStack() {
    if (detail::sanitizer_bits() != 0) return;
    bytes_ = std::make_unique<std::array<char, kBytes>>();
    stack_t stack{};
    stack.ss_sp = bytes_->data();
    stack.ss_size = bytes_->size();
    ::sigaltstack(&stack, &before_);
  }
  ~SignalStack() {
    if (bytes_) ::sigaltstack(&before_, nullptr);
  }
  SignalStack(const SignalStack&) = delete;
  SignalStack& operator=(const SignalStack&) = delete;

 private:
  static constexpr std::size_t kBytes = 64u << 10;
  std::unique_ptr<std::array<char, kBytes>> bytes_;
  stack_t before_{};
};

thread_local std::string_view running;

}  // namespace

std::string_view current_call() noexcept { return running; }

CallNote::CallNote(std::string_view where) noexcept : before_(std::exchange(running, where)) {
  try {
    thread_local const SignalStack stack;
  } catch (...) {
    // Out of memory: then an endless recursion ends without a word.
  }
}

CallNote::~CallNote() { running = before_; }

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
