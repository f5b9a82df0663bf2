// Orders that buyers have made to measure: from the simulator's archives through the plugin into
// the store.

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <map>
#include <string>

#include "tests/integration/world.hpp"

namespace marketplug::testing {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

WorldOptions fetching() {
  WorldOptions options;
  options.fetch_customization = true;
  return options;
}

std::size_t downloads(const World& world) {
  std::size_t count = 0;
  for (const auto& request : world.transport.requests()) {
    count += request.url.find("/customizations/") != std::string::npos;
  }
  return count;
}

/// An order whose one line has an archive of that kind. `there`: when a late one is.
std::string add_custom(World& world, int number, const std::string& kind, TimePoint there = {}) {
  const std::string line = "4051234567" + std::to_string(number);
  const std::string id = "405-1234567-" + std::to_string(1000000 + number);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(there.time_since_epoch());
  amazon_sandbox::RawOrder order;
  order.json =
      R"({"orderId":")" + id +
      R"(","createdTime":"2026-11-20T08:00:00Z","lastUpdatedTime":)"
      R"("2026-11-20T08:00:00Z","salesChannel":{"channelName":"AMAZON","marketplaceId":)"
      R"("A1805IZSGTT6HS","marketplaceName":"Amazon.nl"},"fulfillment":{"fulfillmentStatus":)"
      R"("UNSHIPPED","fulfilledBy":"MERCHANT"},"orderItems":[{"orderItemId":")" +
      line +
      R"(","quantityOrdered":1,"product":{"sellerSku":"MUG-1","title":"Mug","customization":)"
      R"({"customizedUrl":"https://customization.example/customizations/)" +
      kind + ".abc." + line + "." + std::to_string(seconds.count()) + "\"}}}]}";
  return world.simulator.add_raw_order(order);
}

boost::json::object line_of(World& world, const std::string& id) {
  const auto text = world.order(id);
  EXPECT_TRUE(text) << id;
  if (!text) return {};
  return boost::json::parse(*text).at("lines").at(0).as_object();
}

/// "present", or "missing status_404".
std::string mark_of(const boost::json::object& line) {
  const auto& attributes = line.at("attributes").as_object();
  std::string mark(attributes.at("customization").as_string());
  if (const auto* reason = attributes.if_contains("customization_reason")) {
    mark.append(" ").append(reason->as_string());
  }
  return mark;
}

TEST(CustomizationImport, EveryKindOfArchiveEndsAsItShouldAndNoOrderLacks) {
  World world(fetching());
  const std::map<std::string, std::string> expected = {{"surfaces", "present"},
                                                       {"tree", "present"},
                                                       {"areas", "present"},
                                                       {"traversal", "present"},
                                                       {"broken", "missing not_zip"},
                                                       {"missing", "missing status_404"},
                                                       {"late", "present"},
                                                       {"bomb", "unreadable zip_too_large"},
                                                       {"encrypted", "unreadable zip_encrypted"},
                                                       {"deep", "unreadable bad_json"},
                                                       {"empty", "unreadable no_customization"},
                                                       {"other", "unreadable other_line"}};
  std::map<std::string, std::string> ids;
  int number = 0;
  for (const auto& [kind, mark] : expected) ids[kind] = add_custom(world, ++number, kind);
  ASSERT_TRUE(world.sync()) << ::testing::PrintToString(world.log.lines());
  for (const auto& [kind, mark] : expected) {
    const auto line = line_of(world, ids[kind]);
    EXPECT_EQ(mark_of(line), mark) << kind;
    EXPECT_EQ(line.contains("properties"), mark == "present") << kind;
    EXPECT_TRUE(line.contains("customization_url")) << kind;
  }
  const auto surfaces = line_of(world, ids["surfaces"]);
  const auto& two = surfaces.at("properties");
  EXPECT_EQ(two.at(0).at("name"), "Front / Size");
  EXPECT_EQ(two.at(0).at("value"), "Large");
  EXPECT_EQ(two.at(3).at("value"), "Gold (#d4af37)");
  EXPECT_EQ(two.at(5).at("name"), "Back / Size");
  EXPECT_EQ(line_of(world, ids["tree"]).at("properties").at(0).at("name"), "Size");
  for (const auto& line : world.log.lines()) {
    EXPECT_EQ(line.find("/customizations/"), std::string::npos) << line;
  }
  for (const auto& request : world.transport.requests()) {
    if (request.url.find("/customizations/") == std::string::npos) continue;
    EXPECT_TRUE(request.headers.empty());
  }
}

