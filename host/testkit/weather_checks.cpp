// Group E: bad weather. For each operation that a good run asks for, its answers are replaced, and
// what the plugin makes of it must be the kind of failure that tells the host what to do.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "host/json/pointer.hpp"
#include "host/testkit/tour.hpp"
#include "host/testkit/weather.hpp"

namespace marketplug::testkit {
namespace {

using std::chrono::seconds;

/// Answers every request of the API so.
Market::Weather always(const Result<HttpResponse>& answer) {
  return [answer](const Market::Sent& one) -> std::optional<Result<HttpResponse>> {
    if (!is_api(one)) return std::nullopt;
    return answer;
  };
}

std::size_t api_requests(const Shop& shop) {
  return static_cast<std::size_t>(
      std::count_if(shop.http.sent.begin(), shop.http.sent.end(), is_api));
}

/// Each deed in that weather: f(shop, name, failure).
template <class F>
void each_deed(Trial& trial, const Market::Weather& weather, const F& f) {
  for (const Deed& deed : deeds_of(trial)) {
    Shop shop(trial);
    shop.http.weather = weather;
    const auto failure = deed.run(shop);
    f(shop, deed.name, failure);
  }
}

bool is_of(const std::optional<Failure>& failure, std::initializer_list<Failure::Kind> kinds) {
  return failure && std::find(kinds.begin(), kinds.end(), failure->kind) != kinds.end();
}

std::string text_of(const std::optional<Failure>& failure) {
  return failure ? shown(*failure) : "a success";
}

void e1_denied(Trial& trial) {
  for (const int status : {401, 403}) {
    each_deed(trial, always(refusal(trial.cases, status)),
              [&](Shop& shop, const std::string& name, const std::optional<Failure>& failure) {
                trial.expect(is_of(failure, {Failure::Kind::kAuth, Failure::Kind::kConfig}),
                             fmt::format("{}: status {} gives {} instead of kAuth", name, status,
                                         text_of(failure)));
                // One more with a fresh token is good; more is a loop.
                trial.expect(api_requests(shop) <= 2,
                             fmt::format("{}: after status {} it asks {} times", name, status,
                                         api_requests(shop)));
              });
  }
}

void e2_throttled(Trial& trial) {
  constexpr seconds kAfter{137};
  for (const bool told : {true, false}) {
    auto answer = refusal(trial.cases, 429);
    std::erase_if(answer.headers, [](const auto& header) {
      return !HttpResponse{0, {header}, ""}.header("retry-after").empty();
    });
    if (told) answer.headers.emplace_back("Retry-After", std::to_string(kAfter.count()));
    each_deed(trial, always(answer),
              [&](Shop& shop, const std::string& name, const std::optional<Failure>& failure) {
                const char* with = told ? "with" : "without";
                trial.expect(is_of(failure, {Failure::Kind::kThrottled}),
                             fmt::format("{}: status 429 {} Retry-After gives {} instead of "
                                         "kThrottled",
                                         name, with, text_of(failure)));
                if (!is_of(failure, {Failure::Kind::kThrottled})) return;
                const auto earliest = shop.clock.now() + (told ? kAfter : seconds{1});
                trial.expect(failure->retry_at && *failure->retry_at >= earliest,
                             fmt::format("{}: status 429 {} Retry-After: retry_at is missing or "
                                         "too early",
                                         name, with));
                trial.expect(api_requests(shop) == 1,
                             fmt::format("{}: asks on after status 429", name));
              });
  }
}

void e3_broken_server(Trial& trial) {
  for (const int status : {500, 502, 503, 504}) {
    const HttpResponse page{status, {{"Content-Type", "text/html"}}, "<html>Sorry</html>"};
    for (const auto& answer : {refusal(trial.cases, status), page}) {
      each_deed(trial, always(answer),
                [&](Shop& shop, const std::string& name, const std::optional<Failure>& failure) {
                  trial.expect(is_of(failure, {Failure::Kind::kTransient}),
                               fmt::format("{}: status {} gives {} instead of kTransient", name,
                                           status, text_of(failure)));
                  trial.expect(api_requests(shop) <= 2,
                               fmt::format("{}: after status {} it asks {} times", name, status,
                                           api_requests(shop)));
                });
    }
  }
}

void e4_network(Trial& trial) {
  for (const char* code : {"reset", "timeout", "truncated", "connect", "dns"}) {
    each_deed(trial, always(network_failure(code)),
              [&](Shop& shop, const std::string& name, const std::optional<Failure>& failure) {
                trial.expect(is_of(failure, {Failure::Kind::kTransient}),
                             fmt::format("{}: a network failure ({}) gives {} instead of "
                                         "kTransient",
                                         name, code, text_of(failure)));
                trial.expect(api_requests(shop) <= 2,
                             fmt::format("{}: after a network failure it asks {} times", name,
                                         api_requests(shop)));
              });
  }
}

/// The failures that garbage may give: never the plugin's own fault, never the settings'.
bool is_fair(const std::optional<Failure>& failure) {
  return is_of(failure, {Failure::Kind::kRemote, Failure::Kind::kTransient});
}

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
                               deed.name, text_of(failure)));
    }
  }
}

