// Check 8: a trial in a child process.
#include <fmt/format.h>

#include <utility>

#include "host/isolation/wire.hpp"
#include "host/isolation/worker_process.hpp"

namespace marketplug::isolation {
namespace {

class ProbeContext final : public StepContext {
 public:
  explicit ProbeContext(const std::function<bool()>& stopped) : stopped_(stopped) {}
  TimePoint deadline() const noexcept override { return TimePoint::max(); }
  bool stop_requested() const noexcept override { return stopped_ && stopped_(); }
  bool keep_raw() const noexcept override { return false; }

 private:
  const std::function<bool()>& stopped_;
};

constexpr std::string_view kCrashRemedy =
    "This is a defect of the plugin: what runs when it is loaded must neither throw, crash nor "
    "wait. Report it to its author.";
constexpr std::string_view kHungRemedy =
    "Where the machine was overloaded, wait: a running service tries it again by itself, after a "
    "minute, then later each time. Otherwise it is a defect of the plugin: what runs when it is "
    "loaded must not wait. Report it to its author.";

Failure probe_failure(const loading::PluginFile& file, std::string code, std::string_view cause,
                      const std::string& said) {
  Failure failure;
  failure.kind = Failure::Kind::kConfig;
  failure.code = std::move(code);
  failure.message = fmt::format("{}: loaded in a process of its own, it {}{}", file.path, cause,
                                said.empty() ? "" : " and said \"" + said + "\"");
  failure.remedy = failure.code == "probe_hung" ? kHungRemedy : kCrashRemedy;
  return failure;
}

}  // namespace

Failure probe_stopped(const loading::PluginFile& file) {
  Failure failure;
  failure.kind = Failure::Kind::kCancelled;
  failure.code = "probe_stopped";
  failure.message = fmt::format("{}: the program stops, so that it is not tried", file.path);
  return failure;
}

Failure block_differs(const loading::PluginFile& file) {
  Failure failure;
  failure.kind = Failure::Kind::kConfig;
  failure.code = "abi_block_differs";
  failure.message =
      fmt::format("{}: its ABI block in memory is not the one in its file", file.path);
  failure.remedy = "Rebuild the plugin with marketplug_add_plugin() and the SDK of this host.";
  return failure;
}

Result<std::string> probe(Spawner& spawner, const WorkerOptions& options,
                          const loading::PluginFile& file, const std::function<bool()>& stopped) {
  auto worker = WorkerProcess::start(spawner, options);
  if (!worker) return worker.failure();
  constexpr std::size_t kLongestSaid = 300;
  std::string said;
  const auto lines = [&said](std::string_view line) {
    if (said.size() < kLongestSaid) said.append(said.empty() ? "" : " / ").append(line);
  };
  ProbeContext ctx(stopped);
  const auto got = worker.value()->call(load_call(file), nullptr, ctx, options.start_time, lines);
  if (got.kind == WorkerAnswer::Kind::kStopped) return probe_stopped(file);
  if (got.kind != WorkerAnswer::Kind::kAnswered) {
    const bool hung = got.code == "worker_hung";
    return probe_failure(file, hung ? "probe_hung" : "probe_crashed", got.what, said);
  }
  try {
    if (const auto* failure = got.answer.if_contains("failure")) return wire::failure_of(*failure);
    const auto& facts = got.answer.at("value").as_object();
    if (!tells_block_of(file, got.answer.at("value"))) return block_differs(file);
    return wire::text_at(facts, "schema");
  } catch (const std::exception& error) {
    return probe_failure(file, "probe_crashed",
                         fmt::format("gave an answer without sense ({})", error.what()), said);
  }
}

}  // namespace marketplug::isolation
