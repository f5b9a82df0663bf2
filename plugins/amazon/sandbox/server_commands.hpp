#pragma once
// What the commands that talk to a simulator share. One thread.

#include <CLI/App.hpp>
#include <boost/json/object.hpp>
#include <string>

#include "plugins/amazon/sandbox/server_client.hpp"

namespace amazon_sandbox {

/// Which simulator a command means.
struct Where {
  std::string data, admin;
  ControlClient client() const { return ControlClient(admin, data); }
};

inline void add_where(CLI::App& command, Where& where) {
  command.add_option("--data", where.data, "folder of the simulator, as given to serve");
  command.add_option("--admin", where.admin, "control URL, instead of --data");
}

inline void put(boost::json::object& body, const char* name, const std::string& value) {
  if (!value.empty()) body[name] = value;
}

}  // namespace amazon_sandbox
