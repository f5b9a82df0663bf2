#pragma once
// The worker's end of the wire. One exchange at a time; outside a call there is nobody to ask. The
// worker ends at once where the host is gone or answers something else than it was asked.

#include <boost/json/object.hpp>
#include <mutex>

#include "host/isolation/channel.hpp"
#include "host/isolation/exchange.hpp"
#include "marketplug/host.hpp"

namespace marketplug::isolation {

/// Frames from and to the host. Any thread.
class HostLine {
 public:
  explicit HostLine(int socket) : channel_(socket) {}

  /// Says who this is, before the first call.
  void greet(const boost::json::object& greeting);
  /// The next call of the host, which lasts until its answer. Ends the process where the host is
  /// gone.
  boost::json::object next_call();
  /// Ends the call. False: the answer is too large, and was not sent; another one is due.
  bool answer(boost::json::object answer);
  /// Sends a question and waits for its answer; throws what the service threw. std::logic_error
  /// outside a call.
  boost::json::object ask(boost::json::object question);
  /// Without an answer; dropped outside a call.
  void tell(boost::json::object frame);

 private:
  boost::json::object receive();
  void send(const boost::json::object& frame);

  std::mutex mutex_;
  Channel channel_;
  CallNumbers numbers_;
  bool in_call_ = false;
};

class WorkerContext final : public StepContext {
 public:
  WorkerContext(HostLine& line, TimePoint deadline, bool keep_raw)
      : line_(line), deadline_(deadline), keep_raw_(keep_raw) {}
  TimePoint deadline() const noexcept override { return deadline_; }
  bool stop_requested() const noexcept override;
  bool keep_raw() const noexcept override { return keep_raw_; }

 private:
  HostLine& line_;
  TimePoint deadline_;
  bool keep_raw_;
};

}  // namespace marketplug::isolation
