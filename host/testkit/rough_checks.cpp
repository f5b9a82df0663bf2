// Group G: rough handling. Damaged answers, no time, huge pages, and everything again with the
// plugin in a process of its own.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <set>

#include "host/json/handed_settings.hpp"
#include "host/json/pointer.hpp"
#include "host/json/strict_parse.hpp"
#include "host/testkit/tour.hpp"

namespace marketplug::testkit {
namespace {

using boost::json::value;

/// A few bytes flipped, dropped, doubled or put in.
std::string damaged(std::string text, testing::SeededRandom& random) {
  const auto times = 1 + random.next() % 4;
  for (std::uint64_t i = 0; i < times && !text.empty(); ++i) {
    const auto at = random.next() % text.size();
    switch (random.next() % 4) {
      case 0:
        text[at] = static_cast<char>(random.next() & 0xff);
        break;
      case 1:
        text.erase(at, 1 + random.next() % 8);
        break;
      case 2:
        text.insert(at, text.substr(at, 1 + random.next() % 16));
        break;
      default:
        text.insert(at, 1, "{}[],:\"\\0e-"[random.next() % 11]);
    }
  }
  return text;
}

void expect_no_fault(Trial& trial, const std::string& what, const std::optional<Failure>& failure) {
  const bool fault = failure && failure->kind == Failure::Kind::kInternal;
  trial.expect(!fault, what + ": " + (failure ? shown(*failure) : ""));
}

void g1_damage(Trial& trial) {
  constexpr int kRounds = 60;
  testing::SeededRandom random(trial.subject.seed);
  for (const Deed& deed : deeds_of(trial)) {
    for (int round = 0; round < kRounds; ++round) {
      Shop shop(trial);
      shop.http.status_of_unrecorded = 404;
      shop.http.weather = [&](const Market::Sent& one) -> std::optional<Result<HttpResponse>> {
        if (one.exchange == nullptr) return std::nullopt;
        HttpResponse answer = one.exchange->answer;
        answer.body = damaged(answer.body, random);
        return answer;
      };
      expect_no_fault(trial, fmt::format("{}, round {}", deed.name, round), deed.run(shop));
    }
  }
}

void g2_isolated(Trial& trial) {
  for (const Check& check : all_checks()) {
    if (!check.isolated || trial.cases.skips.contains(check.id)) continue;
    Trial here(trial.subject, trial.cases), there(trial.subject, trial.cases);
    there.isolated = true;
    if (!unmet(check, here).empty()) continue;
    const auto in_process = run_here(check, here);
    const auto isolated = run_here(check, there);
    if (in_process.verdict == isolated.verdict) continue;
    trial.fail(fmt::format("{} {} in the host's process, and with isolation: process it {}{}",
                           check.id, to_string(in_process.verdict), to_string(isolated.verdict),
                           isolated.faults.empty() ? "" : ": " + isolated.faults.front()));
  }
}

void g3_no_time(Trial& trial) {
  using std::chrono::milliseconds;
  for (const Deed& deed : deeds_of(trial)) {
    Shop shop(trial);
    shop.ctx = testing::FakeContext(shop.clock.now() + milliseconds{1});
    shop.http.arriving = [&](const Market::Sent&) { shop.clock.advance(milliseconds{2}); };
    const auto failure = deed.run(shop);
    expect_no_fault(trial, deed.name + " with a millisecond", failure);
    trial.expect(shop.http.refused <= 1,
                 fmt::format("{} with a millisecond goes on asking", deed.name));
  }
}

/// The body with each list of objects repeated until it has that many; empty: there is none.
std::string enlarged(const std::string& body, std::size_t items) {
  json::ParseError ignored;
  auto document = json::strict_parse(body, ignored);
  if (!document) return "";
  std::string largest;
  std::size_t most = 0;
  json::each_value(*document, [&](const std::string& pointer, const value& at) {
    const auto* list = at.if_array();
    if (list != nullptr && list->size() > most && (*list)[0].is_object()) {
      most = list->size();
      largest = pointer;
    }
  });
  if (most == 0) return "";
  auto& list = json::find_value(*document, largest)->get_array();
  while (list.size() < items) list.push_back(list[list.size() - most]);
  return boost::json::serialize(*document);
}

void g4_huge_page(Trial& trial) {
  constexpr std::size_t kItems = 10'000;
  constexpr std::chrono::seconds kGood{10};
  std::size_t tried = 0;
  for (const Deed& deed : deeds_of(trial)) {
    Shop shop(trial);
    shop.http.weather = [&](const Market::Sent& one) -> std::optional<Result<HttpResponse>> {
      if (one.exchange == nullptr) return std::nullopt;
      HttpResponse answer = one.exchange->answer;
      const auto large = enlarged(answer.body, kItems);
      if (large.empty()) return std::nullopt;
      ++tried;
      answer.body = large;
      return answer;
    };
    const auto begin = std::chrono::steady_clock::now();
    expect_no_fault(trial, fmt::format("{} with {} objects", deed.name, kItems), deed.run(shop));
    trial.expect(
        std::chrono::steady_clock::now() - begin < kGood,
        fmt::format("{} with {} objects takes more than {} s", deed.name, kItems, kGood.count()));
  }
  if (tried == 0) Trial::skip("no recorded answer has a list of objects");
}

/// Which of so many allocations fail, one at a time: the first ones, and some of the others.
std::set<std::size_t> places_among(std::size_t total, testing::SeededRandom& random) {
  constexpr std::size_t kFirst = 30, kDrawn = 70;
  std::set<std::size_t> places;
  for (std::size_t i = 1; i <= std::min(total, kFirst); ++i) places.insert(i);
  for (std::size_t i = 0; i < kDrawn && total > kFirst; ++i)
    places.insert(1 + random.next() % total);
  return places;
}

void g5_memory(Trial& trial) {
  testing::SeededRandom random(trial.subject.seed);
  std::size_t seen = 0;
  for (const Deed& deed : deeds_of(trial)) {
    Shop good(trial);
    const auto refused = deed.run(good);
    seen += good.memory.seen;
    if (refused) continue;  // another check's affair
    for (const std::size_t place : places_among(good.memory.seen, random)) {
      Shop shop(trial);
      shop.memory.fails_at = place;
      const auto staged = shop.state.values;
      // Whatever comes of it, an exception too: the process lives, and the connector goes on.
      if (deed.run(shop)) shop.state.values = staged;  // as the host drops it
      shop.memory.fails_at = 0;
      shop.go_on_at(std::nullopt);
      const auto failure = deed.run(shop);
      trial.expect(!failure,
                   fmt::format("{}: allocation {} of {} failed once, and later the same "
                               "call gives {}",
                               deed.name, place, good.memory.seen, failure ? shown(*failure) : ""));
    }
  }
  if (seen == 0)
    Trial::skip("the plugin's allocations cannot be seen: it has an operator new of its own");
}

void g5_orders(Trial& trial) {
  if (!trial.offers(OrderSource::kId)) return;
  testing::SeededRandom random(trial.subject.seed + 1);
  Shop good(trial);
  const auto whole = read_orders(good, {}, 1);
  if (whole.failure || whole.steps.empty()) return;  // D1's affair
  for (const std::size_t place : places_among(good.memory.seen, random)) {
    Shop shop(trial);
    shop.memory.fails_at = place;
    const auto got = read_orders(shop, {}, 1);
    trial.expect(got.failure || got.steps[0].found.size() == whole.steps[0].found.size(),
                 fmt::format("fetch_orders: allocation {} of {} failed, and orders are lost", place,
                             good.memory.seen));
  }
}

void g5_allocations(Trial& trial) {
  g5_memory(trial);
  g5_orders(trial);
}

}  // namespace

std::vector<Check> rough_checks() {
  using enum Level;
  return {
      {"G1", kRecommended, "Damaged answers are no fault of the plugin", Need::kAny, g1_damage},
      {"G2", kRequired, "With isolation: process everything comes to the same", Need::kAny,
       g2_isolated},
      {"G3", kRecommended, "A millisecond of time is no fault", Need::kAny, g3_no_time},
      {"G4", kRecommended, "Pages of ten thousand objects are taken in good time", Need::kAny,
       g4_huge_page},
      {"G5", kRecommended, "Memory that runs out once ends no process and loses nothing",
       Need::kAny, g5_allocations},
  };
}

}  // namespace marketplug::testkit
