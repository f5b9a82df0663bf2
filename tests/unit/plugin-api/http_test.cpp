#include "marketplug/services/http.hpp"

#include <gtest/gtest.h>

namespace marketplug {
namespace {

TEST(HttpResponse, FindsHeadersWithoutCase) {
  HttpResponse response;
  response.headers = {
      {"X-Amzn-RateLimit-Limit", "0.5"}, {"x-amzn-ratelimit-limit", "2"}, {"Empty", ""}};
  EXPECT_EQ(response.header("x-amzn-ratelimit-limit"), "0.5");
  EXPECT_EQ(response.header("X-AMZN-RATELIMIT-LIMIT"), "0.5");
  EXPECT_EQ(response.header("empty"), "");
  EXPECT_EQ(response.header("x-amzn-ratelimit"), "");
  EXPECT_EQ(response.header("x-amzn-ratelimit-limits"), "");
  EXPECT_EQ(response.header(""), "");
  EXPECT_EQ(HttpResponse{}.header("date"), "");
}

// '@' and '`' differ from each other as 'A' and 'a' do, and are no letters.
TEST(HttpResponse, FoldsLettersOnly) {
  HttpResponse response;
  response.headers = {{"x@y", "at"}, {"x[y", "bracket"}};
  EXPECT_EQ(response.header("x`y"), "");
  EXPECT_EQ(response.header("x{y"), "");
  EXPECT_EQ(response.header("X@Y"), "at");
}

}  // namespace
}  // namespace marketplug
