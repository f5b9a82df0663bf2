// Group E: access tokens, and secrets that the marketplace replaces.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

#include "host/testkit/tour.hpp"
#include "host/testkit/weather.hpp"

namespace marketplug::testkit {
namespace {

void need_token(const Cases& cases) {
  const bool has_token = std::any_of(cases.exchanges.begin(), cases.exchanges.end(),
                                     [](const Exchange& each) { return each.token; });
  if (!has_token) Trial::skip("the cases have no exchange for an access token");
}

void e9_rotation(Trial& trial) {
  const Cases& cases = trial.cases;
  need_token(cases);
  if (cases.rotated_secret.empty()) {
    Trial::skip("the cases record no rotation of a secret (\"rotation\")");
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

/// The calls of one connector never overlap, so whatever needs a token at the same time comes one
/// after the other: each must find the token of the first.
void e11_one_token(Trial& trial) {
  constexpr std::chrono::minutes kAnyTokenLasts{1};
  need_token(trial.cases);
  Shop shop(trial);
  std::map<std::string, TimePoint> asked;  // by all that the request says
  shop.http.arriving = [&](const Market::Sent& one) {
    if (is_api(one)) return;
    const auto now = shop.clock.now();
    const auto [before, first] = asked.try_emplace(one.request.url + "\n" + one.request.body, now);
    trial.expect(first || now - before->second >= kAnyTokenLasts,
                 fmt::format("{} is sent again within a minute: keep the token until it expires",
                             one.request.operation));
    before->second = now;
  };
  tour(shop);
  trial.expect(!asked.empty(), "no access token is asked for, and the cases have an exchange");
}

}  // namespace

std::vector<Check> token_checks() {
  using enum Level;
  return {
      {"E9", kRecommended, "A rotated secret is kept and used, and asked for once", Need::kAny,
       e9_rotation},
      {"E11", kRequired, "One access token serves every request that needs one", Need::kAny,
       e11_one_token},
  };
}

}  // namespace marketplug::testkit
