#include "host/isolation/worker_program.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "host/isolation/base64.hpp"
#include "host/isolation/sink_calls.hpp"
#include "host/isolation/wire.hpp"
#include "host/isolation/wire_sinks.hpp"
#include "host/isolation/worker_host.hpp"
#include "host/loading/abi_check.hpp"
#include "host/loading/call_guard.hpp"
#include "host/loading/inspection.hpp"
#include "host/loading/plugin.hpp"
#include "marketplug/capabilities/options_source.hpp"
#include "marketplug/capabilities/order_audit.hpp"
#include "marketplug/capabilities/order_source.hpp"
#include "marketplug/capabilities/return_source.hpp"

namespace marketplug::isolation {
namespace {

using boost::json::object;
using boost::json::value;

std::string abi_text(const AbiInfo& abi) {
  return encode_base64({reinterpret_cast<const char*>(&abi), sizeof(abi)});
}

object facts_of(const loading::LoadedPlugin& plugin) {
  return {{"abi", abi_text(plugin.file().abi)}, {"schema", wire::text(plugin.settings_schema())}};
}

template <class T, class Encode>
object answer_of(const Result<T>& result, const Encode& encode) {
  if (!result) return {{"failure", wire::failure(result.failure())}};
  return {{"value", encode(result.value())}};
}

/// One plugin and its connector, called as the host's frames say.
class Servant {
 public:
  explicit Servant(int socket) : line_(socket) {}

  [[noreturn]] void serve() {
    line_.greet({{"protocol", wire::kProtocol}, {"abi", abi_text(loading::host_abi())}});
    for (;;) {
      const object call = line_.next_call();
      object answer;
      try {
        answer = run(call);
      } catch (const std::exception& error) {
        answer = {{"failure", wire::failure(broken(error.what()))}};
      }
      if (!line_.answer(std::move(answer))) {
        line_.answer({{"failure", wire::failure(too_large())}});
      }
    }
  }

 private:
  static Failure broken(std::string_view why) {
    Failure failure;
    failure.code = "worker_call";
    failure.message = fmt::format("The worker cannot do what the host asked: {}", why);
    failure.remedy = "Use marketplug and marketplug-worker of one release.";
    return failure;
  }

  static Failure too_large() {
    Failure failure;
    failure.code = "page_too_large";
    failure.message = "The plugin gave a page of more than 64 MiB.";
    failure.remedy = "Report it to the plugin's author: pages have to be smaller.";
    return failure;
  }

  object run(const object& call) {
    const std::string_view what = call.at("call").as_string();
    if (what == "load") return load(call);
    if (what == "create") return create(call);
    if (!connector_) throw std::logic_error("there is no connector yet");
    WorkerContext ctx(line_, wire::moment_at(call, "deadline"), call.at("keep_raw").as_bool());
    if (what.starts_with("fetch_")) return fetch(what, call, ctx);
    if (what == "check") {
      return answer_of(guarded<std::vector<Finding>>(what, [&] { return connector_->check(ctx); }),
                       wire::findings);
    }
    if (what != "options") return sink_call(what, call, ctx);
    const std::string catalogue = wire::text_at(call, "catalogue");
    auto& source = require<OptionsSource>();
    return answer_of(
        guarded<std::vector<Option>>(what, [&] { return source.options(catalogue, ctx); }),
        wire::options);
  }

  object fetch(std::string_view what, const object& call, StepContext& ctx) {
    const Cursor cursor{wire::text_at(call, "cursor")};
    if (what == "fetch_orders") {
      return pages<OrderSource>(
          what, [&](auto& source) { return source.fetch_orders(cursor, ctx); }, wire::page);
    }
    if (what == "fetch_order") {
      const std::string id = wire::text_at(call, "id");
      return pages<OrderSource>(
          what, [&](auto& source) { return source.fetch_order(id, ctx); }, wire::page);
    }
    if (what == "fetch_sightings") {
      const AuditWindow window = wire::window_of(call.at("window"));
      return pages<OrderAudit>(
          what, [&](auto& source) { return source.fetch_sightings(window, cursor, ctx); },
          wire::sightings);
    }
    if (what != "fetch_returns") throw unknown_call(what);
    return pages<ReturnSource>(
        what, [&](auto& source) { return source.fetch_returns(cursor, ctx); }, wire::returns);
  }

  static std::invalid_argument unknown_call(std::string_view what) {
    return std::invalid_argument("unknown call " + std::string(what));
  }

