#include "host/api/socket_path.hpp"

#include <fmt/format.h>
#include <sys/un.h>

namespace marketplug::api {

std::string socket_path(const std::string& state_folder) {
  constexpr std::size_t kLongest = sizeof(sockaddr_un::sun_path) - 1;
  auto path = state_folder + "/marketplug.sock";
  if (path.size() > kLongest) {
    throw OperationError(
        500, "socket_path",
        fmt::format("{}: the path of the socket has {} bytes, a Unix socket allows {}", path,
                    path.size(), kLongest),
        "Use a shorter path for the folder of the store (`store.url`, or `state.folder`).");
  }
  return path;
}

boost::json::object problem_of(const OperationError& error) {
  return {{"status", error.status()},
          {"code", error.code()},
          {"message", error.what()},
          {"remedy", error.remedy()}};
}

OperationError error_of(const boost::json::value& problem) {
  int status = 500;
  std::string code = "bad_answer", message = "the service answered with a problem it did not name",
              remedy;
  if (const auto* members = problem.if_object()) {
    const auto read = [&](std::string_view name, std::string& into) {
      const auto* value = members->if_contains(name);
      if (value != nullptr && value->is_string()) into = std::string(value->get_string());
    };
    const auto* number = members->if_contains("status");
    if (number != nullptr && number->is_int64()) status = static_cast<int>(number->get_int64());
    read("code", code);
    read("message", message);
    read("remedy", remedy);
  }
  return {status, code, message, remedy};
}

}  // namespace marketplug::api
