#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "host/services/services.hpp"

namespace marketplug::services {
namespace {

TEST(Redactor, MasksWhatItLearnt) {
  const auto redactor = make_redactor();
  redactor->learn("hunter2-secret");
  EXPECT_EQ(redactor->redact("a hunter2-secret b hunter2-secret"), "a *** b ***");
  EXPECT_EQ(redactor->redact("hunter2-secre"), "hunter2-secre");
}

TEST(Redactor, IgnoresShortValues) {
  const auto redactor = make_redactor();
  redactor->learn("abc");
  redactor->learn("");
  EXPECT_EQ(redactor->redact("abc"), "abc");
}

TEST(Redactor, TheLongerOfTwoSecretsIsMaskedWhole) {
  const auto redactor = make_redactor();
  redactor->learn("common-secret");
  redactor->learn("common-secret-with-a-tail");
  EXPECT_EQ(redactor->redact("x common-secret-with-a-tail y"), "x *** y");
  EXPECT_EQ(redactor->redact("x common-secret y"), "x *** y");
}

TEST(Redactor, KnowsThePercentEncodedFormAndTheLinesOfAKey) {
  const auto redactor = make_redactor();
  redactor->learn("p/ss+word=1");
  EXPECT_EQ(redactor->redact("body: p%2Fss%2Bword%3D1&x"), "body: ***&x");
  redactor->learn("-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0\n-----END KEY-----\n");
  EXPECT_EQ(redactor->redact("line MIIEvQIBADANBgkqhkiG9w0."), "line ***.");
}

TEST(Redactor, KnowsTheShapesOfSecrets) {
  const auto redactor = make_redactor();
  const std::pair<const char*, const char*> cases[] = {
      {"token Atza|IwEBIA_x-1.z, then", "token Atza|***, then"},
      {"Atzr|IwEBIL", "Atzr|***"},
      {"Atz.sprdt|IwEBIL", "Atz.sprdt|***"},
      {"refresh=Atzr%7CIwEB&x=1", "refresh=Atzr%7C***&x=1"},
      {"amzn1.oa2-cs.v1.abcdef0123", "amzn1.oa2-cs.***"},
      {"amzn1.application-oa2-client.abcdef", "amzn1.application-oa2-client.abcdef"},
      {"https://b.s3.example/x?X-Amz-Credential=AKIA%2F1&X-Amz-Signature=0a1b&X-Amz-Date=2",
       "https://b.s3.example/x?X-Amz-Credential=***&X-Amz-Signature=***&X-Amz-Date=2"},
      {"?x-amz-security-token=abc/+ d", "?x-amz-security-token=*** d"},
      {"Authorization: Bearer abcdefgh12345", "Authorization: Bearer ***"},
      {"authorization: Basic dXNlcjpwYXNz\r\nX: y", "authorization: Basic ***\r\nX: y"},
      {"AWS4-HMAC-SHA256 Credential=AK/x, Signature=ff\nX", "AWS4-HMAC-SHA256 ***\nX"},
      {"x-amz-access-token: 0123456789abcdef0", "x-amz-access-token: ***"},
      {R"({"access_token":"abc","expires_in":3600})",
       R"({"access_token":"***","expires_in":3600})"},
      {R"({\"client_secret\": \"abc\"})", R"({\"client_secret\": \"***\"})"},
      {"client_secret=abc&grant_type=x", "client_secret=***&grant_type=x"},
      {"http://user:pass@proxy:3128/", "http://***@proxy:3128/"},
  };
  for (const auto& [text, masked] : cases) EXPECT_EQ(redactor->redact(text), masked);
}

TEST(Redactor, LeavesProseAlone) {
  const auto redactor = make_redactor();
  for (const auto* text :
       {"the bearer of this", "basic auth", "/settings/refresh_token: is required",
        "needs reauthorization: shop-nl", "authorization", "mail buyer@example about https://a/b",
        "https://a/b?to=x@y", "password", "Atza|", "", "a"}) {
    EXPECT_EQ(redactor->redact(text), text);
  }
}

TEST(Redactor, LearnsWhileOthersRedact) {
  const auto redactor = make_redactor();
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        const auto secret = "secret-" + std::to_string(t) + "-" + std::to_string(i) + "-end";
        redactor->learn(secret);
        if (redactor->redact(secret) != "***") ++wrong;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace marketplug::services
