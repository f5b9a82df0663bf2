#include "src/return_feed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/amazon/tests/report_script.hpp"

namespace marketplug::amazon {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::json_answer;
using ::testing::Not;
using tests::Harness;

constexpr const char* kFlatHeaders =
    "Order ID\tReturn request date\tReturn request status\tAmazon RMA ID\tCurrency code\t"
    "Merchant SKU\tReturn quantity\tRefunded Amount\tOrder Item ID\n";
constexpr const char* kFbaHeaders =
    "return-date\torder-id\tsku\tasin\tquantity\tdetailed-disposition\treason\t"
    "license-plate-number\tcustomer-comments\n";
const HttpResponse kRefused = json_answer(400, R"({"errors":[{"code":"InvalidInput"}]})");
const HttpResponse kDeniedReport =
    json_answer(403, R"({"errors":[{"code":"Unauthorized","message":"Access is denied."}]})");

std::string xml_of(int count) {
  std::string out = "<AmazonEnvelope><Message>";
  for (int i = 0; i < count; ++i) {
    const std::string n = std::to_string(i);
    out +=
        "<return_details><item_details><merchant_sku>MUG-1</merchant_sku><return_quantity>1"
        "</return_quantity></item_details><order_id>1-";
    out += n;
    out += "-1</order_id><amazon_rma_id>R";
    out += n;
    out += "</amazon_rma_id></return_details>";
  }
  return out + "</Message></AmazonEnvelope>";
}

std::string flat_row(const std::string& rma, const std::string& sku = "MUG-1") {
  return "1-1-1\t14-Nov-2026\tApproved\t" + rma + "\tEUR\t" + sku + "\t1\t9.99\t77\n";
}

class ReturnFeedTest : public ::testing::Test {
 protected:
  ~ReturnFeedTest() override { tests::expect_address_kept(h); }

  Result<Page<BuyerReturn>> step() {
    auto page = h.returns.fetch_returns(cursor, h.ctx);
    if (page) {
      EXPECT_THAT(page.value().next.value, Not(HasSubstr("Signature")));
      cursor = page.value().next;
    }
    return page;
  }
  /// Asks for a report, which has that text.
  Page<BuyerReturn> read(const std::string& text) {
    tests::expect_report(h);
    EXPECT_TRUE(step());
    tests::expect_done(h, text);
    return taken();
  }
  Page<BuyerReturn> no_data() {
    tests::expect_report(h);
    EXPECT_TRUE(step());
    tests::expect_status(h, "CANCELLED");
    return taken();
  }
  Page<BuyerReturn> taken() {
    auto page = step();
    EXPECT_TRUE(page) << page.failure().message;
    return page ? page.value() : Page<BuyerReturn>();
  }
  std::string last_request() { return h.http.requests_of("createReport").back().body; }
  static std::vector<std::string> ids(const Page<BuyerReturn>& page) {
    std::vector<std::string> out;
    for (const BuyerReturn& one : page.items) out.push_back(one.id);
    return out;
  }

