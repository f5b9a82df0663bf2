#pragma once
// The host's end of one worker: started, greeted, called, ended. A call that goes wrong takes the
// worker with it. One thread at a time.

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "host/isolation/child_process.hpp"
#include "host/isolation/exchange.hpp"
#include "host/isolation/service_desk.hpp"
#include "host/loading/plugin.hpp"
#include "marketplug/result.hpp"

namespace marketplug::isolation {

struct WorkerOptions {
  std::string program;  ///< marketplug-worker, absolute
  ChildLimits limits;
  std::chrono::milliseconds start_time{10'000};  ///< for greeting, loading and create()
  /// What a step gets beyond its deadline before its worker is ended.
  std::chrono::milliseconds answer_grace{5'000};
  std::chrono::milliseconds stop_grace{2'000};  ///< the same after a stop of the program
  std::chrono::milliseconds term_grace{2'000};  ///< between SIGTERM and SIGKILL
};

/// What a call came to.
struct WorkerAnswer {
  enum class Kind : std::uint8_t {
    kBroken = 0,  ///< crashed, hung or talked nonsense: the worker is gone
    kAnswered,
    kStopped,  ///< ended by the host, because the program stops
  };
  Kind kind = Kind::kBroken;
  boost::json::object answer;  ///< kAnswered: with "value" or "failure"
  std::string code, what;      ///< kBroken: "worker_crashed", "was ended by signal 11 (…)"
};

class WorkerProcess {
 public:
  using Lines = std::function<void(std::string_view line)>;

  /// Failure kConfig, code "no_worker": nothing of the plugin's doing.
  static Result<std::unique_ptr<WorkerProcess>> start(Spawner& spawner,
                                                      const WorkerOptions& options);

  /// Numbers the call, sends it and serves what it asks for until its answer comes, or `time` and
  /// the grace are over. `desk` may be null: then it may ask for nothing. Lines of its standard
  /// error go to `lines`.
  WorkerAnswer call(boost::json::object call, ServiceDesk* desk, StepContext& ctx,
                    std::chrono::milliseconds time, const Lines& lines);
  /// Ends it, for an answer that came in its turn and makes no sense.
  void end(const Lines& lines) {
    if (alive()) broken({}, {}, lines);
  }
  bool alive() const noexcept { return child_ != nullptr; }

 private:
  WorkerProcess(std::unique_ptr<Child> child, const WorkerOptions& options)
      : child_(std::move(child)), options_(options) {}

  WorkerAnswer broken(std::string code, std::string what, const Lines& lines);
  WorkerAnswer gone(const Lines& lines);
  std::optional<WorkerAnswer> unasked(const Lines& lines);
  bool serve(const boost::json::object& frame, ServiceDesk* desk, StepContext& ctx);
  void tell(const Lines& lines);

  std::unique_ptr<Child> child_;
  WorkerOptions options_;
  Exchange exchange_;
};

/// The call that loads a checked file.
boost::json::object load_call(const loading::PluginFile& file);

/// Whether the answer to it tells the ABI block that stands in the file. Throws std::exception
/// where it tells none.
bool tells_block_of(const loading::PluginFile& file, const boost::json::value& answer);
/// What a file ends with that loads as another block: kConfig, "abi_block_differs".
Failure block_differs(const loading::PluginFile& file);

/// Loads the file in a worker that is gone afterwards (check 8) and gives its settings schema.
/// Failure kConfig: the loader's own, "probe_crashed", "probe_hung", "abi_block_differs",
/// or "no_worker"; kCancelled where `stopped` said so meanwhile.
Result<std::string> probe(Spawner& spawner, const WorkerOptions& options,
                          const loading::PluginFile& file,
                          const std::function<bool()>& stopped = {});
/// What a trial ends with where the program stops: kCancelled, "probe_stopped".
Failure probe_stopped(const loading::PluginFile& file);

/// marketplug-worker beside the running program.
std::string default_worker_program();

}  // namespace marketplug::isolation