  object sink_call(std::string_view what, const object& call, StepContext& ctx) {
    std::optional<object> answer;
    AllSinks::each([&]<class Sink>() {
      using Calls = SinkCalls<Sink>;
      if (what == push_call<Sink>()) answer = sink_step<Sink, SinkStep>(call, Calls::kPush, ctx);
      if (what == verify_call<Sink>()) {
        answer = sink_step<Sink, VerifyStep>(call, Calls::kVerify, ctx);
      }
    });
    if (!answer) throw unknown_call(what);
    return *std::move(answer);
  }

  template <class Sink, class Step, class Method>
  object sink_step(const object& call, Method method, StepContext& ctx) {
    using Item = typename SinkCalls<Sink>::Item;
    const auto items = wire::fields_of<std::vector<Item>>(call.at("items"));
    const Cursor continuation{wire::text_at(call, "continuation")};
    auto& sink = require<Sink>();
    const std::string_view what = call.at("call").as_string();
    return answer_of(guarded<Step>(what, [&] { return (sink.*method)(items, continuation, ctx); }),
                     wire::fields<Step>);
  }

  object load(const object& call) {
    loading::PluginFile file;
    file.path = wire::text_at(call, "path");
    file.sha256 = wire::text_at(call, "sha256");
    file.state = loading::PluginState::kReady;
    auto loaded = loading::load(std::move(file));
    if (!loaded) return {{"failure", wire::failure(loaded.failure())}};
    plugin_ = loaded.value();
    return {{"value", facts_of(*plugin_)}};
  }

  object create(const object& call) {
    if (plugin_ == nullptr) throw std::logic_error("there is no plugin yet");
    std::vector<std::string> services;
    for (const auto& each : call.at("services").as_array()) services.emplace_back(each.as_string());
    connector_.reset();
    host_ = make_worker_host(line_, std::move(services));
    auto created = plugin_->create(*host_, wire::text_at(call, "settings"));
    if (!created) return {{"failure", wire::failure(created.failure())}};
    connector_ = std::move(created).value();
    boost::json::array capabilities;
    const auto offer = [&](std::string_view id) {
      if (connector_->query(id) != nullptr) capabilities.emplace_back(id);
    };
    offer(OrderSource::kId);
    offer(OrderAudit::kId);
    offer(ReturnSource::kId);
    offer(OptionsSource::kId);
    AllSinks::each([&]<class Sink>() { offer(Sink::kId); });
    return {{"value", object{{"capabilities", std::move(capabilities)}}}};
  }

  template <class T, class Call>
  Result<T> guarded(std::string_view method, const Call& body) {
    return loading::call_plugin(fmt::format("{}.{}", plugin_->file().id(), method),
                                [&]() -> Result<T> { return body(); });
  }

  template <class Capability>
  Capability& require() {
    auto* found = part<Capability>(*connector_);
    if (found == nullptr)
      throw std::logic_error("the plugin lacks " + std::string(Capability::kId));
    return *found;
  }

  template <class Source, class Call, class Encode>
  object pages(std::string_view method, const Call& body, const Encode& encode) {
    auto& source = require<Source>();
    using Got = decltype(body(source).value());
    return answer_of(guarded<std::remove_cvref_t<Got>>(method, [&] { return body(source); }),
                     encode);
  }

  HostLine line_;
  const loading::LoadedPlugin* plugin_ = nullptr;
  std::unique_ptr<Host> host_;
  loading::ConnectorPtr connector_;  // goes before its host
};

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

value texts(const std::vector<std::string>& list) {
  boost::json::array array;
  for (const auto& each : list) array.push_back(wire::text(each));
  return array;
}

}  // namespace

int serve(int socket) { Servant(socket).serve(); }

int print_probe(const std::string& given, int output) {
  const std::string path = std::filesystem::absolute(given).lexically_normal().string();
  auto file = loading::inspect(path, {}).file;
  object told{{"path", wire::text(path)},
              {"sha256", file.sha256},
              {"id", wire::text(file.id())},
              {"name", wire::text(file.name())},
              {"version", wire::text(file.version())},
              {"capabilities", texts(file.capabilities())}};
  const auto loaded = loading::load(std::move(file));
  told["state"] = loaded ? "loaded" : "refused";
  if (loaded) {
    told["settings_schema"] = wire::text(loaded.value()->settings_schema());
  } else {
    told["failure"] = wire::failure(loaded.failure());
  }
  write_all(output, boost::json::serialize(told) + "\n");
  return loaded ? 0 : 1;
}

}  // namespace marketplug::isolation