TEST(CustomizationImport, AnArchiveThatIsLateIsFilledIn) {
  World world(fetching());
  const auto id = add_custom(world, 1, "late", world.clock.now() + minutes{5});
  ASSERT_TRUE(world.sync());
  EXPECT_EQ(mark_of(line_of(world, id)), "missing status_404");
  const auto before = world.events().size();
  world.restart();
  world.run_until(world.clock.now() + minutes{30});
  const auto line = line_of(world, id);
  EXPECT_EQ(mark_of(line), "present");
  EXPECT_EQ(line.at("properties").as_array().size(), 10u);
  ASSERT_EQ(world.events().size(), before + 1) << "one change, one event";
  EXPECT_EQ(world.events().back().type, "order.updated");
}

TEST(CustomizationImport, AStoreOfArchivesThatIsDownKeepsNoOrder) {
  World world(fetching());
  std::vector<std::string> ids;
  for (int i = 1; i <= 5; ++i) ids.push_back(add_custom(world, i, "tree"));
  amazon_sandbox::Fault down;
  down.operation = "downloadCustomization";
  down.kind = amazon_sandbox::FaultKind::kReset;
  world.simulator.inject(down);
  ASSERT_TRUE(world.sync());
  EXPECT_EQ(world.orders().size(), 5u);
  EXPECT_EQ(downloads(world), 1u) << "one says it for all";
  world.run_until(world.clock.now() + hours{2});
  for (const auto& id : ids) EXPECT_EQ(mark_of(line_of(world, id)).substr(0, 7), "missing");
  world.simulator.clear_faults();
  world.run_until(world.clock.now() + hours{1});
  for (const auto& id : ids) EXPECT_EQ(mark_of(line_of(world, id)), "present");
}

TEST(CustomizationImport, AStoreOfArchivesThatHangsDoesNotUseUpTheStep) {
  World world(fetching());
  for (int i = 1; i <= 5; ++i) add_custom(world, i, "tree");
  amazon_sandbox::Fault slow;
  slow.operation = "downloadCustomization";
  slow.kind = amazon_sandbox::FaultKind::kDelay;
  slow.delay = minutes{10};
  world.simulator.inject(slow);
  const auto started = world.clock.now();
  ASSERT_TRUE(world.sync());
  EXPECT_LT(world.clock.now() - started, minutes{1});
  EXPECT_EQ(world.orders().size(), 5u);
}

TEST(CustomizationImport, WithoutPersonalDataNothingIsFetchedOrStored) {
  auto options = fetching();
  options.pii_access = false;
  options.keep_raw = true;
  World world(options);
  const auto id = add_custom(world, 1, "tree");
  ASSERT_TRUE(world.sync());
  EXPECT_EQ(downloads(world), 0u);
  const auto found = world.store().orders().find_personal(World::kShop, id, "test");
  ASSERT_TRUE(found);
  for (const auto& text : {found->document, found->personal, found->raw}) {
    EXPECT_EQ(text.find("customiz"), std::string::npos) << text;
  }
}

TEST(CustomizationImport, WithoutTheSettingTheAddressAloneIsKept) {
  World world;
  const auto id = add_custom(world, 1, "tree");
  ASSERT_TRUE(world.sync());
  EXPECT_EQ(downloads(world), 0u);
  const auto line = line_of(world, id);
  EXPECT_TRUE(line.contains("customization_url"));
  EXPECT_FALSE(line.contains("attributes"));
}

}  // namespace
}  // namespace marketplug::testing
