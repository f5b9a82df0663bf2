// Archives of Amazon Custom: where they are, who gets them, and what is in them.
#include "plugins/amazon/sandbox/customization.hpp"

#include "plugins/amazon/sandbox/operations.hpp"
#include "plugins/amazon/sandbox/tests/bench.hpp"

namespace amazon_sandbox::tests {
namespace {

using namespace std::chrono_literals;

struct CustomArchives : ::testing::Test {
  /// Of an archive of that kind.
  Response fetch(const std::string& kind, Headers headers = {}, const std::string& seconds = "0") {
    Request request;
    request.target = "/customizations/" + kind + ".abc.40512345671." + seconds;
    request.headers = std::move(headers);
    return bench.simulator.handle(request);
  }
  Bench bench;
};

/// Every customizedUrl of an answer.
std::vector<std::string> urls_in(const std::string& body) {
  std::vector<std::string> urls;
  const std::string name = "\"customizedUrl\":\"";
  for (auto at = body.find(name); at != std::string::npos; at = body.find(name, at + 1)) {
    const auto begin = at + name.size();
    urls.push_back(body.substr(begin, body.find('"', begin) - begin));
  }
  return urls;
}

TEST_F(CustomArchives, DrawnOrdersHaveThemOnTheHostThatWasAsked) {
  bench.seed(400, {market("NL")});
  bench.quotas_off();
  auto request = bench.request(
      "/orders/2026-01-01/orders?lastUpdatedAfter=2026-11-01T00:00:00Z&marketplaceIds=" +
      std::string(market("NL")->id) + "&includedData=" + std::string(kEverything));
  request.headers.emplace_back("Host", "localhost:4711");
  std::vector<std::string> urls;
  for (std::string token, next = "first"; !next.empty(); token = next) {
    auto page = request;
    if (!token.empty()) page.target += "&paginationToken=" + token;
    const auto answer = bench.simulator.handle(page);
    ASSERT_EQ(answer.status, 200) << answer.body;
    next = Bench::next_token(answer);
    for (auto& url : urls_in(answer.body)) urls.push_back(std::move(url));
  }
  ASSERT_GT(urls.size(), 3u);
  std::size_t found = 0;
  for (const auto& url : urls) {
    ASSERT_TRUE(url.starts_with("https://localhost:4711/customizations/")) << url;
    Request fetch;
    fetch.target = url.substr(url.find("/customizations"));
    found += bench.simulator.handle(fetch).body.starts_with("PK\3\4");
  }
  EXPECT_GT(found, urls.size() / 2);
  const auto statistics = bench.simulator.statistics();
  EXPECT_EQ(statistics.find(kDownloadCustomization)->second.requests, urls.size());
}

TEST_F(CustomArchives, AnOrderThatWasChangedHasItThereToo) {
  RawOrder order;
  order.json =
      R"({"orderId":"405-1234567-1234567","createdTime":"2026-11-20T08:00:00Z",)"
      R"("lastUpdatedTime":"2026-11-20T08:00:00Z","salesChannel":{"channelName":"AMAZON",)"
      R"("marketplaceId":"A1805IZSGTT6HS"},"orderItems":[{"orderItemId":"1","quantityOrdered":1,)"
      R"("product":{"customization":{"customizedUrl":"https://customization.example/x"}}}]})";
  bench.simulator.add_raw_order(order);
  auto request = bench.request("/orders/2026-01-01/orders/405-1234567-1234567");
  request.host = HostKind::kEurope;
  const auto urls = urls_in(bench.simulator.handle(request).body);
  ASSERT_EQ(urls.size(), 1u);
  EXPECT_EQ(urls[0], "https://sellingpartnerapi-eu.amazon.com/x");
}

TEST_F(CustomArchives, CredentialsAreRefused) {
  EXPECT_EQ(fetch("tree").status, 200);
  EXPECT_EQ(fetch("tree", {{"User-Agent", "x"}}).status, 200);
  EXPECT_EQ(fetch("tree", {{"Authorization", "Bearer x"}}).status, 400);
  EXPECT_EQ(fetch("tree", {{"X-Amz-Access-Token", bench.token}}).status, 400);
}

TEST_F(CustomArchives, AreTheSameEveryTimeAndOneIsLate) {
  EXPECT_EQ(fetch("surfaces").body, fetch("surfaces").body);
  const auto now = std::chrono::floor<std::chrono::seconds>(bench.clock.now());
  const auto there = std::to_string((now + 5min).time_since_epoch().count());
  EXPECT_EQ(fetch("late", {}, there).status, 404);
  EXPECT_EQ(fetch("tree", {}, there).status, 200);
  bench.clock.advance(5min);
  EXPECT_EQ(fetch("late", {}, there).status, 200);
}

TEST_F(CustomArchives, OddOnesAreAsTheirNamesSay) {
  EXPECT_EQ(fetch("missing").status, 404);
  EXPECT_EQ(fetch("tree", {}, "soon").status, 404);
  EXPECT_NE(fetch("traversal").body.find("../../../../etc/40512345671.json"), std::string::npos);
  const auto whole = fetch("surfaces").body;
  EXPECT_EQ(fetch("broken").body, whole.substr(0, whole.size() / 2));
  EXPECT_LT(fetch("bomb").body.size(), 32768u);
  EXPECT_EQ(fetch("encrypted").body.find("PK\1\2"), fetch("surfaces").body.find("PK\1\2"));
  EXPECT_NE(fetch("encrypted").body, whole);
}

TEST_F(CustomArchives, ThePathDependsOnWhatWasDrawn) {
  const auto created = bench.clock.now();
  const auto path = custom_path("abcdef", "40512345671", created);
  EXPECT_EQ(path, custom_path("abcdef", "40512345671", created));
  EXPECT_NE(path.find(".abcdef.40512345671."), std::string::npos);
}

}  // namespace
}  // namespace amazon_sandbox::tests