  Harness h;
  Cursor cursor;
};

TEST_F(ReturnFeedTest, ReadsBothReportsFromTheStartDateAndComesBackAfterSixHours) {
  const auto merchant = read(xml_of(2));
  EXPECT_THAT(h.http.requests_of("createReport").at(0).body,
              HasSubstr(R"("reportType":"GET_XML_RETURNS_DATA_BY_RETURN_DATE")"));
  EXPECT_THAT(last_request(), HasSubstr(R"("dataStartTime":"2026-11-01T00:00:00Z")"));
  EXPECT_THAT(last_request(), HasSubstr(R"("dataEndTime":"2026-11-23T09:57:00Z")"));
  EXPECT_THAT(last_request(), HasSubstr(R"(["A1805IZSGTT6HS","A1PA6795UKMFR9"])"));
  EXPECT_THAT(ids(merchant), ElementsAre("R0", "R1"));
  EXPECT_FALSE(merchant.caught_up);

  const auto fba =
      read(std::string(kFbaHeaders) +
           "2026-11-14T09:00:00+00:00\t2-2-2\tMUG-1\tB1\t1\tSELLABLE\tUNWANTED\tLPN1\t\n");
  EXPECT_THAT(last_request(), HasSubstr("GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA"));
  EXPECT_THAT(ids(fba), ElementsAre("2-2-2/LPN1"));
  EXPECT_TRUE(fba.caught_up);
  EXPECT_EQ(fba.look_again_at, h.clock.now() + hours(6));
  EXPECT_EQ(fba.complete_until, parse_time("2026-11-23T09:57:00Z"));
  EXPECT_EQ(h.documents.count(), 0u);
  EXPECT_EQ(h.http.left(), 0u);
}

TEST_F(ReturnFeedTest, RoundsOverlapByDaysAndOnceADayByWeeks) {
  no_data();
  EXPECT_TRUE(no_data().caught_up);
  h.clock.advance(hours(6));
  no_data();
  EXPECT_THAT(last_request(), HasSubstr(R"("dataStartTime":"2026-11-18T09:57:00Z")"));
  no_data();
  h.clock.set(*parse_time("2027-02-01T00:00:00Z"));
  no_data();
  EXPECT_THAT(last_request(), HasSubstr(R"("dataStartTime":"2026-11-01T00:00:00Z")"))
      << "never before the start";
  EXPECT_THAT(last_request(), HasSubstr(R"("dataEndTime":"2026-12-31T00:00:00Z")")) << "60 days";
  EXPECT_FALSE(no_data().caught_up);
  no_data();
  EXPECT_TRUE(no_data().caught_up);
  h.clock.advance(hours(6));
  no_data();
  EXPECT_THAT(last_request(), HasSubstr(R"("dataStartTime":"2027-01-26T23:57:00Z")"));
  no_data();
  h.clock.advance(hours(18));
  no_data();
  EXPECT_THAT(last_request(), HasSubstr(R"("dataStartTime":"2026-12-08T05:57:00Z")"));
}

TEST_F(ReturnFeedTest, WhereTheXmlReportIsRefusedTheFlatFileIsReadForAWeek) {
  h.http.answer("createReport", kRefused);
  const auto refused = step();
  ASSERT_TRUE(refused);
  EXPECT_FALSE(refused.value().look_again_at);
  const auto page =
      read(std::string(kFlatHeaders) + flat_row("R1") + flat_row("R1", "CUP-1") + flat_row("R2"));
  EXPECT_THAT(last_request(), HasSubstr("GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE"));
  EXPECT_THAT(ids(page), ElementsAre("R1", "R2"));
  EXPECT_EQ(page.items[0].lines.size(), 2u);
  EXPECT_EQ(page.items[0].lines[0].line_id, "77");
  EXPECT_EQ(page.items[0].lines[0].refund_amount, (Money{999, 2, "EUR"}));
  EXPECT_EQ(page.items[0].requested_at, parse_time("2026-11-14T00:00:00Z"));
  no_data();
  h.clock.advance(hours(6));
  no_data();
  EXPECT_THAT(last_request(), HasSubstr("GET_FLAT_FILE_RETURNS")) << "the next round too";
  no_data();
  h.clock.advance(hours(7 * 24));
  no_data();
  EXPECT_THAT(last_request(), HasSubstr("GET_XML_RETURNS"));
}

TEST_F(ReturnFeedTest, AFatalOrDamagedOrStuckXmlReportIsReplacedAtOnce) {
  const auto flat_follows = [&] {
    ASSERT_TRUE(step());
    tests::expect_report(h);
    ASSERT_TRUE(step());
    EXPECT_THAT(last_request(), HasSubstr("GET_FLAT_FILE_RETURNS"));
    cursor = {};
  };
  tests::expect_report(h);
  ASSERT_TRUE(step());
  tests::expect_status(h, "FATAL");
  flat_follows();
  tests::expect_report(h);
  ASSERT_TRUE(step());
  tests::expect_done(h, "<AmazonEnvelope><Message>");
  flat_follows();
  tests::expect_report(h);
  ASSERT_TRUE(step());
  h.clock.advance(hours(6));
  tests::expect_status(h, "IN_PROGRESS");
  flat_follows();
  EXPECT_EQ(h.documents.count(), 0u);
}

TEST_F(ReturnFeedTest, ATransientFailureReplacesNothing) {
  h.http.fail("createReport", Failure::Kind::kTransient, "reset");
  EXPECT_EQ(step().failure().code, "reset");
  EXPECT_TRUE(cursor.value.empty());
  no_data();
  EXPECT_THAT(last_request(), HasSubstr("GET_XML_RETURNS"));
}

TEST_F(ReturnFeedTest, WhereBothAreRefusedThatIsAFailure) {
  h.http.answer("createReport", kRefused).answer("createReport", kRefused);
  ASSERT_TRUE(step());
  EXPECT_EQ(step().failure().code, "bad_request");
  h.http.answer("createReport", kDeniedReport).answer("createReport", kDeniedReport);
  const auto denied = step();
  EXPECT_EQ(denied.failure().code, "report_denied");
  EXPECT_EQ(denied.failure().kind, Failure::Kind::kConfig) << "a person must give the role";
  EXPECT_THAT(denied.failure().remedy, HasSubstr("Inventory and Order Tracking"));
}

TEST_F(ReturnFeedTest, AShopThatIsDeniedAmazonsOwnReturnsGoesOnWithout) {
  read(xml_of(1));
  h.http.answer("createReport", kDeniedReport).answer("createReport", kDeniedReport);
  const auto page = step();
  ASSERT_TRUE(page);
  EXPECT_TRUE(page.value().caught_up);
  EXPECT_TRUE(h.log.contains("returns.fba_left_out"));
  EXPECT_TRUE(h.log.contains("Amazon Fulfillment"));
}

TEST_F(ReturnFeedTest, HeadersInTheAccountsLanguageAreRead) {
  h.http.answer("createReport", kRefused);
  ASSERT_TRUE(step());
  const auto page = read(
      "Bestellnummer\tDatum der Rücksendeanforderung\tAmazon RMA-Nummer\tHändler-SKU\t"
      "Rücksendemenge\n1-1-1\t2026-11-14\tR1\tMUG-1\t2\n");
  ASSERT_EQ(page.items.size(), 1u);
  EXPECT_EQ(page.items[0].id, "R1");
  EXPECT_EQ(page.items[0].lines[0].quantity, 2);
}

TEST_F(ReturnFeedTest, AHeaderThatIsNotKnownIsNamedAndAskedForAgainAfterHours) {
  h.http.answer("createReport", kRefused);
  ASSERT_TRUE(step());
  tests::expect_report(h);
  ASSERT_TRUE(step());
  const std::string text = "Order ID\tDatumo\tMerchant SKU\tReturn quantity\n";
  tests::expect_done(h, text);
  const auto failure = step().failure();
  EXPECT_EQ(failure.code, "report_column");
  EXPECT_THAT(failure.message, HasSubstr("Return request date"));
  EXPECT_THAT(failure.message, HasSubstr("Datumo"));
  h.clock.advance(hours(6));
  tests::expect_done(h, text);
  EXPECT_TRUE(step());
  EXPECT_EQ(read(std::string(kFlatHeaders) + flat_row("R1")).items.size(), 1u);
}

TEST_F(ReturnFeedTest, PagesGoOnWhereTheyEndedAndCutNoReturn) {
  const auto first = read(xml_of(1100));
  EXPECT_EQ(first.items.size(), 500u);
  const Cursor place = cursor;
  const auto second = taken();
  EXPECT_EQ(second.items.at(0).id, "R500");
  cursor = place;
  EXPECT_EQ(taken().items, second.items) << "the same cursor gives the same returns";
  EXPECT_EQ(taken().items.size(), 100u);

  cursor = {};
  h.http.answer("createReport", kRefused);
  ASSERT_TRUE(step());
  std::string text = kFlatHeaders;
  for (int i = 0; i < 600; ++i) {
    text += flat_row("R" + std::to_string(i)) + flat_row("R" + std::to_string(i), "CUP-1");
  }
  const auto flat = read(text);
  ASSERT_EQ(flat.items.size(), 500u);
  EXPECT_EQ(flat.items[499].lines.size(), 2u);
  const auto rest = taken();
  ASSERT_EQ(rest.items.size(), 100u);
  EXPECT_EQ(rest.items[0].id, "R500");
  EXPECT_EQ(h.http.left(), 0u);
}

TEST_F(ReturnFeedTest, ANewStartOtherMarketplacesOrNonsenseBeginAgain) {
  no_data();
  for (const std::string& text : {std::string("nonsense"), std::string("{}"),
                                  [&] {
                                    std::string other = cursor.value;
                                    return other.replace(other.find("A1805IZSGTT6HS"), 14,
                                                         "A13V1IB3VIYZZH");
                                  }(),
                                  [&] {
                                    std::string later = cursor.value;
                                    return later.replace(later.find(R"("origin":"2026-11-01)"), 20,
                                                         R"("origin":"2026-11-09)");
                                  }()}) {
    cursor.value = text;
    tests::expect_report(h);
    ASSERT_TRUE(step()) << text;
    EXPECT_THAT(last_request(), HasSubstr("GET_XML_RETURNS")) << text;
    EXPECT_THAT(last_request(), HasSubstr(R"("dataStartTime":"2026-11-01T00:00:00Z")")) << text;
  }
}

TEST_F(ReturnFeedTest, AStartDateInTheFutureWaits) {
  h.clock.set(*parse_time("2026-10-30T00:00:00Z"));
  const auto page = step();
  ASSERT_TRUE(page);
  EXPECT_TRUE(page.value().caught_up);
  EXPECT_EQ(page.value().look_again_at, parse_time("2026-11-01T00:10:00Z"));
  EXPECT_THAT(h.http.requests, IsEmpty());
}

}  // namespace
}  // namespace marketplug::amazon
