// Nothing of Amazon's Order is lost: each leaf of each example, and of an order made from the
// model's definitions, is changed in turn, and the canonical order must change with it.

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "plugins/amazon/tests/model_examples.hpp"
#include "plugins/amazon/tests/model_walk.hpp"
#include "plugins/amazon/tests/specs.hpp"
#include "src/order_mapping.hpp"
#include "src/unmapped_fields.hpp"

namespace marketplug::amazon {
namespace {

namespace json = boost::json;

/// "/orderItems/12/x" -> "/orderItems/*/x".
std::string generalized(const std::string& pointer) {
  std::string out;
  std::size_t at = 0;
  while (at < pointer.size()) {
    const std::size_t end = std::min(pointer.find('/', at + 1), pointer.size());
    const std::string part = pointer.substr(at + 1, end - at - 1);
    const bool index = !part.empty() && part.find_first_not_of("0123456789") == std::string::npos;
    out += "/" + (index ? std::string("*") : part);
    at = end;
  }
  return out;
}

bool listed(const std::string& path) {
  for (const UnmappedField& field : kUnmappedFields) {
    if (field.path == path) return true;
  }
  return false;
}

/// The whole mapping but `raw`, which would show everything.
Order canonical(const json::value& source, bool personal = true) {
  MappedOrder mapped = map_order(source, {personal, false});
  EXPECT_TRUE(mapped.order) << (mapped.parked ? mapped.parked->message : "");
  EXPECT_TRUE(mapped.unknown.empty()) << mapped.unknown.front();
  return mapped.order.value_or(Order{});
}

/// Changes every leaf in turn; notes the paths seen and those that changed nothing.
void check_leaves(const tests::ModelWalk& walk, json::value order, std::set<std::string>& seen) {
  const Order before = canonical(order);
  walk.leaves(order, "Order",
              [&](json::value& leaf, const std::string& pointer, const json::object& rule) {
                const std::string path = generalized(pointer);
                seen.insert(path);
                const json::value original = leaf;
                leaf = tests::ModelWalk::other(original, rule);
                const bool shows = canonical(order) != before;
                leaf = original;
                EXPECT_NE(shows, listed(path))
                    << pointer
                    << (shows ? " is mapped, but on the list of unmapped fields"
                              : " is neither mapped nor on the list of unmapped fields");
              });
}

TEST(AmazonModelCoverage, EveryLeafOfEveryExampleIsMappedOrListed) {
  MARKETPLUG_NEEDS_SPECS();
  const json::value model = tests::read_model("orders_2026-01-01.json");
  const tests::ModelWalk walk(model);
  std::set<std::string> seen;
  int orders = 0;
  for (const auto& answer : tests::example_answers(model)) {
    for (const json::value& order : answer.orders) {
      check_leaves(walk, order, seen);
      ++orders;
    }
  }
  EXPECT_EQ(orders, 8);
  RecordProperty("paths", static_cast<int>(seen.size()));
}

TEST(AmazonModelCoverage, EveryLeafOfTheModelIsMappedOrListed) {
  MARKETPLUG_NEEDS_SPECS();
  const json::value model = tests::read_model("orders_2026-01-01.json");
  const tests::ModelWalk walk(model);
  std::set<std::string> seen;
  check_leaves(walk, walk.full("Order"), seen);
  EXPECT_GE(seen.size(), 140u);
  for (const UnmappedField& field : kUnmappedFields) {
    EXPECT_EQ(seen.count(std::string(field.path)), 1u) << field.path << " is not in the model";
    EXPECT_GT(field.reason.size(), 10u) << field.path << " needs a reason";
  }
  RecordProperty("paths", static_cast<int>(seen.size()));
}

TEST(AmazonModelCoverage, WithoutAccessExactlyThePersonalLeavesAreHidden) {
  MARKETPLUG_NEEDS_SPECS();
  const json::value model = tests::read_model("orders_2026-01-01.json");
  const tests::ModelWalk walk(model);
  json::value order = walk.full("Order");
  const auto whole = [&] { return map_order(order, {false, true}).order.value(); };
  const Order before = whole();
  int personal = 0;
  walk.leaves(order, "Order",
              [&](json::value& leaf, const std::string& pointer, const json::object& rule) {
                const auto under = [&](const char* prefix) { return pointer.starts_with(prefix); };
                const bool hidden = under("/buyer/") || under("/recipient/") || under("/tax/") ||
                                    pointer.ends_with("/giftMessage") ||
                                    pointer.ends_with("/customizedUrl");
                if (hidden) ++personal;
                const json::value original = leaf;
                leaf = tests::ModelWalk::other(original, rule);
                const Order after = whole();
                EXPECT_EQ(after == before, hidden) << pointer;
                EXPECT_EQ(after.raw == before.raw, hidden) << pointer << " in raw";
                leaf = original;
              });
  EXPECT_GT(personal, 45);
}

}  // namespace
}  // namespace marketplug::amazon
