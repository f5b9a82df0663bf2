#include "host/testkit/market.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "host/json/pointer.hpp"
#include "host/json/strict_parse.hpp"
#include "host/testkit/allocations.hpp"

namespace marketplug::testkit {
namespace {

using boost::json::value;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string decoded(std::string_view text, bool plus_is_blank) {
  std::string made;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                        hex_digit(text[i + 2]) >= 0;
    if (escape) {
      made += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      made += plus_is_blank && text[i] == '+' ? ' ' : text[i];
    }
  }
  return made;
}

std::string_view take(std::string_view& text, std::string_view marks) {
  const auto end = std::min(text.find_first_of(marks), text.size());
  const auto first = text.substr(0, end);
  text.remove_prefix(end);
  return first;
}

/// Members that are wanted, with their values; lists must be the same.
bool contains(const value& has, const value& wanted) {
  const auto* members = wanted.if_object();
  if (members == nullptr) return has == wanted;
  const auto* object = has.if_object();
  return object != nullptr && std::all_of(members->begin(), members->end(), [&](const auto& each) {
           const auto* found = object->if_contains(each.key());
           return found != nullptr && contains(*found, each.value());
         });
}

/// Part by part between slashes; * stands for one.
bool same_path(std::string_view pattern, std::string_view path) {
  while (!pattern.empty() && !path.empty()) {
    pattern.remove_prefix(1);
    path.remove_prefix(1);
    const auto wanted = take(pattern, "/");
    const auto has = take(path, "/");
    if (wanted != "*" ? wanted != has : has.empty()) return false;
  }
  return pattern.empty() && path.empty();
}

std::string plain_text(const value* found) {
  if (found == nullptr) return "?";
  return found->is_string() ? std::string(found->get_string()) : boost::json::serialize(*found);
}

/// {body:/order}, {query:sku}, {path:2}, {item:/sku} put in.
std::string filled(std::string_view pattern, const Url& url, const value& body, const value& item) {
  std::string made;
  while (!pattern.empty()) {
    made += take(pattern, "{");
    const auto end = pattern.find('}');
    if (pattern.empty() || end == std::string_view::npos) break;
    auto name = pattern.substr(1, end - 1);
    pattern.remove_prefix(end + 1);
    const auto kind = take(name, ":");
    if (!name.empty()) name.remove_prefix(1);
    if (kind == "body") made += plain_text(json::find_value(body, name));
    if (kind == "item") made += plain_text(json::find_value(item, name));
    if (kind == "query") {
      for (const auto& [key, text] : url.query) made += key == name ? text : "";
    }
    if (kind == "path") {
      std::string_view path = url.path;
      std::size_t count = json::array_index(name).value_or(0);
      for (std::string_view segment; count > 0 && !path.empty(); --count) {
        path.remove_prefix(1);
        segment = take(path, "/");
        if (count == 1) made += segment;
      }
    }
  }
  return made;
}

value body_of(const HttpRequest& request) {
  json::ParseError ignored;
  return json::strict_parse(request.body, ignored).value_or(nullptr);
}

Failure cancelled(const char* why) {
  Failure failure;
  failure.kind = Failure::Kind::kCancelled;
  failure.code = "cancelled";
  failure.message = why;
  return failure;
}

}  // namespace

Url parse_url(std::string_view text) {
  Url url;
  const auto scheme = text.find("://");
  if (scheme == std::string_view::npos) return url;
  url.scheme = text.substr(0, scheme);
  text.remove_prefix(scheme + 3);
  url.host = take(text, "/?#");
  const auto path = take(text, "?#");
  url.path = path.empty() ? "/" : decoded(path, false);
  if (text.starts_with('?')) {
    text.remove_prefix(1);
    auto query = take(text, "#");
    while (!query.empty()) {
      auto pair = take(query, "&");
      if (!query.empty()) query.remove_prefix(1);
      const auto name = take(pair, "=");
      if (!pair.empty()) pair.remove_prefix(1);
      url.query.emplace_back(decoded(name, true), decoded(pair, true));
    }
  }
  return url;
}

std::vector<std::string> effects_of(const Exchange& exchange, const HttpRequest& request) {
  if (exchange.effect.empty()) return {};
  const Url url = parse_url(request.url);
  const value body = body_of(request);
  if (exchange.each.empty()) return {filled(exchange.effect, url, body, nullptr)};
  std::vector<std::string> names;
  const auto* list = json::find_value(body, exchange.each);
  if (list == nullptr || !list->is_array()) return {};
  for (const auto& item : list->get_array()) {
    names.push_back(filled(exchange.effect, url, body, item));
  }
  return names;
}

Market::Market(const Cases& cases, std::string canary, testing::FakeClock& clock,
               testing::FakeQuota& quota, testing::FakeDocuments& documents)
    : cases_(cases),
      canary_(std::move(canary)),
      clock_(clock),
      quota_(quota),
      documents_(documents) {}

