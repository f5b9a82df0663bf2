// Group D, returns: what comes of the exchanges, and the places in between.
#include <fmt/format.h>

#include "host/json/return_codec.hpp"
#include "host/json/strict_parse.hpp"
#include "host/testkit/reading.hpp"

namespace marketplug::testkit {
namespace {

constexpr std::size_t kMostReturns = 1000;
constexpr std::string_view kReturns = "returns";

void d16_returns(Trial& trial) {
  need_returns(trial.cases);
  Shop shop(trial);
  std::map<std::string, boost::json::value> found;
  const auto judge = [&](const BuyerReturn& one) {
    trial.expect(!one.id.empty() && !one.order_id.empty(),
                 fmt::format("return {} has no id or no order", one.id));
    try {
      const auto text =
          json::join_return("", json::encode_return(one), json::encode_return_personal(one));
      found.insert_or_assign(one.id, json::parse_or_throw(text, one.id));
    } catch (const std::exception& error) {
      trial.fail(fmt::format("return {} cannot be kept: {}", one.id, error.what()));
    }
  };
  const auto reading = whole_of(shop, kReturns, [&](Shop& in, Cursor from, std::size_t most) {
    return read_returns(in, std::move(from), most, judge);
  });
  for (const auto& step : reading.steps) {
    trial.expect(
        step.items <= kMostReturns,
        fmt::format("a page has {} returns, at most {} are good", step.items, kMostReturns));
    const bool later = step.look_again_at && *step.look_again_at > step.at;
    trial.expect(!step.waits() || later || step.next != step.from,
                 "an empty page of returns neither leads on nor says when to come again "
                 "(look_again_at)");
  }
  for (const auto& [id, wanted] : trial.cases.expected_returns) {
    const auto one = found.find(std::string(id));
    if (!trial.expect(one != found.end(),
                      fmt::format("return {} of the cases is not among what was read",
                                  std::string_view(id)))) {
      continue;
    }
    const auto where = difference(one->second, wanted);
    trial.expect(!where, fmt::format("return {}: {} is not what the cases expect (it is {})",
                                     std::string_view(id), where.value_or(""),
                                     shown_at(one->second, where.value_or(""))));
  }
  const auto all = reading.all();
  for (const auto& id : trial.cases.parked_returns) {
    const auto one = all.find(id);
    trial.expect(one != all.end() && one->second == "parked",
                 fmt::format("return {} must be parked, and is {}", id,
                             one == all.end() ? "lost" : "taken for good"));
  }
}

void d17_places(Trial& trial) {
  need_returns(trial.cases);
  const PageReader read = [](Shop& in, Cursor from, std::size_t most) {
    return read_returns(in, std::move(from), most);
  };
  Shop first(trial);
  judge_places(trial, kReturns, whole_of(first, kReturns, read), read);
}

}  // namespace

std::vector<Check> return_checks() {
  using enum Level;
  return {
      {"D16", kRequired, "The returns of the cases come, each with its id and its order",
       Need::kReturns, d16_returns, true},
      {"D17", kRequired, "The same place in the returns gives the same, and going on loses nothing",
       Need::kReturns, d17_places, true},
  };
}

}  // namespace marketplug::testkit
