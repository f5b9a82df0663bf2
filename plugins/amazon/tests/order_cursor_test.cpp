#include "src/order_cursor.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "marketplug/model/time.hpp"

namespace marketplug::amazon {
namespace {

OrderCursor in_window() {
  OrderCursor cursor;
  cursor.origin = *parse_time("2026-11-01T00:00:00Z");
  cursor.after = *parse_time("2026-11-20T10:00:00.250Z");
  cursor.marketplaces = "A,B";
  EXPECT_TRUE(cursor.advance("tok\"en\n1", 0x123456789abcdef0u));
  cursor.since = *parse_time("2026-11-23T10:00:00Z");
  cursor.end = *parse_time("2026-11-23T09:58:00Z");
  cursor.restarts = 1;
  cursor.before = *parse_time("2026-11-22T10:00:00Z");
  cursor.slice = 48;
  cursor.page_size = 10;
  cursor.small_pages = 7;
  cursor.asked_again = true;
  cursor.pages = 12;
  return cursor;
}

TEST(OrderCursor, IsReadBackAsItWasWritten) {
  const OrderCursor cursor = in_window();
  EXPECT_EQ(OrderCursor::parse(cursor.to_text()), cursor);
  OrderCursor between = cursor;
  between.begin_again();
  EXPECT_EQ(OrderCursor::parse(between.to_text()), between);
}

OrderCursor in_parts() {
  OrderCursor cursor = in_window();
  cursor.reached = *parse_time("2026-11-21T08:00:00.125Z");
  BacklogPlace& backlog = cursor.backlog;
  backlog.state = BacklogPlace::State::kOthers;
  backlog.from = *parse_time("2026-11-20T10:00:00Z");
  backlog.until = *parse_time("2026-11-22T10:00:00Z");
  backlog.searched = true;
  backlog.fetched = 310;
  backlog.report.report = "5001";
  backlog.report.asked_at = *parse_time("2026-11-23T09:00:00Z");
  backlog.report.document = "document-1";
  backlog.report.size = 1234;
  return cursor;
}

TEST(OrderCursor, ABackFillIsReadBackAsItWasWritten) {
  OrderCursor cursor = in_parts();
  EXPECT_EQ(OrderCursor::parse(cursor.to_text()), cursor);
  cursor.backlog.state = BacklogPlace::State::kAsked;
  cursor.backlog.report = ReportPlace();
  EXPECT_EQ(OrderCursor::parse(cursor.to_text()), cursor);
  cursor.leave_backlog();
  EXPECT_EQ(OrderCursor::parse(cursor.to_text()), cursor);
  EXPECT_FALSE(cursor.token.empty()) << "the search goes on at its place";
}

TEST(OrderCursor, ADamagedBackFillIsRefused) {
  const std::string good = in_parts().to_text();
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"\"others\"", "\"other\""},
           {"\"fetched\":310", "\"fetched\":-1"},
           {"\"searched\":1", "\"searched\":true"},
           {"\"from\":\"2026-11-20", "\"from\":\"2026-11-22T10:00:00Z\",\"x\":\"2026"},
           {"\"until\":", "\"unto\":"},
           {"\"report\":\"5001\"", "\"report\":5001"},
           {"\"size\":1234", "\"size\":\"1234\""},
           {"\"before\":", "\"behind\":"},
           {"\"backlog\":{", "\"backlog\":[],\"x\":{"}}) {
    std::string text = good;
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    EXPECT_FALSE(OrderCursor::parse(text.replace(at, from.size(), to))) << from;
  }
}

TEST(OrderCursor, LeavingABackFillAmidItsPartsBeginsTheRestAgain) {
  OrderCursor cursor = in_parts();
  cursor.leave_backlog();
  EXPECT_TRUE(cursor.token.empty());
  EXPECT_FALSE(cursor.before);
  EXPECT_EQ(cursor.after, in_parts().after);
}

TEST(OrderCursor, GarbageIsRefused) {
  const std::string good = in_window().to_text();
  std::vector<std::string> bad = {"",
                                  "x",
                                  "{}",
                                  "[]",
                                  "null",
                                  "42",
                                  "{\"v\":1}",
                                  std::string(1u << 20, 'a'),
                                  std::string("\0\xff\x01", 3)};
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"\"v\":1", "\"v\":2"},
           {"\"v\":1", "\"v\":\"1\""},
           {"2026-11-01T", "2026-11-31T"},
           {"\"restarts\":1", "\"restarts\":-1"},
           {"\"power\":1", "\"power\":0"},
           {"\"page_anchor\":", "\"page_anchor\":-"},
           {"\"slice\":48", "\"slice\":-1"},
           {"\"page_size\":10", "\"page_size\":0"},
           {"\"small_pages\":7", "\"small_pages\":11"},
           {"\"pages\":12", "\"pages\":\"x\""},
           {"\"steps\":1", "\"steps\":99999999999999999999"},
           {"\"since\":\"2026", "\"since\":\"x"}}) {
    std::string text = good;
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    bad.push_back(text.replace(at, from.size(), to));
  }
  for (const std::string& text : bad) EXPECT_FALSE(OrderCursor::parse(text)) << text.substr(0, 80);
}

const TimePoint kNow = *parse_time("2026-11-23T10:00:00Z");

/// How many windows it takes from `after` to now where each has `pages` pages.
int windows(OrderCursor cursor, std::uint32_t pages) {
  for (int count = 1; count < 1000; ++count) {
    cursor.choose_end(kNow);
    if (!cursor.before) return count;
    cursor.pages = pages;
    cursor.finish(*cursor.before);
  }
  return 1000;
}

