#pragma once
// The whole client side of the plugin over scripted HTTP and a clock that stands still, without the
// shell. Every request is judged by Amazon's models where MARKETPLUG_SPECS is set. One per test.

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "marketplug/testing/fakes.hpp"
#include "marketplug/testing/scripted_http.hpp"
#include "plugins/amazon/tests/model_validator.hpp"
#include "plugins/amazon/tests/specs.hpp"
#include "src/account_check.hpp"
#include "src/lwa_client.hpp"
#include "src/order_audit_feed.hpp"
#include "src/order_feed.hpp"
#include "src/orders_client.hpp"
#include "src/reports_client.hpp"
#include "src/return_feed.hpp"
#include "src/sellers_client.hpp"
#include "src/services.hpp"
#include "src/settings.hpp"
#include "src/sp_api.hpp"

namespace marketplug::amazon::tests {

inline constexpr const char* kSettings = R"({
  "account": {"region": "EU", "marketplaces": ["NL", "DE"], "authorization": {
    "kind": "self", "seller_id": "A1EXAMPLE000", "lwa_client_id": "client-1",
    "lwa_client_secret": "secret:/account/authorization/lwa_client_secret",
    "refresh_token": "secret:/account/authorization/refresh_token"}},
  "orders": {"pii_access": true, "start_date": "2026-11-01"}})";

inline constexpr const char* kSecretHandle = "secret:/account/authorization/lwa_client_secret";
inline constexpr const char* kTokenHandle = "secret:/account/authorization/refresh_token";
inline constexpr const char* kApi = "https://sellingpartnerapi-eu.amazon.com";

inline std::string order_json(const std::string& id, const std::string& changed,
                              const std::string& status = "UNSHIPPED") {
  return R"({"orderId":")" + id + R"(","createdTime":"2026-11-20T08:00:00Z","lastUpdatedTime":")" +
         changed + R"(","salesChannel":{"channelName":"AMAZON","marketplaceId":"A1805IZSGTT6HS",)" +
         R"("marketplaceName":"Amazon.nl"},"fulfillment":{"fulfillmentStatus":")" + status +
         R"(","fulfilledBy":"MERCHANT"},"orderItems":[{"orderItemId":"1","quantityOrdered":2,)" +
         R"("product":{"sellerSku":"MUG-1","title":"Mug"}}]})";
}

/// A page of searchOrders; empty `token` or `before`: left out.
inline std::string page_json(const std::string& orders, const std::string& token = {},
                             const std::string& before = "2026-11-23T09:58:00Z") {
  std::string out = "{\"orders\":[" + orders + "]";
  if (!token.empty()) out += ",\"pagination\":{\"nextToken\":\"" + token + "\"}";
  if (!before.empty()) out += ",\"lastUpdatedBefore\":\"" + before + "\"";
  return out + "}";
}

inline constexpr const char* kTokenAnswer =
    R"({"access_token":"Atza|one","token_type":"bearer","expires_in":3600})";

/// Keeps what downloads were limited to.
class DownloadingHttp : public testing::ScriptedHttp {
 public:
  using ScriptedHttp::ScriptedHttp;
  Result<DocumentInfo> download(const HttpRequest& request, const DownloadLimits& limits,
                                StepContext& ctx) override {
    downloads.push_back(limits);
    return ScriptedHttp::download(request, limits, ctx);
  }
  std::vector<DownloadLimits> downloads;
};

class Harness {
 public:
  explicit Harness(std::string_view json = kSettings) : settings(parse_settings(json)) {
    secrets.values = {{kSecretHandle, "very-secret"}, {kTokenHandle, "Atzr|refresh"}};
    http.otherwise("getAccessToken", testing::json_answer(200, kTokenAnswer));
    if (has_specs()) {
      orders_model = std::make_unique<ModelValidator>(read_model("orders_2026-01-01.json"));
      sellers_model = std::make_unique<ModelValidator>(read_model("sellers.json"));
      reports_model = std::make_unique<ModelValidator>(read_model("reports_2021-06-30.json"));
      http.inspect = [this](const HttpRequest& request) { judge(request); };
    }
  }

  testing::FakeClock clock;
  testing::CapturedLog log;
  testing::FakeSecrets secrets;
  testing::FakeQuota quota;
  testing::FakeDocuments documents;
  testing::FakeState state;
  DownloadingHttp http{&documents};
  testing::FakeContext ctx;
  Settings settings;
  Services services{http, secrets, clock, &quota, &log, &documents, &state};
  LwaClient lwa{settings, services};
  SpApi api{settings, services, lwa};
  OrdersClient orders{api};
  SellersClient sellers{api};
  ReportsClient reports{services, api};
  OrderFeed feed{settings, services, orders, reports};
  OrderAuditFeed audit{settings, services, reports};
  ReturnFeed returns{settings, services, reports};

 private:
  void judge(const HttpRequest& request) {
    for (const char* other : {"getAccessToken", "downloadReport", "downloadCustomization"}) {
      if (request.operation == other) return;
    }
    const auto& model = request.operation == "getMarketplaceParticipations"     ? *sellers_model
                        : request.operation.find("Report") != std::string::npos ? *reports_model
                                                                                : *orders_model;
    for (const std::string& violation : model.violations(request, settings.endpoints.api)) {
      ADD_FAILURE() << request.url << "\nagainst Amazon's model: " << violation;
    }
  }
  std::unique_ptr<ModelValidator> orders_model, sellers_model, reports_model;
};

}  // namespace marketplug::amazon::tests
