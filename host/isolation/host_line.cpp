#include "host/isolation/host_line.hpp"

#include <unistd.h>

#include <boost/json/serialize.hpp>
#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "host/isolation/wire.hpp"

namespace marketplug::isolation {
namespace {

using boost::json::object;

constexpr std::chrono::hours kForEver{24 * 365};

/// The host is gone: there is nobody left to work for.
[[noreturn]] void give_up() { ::_exit(0); }

/// What goes on would be done by the answer to something else.
[[noreturn]] void talks_nonsense(std::string_view what) {
  const std::string line = "marketplug-worker: the host sent " + std::string(what) + "\n";
  ::_exit(::write(STDERR_FILENO, line.data(), line.size()) > 0 ? 1 : 2);
}

}  // namespace

object HostLine::receive() {
  std::string frame;
  if (channel_.receive(frame, kForEver) != Channel::Got::kFrame) give_up();
  auto parsed = wire::parse(frame);
  if (!parsed) talks_nonsense("a frame that is none");
  return *std::move(parsed);
}

void HostLine::send(const object& frame) {
  if (!channel_.send(boost::json::serialize(frame), kForEver)) give_up();
}

void HostLine::greet(const object& greeting) { send(greeting); }

object HostLine::next_call() {
  object call = receive();
  const std::lock_guard lock(mutex_);
  if (!numbers_.begin(call)) talks_nonsense("a call without a number");
  in_call_ = true;
  return call;
}

bool HostLine::answer(object answer) {
  const std::lock_guard lock(mutex_);
  in_call_ = false;
  numbers_.put_on_answer(answer);
  const std::string text = boost::json::serialize(answer);
  if (text.size() > kLargestFrame) return false;
  if (!channel_.send(text, kForEver)) give_up();
  return true;
}

object HostLine::ask(object question) {
  const std::lock_guard lock(mutex_);
  if (!in_call_) throw std::logic_error("a service of the host was asked outside a step");
  numbers_.put_on_question(question);
  send(question);
  object answer = receive();
  if (!numbers_.is_answer(answer)) talks_nonsense("an answer that has another number");
  const auto* thrown = answer.if_contains("throw");
  if (thrown == nullptr) return answer;
  const std::string what = wire::text_at(answer, "what");
  if (*thrown == "length_error") throw std::length_error(what);
  throw std::runtime_error(what);
}

void HostLine::tell(object frame) {
  const std::lock_guard lock(mutex_);
  if (!in_call_) return;
  numbers_.put_on_question(frame);
  send(frame);
}

bool WorkerContext::stop_requested() const noexcept {
  try {
    return line_.ask({{"ask", "stopped"}}).at("value").as_bool();
  } catch (const std::exception&) {
    return true;  // the call is over
  }
}

}  // namespace marketplug::isolation
