// Group E: answers without sense. No JSON, odd JSON, one bad record, the same page for ever.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "host/json/pointer.hpp"
#include "host/testkit/tour.hpp"
#include "host/testkit/weather.hpp"

namespace marketplug::testkit {
namespace {

void e5_no_json(Trial& trial) {
  const HttpResponse html{200, {{"Content-Type", "text/html"}}, "<html>Please log in</html>"};
  const HttpResponse nothing{200, {{"Content-Type", "application/json"}}, ""};
  const HttpResponse binary{200, {{"Content-Type", "application/json"}}, std::string(64, '\x80')};
  for (const auto& answer : {html, nothing, binary}) {
    for (const Deed& deed : deeds_of(trial)) {
      Shop good(trial);
      deed.run(good);
      // Where the good answer has no body, there is nothing to misread.
      const bool bare =
          std::all_of(good.http.sent.begin(), good.http.sent.end(), [](const Market::Sent& one) {
            return one.exchange == nullptr || one.exchange->answer.body.size() <= 2;
          });
      Shop shop(trial);
      shop.http.weather = always(answer);
      const auto failure = deed.run(shop);
      trial.expect(is_fair(failure) || (bare && !failure),
                   fmt::format("{}: an answer that is no JSON gives {} instead of kRemote",
                               deed.name, told(failure)));
    }
  }
}

void e6_odd_json(Trial& trial) {
  constexpr std::size_t kMost = 60;
  mutate_answers(trial, kMost, [&](const Deed& deed, const Mutation& mutation, Shop& shop) {
    const auto failure = deed.run(shop);
    trial.expect(!failure || is_fair(failure), fmt::format("{}: the answer {} gives {}", deed.name,
                                                           mutation.what, told(failure)));
  });
}

/// How many objects the list has that the mutation lies in, and which one it changed; nullopt: in
/// none.
struct Place {
  std::string list;
  std::size_t index = 0;
};
std::optional<Place> place_in(const std::string& pointer) {
  const auto tokens = json::split_pointer(pointer);
  std::string at;
  for (std::size_t i = 0; tokens && i < tokens->size(); ++i) {
    // A change of the whole item counts for nothing: an item may be a duplicate or gone.
    if (const auto index = json::array_index((*tokens)[i]); index && i + 1 < tokens->size()) {
      return Place{at, *index};
    }
    at = json::join_pointer(at, (*tokens)[i]);
  }
  return std::nullopt;
}

void e7_one_bad_record(Trial& trial) {
  constexpr std::size_t kMost = 80;
  Shop good(trial);
  const auto before = read_orders(good, {}, 1);
  if (before.steps.empty()) throw CannotGoOn("the first page cannot be read: see D1");
  const auto known = before.steps[0].found;
  std::size_t tried = 0;
  mutate_answers(trial, kMost, [&](const Deed& deed, const Mutation& mutation, Shop& shop) {
    const auto place = place_in(mutation.pointer);
    if (deed.name != "fetch_orders" || !place) return;
    ++tried;
    const auto got = read_orders(shop, {}, 1);
    if (got.failure) {
      trial.fail(fmt::format("one order of the page {}, and the whole page fails: {}",
                             mutation.what, shown(*got.failure)));
      return;
    }
    // All but the one that was changed must be there as they were.
    std::size_t kept = 0;
    const auto found = got.all();
    for (const auto& [id, content] : known) {
      const auto same = found.find(id);
      kept += same != found.end() && same->second == content ? 1 : 0;
    }
    trial.expect(kept + 1 >= known.size(),
                 fmt::format("one order of the page {}, and {} others are lost or changed",
                             mutation.what, known.size() - kept - 1));
  });
  if (tried == 0) Trial::skip("the recorded page of orders has no list of objects");
}

void e10_repeated_page(Trial& trial) {
  constexpr std::size_t kSteps = 60;
  Shop good(trial);
  read_orders(good, {}, 1);
  const Exchange* page = nullptr;
  for (const auto& one : good.http.sent) {
    if (is_api(one)) page = one.exchange;
  }
  if (page == nullptr) throw CannotGoOn("the first page cannot be read: see D1");
  if (read_orders(good, {}).steps.size() < 2) Trial::skip("the cases record one page of orders");
  Shop shop(trial);
  shop.http.weather = always(page->answer);
  const auto got = read_orders(shop, {}, kSteps);
  trial.expect(
      got.failure || got.caught_up,
      fmt::format("the marketplace gives the same page again and again, and {} steps later "
                  "nothing has been noticed",
                  kSteps));
  trial.expect(!got.failure || got.failure->kind == Failure::Kind::kRemote,
               "a page that repeats gives " + told(got.failure) + " instead of kRemote");
  trial.expect(got.failure.has_value(), "a page that repeats is taken for the end of the orders");
}

}  // namespace

std::vector<Check> answer_checks() {
  using enum Level;
  return {
      {"E5", kRequired, "HTML, nothing and bytes instead of JSON are kRemote", Need::kAny,
       e5_no_json, true},
      {"E6", kRequired, "Odd JSON is kRemote or handled by object, never a fault of the plugin",
       Need::kAny, e6_odd_json},
      {"E7", kRequired, "One bad order stops no other", Need::kOrders, e7_one_bad_record},
      {"E10", kRequired, "A page that repeats is noticed", Need::kOrders, e10_repeated_page, true},
  };
}

}  // namespace marketplug::testkit
