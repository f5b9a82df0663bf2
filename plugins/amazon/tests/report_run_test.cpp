#include "src/report_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/amazon/tests/report_script.hpp"

namespace marketplug::amazon {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::HasSubstr;
using testing::json_answer;
using tests::Harness;
using Kind = Failure::Kind;
using News = ReportStep::News;

const HttpResponse kUnknownReport = json_answer(404, R"({"errors":[{"code":"NotFound"}]})");

class ReportRunTest : public ::testing::Test {
 protected:
  ~ReportRunTest() override {
    tests::expect_address_kept(h);
    EXPECT_EQ(h.http.left(), 0u) << "everything that was scripted was asked for";
  }

  Result<ReportStep> step() {
    const ReportSpec spec{"GET_X", {"A1805IZSGTT6HS"}, h.clock.now() - hours(24), h.clock.now()};
    auto result = run.advance(spec, place, QuotaPriority::kBackground, h.ctx);
    // A failure moves no cursor.
    if (result) kept = place;
    place = kept;
    return result;
  }
  void ask(const std::string& id = "report-1") {
    tests::expect_report(h, id);
    ASSERT_TRUE(step());
    ASSERT_EQ(place.report, id);
  }
  std::size_t asked() { return h.http.requests_of("createReport").size(); }

  Harness h;
  ReportRun run{h.services, h.reports};
  ReportPlace place, kept;
};

TEST_F(ReportRunTest, AsksLooksAndTakes) {
  ask();
  EXPECT_EQ(place.asked_at, h.clock.now());
  h.clock.advance(seconds(30));
  tests::expect_status(h, "IN_QUEUE");
  const auto waiting = step();
  ASSERT_TRUE(waiting);
  EXPECT_EQ(waiting.value().news, News::kWaiting);
  EXPECT_EQ(waiting.value().look_again_at, h.clock.now() + seconds(30));
  h.clock.advance(minutes(4));
  tests::expect_status(h, "IN_PROGRESS");
  EXPECT_EQ(step().value().look_again_at, h.clock.now() + seconds(135))
      << "the longer it takes, the rarer the looks";
  tests::expect_done(h, "content");
  const auto ready = step();
  ASSERT_TRUE(ready);
  EXPECT_EQ(ready.value().news, News::kReady);
  EXPECT_EQ(ready.value().document.size, 7u);
  EXPECT_EQ(step().value().news, News::kReady) << "without a request";
  EXPECT_EQ(h.http.requests_of("getReport").size(), 3u);
  run.drop(place);
  EXPECT_EQ(h.documents.count(), 0u);
}

TEST_F(ReportRunTest, ALostAnswerToCreateReportIsAskedAgain) {
  h.http.fail("createReport", Kind::kTransient, "reset");
  EXPECT_EQ(step().failure().kind, Kind::kTransient);
  EXPECT_TRUE(place.report.empty());
  ask();
  EXPECT_EQ(asked(), 2u) << "the first one may exist as well, and does no harm";
}

TEST_F(ReportRunTest, CancelledMeansNoData) {
  ask();
  tests::expect_status(h, "CANCELLED");
  EXPECT_EQ(step().value().news, News::kNoData);
}

TEST_F(ReportRunTest, WhereItMattersCancelledIsBelievedTheSecondTime) {
  ReportRun careful{h.services, h.reports, 3, 2};
  const ReportSpec spec{"GET_X", {"A1805IZSGTT6HS"}, h.clock.now() - hours(24), h.clock.now()};
  for (int i = 0; i < 2; ++i) {
    tests::expect_report(h);
    ASSERT_TRUE(careful.advance(spec, place, QuotaPriority::kBackground, h.ctx));
    tests::expect_status(h, "CANCELLED");
    const auto told = careful.advance(spec, place, QuotaPriority::kBackground, h.ctx);
    ASSERT_TRUE(told);
    EXPECT_EQ(told.value().news, i == 0 ? News::kWaiting : News::kNoData);
    if (i == 1) break;
    EXPECT_EQ(told.value().look_again_at, h.clock.now() + seconds(30));
  }
}

TEST_F(ReportRunTest, AnUnknownStatusIsNotReadyAndTold) {
  ask();
  tests::expect_status(h, "SLEEPING");
  EXPECT_EQ(step().value().news, News::kWaiting);
  EXPECT_TRUE(h.log.contains("SLEEPING"));
}

TEST_F(ReportRunTest, FatalIsAskedAgainTwiceThenFailsAndIsTriedOnceADay) {
  for (int i = 0; i < 2; ++i) {
    ask();
    tests::expect_status(h, "FATAL", "amzn1.document.1");
    const auto again = step();
    ASSERT_TRUE(again);
    EXPECT_EQ(again.value().look_again_at, h.clock.now() + minutes(15));
    EXPECT_TRUE(place.report.empty());
  }
  ask("report-3");
  for (int i = 0; i < 2; ++i) {
    tests::expect_status(h, "FATAL");
    const auto failure = step();
    EXPECT_EQ(failure.failure().code, "report_fatal");
    EXPECT_EQ(failure.failure().kind, Kind::kRemote);
    EXPECT_THAT(failure.failure().message, HasSubstr("GET_X"));
    EXPECT_EQ(failure.failure().detail, "report id report-3");
  }
  h.clock.advance(hours(24));
  tests::expect_status(h, "FATAL");
  ASSERT_TRUE(step());
  ask("report-4");
  tests::expect_status(h, "FATAL");
  EXPECT_EQ(step().failure().code, "report_fatal");
}

TEST_F(ReportRunTest, AReportThatIsNeverReadyIsAskedAgain) {
  ask();
  h.clock.advance(hours(6) - seconds(1));
  tests::expect_status(h, "IN_PROGRESS");
  EXPECT_EQ(step().value().look_again_at, h.clock.now() + minutes(10));
  EXPECT_FALSE(place.report.empty());
  h.clock.advance(seconds(1));
  for (int i = 0; i < 2; ++i) {
    tests::expect_status(h, "IN_PROGRESS");
    ASSERT_TRUE(step());
    EXPECT_TRUE(place.report.empty());
    ask();
    h.clock.advance(hours(6));
  }
  tests::expect_status(h, "IN_PROGRESS");
  EXPECT_EQ(step().failure().code, "report_stuck");
  tests::expect_done(h, "late");
  EXPECT_EQ(step().value().news, News::kReady) << "late is better than never";
}

TEST_F(ReportRunTest, AClockThatWasPutBackDoesNotWaitForEver) {
  ask();
  h.clock.advance(-hours(48));
  tests::expect_status(h, "IN_PROGRESS");
  ASSERT_TRUE(step());
  EXPECT_TRUE(place.report.empty());
}

TEST_F(ReportRunTest, AnUnknownReportIsWaitedForAtFirstAndThenAskedAgain) {
  ask();
  h.http.answer("getReport", kUnknownReport);
  EXPECT_EQ(step().value().news, News::kWaiting);
  EXPECT_FALSE(place.report.empty());
  h.clock.advance(minutes(6));
  for (int i = 0; i < 2; ++i) {
    h.http.answer("getReport", kUnknownReport);
    ASSERT_TRUE(step());
    EXPECT_TRUE(place.report.empty());
    ask();
    h.clock.advance(minutes(6));
  }
  h.http.answer("getReport", kUnknownReport);
  EXPECT_EQ(step().failure().code, "report_unknown");
}

TEST_F(ReportRunTest, ABadRequestAboutAReportIsBelievedAfterHours) {
  ask();
  const auto refusal = json_answer(400, R"({"errors":[{"code":"InvalidInput"}]})");
  h.http.answer("getReport", refusal);
  EXPECT_EQ(step().failure().code, "bad_request");
  h.clock.advance(hours(6));
  h.http.answer("getReport", refusal);
  ASSERT_TRUE(step());
  EXPECT_TRUE(place.report.empty());
}

TEST_F(ReportRunTest, DoneWithoutADocumentIsAskedAgain) {
  ask();
  tests::expect_status(h, "DONE");
  ASSERT_TRUE(step());
  EXPECT_TRUE(place.report.empty());
}

TEST_F(ReportRunTest, ADocumentThatTheHostDroppedIsDownloadedAgain) {
  ask();
  tests::expect_done(h, "content");
  ASSERT_TRUE(step());
  place.offset = kept.offset = 3;
  h.documents.drop(place.document);
  tests::expect_done(h, "content");
  ASSERT_TRUE(step());
  EXPECT_EQ(place.offset, 3u);
  h.documents.drop(place.document);
  tests::expect_done(h, "other content");
  ASSERT_TRUE(step());
  EXPECT_EQ(place.offset, 0u) << "another document is read from its begin";
}

TEST_F(ReportRunTest, ADownloadThatFailsForHoursIsGivenUp) {
  ask();
  const auto broken = [&] {
    tests::expect_status(h, "DONE", "amzn1.document.1");
    tests::expect_address(h);
    h.http.fail("downloadReport", Kind::kRemote, "bad_encoding");
  };
  broken();
  EXPECT_EQ(step().failure().code, "bad_encoding");
  EXPECT_FALSE(place.report.empty());
  h.clock.advance(hours(6));
  broken();
  ASSERT_TRUE(step());
  EXPECT_TRUE(place.report.empty());
}

TEST_F(ReportRunTest, AHostWithoutDocumentsIsNamed) {
  h.services.documents = nullptr;
  EXPECT_EQ(step().failure().code, "no_documents");
  EXPECT_EQ(asked(), 0u);
}

}  // namespace
}  // namespace marketplug::amazon
