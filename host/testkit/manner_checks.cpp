// Group F: manners. Everything is called in good weather and in bad, and then what the plugin has
// said, kept and sent is searched.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <cctype>
#include <set>

#include "host/json/order_codec.hpp"
#include "host/json/return_codec.hpp"
#include "host/json/strict_parse.hpp"
#include "host/loading/text.hpp"
#include "host/testkit/tour.hpp"
#include "host/testkit/weather.hpp"

namespace marketplug::testkit {
namespace {

using boost::json::value;

/// Good weather, then bad: f(shop) after each tour.
template <class F>
void in_all_weathers(Trial& trial, const F& f) {
  {
    Shop shop(trial);
    tour(shop);
    shop.expect_recorded("calling everything once");
    f(shop);
  }
  for (const int status : {401, 422, 500}) {
    Shop shop(trial);
    shop.http.status_of_unrecorded = 404;
    shop.http.weather = [&, status](const Market::Sent& one) {
      return is_api(one) ? std::optional(refusal(trial.cases, status)) : std::nullopt;
    };
    tour(shop);
    f(shop);
  }
}

/// As above, and then each call with odd answers: what a plugin says of those may quote them.
template <class F>
void with_odd_answers_too(Trial& trial, const F& f) {
  constexpr std::size_t kOddAnswers = 25;
  in_all_weathers(trial, f);
  mutate_answers(trial, kOddAnswers, [&](const Deed& deed, const Mutation&, Shop& shop) {
    deed.run(shop);
    f(shop);
  });
}

/// Where a text is found; empty: nowhere.
std::string place_of(const Shop& shop, const std::string& text) {
  for (const auto& line : shop.log.lines()) {
    if (line.find(text) != std::string::npos) return "a log line";
  }
  for (const auto& line : shop.said) {
    if (line.find(text) != std::string::npos) return "a failure, a finding or an outcome";
  }
  for (const auto& line : shop.metrics.lines()) {
    if (line.find(text) != std::string::npos) return "a metric";
  }
  for (const auto& one : shop.http.sent) {
    if (one.request.url.find(text) != std::string::npos) return "the URL of a request";
  }
  // The host keeps both unsealed.
  for (const auto& [key, kept] : shop.state.values) {
    if (key.find(text) != std::string::npos || kept.find(text) != std::string::npos) {
      return "host.state/1";
    }
  }
  for (const auto& cursor : shop.cursors) {
    if (cursor.find(text) != std::string::npos) return "a cursor";
  }
  return "";
}

void f1_secrets(Trial& trial) {
  with_odd_answers_too(trial, [&](const Shop& shop) {
    const auto place = place_of(shop, shop.canary);
    trial.expect(place.empty(), "a secret stands in " + place);
  });
}

void f2_hosts(Trial& trial) {
  const auto& hosts = trial.cases.hosts;
  in_all_weathers(trial, [&](const Shop& shop) {
    for (const auto& one : shop.http.sent) {
      trial.expect(one.url.scheme == "https",
                   fmt::format("{} goes over {}", one.request.operation, one.url.scheme));
      trial.expect(std::find(hosts.begin(), hosts.end(), one.url.host) != hosts.end(),
                   fmt::format("{} goes to {}, which is not among /hosts", one.request.operation,
                               one.url.host));
    }
  });
}

void f3_user_agent(Trial& trial) {
  in_all_weathers(trial, [&](const Shop& shop) {
    for (const auto& one : shop.http.sent) {
      const HttpResponse headers{0, one.request.headers, ""};
      // An address that is its own credential: nothing that the API wants belongs there.
      trial.expect(one.request.secret_url || !headers.header("user-agent").empty(),
                   fmt::format("{} has no User-Agent", one.request.operation));
      trial.expect(!one.request.operation.empty(), "a request does not name its operation");
    }
  });
}

void f4_quota(Trial& trial) {
  in_all_weathers(trial, [&](const Shop& shop) {
    for (const auto& one : shop.http.sent) {
      const bool excused = one.exchange != nullptr && !one.exchange->unmetered.empty();
      trial.expect(
          one.metered || excused,
          fmt::format("{} is sent without a token of host.quota/1 for it", one.request.operation));
    }
  });
  Shop shop(trial);
  const auto again = shop.clock.now() + std::chrono::minutes{7};
  shop.quota.wait_until = again;
  const auto failure = one_call(shop);
  const bool sent = std::any_of(shop.http.sent.begin(), shop.http.sent.end(), is_api);
  trial.expect(!sent, "sends although host.quota/1 says to wait");
  trial.expect(failure && failure->kind == Failure::Kind::kThrottled && failure->retry_at == again,
               fmt::format("host.quota/1 says to wait, and the step gives {} instead of kThrottled "
                           "with that time",
                           failure ? shown(*failure) : "a success"));
}

/// Calls f(order) for every order of the cases, read from the beginning.
template <class F>
void each_order(Shop& shop, const F& f) {
  Cursor at;
  for (int step = 0; step < 200; ++step) {
    const auto page = shop.fetch(at);
    if (!page) throw CannotGoOn("the orders cannot be read: " + shown(page.failure()));
    for (const Order& order : page.value().items) f(order);
    at = page.value().next;
    if (page.value().caught_up) return;
    shop.go_on_at(page.value().look_again_at);
  }
}

void f5_values(Trial& trial) {
  if (!trial.cases.has_orders) {
    trial.fail(trial.cases.file + " has no \"orders\": name what must come of the exchanges");
    return;
  }
  Shop shop(trial);
  std::map<std::string, value> found;
  each_order(shop, [&](const Order& order) {
    try {
      const auto text =
          json::join_order("", json::encode_order(order), json::encode_order_personal(order));
      found.insert_or_assign(order.id, json::parse_or_throw(text, order.id));
    } catch (const std::exception& error) {
      trial.fail(fmt::format("order {} cannot be kept: {}", order.id, error.what()));
    }
    const auto far = TimePoint{std::chrono::sys_days{std::chrono::year{1995} / 1 / 1}};
    trial.expect(order.changed_at > far && order.placed_at > far,
                 fmt::format("order {}: placed_at or changed_at is missing or long ago", order.id));
  });
  bool money = false;
  for (const auto& [id, wanted] : trial.cases.expected_orders) {
    const auto order = found.find(std::string(id));
    if (order == found.end()) continue;  // D1's affair
    money = money || boost::json::serialize(wanted).find("\"amount\"") != std::string::npos;
    const auto where = difference(order->second, wanted);
    trial.expect(!where, fmt::format("order {}: {} is not what the cases expect (it is {})",
                                     std::string_view(id), where.value_or(""),
                                     shown_at(order->second, where.value_or(""))));
  }
  trial.expect(money, trial.cases.file +
                          ": /orders/expect has no amount of money: name one at least, as "
                          "{\"amount\": \"12.34\", \"currency\": \"EUR\"}");
}

void f6_people(Trial& trial) {
  if (trial.cases.personal.empty()) {
    trial.fail(trial.cases.file +
               " names no /personal texts: the (invented) people of its answers");
    return;
  }
  with_odd_answers_too(trial, [&](const Shop& shop) {
    for (const auto& text : trial.cases.personal) {
      const auto place = place_of(shop, text);
      trial.expect(place.empty(), "personal data stands in " + place);
    }
  });
  Shop shop(trial);
  each_order(shop, [&](const Order& order) {
    const auto open = json::encode_order(order);
    for (const auto& text : trial.cases.personal) {
      trial.expect(open.find(text) == std::string::npos,
                   fmt::format("order {}: personal data stands in a field that is not meant for it",
                               order.id));
    }
  });
  if (!trial.offers(ReturnSource::kId)) return;
  read_returns(shop, {}, 200, [&](const BuyerReturn& one) {
    const auto open = json::encode_return(one);
    for (const auto& text : trial.cases.personal) {
      trial.expect(
          open.find(text) == std::string::npos,
          fmt::format("return {}: personal data stands in a field that is not meant for it",
                      one.id));
    }
  });
}

/// A piece of the text that stands in a line too; long enough to be no accident.
bool shares_piece(std::string_view line, std::string_view text) {
  constexpr std::size_t kPiece = 64;
  for (std::size_t at = 0; at + kPiece <= text.size(); ++at) {
    if (line.find(text.substr(at, kPiece)) != std::string_view::npos) return true;
  }
  return false;
}

bool is_stable(std::string_view event) {
  return !event.empty() && std::all_of(event.begin(), event.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
}

/// As a word of its own: A1 is not in A12.
bool names(std::string_view text, std::string_view id) {
  const auto is_part = [&](std::size_t at) {
    return at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) != 0 ||
                                text[at] == '-' || text[at] == '_');
  };
  for (auto at = text.find(id); at != std::string_view::npos; at = text.find(id, at + 1)) {
    if (!is_part(at - 1) && !is_part(at + id.size())) return true;
  }
  return false;
}

/// The ids of orders that the cases speak of.
std::set<std::string> order_ids(const Cases& cases) {
  std::set<std::string> ids(cases.parked_orders.begin(), cases.parked_orders.end());
  for (const auto& each : cases.expected_orders) ids.emplace(each.key());
  for (const auto& [name, sink] : cases.sinks) {
    for (const auto& item : sink.good) {
      const auto* id = item.as_object().if_contains("order_id");
      if (id != nullptr && id->is_string()) ids.emplace(id->get_string());
    }
  }
  return ids;
}

void f7_log(Trial& trial) {
  const auto ids = order_ids(trial.cases);
  in_all_weathers(trial, [&](const Shop& shop) {
    for (const auto& entry : shop.log.entries()) {
      trial.expect(is_stable(entry.event),
                   fmt::format("the event of a log line is no stable name: \"{}\"",
                               loading::printable(entry.event, 120)));
      trial.expect(entry.message.find('\n') == std::string::npos, "a log line has line breaks");
      if (entry.level == Log::Level::kDebug) continue;
      const auto order = entry.fields.find("order");
      for (const auto& id : ids) {
        trial.expect(
            !names(entry.message, id) || (order != entry.fields.end() && order->second == id),
            fmt::format("{}: the message names an order whose id is not in the field "
                        "\"order\": nobody finds its lines",
                        loading::printable(entry.event, 120)));
      }
    }
    for (const auto& line : shop.log.lines()) {
      if (line.starts_with("debug ")) continue;
      for (const auto& one : shop.http.sent) {
        const bool body =
            shares_piece(line, one.request.body) ||
            (one.exchange != nullptr && shares_piece(line, one.exchange->answer.body));
        trial.expect(
            !body, fmt::format("a log line above debug has the body of {}", one.request.operation));
      }
    }
  });
}

}  // namespace

std::vector<Check> manner_checks() {
  using enum Level;
  return {
      {"F1", kRequired, "No secret in logs, failures, findings, metrics, URLs, cursors and state",
       Need::kAny, f1_secrets},
      {"F2", kRequired, "Only HTTPS, and only to the hosts of the cases", Need::kAny, f2_hosts},
      {"F3", kRequired, "Every request has a User-Agent and an operation", Need::kAny,
       f3_user_agent},
      {"F4", kRequired, "host.quota/1 is asked before each request, and believed", Need::kAny,
       f4_quota},
      {"F5", kRequired, "Money and times of the orders are exact", Need::kOrders, f5_values},
      {"F6", kRequired, "Personal data is only in fields that are meant for it", Need::kOrders,
       f6_people},
      {"F7", kRecommended,
       "Log lines have stable events and the ids of their orders, and no bodies above debug",
       Need::kAny, f7_log},
  };
}

}  // namespace marketplug::testkit