/// The recorded answers of a deed's API requests, changed one by one. f(name, mutation, shop,
/// failure).
template <class F>
void mutate_answers(Trial& trial, std::size_t most, const F& f) {
  for (const Deed& deed : deeds_of(trial)) {
    Shop good(trial);
    deed.run(good);
    std::set<const Exchange*> seen;
    for (const auto& one : good.http.sent) {
      if (one.exchange == nullptr || !is_api(one) || !seen.insert(one.exchange).second) continue;
      const Exchange* changed = one.exchange;
      for (const auto& mutation : mutations_of(changed->answer.body, trial.subject.seed, most)) {
        Shop shop(trial);
        shop.http.status_of_unrecorded = 404;
        shop.http.weather = [&](const Market::Sent& sent) -> std::optional<Result<HttpResponse>> {
          if (sent.exchange != changed) return std::nullopt;
          HttpResponse answer = changed->answer;
          answer.body = mutation.text;
          return answer;
        };
        f(deed, *changed, mutation, shop);
      }
    }
  }
}

void e6_odd_json(Trial& trial) {
  constexpr std::size_t kMost = 60;
  mutate_answers(
      trial, kMost, [&](const Deed& deed, const Exchange&, const Mutation& mutation, Shop& shop) {
        const auto failure = deed.run(shop);
        trial.expect(
            !failure || is_fair(failure),
            fmt::format("{}: the answer {} gives {}", deed.name, mutation.what, text_of(failure)));
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
  mutate_answers(
      trial, kMost, [&](const Deed& deed, const Exchange&, const Mutation& mutation, Shop& shop) {
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

void e8_redirect(Trial& trial) {
  for (const int status : {301, 302, 307, 308}) {
    HttpResponse answer = refusal(trial.cases, status);
    answer.headers.emplace_back("Location", "https://elsewhere.example.net/take");
    each_deed(trial, always(answer),
              [&](Shop& shop, const std::string& name, const std::optional<Failure>& failure) {
                for (const auto& one : shop.http.sent) {
                  trial.expect(one.url.host != "elsewhere.example.net",
                               fmt::format("{}: follows status {} to another host", name, status));
                }
                trial.expect(is_fair(failure),
                             fmt::format("{}: status {} gives {} instead of kRemote", name, status,
                                         text_of(failure)));
              });
  }
}

void e9_rotation(Trial& trial) {
  const Cases& cases = trial.cases;
  const bool has_token = std::any_of(cases.exchanges.begin(), cases.exchanges.end(),
                                     [](const Exchange& each) { return each.token; });
  if (cases.rotated_secret.empty()) {
    Trial::skip(has_token ? "the cases record no rotation of a secret (\"rotation\")"
                          : "the cases have no exchange for an access token");
  }
  const std::string handle = "secret:" + cases.rotated_secret;
  Shop shop(trial);
  shop.http.put_before(cases.rotation);
  const auto before = shop.secrets.values[handle];
  const auto tokens = [&] {
    return std::count_if(shop.http.sent.begin(), shop.http.sent.end(),
                         [](const Market::Sent& one) { return !is_api(one); });
  };
  if (const auto failure = one_call(shop)) {
    trial.fail("a step with a new secret: " + shown(*failure));
    return;
  }
  trial.expect(tokens() == 1, fmt::format("one step asks {} times for a token", tokens()));
  const auto now = shop.secrets.values[handle];
  trial.expect(now != before && now.find(shop.canary) != std::string::npos,
               fmt::format("the new secret is not kept: Secrets::replace(\"{}\")", handle));
  one_call(shop);
  trial.expect(tokens() == 1, "a second step asks for a token although the first is good");
  shop.go_on_at(shop.clock.now() + std::chrono::hours{48});
  const auto asked = shop.http.sent.size();
  one_call(shop);
  const bool used = std::any_of(
      shop.http.sent.begin() + static_cast<std::ptrdiff_t>(asked), shop.http.sent.end(),
      [&](const Market::Sent& one) {
        // As JSON, or as a form, whose values are encoded.
        const auto form = parse_url("form://body/?" + one.request.body).query;
        return !is_api(one) && (one.request.body.find(now) != std::string::npos ||
                                std::any_of(form.begin(), form.end(),
                                            [&](const auto& each) { return each.second == now; }));
      });
  trial.expect(used, "the next token is not asked for with the new secret");
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
               "a page that repeats gives " + text_of(got.failure) + " instead of kRemote");
  trial.expect(got.failure.has_value(), "a page that repeats is taken for the end of the orders");
}

}  // namespace

std::vector<Check> weather_checks() {
  using enum Level;
  return {
      {"E1", kRequired, "401 and 403 are kAuth (or kConfig), without a loop", Need::kAny, e1_denied,
       true},
      {"E2", kRequired, "429 is kThrottled, not before Retry-After", Need::kAny, e2_throttled,
       true},
      {"E3", kRequired, "500, 502, 503 and 504 are kTransient", Need::kAny, e3_broken_server, true},
      {"E4", kRequired, "Network failures are kTransient", Need::kAny, e4_network, true},
      {"E5", kRequired, "HTML, nothing and bytes instead of JSON are kRemote", Need::kAny,
       e5_no_json, true},
      {"E6", kRequired, "Odd JSON is kRemote or handled by object, never a fault of the plugin",
       Need::kAny, e6_odd_json},
      {"E7", kRequired, "One bad order stops no other", Need::kOrders, e7_one_bad_record},
      {"E8", kRequired, "A redirect is not followed to another host", Need::kAny, e8_redirect,
       true},
      {"E9", kRecommended, "A rotated secret is kept and used, and asked for once", Need::kAny,
       e9_rotation},
      {"E10", kRequired, "A page that repeats is noticed", Need::kOrders, e10_repeated_page, true},
  };
}

}  // namespace marketplug::testkit