bool Market::fits(const Exchange& exchange, const HttpRequest& request, const Url& url) const {
  if (exchange.method != request.method || !same_path(exchange.path, url.path)) return false;
  if (!exchange.host.empty() && exchange.host != url.host) return false;
  for (const auto& [name, wanted] : exchange.query) {
    const auto found = std::find_if(url.query.begin(), url.query.end(),
                                    [&](const auto& each) { return each.first == name; });
    const bool there = found != url.query.end();
    if (wanted ? !there || found->second != *wanted : there) return false;
  }
  if (request.body.find(exchange.text) == std::string::npos) return false;
  const value body =
      exchange.json.empty() && exchange.if_effect.empty() ? value() : body_of(request);
  if (!exchange.json.empty() && !contains(body, exchange.json)) return false;
  if (!exchange.if_effect.empty() &&
      !effects.contains(filled(exchange.if_effect, url, body, nullptr))) {
    return false;
  }
  const auto used = used_.find(&exchange);
  return exchange.times == 0 || used == used_.end() || used->second < exchange.times;
}

const Exchange* Market::match(const HttpRequest& request, const Url& url) {
  for (const Exchanges* list : {before_, &cases_.exchanges}) {
    if (list == nullptr) continue;
    for (const Exchange& each : *list) {
      if (!fits(each, request, url)) continue;
      ++used_[&each];
      return &each;
    }
  }
  return nullptr;
}

HttpResponse Market::recorded(const Exchange& exchange) const {
  HttpResponse made = exchange.answer;
  constexpr std::string_view kMark = "{canary}";
  for (auto at = made.body.find(kMark); at != std::string::npos; at = made.body.find(kMark, at)) {
    made.body.replace(at, kMark.size(), canary_);
  }
  return made;
}

Market::Sent& Market::note(const HttpRequest& request) {
  Sent one{request, parse_url(request.url), nullptr, false};
  const auto taken = std::count(quota_.taken.begin(), quota_.taken.end(), request.operation);
  auto& spent = spent_[request.operation];
  one.metered = static_cast<std::size_t>(taken) > spent;
  if (one.metered) ++spent;
  one.exchange = match(request, one.url);
  return sent.emplace_back(std::move(one));
}

Result<HttpResponse> Market::answer(const HttpRequest& request, StepContext& ctx) {
  // As the host's own transport: neither is sent.
  if (ctx.stop_requested() || clock_.now() >= ctx.deadline()) {
    ++refused;
    return cancelled(ctx.stop_requested() ? "The step was asked to stop."
                                          : "The step's deadline has passed.");
  }
  const Sent one = note(request);
  if (arriving) arriving(one);
  if (one.exchange == nullptr) {
    if (weather) {
      if (auto made = weather(one)) return *std::move(made);
    }
    if (status_of_unrecorded != 0) {
      return HttpResponse{status_of_unrecorded, {{"Content-Type", "application/json"}}, "{}"};
    }
    Failure failure;
    failure.kind = Failure::Kind::kRemote;
    failure.code = "unrecorded";
    failure.message = "The cases have no answer to " + request.operation + ".";
    return failure;
  }
  for (auto& name : effects_of(*one.exchange, request)) {
    if (!one.exchange->recognised) name += fmt::format("#{}", sent.size());
    ++effects[name];
  }
  if (weather) {
    if (auto made = weather(one)) return *std::move(made);
  }
  return recorded(*one.exchange);
}

Result<HttpResponse> Market::send(const HttpRequest& request, StepContext& ctx) {
  const AllocationPause own;
  auto got = answer(request, ctx);
  if (ctx.stop_requested()) return cancelled("The step was asked to stop.");
  return got;
}

Result<DocumentInfo> Market::download(const HttpRequest& request, const DownloadLimits& limits,
                                      StepContext& ctx) {
  const AllocationPause own;
  auto got = send(request, ctx);
  if (!got) return got.failure();
  HttpResponse& response = got.value();
  Failure failure;
  failure.kind = Failure::Kind::kRemote;
  failure.message = request.operation + " gave no document";
  if (response.status != 200) {
    failure.code = "status_" + std::to_string(response.status);
    return failure;
  }
  if (response.body.size() > limits.max_bytes) {
    failure.code = "too_large";
    return failure;
  }
  return documents_.add(std::move(response.body), std::string(response.header("content-type")));
}

std::string Market::unrecorded() const {
  std::string text;
  for (const Sent& one : sent) {
    if (one.exchange != nullptr) continue;
    auto line = fmt::format("{} {} ({})", one.request.method, one.url.path, one.request.operation);
    if (text.find(line) == std::string::npos) text += (text.empty() ? "" : ", ") + line;
  }
  return text;
}

}  // namespace marketplug::testkit
