#include "host/json/event_catalog.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>

#include "host/json/schema.hpp"
#include "host/json/strict_parse.hpp"
#include "marketplug/model/time.hpp"

namespace marketplug::json::event_catalog_test {
namespace {

TEST(EventCatalog, IsTheFolderOfSchemas) {
  constexpr std::string_view kEnding = ".schema.json";
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(MARKETPLUG_SOURCE_DIR) +
                                                               "/schemas/events")) {
    std::string name = entry.path().filename().string();
    ASSERT_TRUE(name.ends_with(kEnding)) << name;
    files.insert(name.substr(0, name.size() - kEnding.size()));
  }
  const auto types = event_types();
  EXPECT_TRUE(std::is_sorted(types.begin(), types.end()));
  EXPECT_EQ(std::set<std::string>(types.begin(), types.end()), files);
}

TEST(EventCatalog, GivesEachTypeItsOwnSchema) {
  std::set<std::string_view> texts;
  for (const auto type : event_types()) {
    EXPECT_TRUE(is_event_type(type));
    EXPECT_NO_THROW(Schema::compile(parse_or_throw(event_schema(type), type)));
    texts.insert(event_schema(type));
  }
  EXPECT_EQ(texts.size(), event_types().size());
}

TEST(EventCatalog, KnowsNoOtherType) {
  for (const char* type : {"", "order", "order.Imported", "order.imported ", "zzz"}) {
    EXPECT_FALSE(is_event_type(type)) << type;
    EXPECT_TRUE(event_schema(type).empty());
  }
}

TEST(EventCatalog, WritesOrderEventsThatKeepToTheirSchemas) {
  Order order;
  order.id = "902-0000001-0000001";
  order.marketplace = "NL";
  order.state = OrderState::kOpen;
  order.marketplace_status = "UNSHIPPED \"x\"";
  order.changed_at = parse_time("2026-11-23T10:00:00Z").value();
  order.buyer = Buyer{"Fenna de Test", "", "", ""};
  const auto text = order_event_data(order, "in_picking");
  EXPECT_EQ(text, R"({"order_id":"902-0000001-0000001","marketplace":"NL","state":"open",)"
                  R"("status":"in_picking","marketplace_status":"UNSHIPPED \"x\"",)"
                  R"("changed_at":"2026-11-23T10:00:00Z"})");
  for (const char* type :
       {"order.imported", "order.updated", "order.pending", "order.ready", "order.cancelled"}) {
    const auto schema = Schema::compile(parse_or_throw(event_schema(type), type));
    EXPECT_TRUE(schema.validate(parse_or_throw(text, "data")).empty()) << type;
  }
}

}  // namespace
}  // namespace marketplug::json::event_catalog_test
