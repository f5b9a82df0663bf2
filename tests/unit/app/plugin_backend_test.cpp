#include "host/app/plugin_backend.hpp"

#include <gtest/gtest.h>

#include <boost/json/array.hpp>

#include "unit/app/app_bench.hpp"

namespace marketplug::app {
namespace {

boost::json::value call(const config::HostConfig& config, const char* operation,
                        const boost::json::object& parameters = {}) {
  return PluginBackend(config, {}).call(operation, parameters, [](const boost::json::value&) {});
}

// Guards: a look at the plugins made a database and a key where nobody wanted a store yet.
TEST(PluginBackend, NeedsNoStore) {
  testing::Bench bench;
  auto config = bench.config;
  config.store.url = "sqlite:" + bench.folder + "/state/other.db";
  config.plugins.folder = bench.folder;
  std::ofstream(bench.folder + "/odd.so") << "not a library";
  const auto listed = call(config, "plugins.list");
  EXPECT_EQ(listed.at("folder").as_string(), bench.folder);
  EXPECT_EQ(listed.at("plugins").at(0).at("state"), "refused");
  const auto path = std::filesystem::canonical(bench.folder).string() + "/odd.so";
  EXPECT_EQ(call(config, "plugins.show", {{"plugin", path}}).at("path").as_string(), path);
  EXPECT_FALSE(std::filesystem::exists(bench.folder + "/state"));
  EXPECT_THROW(call(config, "plugins.show"), api::OperationError);
}

TEST(PluginBackend, WhatNeedsTheStoreIsRefusedWithARemedy) {
  testing::Bench bench;
  try {
    call(bench.config, "shops.list");
    FAIL() << "listed without a store";
  } catch (const api::OperationError& error) {
    EXPECT_EQ(error.code(), "unknown_operation");
    EXPECT_NE(error.remedy().find("marketplug run"), std::string::npos) << error.remedy();
  }
}

TEST(PluginBackend, VerifiesFilesWhereverTheyAre) {
  testing::Bench bench;
  auto config = bench.config;
  config.plugins.folder = bench.folder;
  const auto file = bench.folder + "/elsewhere.txt";
  std::ofstream(file) << "not a library";
  const auto answer = call(config, "plugins.verify", {{"plugin", file}});
  EXPECT_EQ(answer.at("failed"), 1);
  const auto& checks = answer.at("plugins").at(0).at("checks").as_array();
  ASSERT_EQ(checks.size(), 9u);
  EXPECT_EQ(checks.at(0).at("result"), "passed");
  EXPECT_EQ(checks.at(1).at("check"), 2);
  EXPECT_EQ(checks.at(1).at("result"), "failed");
  EXPECT_EQ(checks.at(8).at("result"), "not reached");
  EXPECT_EQ(call(config, "plugins.verify").at("failed"), 0) << "the folder has no plugin";
  EXPECT_THROW(call(config, "plugins.verify", {{"plugin", "amazon"}}), api::OperationError);
}

}  // namespace
}  // namespace marketplug::app
