#include "src/return_cursor.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "marketplug/model/time.hpp"

namespace marketplug::amazon {
namespace {

using Source = ReturnCursor::Source;

TEST(ReturnCursor, IsReadAsItWasWritten) {
  ReturnCursor cursor;
  cursor.marketplaces = "A,B";
  cursor.origin = *parse_time("2026-01-01T00:00:00Z");
  cursor.end = *parse_time("2026-11-20T00:00:00Z");
  cursor.begin_slice(cursor.origin);
  EXPECT_EQ(ReturnCursor::parse(cursor.to_text()), cursor);
  cursor.deep_at = parse_time("2026-11-20T00:00:00Z");
  cursor.flat_until = parse_time("2026-11-27T00:00:00Z");
  cursor.next_source();
  cursor.report = {"50003", parse_time("2026-11-20T00:00:00Z"), "doc-1", 77, 33, 0};
  EXPECT_EQ(ReturnCursor::parse(cursor.to_text()), cursor);
  const std::string text = cursor.to_text();
  for (const char* cut : {"\"source\"", "\"origin\"", "\"end\"", "\"slice_until\"", "\"v\""}) {
    std::string damaged = text;
    damaged[damaged.find(cut) + 1] = 'X';
    EXPECT_EQ(ReturnCursor::parse(damaged), std::nullopt) << cut;
  }
}

TEST(ReturnCursor, GoesThroughBothReportsOfEachSlice) {
  ReturnCursor cursor;
  cursor.origin = *parse_time("2026-09-01T00:00:00Z");
  cursor.end = *parse_time("2026-11-20T00:00:00Z");
  cursor.begin_slice(cursor.origin);
  EXPECT_EQ(cursor.source, Source::kXml);
  cursor.next_source();
  EXPECT_EQ(cursor.source, Source::kFba);
  EXPECT_EQ(cursor.slice_until, parse_time("2026-10-31T00:00:00Z"));
  cursor.flat_until = cursor.end + std::chrono::hours(1);
  cursor.next_source();
  EXPECT_EQ(cursor.source, Source::kFlat);
  EXPECT_EQ(cursor.slice_from, parse_time("2026-10-31T00:00:00Z"));
  EXPECT_EQ(cursor.slice_until, cursor.end);
  cursor.next_source();
  cursor.next_source();
  EXPECT_EQ(cursor.source, Source::kNone);
}

}  // namespace
}  // namespace marketplug::amazon
