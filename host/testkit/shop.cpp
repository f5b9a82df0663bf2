#include "host/testkit/shop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <utility>

#include "host/json/handed_settings.hpp"
#include "host/json/strict_parse.hpp"
#include "host/loading/call_guard.hpp"
#include "host/loading/text.hpp"

namespace marketplug::testkit {
namespace {

constexpr std::chrono::seconds kStepTime{60};
constexpr std::chrono::seconds kCoolDown{60};
constexpr std::size_t kLongestShown = 300;

}  // namespace

std::string_view name_of(Failure::Kind kind) noexcept {
  switch (kind) {
    case Failure::Kind::kInternal:
      return "kInternal";
    case Failure::Kind::kConfig:
      return "kConfig";
    case Failure::Kind::kAuth:
      return "kAuth";
    case Failure::Kind::kThrottled:
      return "kThrottled";
    case Failure::Kind::kTransient:
      return "kTransient";
    case Failure::Kind::kRemote:
      return "kRemote";
    case Failure::Kind::kCancelled:
      return "kCancelled";
  }
  return "an unknown kind";
}

std::string shown(const Failure& failure) {
  return fmt::format("{} ({}): {}{}{}", name_of(failure.kind), failure.code,
                     loading::printable(failure.message, kLongestShown),
                     failure.detail.empty() ? "" : " / ",
                     loading::printable(failure.detail, kLongestShown));
}

json::Schema schema_of(Trial& trial) {
  try {
    return json::Schema::compile(
        json::parse_or_throw(trial.plugin().settings_schema(), "the settings schema"));
  } catch (const std::invalid_argument& error) {
    throw CannotGoOn(fmt::format("the settings schema is none (see B1): {}", error.what()));
  }
}

Handed hand_over(Trial& trial, const boost::json::object& settings, const std::string& canary) {
  const auto schema = schema_of(trial);
  Handed handed;
  boost::json::value whole(settings);
  schema.apply_defaults(whole);
  for (const auto& [pointer, given] : json::secrets_in(schema, whole.as_object())) {
    const auto form = trial.cases.secrets.find(pointer);
    std::string text = form == trial.cases.secrets.end() ? "{canary}" : form->second;
    text.replace(text.find("{canary}"), std::string_view("{canary}").size(), canary);
    handed.secrets.emplace("secret:" + pointer, std::move(text));
  }
  handed.settings = boost::json::serialize(json::handed_settings(schema, whole.as_object()));
  return handed;
}

Result<loading::ConnectorPtr> try_create(Trial& trial, Host& host, const std::string& settings) {
  return trial.plugin().create(host, settings);
}

Shop::Shop(Trial& of, ShopOptions options)
    : trial(of),
      canary(options.canary),
      random(of.subject.seed),
      http(of.cases, options.canary, clock, quota, documents),
      ctx(of.cases.now + kStepTime) {
  clock.set(of.cases.now);
  quota.retry_at = of.cases.now + kCoolDown;
  const auto offer = [&]<class Service>(Service& service) {
    const auto& without = options.without;
    if (std::find(without.begin(), without.end(), Service::kId) == without.end()) {
      host.offer<Service>(service);
    }
  };
  offer.operator()<Clock>(clock);
  offer.operator()<Random>(random);
  offer.operator()<Log>(log);
  offer.operator()<Metrics>(metrics);
  offer.operator()<Secrets>(secrets);
  offer.operator()<State>(state);
  offer.operator()<Quota>(quota);
  offer.operator()<Documents>(documents);
  offer.operator()<HttpClient>(http);
  const auto handed =
      hand_over(of, options.settings == nullptr ? of.cases.settings : *options.settings, canary);
  secrets.values = handed.secrets;
  if (options.prepare) options.prepare(*this);
  auto made = try_create(of, host, handed.settings);
  if (!made) {
    throw CannotGoOn("the plugin gives no connector for the cases' settings: " +
                     shown(made.failure()));
  }
  connector = std::move(made).value();
}

template <class Call>
auto Shop::call(std::string_view method, const Call& body) {
  const std::string where = fmt::format("{}.{}", trial.file().id(), method);
  auto result = loading::call_plugin(where, [&] {
    const AllocationWatch watch(memory);
    return body();
  });
  if (!result) keep(result.failure());
  return result;
}

void Shop::keep(const Failure& failure) {
  for (const auto* text : {&failure.message, &failure.remedy, &failure.code, &failure.detail}) {
    if (!text->empty()) said.push_back(*text);
  }
}

void Shop::keep(const std::vector<ParkedItem>& parked) {
  for (const auto& item : parked) {
    for (const auto* text : {&item.message, &item.remedy, &item.code}) said.push_back(*text);
  }
}

template <class Source, class Ask>
auto Shop::asked(std::string_view method, const Ask& ask) {
  return call(method, [&] {
    auto* source = part<Source>(*connector);
    if (source == nullptr) throw std::logic_error("query() gives no " + std::string(Source::kId));
    return ask(*source);
  });
}

Result<Page<Order>> Shop::fetch(const Cursor& cursor) {
  auto result = asked<OrderSource>("fetch_orders",
                                   [&](auto& source) { return source.fetch_orders(cursor, ctx); });
  if (result) keep(result.value().parked);
  if (result) cursors.push_back(result.value().next.value);
  return result;
}

Result<Page<Order>> Shop::fetch_one(const std::string& id) {
  auto result =
      asked<OrderSource>("fetch_order", [&](auto& source) { return source.fetch_order(id, ctx); });
  if (result) keep(result.value().parked);
  return result;
}

Result<Page<OrderSighting>> Shop::fetch_sightings(const AuditWindow& window, const Cursor& cursor) {
  auto result = asked<OrderAudit>(
      "fetch_sightings", [&](auto& source) { return source.fetch_sightings(window, cursor, ctx); });
  if (result) keep(result.value().parked);
  if (result) cursors.push_back(result.value().next.value);
  return result;
}

Result<Page<BuyerReturn>> Shop::fetch_returns(const Cursor& cursor) {
  auto result = asked<ReturnSource>(
      "fetch_returns", [&](auto& source) { return source.fetch_returns(cursor, ctx); });
  if (result) keep(result.value().parked);
  if (result) cursors.push_back(result.value().next.value);
  return result;
}

Result<std::vector<Option>> Shop::options(const std::string& catalogue) {
  return asked<OptionsSource>("options",
                              [&](auto& source) { return source.options(catalogue, ctx); });
}

std::vector<Finding> Shop::check() {
  auto result =
      call("check", [&]() -> Result<std::vector<Finding>> { return connector->check(ctx); });
  if (!result) {
    trial.fail("check() failed: " + shown(result.failure()));
    return {};
  }
  for (const Finding& finding : result.value()) {
    for (const auto* text : {&finding.message, &finding.remedy, &finding.pointer, &finding.link,
                             &finding.scope.marketplace, &finding.scope.operation}) {
      if (!text->empty()) said.push_back(*text);
    }
  }
  return std::move(result).value();
}

Result<SinkStep> Shop::push(const Sink& sink, const boost::json::array& items, const Cursor& at) {
  auto result = call(fmt::format("push ({})", sink.name()),
                     [&]() -> Result<SinkStep> { return sink.push(*connector, items, at, ctx); });
  if (result) {
    cursors.push_back(result.value().continuation.value);
    for (const auto& each : result.value().outcomes) {
      for (const auto* text : {&each.code, &each.message, &each.remedy}) said.push_back(*text);
    }
  }
  return result;
}

Result<VerifyStep> Shop::verify(const Sink& sink, const boost::json::array& items,
                                const Cursor& at) {
  auto result = call(fmt::format("verify ({})", sink.name()), [&]() -> Result<VerifyStep> {
    return sink.verify(*connector, items, at, ctx);
  });
  if (result) {
    cursors.push_back(result.value().continuation.value);
    for (const auto& each : result.value().verdicts) said.push_back(each.found);
  }
  return result;
}

void Shop::go_on_at(const std::optional<TimePoint>& time) {
  if (time && *time > clock.now()) clock.set(*time);
  ctx = testing::FakeContext(clock.now() + kStepTime);
}

void Shop::expect_recorded(std::string_view during) {
  const auto missing = http.unrecorded();
  if (missing.empty()) return;
  trial.fail(fmt::format("{}: cases.json has no exchange for {}: record it", during, missing));
}

}  // namespace marketplug::testkit