TEST(OrderCursor, ABacklogOfAYearIsOneWindow) {
  OrderCursor cursor;
  cursor.after = kNow - std::chrono::hours(365 * 24);
  EXPECT_EQ(windows(cursor, 1), 1);
}

TEST(OrderCursor, AnEmptyAccountSinceTheBeginningCostsFewRequests) {
  OrderCursor cursor;
  cursor.after = *parse_time("2016-01-01T00:00:00Z");
  EXPECT_LE(windows(cursor, 1), 5);
  EXPECT_LE(windows(cursor, 50), 45) << "quarters of a year";
}

TEST(OrderCursor, AfterALostPlaceWindowsAreAWeekAtMostAndGrowAgain) {
  OrderCursor cursor;
  cursor.after = kNow - std::chrono::hours(300 * 24);
  ASSERT_TRUE(cursor.advance("t"));
  cursor.pages = 500;
  cursor.begin_shorter(kNow);
  cursor.choose_end(kNow);
  EXPECT_EQ(cursor.before, cursor.after + std::chrono::hours(7 * 24));
  EXPECT_TRUE(cursor.token.empty());
  cursor.pages = 101;
  cursor.finish(*cursor.before);
  cursor.choose_end(kNow);
  EXPECT_EQ(*cursor.before - cursor.after, std::chrono::hours(84)) << "too much for a week";
  cursor.begin_shorter(kNow);
  cursor.choose_end(kNow);
  EXPECT_EQ(*cursor.before - cursor.after, std::chrono::hours(42));
  cursor.pages = 1;
  cursor.finish(*cursor.before);
  EXPECT_EQ(cursor.slice, 4 * 42u);
  EXPECT_LE(windows(cursor, 1), 5);
}

TEST(OrderCursor, AWindowNearNowReachesUpToNow) {
  OrderCursor cursor;
  cursor.after = kNow - std::chrono::minutes(15);
  cursor.begin_shorter(kNow);
  cursor.choose_end(kNow);
  EXPECT_FALSE(cursor.before);
}

TEST(OrderCursor, PagesShrinkAndComeBackBehindTheBadPlace) {
  OrderCursor cursor;
  EXPECT_TRUE(cursor.shrink_page());
  EXPECT_EQ(cursor.page_size, 10u);
  for (int page = 0; page < 3; ++page) cursor.passed_page();
  EXPECT_TRUE(cursor.shrink_page());
  EXPECT_EQ(cursor.page_size, 1u);
  EXPECT_FALSE(cursor.shrink_page());
  for (int page = 0; page < 10; ++page) {
    EXPECT_EQ(cursor.page_size, 1u);
    cursor.passed_page();
  }
  for (int page = 0; page < 10; ++page) {
    EXPECT_EQ(cursor.page_size, 10u);
    cursor.passed_page();
  }
  EXPECT_EQ(cursor.page_size, 100u);
  cursor.passed_page();
  EXPECT_EQ(cursor.page_size, 100u);
}

TEST(OrderCursor, AnyCutOrBitOfACursorIsHarmless) {
  const std::string good = in_window().to_text();
  for (std::size_t i = 0; i < good.size(); ++i) {
    EXPECT_FALSE(OrderCursor::parse(good.substr(0, i)));
    std::string flipped = good;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    (void)OrderCursor::parse(flipped);
  }
}

TEST(OrderCursor, FindsLoopsOfAnyLength) {
  for (int before = 0; before < 6; ++before) {
    for (int length = 1; length < 20; ++length) {
      OrderCursor cursor;
      int page = 0;
      const auto token = [&](int at) {
        return "t" + std::to_string(at < before ? at : before + (at - before) % length);
      };
      while (page < 500 && cursor.advance(token(page))) ++page;
      EXPECT_LT(page, 3 * (before + length) + 3) << before << " " << length;
    }
  }
}

TEST(OrderCursor, FindsPagesThatRepeatUnderEverNewTokens) {
  for (std::uint64_t length = 1; length < 20; ++length) {
    OrderCursor cursor;
    std::uint64_t page = 0;
    while (page < 500 &&
           cursor.advance("t" + std::to_string(page), (page % length + 1) * 0x9e3779b97f4a7c15u)) {
      ++page;
    }
    EXPECT_LT(page, 3 * length + 3) << length;
  }
}

TEST(OrderCursor, ALongWindowWithoutALoopGoesOn) {
  OrderCursor cursor;
  for (int page = 0; page < 5000; ++page) ASSERT_TRUE(cursor.advance(std::to_string(page)));
  EXPECT_LT(cursor.to_text().size(), 300u);
}

TEST(OrderCursor, RemembersFromWhereBuyersDataLackUntilTheyAreGiven) {
  OrderCursor cursor;
  cursor.origin = cursor.after = parse_time("2026-11-01T00:00:00Z").value();
  cursor.lacks_buyers_data();
  cursor.after = parse_time("2026-11-20T00:00:00Z").value();
  cursor.lacks_buyers_data();
  EXPECT_EQ(cursor.lacking_since, cursor.origin) << "the earliest";
  EXPECT_EQ(OrderCursor::parse(cursor.to_text()), cursor);
  cursor.token = "t";
  cursor.since = cursor.after;
  cursor.fill_buyers_data();
  EXPECT_EQ(cursor.lacking_since, cursor.origin) << "within a window nothing changes";
  cursor.begin_again();
  cursor.fill_buyers_data();
  EXPECT_EQ(cursor.after, cursor.origin);
  EXPECT_FALSE(cursor.lacking_since);
  cursor.fill_buyers_data();
  EXPECT_EQ(cursor.after, cursor.origin);
}

}  // namespace
}  // namespace marketplug::amazon
