#include "src/services.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "marketplug/testing/fakes.hpp"
#include "marketplug/testing/scripted_http.hpp"

namespace marketplug::amazon {
namespace {

TEST(AmazonServices, OptionalOnesMayLack) {
  testing::FakeHost host;
  testing::FakeClock clock;
  testing::FakeSecrets secrets;
  testing::ScriptedHttp http;
  host.offer<Clock>(clock);
  host.offer<Secrets>(secrets);
  host.offer<HttpClient>(http);
  const Services services = services_of(host);
  EXPECT_EQ(services.quota, nullptr);
  note(services, Log::Level::kError, "x", "nobody listens", {});
}

TEST(AmazonServices, AMissingOneIsNamed) {
  testing::FakeHost host;
  try {
    (void)services_of(host);
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("host."), std::string::npos);
  }
}

}  // namespace
}  // namespace marketplug::amazon
