#include "host/isolation/service_desk.hpp"

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "host/isolation/wire.hpp"
#include "marketplug/services/clock.hpp"
#include "marketplug/services/documents.hpp"
#include "marketplug/services/http.hpp"
#include "marketplug/services/log.hpp"
#include "marketplug/services/metrics.hpp"
#include "marketplug/services/quota.hpp"
#include "marketplug/services/random.hpp"
#include "marketplug/services/secrets.hpp"
#include "marketplug/services/state.hpp"

namespace marketplug::isolation {
namespace {

using boost::json::object;

/// The call's context with what the plugin narrowed: it may pass a nearer deadline to a service.
class NarrowedContext final : public StepContext {
 public:
  NarrowedContext(StepContext& whole, TimePoint deadline, bool stopped)
      : whole_(whole), deadline_(std::min(deadline, whole.deadline())), stopped_(stopped) {}
  TimePoint deadline() const noexcept override { return deadline_; }
  bool stop_requested() const noexcept override { return stopped_ || whole_.stop_requested(); }
  bool keep_raw() const noexcept override { return whole_.keep_raw(); }

 private:
  StepContext& whole_;
  TimePoint deadline_;
  bool stopped_;
};

[[noreturn]] void unknown(std::string_view what) {
  throw std::invalid_argument("the worker asks for " + std::string(what) +
                              ", which this host does not know");
}

object value_of(boost::json::value value) { return {{"value", std::move(value)}}; }

template <class T, class Encode>
object result_of(const Result<T>& result, const Encode& encode) {
  if (!result) return {{"failure", wire::failure(result.failure())}};
  return value_of(encode(result.value()));
}

/// Views of pairs whose texts live in `texts`.
std::vector<LogField> pairs_of(const object& frame, std::vector<std::string>& texts) {
  for (const auto& each : frame.at("pairs").as_array()) {
    texts.push_back(wire::text_of(each.as_array().at(0)));
    texts.push_back(wire::text_of(each.as_array().at(1)));
  }
  std::vector<LogField> pairs;
  for (std::size_t i = 0; i + 1 < texts.size(); i += 2) pairs.emplace_back(texts[i], texts[i + 1]);
  return pairs;
}

}  // namespace

template <class Service>
Service& ServiceDesk::service() const {
  auto* found = part<Service>(host_);
  if (found == nullptr) unknown(Service::kId);
  return *found;
}

boost::json::array ServiceDesk::services() const {
  boost::json::array ids;
  for (const std::string_view id :
       {Clock::kId, Documents::kId, HttpClient::kId, Log::kId, Metrics::kId, Quota::kId,
        Random::kId, Secrets::kId, State::kId}) {
    if (host_.query(id) != nullptr) ids.emplace_back(id);
  }
  return ids;
}

std::optional<object> ServiceDesk::answer(const object& frame, StepContext& ctx) {
  if (const auto* told = frame.if_contains("tell")) {
    tell(std::string_view(told->as_string()), frame);
    return std::nullopt;
  }
  const std::string_view what = frame.at("ask").as_string();
  try {
    return ask(what, frame, ctx);
  } catch (const std::length_error& error) {
    return object{{"throw", "length_error"}, {"what", wire::text(error.what())}};
  } catch (const std::exception& error) {
    return object{{"throw", "runtime_error"}, {"what", wire::text(error.what())}};
  }
}

object ServiceDesk::ask(std::string_view what, const object& frame, StepContext& ctx) {
  if (what == "now") return value_of(wire::time(service<Clock>().now()));
  if (what == "stopped") return value_of(ctx.stop_requested());
  if (what == "random") return value_of(service<Random>().next());
  if (what.starts_with("http.")) return ask_http(what, frame, ctx);
  if (what.starts_with("documents.")) return ask_documents(what, frame);
  if (what.starts_with("secrets.")) return ask_secrets(what, frame);
  if (what.starts_with("quota.")) return ask_quota(what, frame);
  if (what.starts_with("state.")) return ask_state(what, frame);
  unknown(what);
}

object ServiceDesk::ask_http(std::string_view what, const object& frame, StepContext& ctx) {
  auto& http = service<HttpClient>();
  const HttpRequest request = wire::request_of(frame.at("request"));
  NarrowedContext narrowed(ctx, wire::moment_at(frame, "deadline"), frame.at("stopped").as_bool());
  if (what == "http.send") return result_of(http.send(request, narrowed), wire::response);
  if (what != "http.download") unknown(what);
  return result_of(http.download(request, wire::limits_of(frame.at("limits")), narrowed),
                   wire::document);
}

object ServiceDesk::ask_documents(std::string_view what, const object& frame) {
  auto& documents = service<Documents>();
  const std::string handle = wire::text_at(frame, "handle");
  if (what == "documents.info") return result_of(documents.info(handle), wire::document);
  if (what == "documents.read") {
    const auto bytes = documents.read(handle, frame.at("offset").to_number<std::uint64_t>(),
                                      frame.at("max_bytes").to_number<std::uint64_t>());
    return result_of(bytes, wire::text);
  }
  if (what != "documents.drop") unknown(what);
  documents.drop(handle);
  return value_of(nullptr);
}

object ServiceDesk::ask_secrets(std::string_view what, const object& frame) {
  auto& secrets = service<Secrets>();
  const std::string handle = wire::text_at(frame, "handle");
  if (what == "secrets.get") return result_of(secrets.get(handle), wire::text);
  if (what != "secrets.replace") unknown(what);
  return result_of(secrets.replace(handle, wire::text_at(frame, "value")),
                   [](const Done&) { return boost::json::value(nullptr); });
}

object ServiceDesk::ask_quota(std::string_view what, const object& frame) {
  auto& quota = service<Quota>();
  const std::string account = wire::text_at(frame, "account");
  const std::string operation = wire::text_at(frame, "operation");
  const QuotaKey key{account, operation};
  if (what == "quota.observe") {
    quota.observe(key, frame.at("per_second").to_number<double>());
    return value_of(nullptr);
  }
  const QuotaPlan plan{frame.at("per_second").to_number<double>(),
                       frame.at("burst").to_number<double>()};
  if (what == "quota.refused") return value_of(wire::time(quota.refused(key, plan)));
  const auto number = frame.at("priority").as_int64();
  if (number < 0 || number > static_cast<std::int64_t>(QuotaPriority::kPerson)) unknown(what);
  const auto priority = static_cast<QuotaPriority>(number);
  if (what == "quota.left") return value_of(quota.left(key, plan, priority));
  if (what != "quota.take") unknown(what);
  const QuotaAnswer answer = quota.take(key, plan, priority);
  return value_of(object{{"granted", answer.granted}, {"at", wire::time(answer.at)}});
}

object ServiceDesk::ask_state(std::string_view what, const object& frame) {
  auto& state = service<State>();
  const std::string key = wire::text_at(frame, "key");
  if (what == "state.get") {
    const auto found = state.get(key);
    return value_of(found ? wire::text(*found) : boost::json::value(nullptr));
  }
  if (what == "state.put") {
    state.put(key, wire::text_at(frame, "value"));
  } else if (what == "state.erase") {
    state.erase(key);
  } else {
    unknown(what);
  }
  return value_of(nullptr);
}

void ServiceDesk::tell(std::string_view what, const object& frame) {
  std::vector<std::string> texts;
  const auto pairs = pairs_of(frame, texts);
  const std::string name = wire::text_at(frame, "name");
  if (what == "log") {
    const auto level = frame.at("level").as_int64();
    if (level < 0 || level > static_cast<std::int64_t>(Log::Level::kError)) unknown(what);
    service<Log>().write(static_cast<Log::Level>(level), name, wire::text_at(frame, "message"),
                         pairs);
  } else if (what == "count") {
    service<Metrics>().count(name, frame.at("number").to_number<double>(), pairs);
  } else if (what == "gauge") {
    service<Metrics>().gauge(name, frame.at("number").to_number<double>(), pairs);
  } else {
    unknown(what);
  }
}

}  // namespace marketplug::isolation
