#include "host/app/host_references.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace marketplug::app {
namespace {

config::LoadedHost host() {
  config::LoadedHost loaded;
  loaded.config.file = "/etc/marketplug/marketplug.yaml";
  loaded.config.folder = "/etc/marketplug";
  loaded.config.store.url = "sqlite:/var/lib/m.db";
  loaded.config.lines = {{"/http/proxy", 7}, {"/store/url", 3}, {"/store/encryption_key", 4}};
  return loaded;
}

TEST(HostReferences, BecomeTheirValues) {
  ::setenv("HOST_REFERENCES_TEST_KEY", "a-key", 1);
  ::setenv("HOST_REFERENCES_TEST_URL", "sqlite:data/m.db", 1);
  auto loaded = host();
  loaded.config.store.encryption_key = "${env:HOST_REFERENCES_TEST_KEY}";
  loaded.config.store.url = "${env:HOST_REFERENCES_TEST_URL}";
  loaded.config.http.ca_file = "/etc/ca.pem";
  resolve_references(loaded);
  EXPECT_TRUE(loaded.problems.empty());
  EXPECT_EQ(loaded.config.store.encryption_key, "a-key");
  EXPECT_EQ(loaded.config.store.url, "sqlite:/etc/marketplug/data/m.db");
  EXPECT_EQ(loaded.config.http.ca_file, "/etc/ca.pem");
}

TEST(HostReferences, AllThatDoNotResolveAreToldWithFileAndLine) {
  ::unsetenv("HOST_REFERENCES_TEST_GONE");
  auto loaded = host();
  loaded.config.store.encryption_key = "${file:/gone/marketplug.key}";
  loaded.config.http.proxy = "${env:HOST_REFERENCES_TEST_GONE}";
  resolve_references(loaded);
  ASSERT_EQ(loaded.problems.size(), 2u);
  const auto text = config::to_text(loaded.problems[1]);
  EXPECT_TRUE(text.starts_with("/etc/marketplug/marketplug.yaml:7: /http/proxy: ")) << text;
  EXPECT_NE(text.find("HOST_REFERENCES_TEST_GONE"), std::string::npos) << text;
  for (const auto& problem : loaded.problems) EXPECT_NE(problem.remedy, "");
}

// Guards: the store said "cannot open", and nobody knew what.
TEST(HostReferences, AStoreThatIsNoneIsToldWhereItStands) {
  for (const char* url : {"nonsense", "sqlite:", "postgresql://user:sesame@host/db"}) {
    ::setenv("HOST_REFERENCES_TEST_URL", url, 1);
    auto loaded = host();
    loaded.config.store.url = "${env:HOST_REFERENCES_TEST_URL}";
    resolve_references(loaded);
    ASSERT_EQ(loaded.problems.size(), 1u) << url;
    const auto text = config::to_text(loaded.problems[0]);
    EXPECT_TRUE(
        text.starts_with("/etc/marketplug/marketplug.yaml:3: /store/url: the value of "
                         "${env:HOST_REFERENCES_TEST_URL} "))
        << text;
    EXPECT_EQ(text.find("sesame"), std::string::npos) << text;
    EXPECT_NE(loaded.problems[0].remedy, "");
  }
}

}  // namespace
}  // namespace marketplug::app
