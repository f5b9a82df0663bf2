#pragma once
// A simulator under a clock that stands still, with an access token in hand. One thread per object.

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "marketplug/testing/fakes.hpp"
#include "plugins/amazon/sandbox/simulator.hpp"

namespace amazon_sandbox::tests {

inline const Marketplace* market(std::string_view code) { return marketplace_by_name(code); }

inline constexpr std::string_view kEverything =
    "BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,PAYMENT,"
    "FULFILLMENT_ORDERS";

struct Bench {
  explicit Bench(std::uint64_t seed = 1, Region region = Region::kEurope)
      : simulator(clock, seed, region) {
    token = fetch_token();
  }

  Response login(const std::string& form,
                 std::string_view type = "application/x-www-form-urlencoded;charset=UTF-8") {
    Request request;
    request.method = "POST";
    request.target = "/auth/o2/token";
    request.headers = {{"Content-Type", std::string(type)}};
    request.body = form;
    return simulator.handle(request);
  }

  std::string refresh_form(std::string_view refresh_token = {}) const {
    return "grant_type=refresh_token&client_id=" + credentials.client_id +
           "&client_secret=" + credentials.client_secret + "&refresh_token=" +
           std::string(refresh_token.empty() ? credentials.refresh_token : refresh_token);
  }

  std::string fetch_token() { return text(login(refresh_form()), "access_token"); }

  Request request(const std::string& target) const {
    Request made;
    made.target = target;
    made.headers = {{"x-amz-access-token", token},
                    {"user-agent", "Test/1 (Language=C++; Platform=Linux)"}};
    return made;
  }

  Response get(const std::string& target) { return simulator.handle(request(target)); }
  Response search(const std::string& query) { return get("/orders/2026-01-01/orders?" + query); }

  Response control(std::string_view method, const std::string& target, std::string body = {}) {
    Request made;
    made.method = method;
    made.target = target;
    made.body = std::move(body);
    return simulator.handle_admin(made);
  }

  static boost::json::value json(const Response& response) {
    boost::system::error_code error;
    auto value = boost::json::parse(response.body, error);
    EXPECT_FALSE(error) << response.body.substr(0, 300);
    return value;
  }
  static std::string text(const Response& response, const char* name) {
    const auto value = json(response);
    const auto* member = value.is_object() ? value.as_object().if_contains(name) : nullptr;
    return member != nullptr && member->is_string() ? std::string(member->as_string())
                                                    : std::string();
  }
  /// code and details of the first error.
  static std::string error(const Response& response) {
    const auto value = json(response);
    const auto* errors = value.is_object() ? value.as_object().if_contains("errors") : nullptr;
    if (errors == nullptr) return "no error: " + response.body.substr(0, 200);
    const auto& first = errors->as_array().at(0).as_object();
    return std::string(first.at("code").as_string()) + ": " +
           std::string(first.at("details").as_string());
  }
  static std::string header(const Response& response, std::string_view name) {
    return std::string(find_header(response.headers, name).value_or("(absent)"));
  }
  static std::string next_token(const Response& response) {
    const auto value = json(response);
    const auto* pagination = value.as_object().if_contains("pagination");
    return pagination == nullptr ? std::string()
                                 : std::string(pagination->as_object().at("nextToken").as_string());
  }
  static std::vector<std::string> ids(const Response& response) {
    std::vector<std::string> list;
    const auto value = json(response);
    for (const auto& order : value.as_object().at("orders").as_array()) {
      list.emplace_back(order.as_object().at("orderId").as_string());
    }
    return list;
  }

  void seed(std::size_t count, std::vector<const Marketplace*> marketplaces = {}) {
    SeedPlan plan;
    plan.count = count;
    plan.marketplaces = std::move(marketplaces);
    simulator.seed_orders(plan);
  }
  void quotas_off() {
    auto settings = simulator.settings();
    settings.quota_factor.reset();
    simulator.configure(settings);
  }

  Credentials credentials;
  marketplug::testing::FakeClock clock;
  Simulator simulator;
  std::string token;
};

}  // namespace amazon_sandbox::tests
