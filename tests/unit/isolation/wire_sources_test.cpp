// Pages of the audit and of returns arrive as they were, and what is not as it must be is refused.
#include <gmock/gmock.h>

#include "host/isolation/wire.hpp"
#include "host/json/audit_fields.hpp"
#include "host/json/return_fields.hpp"
#include "tests/unit/isolation/fillers.hpp"

namespace marketplug::isolation {
namespace {

using ::testing::HasSubstr;

const TimePoint kNoon{std::chrono::milliseconds{1'795'428'000'123}};

boost::json::value sent(const boost::json::value& value) {
  return boost::json::parse(boost::json::serialize(value));
}

template <class T>
void fill_envelope(Page<T>& page) {
  page.parked.push_back({"9", "code", "/p", "message", "remedy", "raw \xff", kNoon});
  page.parked.emplace_back();
  page.next.value = std::string("opaque\0\xfe", 8);
  page.caught_up = true;
  page.look_again_at = kNoon;
  page.complete_until = kNoon + std::chrono::milliseconds{1};
}

template <class T>
void expect_same(const Page<T>& got, const Page<T>& wanted) {
  EXPECT_EQ(got.items, wanted.items);
  EXPECT_EQ(got.parked, wanted.parked);
  EXPECT_EQ(got.next, wanted.next);
  EXPECT_EQ(got.caught_up, wanted.caught_up);
  EXPECT_EQ(got.look_again_at, wanted.look_again_at);
  EXPECT_EQ(got.complete_until, wanted.complete_until);
}

TEST(WireSources, SightingsArriveAsTheyWere) {
  test::expect_faithful<OrderSighting>();
  test::expect_faithful<AuditWindow>();
  Page<OrderSighting> page;
  expect_same(wire::sightings_of(sent(wire::sightings(page))), page);
  page.items.resize(2);
  test::Filler(1).fill(page.items[0]);
  fill_envelope(page);
  expect_same(wire::sightings_of(sent(wire::sightings(page))), page);
  const AuditWindow window{AuditWindow::By::kPlaced, TimePoint::min(), TimePoint::max()};
  EXPECT_EQ(wire::window_of(sent(wire::window(window))), window);
}

TEST(WireSources, NoTableForgetsAMember) {
  EXPECT_TRUE(test::whole(AuditWindow()));
  EXPECT_TRUE(test::whole(OrderSighting()));
  constexpr auto kPersonal = std::tuple_size_v<decltype(json::Fields<ReturnLine>::kPersonal)>;
  EXPECT_EQ(std::tuple_size_v<decltype(json::Fields<ReturnLine>::kMembers)> + kPersonal,
            test::members_of<ReturnLine>());
  EXPECT_EQ(std::tuple_size_v<decltype(json::Fields<BuyerReturn>::kMembers)>,
            test::members_of<BuyerReturn>());
}

TEST(WireSources, ReturnsArriveAsTheyWere) {
  Page<BuyerReturn> page;
  expect_same(wire::returns_of(sent(wire::returns(page))), page);
  page.items.resize(2);
  BuyerReturn& one = page.items[0];
  one = {"R1",
         "O1",
         "NL",
         ReturnState::kClosed,
         "Done",
         FulfilledBy::kMerchant,
         kNoon,
         kNoon,
         kNoon,
         "PostNL",
         "3SABC",
         {},
         R"({"a":[1,2]})"};
  one.lines.push_back({"1", "MUG", "B01", "Mug", 2, "DEFECTIVE", "StandardRefund", "SELLABLE",
                       Money{1234, 2, "EUR"}, R"({"b":1.50})", "It leaks."});
  one.lines.emplace_back();
  fill_envelope(page);
  expect_same(wire::returns_of(sent(wire::returns(page))), page);
}

// Guards: an id that is no text came fit from a worker, and was parked without one.
TEST(WireSources, AnIdArrivesAsItWas) {
  Page<BuyerReturn> page;
  page.items.emplace_back().id = "\xff";
  EXPECT_EQ(wire::returns_of(sent(wire::returns(page))).items.at(0).id, "\xff");
  Page<Order> orders;
  orders.items.emplace_back().id = "\xff";
  EXPECT_EQ(wire::page_of(sent(wire::page(orders))).items.at(0).id, "\xff");
}

TEST(WireSources, AReturnThatTheCodecCannotTakeIsParked) {
  Page<BuyerReturn> page;
  page.items.resize(3);
  page.items[0].id = "odd";
  page.items[0].attributes = "[";
  page.items[0].changed_at = kNoon;
  page.items[1].id = "fine";
  page.items[2].id = "ancient";
  page.items[2].changed_at = std::chrono::sys_days{std::chrono::year{0} / 6 / 1};
  const auto got = wire::returns_of(sent(wire::returns(page)));
  ASSERT_EQ(got.items.size(), 1u);
  EXPECT_EQ(got.items[0].id, "fine");
  ASSERT_EQ(got.parked.size(), 2u);
  EXPECT_EQ(got.parked[0].id, "odd");
  EXPECT_EQ(got.parked[0].code, "invalid_return");
  EXPECT_THAT(got.parked[0].message, HasSubstr("attributes"));
  EXPECT_EQ(got.parked[0].changed_at, kNoon);
  EXPECT_EQ(got.parked[1].id, "ancient");
  EXPECT_EQ(got.parked[1].code, "invalid_return");
}

/// Why a page with that item, or with a member replaced or left out, is refused; empty: it is not.
template <class Read>
std::string why_refused(const Read& read, const std::string& items, const std::string& member = "",
                        const char* instead = nullptr) {
  auto page = boost::json::parse(R"({"items":[],"parked":[],"next":"","caught_up":false,)"
                                 R"("look_again_at":null,"complete_until":null})")
                  .as_object();
  page["items"] = boost::json::parse(items);
  if (instead != nullptr) {
    page[member] = boost::json::parse(instead);
  } else if (!member.empty()) {
    page.erase(member);
  }
  try {
    read(boost::json::value(page));
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

TEST(WireSources, SightingsWithoutSenseAreRefusedWithThePlace) {
  const auto why = [](const std::string& item) {
    return why_refused(wire::sightings_of, "[" + item + "]");
  };
  EXPECT_EQ(why(R"({"id":"1","state":5,"fulfilled_by":2})"), "");
  EXPECT_EQ(why("{}"), "id: is missing");
  EXPECT_EQ(why(R"({"id":"1","status":"x"})"), "a member is unknown");
  EXPECT_THAT(why(R"({"id":7})"), HasSubstr("id: "));
  EXPECT_THAT(why(R"({"id":"1","placed_at":"soon"})"), HasSubstr("placed_at: "));
  for (const char* state : {"6", "-1", "9223372036854775808", "\"shipped\"", "1.0", "null"}) {
    EXPECT_THAT(why(R"({"id":"1","state":)" + std::string(state) + "}"), HasSubstr("state: "));
  }
  EXPECT_THAT(why(R"({"id":"1","fulfilled_by":3})"), HasSubstr("fulfilled_by: "));
}

TEST(WireSources, ReturnsWithoutSenseAreRefused) {
  for (const char* item : {"7", "{}", R"({"id":"1"})", R"({"id":"1","return":{}})",
                           R"({"return":"{}"})", R"({"id":"1","return":"{}","personal":7})"}) {
    EXPECT_NE(why_refused(wire::returns_of, "[" + std::string(item) + "]"), "") << item;
  }
}

template <class Read>
void expect_strict(const Read& read) {
  EXPECT_EQ(why_refused(read, "[]"), "");
  EXPECT_NE(why_refused(read, "{}"), "");
  for (const char* member : {"items", "parked", "caught_up", "look_again_at", "complete_until"}) {
    EXPECT_NE(why_refused(read, "[]", member), "") << member << " is missing";
    EXPECT_NE(why_refused(read, "[]", member, "\"x\""), "") << member;
  }
  EXPECT_NE(why_refused(read, "[]", "next", "7"), "");
  EXPECT_NE(why_refused(read, "[]", "parked", "[7]"), "");
  EXPECT_NE(why_refused(read, "[]", "parked", R"([{"id":"1"}])"), "");
}

TEST(WireSources, PagesWithoutAMemberAreRefused) {
  expect_strict(wire::sightings_of);
  expect_strict(wire::returns_of);
  expect_strict(wire::page_of);
}

TEST(WireSources, AWindowIsWhole) {
  for (const char* window :
       {"null", "{}", R"({"by":0,"from":1})", R"({"by":2,"from":1,"until":2})",
        R"({"by":0,"from":null,"until":2})", R"({"by":0,"from":1,"until":2,"to":3})"}) {
    EXPECT_THROW(wire::window_of(boost::json::parse(window)), std::exception) << window;
  }
}

}  // namespace
}  // namespace marketplug::isolation
