#include "src/audit_cursor.hpp"

#include <gtest/gtest.h>

#include <string>

#include "marketplug/model/time.hpp"

namespace marketplug::amazon {
namespace {

TEST(AuditCursor, IsReadAsItWasWritten) {
  AuditCursor cursor;
  cursor.window = {AuditWindow::By::kPlaced, *parse_time("2026-11-01T00:00:00.125Z"),
                   *parse_time("2026-11-20T00:00:00Z")};
  cursor.marketplaces = "A,B";
  cursor.end = *parse_time("2026-11-19T00:00:00Z");
  cursor.hours = 720;
  cursor.begin_slice(cursor.window.from);
  cursor.report = {"50003", parse_time("2026-11-20T00:00:00Z"), "doc-1", 77, 33, 2};
  EXPECT_EQ(AuditCursor::parse(cursor.to_text()), cursor);
  cursor.report = {};
  cursor.done = true;
  EXPECT_EQ(AuditCursor::parse(cursor.to_text()), cursor);
  const std::string text = cursor.to_text();
  for (const char* cut : {"\"until\"", "\"hours\"", "\"end\"", "\"by\"", "\"slice_until\""}) {
    std::string damaged = text;
    damaged[damaged.find(cut) + 1] = 'X';
    EXPECT_EQ(AuditCursor::parse(damaged), std::nullopt) << cut;
  }
}

TEST(AuditCursor, ADamagedReportPlaceIsRefused) {
  AuditCursor cursor;
  cursor.hours = 720;
  const std::string begin = cursor.to_text().substr(0, cursor.to_text().size() - 1);
  ASSERT_TRUE(AuditCursor::parse(begin + "}"));
  for (const char* more :
       {R"(,"report":"1")", R"(,"asked":"2026-11-20T00:00:00Z")", R"(,"offset":5)",
        R"(,"document":"doc-1")", R"(,"tries":-1)", R"(,"tries":"x")",
        R"(,"report":"1","asked":"2026-11-20T00:00:00Z","offset":-1)"}) {
    EXPECT_EQ(AuditCursor::parse(begin + more + "}"), std::nullopt) << more;
  }
}

}  // namespace
}  // namespace marketplug::amazon
