#include "host/app/host_references.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "host/api/backend.hpp"

namespace marketplug::app {
namespace {

TEST(HostReferences, BecomeTheirValues) {
  ::setenv("HOST_REFERENCES_TEST_KEY", "a-key", 1);
  ::setenv("HOST_REFERENCES_TEST_URL", "sqlite:data/m.db", 1);
  config::HostConfig config;
  config.folder = "/etc/marketplug";
  config.store.encryption_key = "${env:HOST_REFERENCES_TEST_KEY}";
  config.store.url = "${env:HOST_REFERENCES_TEST_URL}";
  config.http.ca_file = "/etc/ca.pem";
  const auto resolved = resolve_references(config);
  EXPECT_EQ(resolved.store.encryption_key, "a-key");
  EXPECT_EQ(resolved.store.url, "sqlite:/etc/marketplug/data/m.db");
  EXPECT_EQ(resolved.http.ca_file, "/etc/ca.pem");
}

TEST(HostReferences, OneThatDoesNotResolveNamesFileAndSetting) {
  ::unsetenv("HOST_REFERENCES_TEST_GONE");
  config::HostConfig config;
  config.file = "/etc/marketplug/marketplug.yaml";
  config.http.proxy = "${env:HOST_REFERENCES_TEST_GONE}";
  try {
    resolve_references(config);
    FAIL() << "it resolved";
  } catch (const api::OperationError& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find("/etc/marketplug/marketplug.yaml: /http/proxy"), std::string::npos) << text;
    EXPECT_NE(text.find("HOST_REFERENCES_TEST_GONE"), std::string::npos) << text;
    EXPECT_NE(error.remedy(), "");
  }
}

}  // namespace
}  // namespace marketplug::app
