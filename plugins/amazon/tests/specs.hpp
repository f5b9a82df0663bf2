#pragma once
// Amazon's own API models, read at run time from the folder that MARKETPLUG_SPECS names; they are
// not part of this project. Unset: tests that need them are skipped and say so. Set but unreadable:
// they fail. Any thread.

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace marketplug::amazon::tests {

inline bool has_specs() {
  const char* folder = std::getenv("MARKETPLUG_SPECS");
  return folder != nullptr && *folder != '\0';
}

/// models/<name> as JSON. Throws std::runtime_error where it cannot be read.
inline boost::json::value read_model(const std::string& name) {
  const char* const folder = std::getenv("MARKETPLUG_SPECS");
  const std::string path = (folder != nullptr ? std::string(folder) : ".") + "/models/" + name;
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("MARKETPLUG_SPECS is set, but cannot be read: " + path);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  boost::json::parse_options options;
  options.max_depth = 64;
  return boost::json::parse(text, {}, options);
}

}  // namespace marketplug::amazon::tests

#define MARKETPLUG_NEEDS_SPECS()                                                           \
  if (!::marketplug::amazon::tests::has_specs()) {                                         \
    GTEST_SKIP() << "NOT TESTED: set MARKETPLUG_SPECS to the folder with Amazon's models " \
                    "(models/orders_2026-01-01.json, models/sellers.json)";                \
  }
