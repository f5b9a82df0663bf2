#include "host/testkit/weather.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <set>
#include <utility>

#include "host/json/handed_settings.hpp"
#include "host/json/pointer.hpp"
#include "host/json/strict_parse.hpp"

namespace marketplug::testkit {
namespace {

using boost::json::value;

/// The document with another value at a place.
std::string with(const value& document, const std::string& pointer, value other) {
  value changed = document;
  *json::find_value(changed, pointer) = std::move(other);
  return boost::json::serialize(changed);
}

std::string without(const value& document, const std::string& pointer) {
  value changed = document;
  const auto tokens = json::split_pointer(pointer).value();
  auto* parent = json::find_value(changed, json::parent_pointer(pointer));
  if (auto* object = parent->if_object()) object->erase(tokens.back());
  if (auto* array = parent->if_array()) {
    array->erase(array->begin() + static_cast<std::ptrdiff_t>(*json::array_index(tokens.back())));
  }
  return boost::json::serialize(changed);
}

void mutate(const value& document, const std::string& pointer, const value& at,
            std::vector<Mutation>& all) {
  const auto add = [&](const char* what, value other) {
    all.push_back(
        {fmt::format("{} {}", pointer, what), pointer, with(document, pointer, std::move(other))});
  };
  all.push_back({pointer + " is left out", pointer, without(document, pointer)});
  add("is null", nullptr);
  add("is a list", boost::json::array{1});
  add("is an object", boost::json::object{{"x", 1}});
  if (at.is_string()) {
    add("is an unknown word", "QUITE_UNHEARD_OF");
    add("is an emoji", "\xf0\x9f\x8d\x95");
    add("is empty", "");
    add("is a number", 7);
  }
  if (at.is_number()) {
    add("is 2^63", std::uint64_t{1} << 63);
    add("is below zero", -1);
    add("is a fraction", 0.5);
    add("is a text", "seven");
  }
  if (at.is_bool()) add("is a text", "yes");
}

}  // namespace

bool is_api(const Market::Sent& one) { return one.exchange == nullptr || !one.exchange->token; }

HttpResponse refusal(const Cases& cases, int status) {
  const auto found = cases.refusals.find(std::to_string(status));
  HttpResponse made = found == cases.refusals.end()
                          ? HttpResponse{status, {{"Content-Type", "application/json"}}, "{}"}
                          : found->second;
  made.status = status;
  return made;
}

Failure network_failure(std::string code) {
  Failure failure;
  failure.kind = Failure::Kind::kTransient;
  failure.code = std::move(code);
  failure.message = "The connection to the marketplace failed.";
  return failure;
}

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

void each_deed(
    Trial& trial, const Market::Weather& weather,
    const std::function<void(Shop&, const std::string&, const std::optional<Failure>&)>& f) {
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

bool is_fair(const std::optional<Failure>& failure) {
  return is_of(failure, {Failure::Kind::kRemote, Failure::Kind::kTransient});
}

std::string told(const std::optional<Failure>& failure) {
  return failure ? shown(*failure) : "a success";
}

std::vector<Mutation> mutations_of(const std::string& text, std::uint64_t seed, std::size_t most) {
  json::ParseError ignored;
  const auto document = json::strict_parse(text, ignored);
  if (!document) return {};
  std::vector<Mutation> all;
  json::each_value(*document, [&](const std::string& pointer, const value& at) {
    if (!pointer.empty()) mutate(*document, pointer, at, all);
  });
  testing::SeededRandom random(seed);
  for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[random.next() % i]);
  all.resize(std::min(all.size(), most));
  // These are always among them.
  all.push_back({"it begins with a byte order mark", "", "\xef\xbb\xbf" + text});
  all.push_back({"it is cut in the middle", "", text.substr(0, text.size() / 2)});
  all.push_back({"it is followed by more", "", text + text});
  return all;
}

void mutate_answers(Trial& trial, std::size_t most,
                    const std::function<void(const Deed&, const Mutation&, Shop&)>& f) {
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
        f(deed, mutation, shop);
      }
    }
  }
}

}  // namespace marketplug::testkit
