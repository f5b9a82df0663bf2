#include "host/isolation/worker_process.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cstring>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "host/isolation/base64.hpp"
#include "host/isolation/wire.hpp"
#include "host/loading/abi_check.hpp"

namespace marketplug::isolation {
namespace {

using boost::json::object;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kLook{100};  ///< between looks at the stop flag
constexpr milliseconds kLongestCall{24 * 3'600'000};

Failure no_worker(std::string message) {
  Failure failure;
  failure.kind = Failure::Kind::kConfig;
  failure.code = "no_worker";
  failure.message = std::move(message);
  failure.remedy = "Install marketplug-worker beside marketplug; both come with one release.";
  return failure;
}

/// Nobody's fault but the caller's: the worker never hears of it.
Failure batch_too_large() {
  Failure failure;
  failure.code = "batch_too_large";
  failure.message = "The objects of one call make more than 64 MiB; nothing was sent.";
  failure.remedy = "Send fewer objects at once.";
  return failure;
}

bool same_bytes(std::string_view told, const AbiInfo& abi) {
  return told.size() == sizeof(abi) && std::memcmp(told.data(), &abi, sizeof(abi)) == 0;
}

/// What is wrong with the first frame, which says who the worker is; empty: it is one of ours.
std::string wrong_with_greeting(const std::optional<object>& greeting) {
  const auto* protocol = greeting ? greeting->if_contains("protocol") : nullptr;
  if (protocol == nullptr || *protocol != wire::kProtocol) {
    return fmt::format("it does not speak protocol {}", wire::kProtocol);
  }
  const auto* abi = greeting->if_contains("abi");
  const auto told =
      abi != nullptr && abi->is_string() ? decode_base64(abi->get_string()) : std::nullopt;
  if (told && same_bytes(*told, loading::host_abi())) return {};
  return "it was not built like this program";
}

}  // namespace

Result<std::unique_ptr<WorkerProcess>> WorkerProcess::start(Spawner& spawner,
                                                            const WorkerOptions& options) {
  auto child = spawner.spawn(options.program, {"--serve"}, options.limits);
  if (!child) return child.failure();
  std::string frame;
  const auto got = child.value()->channel().receive(frame, options.start_time);
  if (got != Channel::Got::kFrame) {
    const auto ended = child.value()->end(milliseconds{0});
    std::string said;
    for (const auto& line : child.value()->take_errors()) said += "; " + line;
    return no_worker(
        fmt::format("{} does not answer: it {}{}", options.program, ended.text(), said));
  }
  if (const auto wrong = wrong_with_greeting(wire::parse(frame)); !wrong.empty()) {
    return no_worker(fmt::format("{} is of another release: {}", options.program, wrong));
  }
  return std::unique_ptr<WorkerProcess>(new WorkerProcess(std::move(child).value(), options));
}

void WorkerProcess::tell(const Lines& lines) {
  for (const auto& line : child_->take_errors()) lines(line);
}

WorkerAnswer WorkerProcess::broken(std::string code, std::string what, const Lines& lines) {
  child_->end(options_.term_grace);
  tell(lines);
  child_.reset();
  WorkerAnswer answer;
  answer.code = std::move(code);
  answer.what = std::move(what);
  return answer;
}

WorkerAnswer WorkerProcess::gone(const Lines& lines) {
  auto what = child_->end(options_.term_grace).text();
  return broken("worker_crashed", std::move(what), lines);
}

/// Between two calls it has nothing to say: not an answer once more, not the next one beforehand.
std::optional<WorkerAnswer> WorkerProcess::unasked(const Lines& lines) {
  std::string frame;
  const auto got = child_->channel().receive(frame, milliseconds{0});
  if (got == Channel::Got::kNothing) return std::nullopt;
  if (got == Channel::Got::kClosed) return gone(lines);
  return broken("worker_frame", "had sent a frame that nobody asked for", lines);
}

bool WorkerProcess::serve(const object& frame, ServiceDesk* desk, StepContext& ctx) {
  exchange_.take_question(frame);
  if (desk == nullptr) throw std::invalid_argument("it asks where there is nobody to ask");
  auto answer = desk->answer(frame, ctx);
  if (!answer) return true;
  (*answer)["serial"] = serial_of(frame);
  return child_->channel().send(boost::json::serialize(*answer), options_.answer_grace);
}

WorkerAnswer WorkerProcess::call(object call, ServiceDesk* desk, StepContext& ctx,
                                 milliseconds time, const Lines& lines) {
  const auto until =
      steady_clock::now() + std::clamp(time, milliseconds{0}, kLongestCall) + options_.answer_grace;
  auto& channel = child_->channel();
  exchange_.begin(call);
  std::string text = boost::json::serialize(call);
  if (text.size() > kLargestFrame) {
    return {WorkerAnswer::Kind::kAnswered, {{"failure", wire::failure(batch_too_large())}}, {}, {}};
  }
  if (auto early = unasked(lines)) return *std::move(early);
  if (!channel.send(text, options_.answer_grace)) return gone(lines);
  std::optional<steady_clock::time_point> stop_at;
  for (;;) {
    const auto now = steady_clock::now();
    if (ctx.stop_requested() && !stop_at) stop_at = now + options_.stop_grace;
    if (stop_at && now >= *stop_at) {
      auto stopped = broken("", "", lines);
      stopped.kind = WorkerAnswer::Kind::kStopped;
      return stopped;
    }
    if (now >= until) return broken("worker_hung", "did not come back in time", lines);
    const auto got = channel.receive(text, kLook);
    tell(lines);
    if (got == Channel::Got::kNothing) continue;
    if (got == Channel::Got::kClosed) return gone(lines);
    auto frame = got == Channel::Got::kFrame ? wire::parse(text) : std::nullopt;
    if (!frame) return broken("worker_frame", "sent a frame that is none", lines);
    // A question may have members of these names: what it puts into a service.
    const bool asks = frame->contains("ask") || frame->contains("tell");
    try {
      if (!asks) {
        exchange_.take_answer(*frame);
        return {WorkerAnswer::Kind::kAnswered, *std::move(frame), {}, {}};
      }
      if (!serve(*frame, desk, ctx)) return gone(lines);
    } catch (const std::exception& error) {
      return broken("worker_frame", fmt::format("sent a frame without sense: {}", error.what()),
                    lines);
    }
  }
}

bool tells_block_of(const loading::PluginFile& file, const boost::json::value& answer) {
  const auto told = decode_base64(answer.as_object().at("abi").as_string());
  return told && same_bytes(*told, file.abi);
}

object load_call(const loading::PluginFile& file) {
  return {{"call", "load"}, {"path", wire::text(file.path)}, {"sha256", file.sha256}};
}

std::string default_worker_program() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return "/usr/bin/marketplug-worker";
  return (program.parent_path() / "marketplug-worker").string();
}

}  // namespace marketplug::isolation
