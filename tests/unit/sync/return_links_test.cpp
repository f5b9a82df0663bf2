#include <gtest/gtest.h>

#include "host/sync/return_import.hpp"

namespace marketplug::sync {
namespace {

using store::LineLink;
using store::LineRow;
using enum store::ReturnLink;

ReturnLine comes_back(const std::string& sku, std::int64_t quantity, const std::string& id = "") {
  ReturnLine line;
  line.sku = sku;
  line.quantity = quantity;
  line.line_id = id;
  return line;
}

std::vector<LineLink> linked(std::vector<ReturnLine> lines, std::vector<LineRow> order) {
  BuyerReturn of;
  of.lines = std::move(lines);
  return link_lines(of, order);
}

using Links = std::vector<LineLink>;

TEST(ReturnLinks, ByTheOnlyLineWithTheSku) {
  EXPECT_EQ(linked({comes_back("B", 1)}, {{"1", "A", "", 1}, {"2", "B", "", 3}}),
            (Links{{kLinked, "2"}}));
}

TEST(ReturnLinks, ByTheLineIdWhereTheMarketplaceTellsIt) {
  EXPECT_EQ(linked({comes_back("A", 1, "2")}, {{"1", "A", "", 1}, {"2", "A", "", 1}}),
            (Links{{kLinked, "2"}}));
  EXPECT_EQ(linked({comes_back("A", 1, "9")}, {{"1", "A", "", 1}}), (Links{{kNoLine, ""}}))
      << "a line id that the order has not is no reason to guess";
}

TEST(ReturnLinks, SeveralLinesWithOneSkuByQuantity) {
  const std::vector<LineRow> order{{"1", "A", "", 1}, {"2", "A", "", 2}, {"3", "A", "", 2}};
  EXPECT_EQ(linked({comes_back("A", 1)}, order), (Links{{kLinked, "1"}}));
  EXPECT_EQ(linked({comes_back("A", 2)}, order), (Links{{kAmbiguous, ""}}));
  EXPECT_EQ(linked({comes_back("A", 5)}, order), (Links{{kAmbiguous, ""}}));
}

TEST(ReturnLinks, OneLineOfTheOrderForEachOfTheReturn) {
  EXPECT_EQ(
      linked({comes_back("A", 1), comes_back("A", 2)}, {{"1", "A", "", 2}, {"2", "A", "", 1}}),
      (Links{{kLinked, "2"}, {kLinked, "1"}}));
  EXPECT_EQ(linked({comes_back("A", 1), comes_back("A", 1)}, {{"1", "A", "", 3}}),
            (Links{{kLinked, "1"}, {kLinked, "1"}}))
      << "in parts, each with a reason of its own";
}

TEST(ReturnLinks, WhatComesBackUnitByUnitHasNoQuantityToGoBy) {
  BuyerReturn of;
  of.fulfilled_by = FulfilledBy::kMarketplace;
  of.lines = {comes_back("A", 1)};
  const std::vector<LineRow> two{{"1", "A", "", 1}, {"2", "A", "", 2}}, one{{"2", "A", "", 2}};
  EXPECT_EQ(link_lines(of, two), (Links{{kAmbiguous, ""}}));
  EXPECT_EQ(link_lines(of, one), (Links{{kLinked, "2"}}));
}

TEST(ReturnLinks, WithoutAnOrderALineOrASku) {
  BuyerReturn of;
  of.lines = {comes_back("A", 1), comes_back("B", 1)};
  EXPECT_EQ(link_lines(of, std::nullopt), (Links{{kNoOrder, ""}, {kNoOrder, ""}}));
  EXPECT_EQ(linked({comes_back("C", 1)}, {{"1", "A", "", 1}}), (Links{{kNoLine, ""}}));
  EXPECT_EQ(linked({comes_back("", 1)}, {{"1", "", "", 1}}), (Links{{kNoLine, ""}}));
}

}  // namespace
}  // namespace marketplug::sync
