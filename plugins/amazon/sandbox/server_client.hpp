#pragma once
// Talks to the control interface of a simulator that runs. One thread per object.

#include <filesystem>
#include <string>

namespace amazon_sandbox {

class ControlClient {
 public:
  /// `url` such as "http://127.0.0.1:4711"; empty: the "admin" of ready.json in `data`.
  /// Throws std::runtime_error saying what to give.
  ControlClient(const std::string& url, const std::filesystem::path& data);

  /// The body of the answer. Throws std::runtime_error with the simulator's text on a refusal.
  std::string call(const std::string& method, const std::string& path,
                   const std::string& body = {}) const;

 private:
  std::string host_;
  std::uint16_t port_ = 0;
};

}  // namespace amazon_sandbox
