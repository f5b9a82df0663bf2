#pragma once
// How a call of an animal comes to grief, where a text of the host's says so: "crash", "throw",
// "hang"; and a failure with something in every member.

#include <unistd.h>
#include <marketplug/plugin.hpp>

#include <csignal>
#include <stdexcept>
#include <string>

namespace zoo {

/// What the key names, if it names a fall; `who` throws.
inline void fall(const std::string& key, const std::string& who) {
  if (key == "crash") std::raise(SIGSEGV);
  if (key == "throw") throw std::runtime_error("thrown by " + who);
  while (key == "hang") ::pause();
}

inline marketplug::Failure whole_failure() {
  using marketplug::Failure;
  return {Failure::Kind::kThrottled,
          "message",
          "remedy",
          "code",
          "detail \xff",
          marketplug::parse_time("2026-11-23T11:00:00.5Z")};
}

}  // namespace zoo
