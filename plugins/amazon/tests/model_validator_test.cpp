// The validator of requests can fail: a net that cannot fail is no net.

#include "plugins/amazon/tests/model_validator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/amazon/tests/harness.hpp"

namespace marketplug::amazon::tests {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kSearch = "/orders/2026-01-01/orders?lastUpdatedAfter=2026-11-01T00:00:00Z";

HttpRequest request_of(const std::string& path) {
  HttpRequest request;
  request.method = "GET";
  request.url = std::string(kApi) + path;
  request.operation = path.find("orders?") != std::string::npos ? "searchOrders" : "getOrder";
  request.headers = {{"x-amz-access-token", "t"}, {"User-Agent", "x (Language=C++)"}};
  return request;
}

struct Wrong {
  std::string path;
  const char* what;
};

class ModelValidatorFinds : public ::testing::TestWithParam<Wrong> {};

TEST_P(ModelValidatorFinds, WhatTheModelDoesNotAllow) {
  MARKETPLUG_NEEDS_SPECS();
  const ModelValidator validator(read_model("orders_2026-01-01.json"));
  EXPECT_THAT(validator.violations(request_of(GetParam().path), kApi),
              Contains(HasSubstr(GetParam().what)));
}

INSTANTIATE_TEST_SUITE_P(
    All, ModelValidatorFinds,
    ::testing::Values(
        Wrong{"/orders/v0/orders?CreatedAfter=2026-11-01T00:00:00Z", "no path"},
        Wrong{"/orders/2026-01-01/orders/", "no path"},
        Wrong{std::string(kSearch) + "&color=red", "no parameter color"},
        Wrong{std::string(kSearch) + "&includedData=BUYER,PII", "may not be PII"},
        Wrong{std::string(kSearch) + "&includedData=BUYER,BUYER", "repeats BUYER"},
        Wrong{std::string(kSearch) + "&includedData=BUYER,", "empty item"},
        Wrong{std::string(kSearch) + "&fulfillmentStatuses=Unshipped", "may not be Unshipped"},
        Wrong{std::string(kSearch) + "&maxResultsPerPage=101", "between 1 and 100"},
        Wrong{std::string(kSearch) + "&maxResultsPerPage=ten", "no integer"},
        Wrong{std::string(kSearch) + "&createdAfter=2026-11-01T00:00:00Z", "exactly one of"},
        Wrong{std::string(kSearch) + "&createdBefore=2026-11-02T00:00:00Z", "needs createdAfter"},
        Wrong{std::string(kSearch) + "&lastUpdatedAfter=2026-11-01T00:00:00Z", "given twice"},
        Wrong{"/orders/2026-01-01/orders?maxResultsPerPage=5", "exactly one of"},
        Wrong{"/orders/2026-01-01/orders?lastUpdatedAfter=yesterday", "no date-time"},
        Wrong{"/orders/2026-01-01/orders/1-2-3?includedData=ALL", "may not be ALL"}));

TEST(ModelValidator, AcceptsWhatTheModelAllows) {
  MARKETPLUG_NEEDS_SPECS();
  const ModelValidator validator(read_model("orders_2026-01-01.json"));
  EXPECT_THAT(
      validator.violations(
          request_of(std::string(kSearch) + "&includedData=BUYER,TAX&marketplaceIds=A,B"), kApi),
      IsEmpty());
  EXPECT_THAT(validator.violations(request_of("/orders/2026-01-01/orders/1-2-3"), kApi), IsEmpty());
}

TEST(ModelValidator, MissesTokenMethodAndAgent) {
  MARKETPLUG_NEEDS_SPECS();
  const ModelValidator validator(read_model("orders_2026-01-01.json"));
  HttpRequest request = request_of(kSearch);
  request.headers.clear();
  EXPECT_EQ(validator.violations(request, kApi).size(), 2u);
  request.method = "POST";
  EXPECT_THAT(validator.violations(request, kApi), ElementsAre(HasSubstr("no POST")));
}

}  // namespace
}  // namespace marketplug::amazon::tests
