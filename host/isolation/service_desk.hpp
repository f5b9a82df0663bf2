#pragma once
// The host's side of the services: what a worker asks for during a call is asked of the shop's own
// Host, and the answer sent back. The thread of the call; borrows the host.

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string_view>

#include "marketplug/host.hpp"

namespace marketplug::isolation {

class ServiceDesk {
 public:
  explicit ServiceDesk(Host& host) : host_(host) {}

  /// The ids of the services that this host has, of those that the wire knows.
  boost::json::array services() const;
  /// The answer to one frame of the worker; nullopt: it wants none. `ctx`: of the call under way.
  /// Throws std::exception where the frame makes no sense.
  std::optional<boost::json::object> answer(const boost::json::object& frame, StepContext& ctx);

 private:
  boost::json::object ask(std::string_view what, const boost::json::object& frame,
                          StepContext& ctx);
  boost::json::object ask_http(std::string_view what, const boost::json::object& frame,
                               StepContext& ctx);
  boost::json::object ask_documents(std::string_view what, const boost::json::object& frame);
  boost::json::object ask_secrets(std::string_view what, const boost::json::object& frame);
  boost::json::object ask_quota(std::string_view what, const boost::json::object& frame);
  boost::json::object ask_state(std::string_view what, const boost::json::object& frame);
  void tell(std::string_view what, const boost::json::object& frame);

  template <class Service>
  Service& service() const;

  Host& host_;
};

}  // namespace marketplug::isolation
