#pragma once
// The worker's end of the wire. One exchange at a time; outside a call there is nobody to ask. The
// worker ends at once where the host is gone.

#include <atomic>
#include <boost/json/object.hpp>
#include <mutex>

#include "host/isolation/channel.hpp"
#include "marketplug/host.hpp"

namespace marketplug::isolation {

/// Frames from and to the host. Any thread.
class HostLine {
 public:
  explicit HostLine(int socket) : channel_(socket) {}

  /// The next call of the host. Ends the process where the host is gone.
  boost::json::object next_call();
  /// False: it is too large, and was not sent.
  bool send(const boost::json::object& frame);
  /// Sends a question and waits for its answer; throws what the service threw. std::logic_error
  /// outside a call.
  boost::json::object ask(const boost::json::object& question);
  /// Without an answer; dropped outside a call.
  void tell(const boost::json::object& frame);
  void set_in_call(bool in_call) { in_call_ = in_call; }

 private:
  boost::json::object receive();

  std::mutex mutex_;
  Channel channel_;
  std::atomic<bool> in_call_{false};
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
