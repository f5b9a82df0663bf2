#include "host/isolation/host_line.hpp"

#include <unistd.h>

#include <boost/json/serialize.hpp>
#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>

#include "host/isolation/wire.hpp"

namespace marketplug::isolation {
namespace {

using boost::json::object;

constexpr std::chrono::hours kForEver{24 * 365};

/// The host is gone, or talks nonsense: there is nobody left to work for.
[[noreturn]] void give_up() { ::_exit(0); }

}  // namespace

object HostLine::receive() {
  std::string frame;
  if (channel_.receive(frame, kForEver) != Channel::Got::kFrame) give_up();
  auto parsed = wire::parse(frame);
  if (!parsed) give_up();
  return *std::move(parsed);
}

object HostLine::next_call() { return receive(); }

bool HostLine::send(const object& frame) {
  const std::string text = boost::json::serialize(frame);
  if (text.size() > kLargestFrame) return false;
  const std::lock_guard lock(mutex_);
  if (!channel_.send(text, kForEver)) give_up();
  return true;
}

object HostLine::ask(const object& question) {
  const std::lock_guard lock(mutex_);
  if (!in_call_) throw std::logic_error("a service of the host was asked outside a step");
  if (!channel_.send(boost::json::serialize(question), kForEver)) give_up();
  object answer = receive();
  const auto* thrown = answer.if_contains("throw");
  if (thrown == nullptr) return answer;
  const std::string what = wire::text_at(answer, "what");
  if (*thrown == "length_error") throw std::length_error(what);
  throw std::runtime_error(what);
}

void HostLine::tell(const object& frame) {
  const std::lock_guard lock(mutex_);
  if (in_call_ && !channel_.send(boost::json::serialize(frame), kForEver)) give_up();
}

bool WorkerContext::stop_requested() const noexcept {
  try {
    return line_.ask({{"ask", "stopped"}}).at("value").as_bool();
  } catch (const std::exception&) {
    return true;  // the call is over
  }
}

}  // namespace marketplug::isolation
