// Group E: bad weather. Every answer of the marketplace's API is replaced by a refusal or a broken
// connection, and what the plugin makes of it must be the kind of failure that tells the host what
// to do.
#include <fmt/format.h>

#include <algorithm>

#include "host/testkit/tour.hpp"
#include "host/testkit/weather.hpp"

namespace marketplug::testkit {
namespace {

using std::chrono::seconds;

void e1_denied(Trial& trial) {
  for (const int status : {401, 403}) {
    each_deed(
        trial, always(refusal(trial.cases, status)),
        [&](Shop& shop, const std::string& name, const std::optional<Failure>& failure) {
          trial.expect(
              is_of(failure, {Failure::Kind::kAuth, Failure::Kind::kConfig}),
              fmt::format("{}: status {} gives {} instead of kAuth", name, status, told(failure)));
          // One more with a fresh token is good, and one for less of what may be denied; more is a
          // loop.
          trial.expect(api_requests(shop) <= 3, fmt::format("{}: after status {} it asks {} times",
                                                            name, status, api_requests(shop)));
        });
  }
}

void e2_throttled(Trial& trial) {
  constexpr seconds kAfter{137};
  for (const bool named : {true, false}) {
    auto answer = refusal(trial.cases, 429);
    std::erase_if(answer.headers, [](const auto& header) {
      return !HttpResponse{0, {header}, ""}.header("retry-after").empty();
    });
    if (named) answer.headers.emplace_back("Retry-After", std::to_string(kAfter.count()));
    each_deed(trial, always(answer),
              [&](Shop& shop, const std::string& name, const std::optional<Failure>& failure) {
                const char* with = named ? "with" : "without";
                trial.expect(is_of(failure, {Failure::Kind::kThrottled}),
                             fmt::format("{}: status 429 {} Retry-After gives {} instead of "
                                         "kThrottled",
                                         name, with, told(failure)));
                if (!is_of(failure, {Failure::Kind::kThrottled})) return;
                const auto earliest = shop.clock.now() + (named ? kAfter : seconds{1});
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
                                           status, told(failure)));
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
                                         name, code, told(failure)));
                trial.expect(api_requests(shop) <= 2,
                             fmt::format("{}: after a network failure it asks {} times", name,
                                         api_requests(shop)));
              });
  }
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
                                         told(failure)));
              });
  }
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
      {"E8", kRequired, "A redirect is not followed to another host", Need::kAny, e8_redirect,
       true},
  };
}

}  // namespace marketplug::testkit
