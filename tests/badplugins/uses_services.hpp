#pragma once
// Asks each service of the host for each thing once and writes down what it said: the same text in
// the host's process and in a worker.

#include <marketplug/services/clock.hpp>
#include <marketplug/services/documents.hpp>
#include <marketplug/services/http.hpp>
#include <marketplug/services/log.hpp>
#include <marketplug/services/metrics.hpp>
#include <marketplug/services/quota.hpp>
#include <marketplug/services/random.hpp>
#include <marketplug/services/secrets.hpp>
#include <marketplug/services/state.hpp>
#include <stdexcept>
#include <string>

#include "zoo.hpp"

namespace zoo {

class Notes {
 public:
  void add(std::string_view what, std::string_view said) {
    text_.append(what).append("=").append(said).append(";");
  }
  template <class T, class Show>
  void add(std::string_view what, const marketplug::Result<T>& result, const Show& show) {
    add(what, result ? std::string(show(result.value())) : "failed:" + result.failure().code);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

inline void use_http(marketplug::Host& host, marketplug::StepContext& ctx, Notes& notes) {
  using namespace marketplug;
  auto& http = *part<HttpClient>(host);
  HttpRequest request;
  request.method = "POST";
  request.url = "https://example.test/a?b=c";
  request.headers = {{"x-one", "1"}, {"x-two", "\xff"}};
  request.body = std::string("with\0zero", 9);
  request.operation = "op";
  for (int i = 0; i < 2; ++i) {
    notes.add("send", http.send(request, ctx), [](const HttpResponse& got) {
      return std::to_string(got.status) + got.body + std::string(got.header("x-told"));
    });
  }
  auto& documents = *part<Documents>(host);
  const auto document = http.download(request, {}, ctx);
  notes.add("download", document, [](const DocumentInfo& got) {
    return got.handle + got.content_type + std::to_string(got.size) + format_time(got.expires_at);
  });
  if (!document) return;
  const std::string& handle = document.value().handle;
  notes.add("info", documents.info(handle), [](const DocumentInfo& got) { return got.handle; });
  notes.add("read", documents.read(handle, 0, 100), [](const std::string& got) { return got; });
  notes.add("end", documents.read(handle, 1000, 100), [](const std::string& got) { return got; });
  documents.drop(handle);
  notes.add("gone", documents.info(handle), [](const DocumentInfo& got) { return got.handle; });
}

inline void use_quota(marketplug::Host& host, Notes& notes) {
  using namespace marketplug;
  auto& quota = *part<Quota>(host);
  const QuotaKey key{"account", "op"};
  const QuotaPlan plan{0.5, 20};
  const auto answer = quota.take(key, plan, QuotaPriority::kPerson);
  notes.add("take", answer.granted ? "yes" : format_time(answer.at));
  quota.observe(key, 0.25);
  notes.add("refused", format_time(quota.refused(key, plan)));
  notes.add("left", std::to_string(quota.left(key, plan, QuotaPriority::kPerson)));
}

inline void use_state(marketplug::Host& host, Notes& notes) {
  using namespace marketplug;
  auto& state = *part<State>(host);
  notes.add("before", state.get("key").value_or("none"));
  state.put("key", "value");
  state.put("other", "value");
  state.erase("other");
  notes.add("after", state.get("key").value_or("none"));
  try {
    state.put(std::string(1000, 'k'), "");
    notes.add("long key", "taken");
  } catch (const std::length_error& error) {
    notes.add("long key", error.what());
  }
}

inline std::string use_services(marketplug::Host& host, std::string_view cursor,
                                marketplug::StepContext& ctx) {
  using namespace marketplug;
  Notes notes;
  notes.add("cursor", cursor);
  notes.add("now", format_time(part<Clock>(host)->now()));
  notes.add("random", std::to_string(part<Random>(host)->next()));
  notes.add("deadline", format_time(ctx.deadline()));
  notes.add("context",
            std::string(ctx.stop_requested() ? "stopped" : "") + (ctx.keep_raw() ? "raw" : ""));
  use_http(host, ctx, notes);
  use_quota(host, notes);
  use_state(host, notes);
  auto& secrets = *part<Secrets>(host);
  const auto show = [](const std::string& got) { return got; };
  notes.add("secret", secrets.get("secret:/a"), show);
  notes.add("no secret", secrets.get("secret:/b"), show);
  (void)secrets.replace("secret:/a", "rotated");
  const LogField fields[] = {{"field", "text"}};
  part<Log>(host)->write(Log::Level::kWarning, "event", "A message.", fields);
  part<Metrics>(host)->count("counted", 2, {});
  part<Metrics>(host)->gauge("gauged", 7, {});
  return notes.text();
}

}  // namespace zoo
