#include "host/testkit/runner.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <utility>

#include "host/isolation/child_process.hpp"
#include "host/isolation/worker_program.hpp"
#include "host/json/strict_parse.hpp"
#include "host/loading/call_guard.hpp"
#include "host/loading/text.hpp"

namespace marketplug::testkit {
namespace {

using boost::json::object;
using boost::json::value;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kLook{50};
constexpr std::size_t kLongestSaid = 400;
/// G2 runs other checks again.
constexpr int kLongChecks = 5;
constexpr std::uint64_t kMemory = 4ull << 30;
constexpr std::uint64_t kFiles = 128;

std::string text_of(const CheckResult& result) {
  boost::json::array faults;
  // Plugins may say anything: what is not UTF-8 would be no JSON.
  for (const auto& fault : result.faults) faults.emplace_back(loading::printable(fault, 2000));
  return boost::json::serialize(object{{"verdict", to_string(result.verdict)},
                                       {"faults", std::move(faults)},
                                       {"reason", loading::printable(result.reason, 2000)},
                                       {"took", result.took.count()}});
}

CheckResult result_of(const std::string& text) {
  const value frame = json::parse_or_throw(text, "the result of a check");
  const object& from = frame.as_object();
  CheckResult result;
  for (const auto verdict : {Verdict::kPassed, Verdict::kSkipped}) {
    if (from.at("verdict").as_string() == to_string(verdict)) result.verdict = verdict;
  }
  for (const auto& fault : from.at("faults").as_array()) {
    result.faults.emplace_back(fault.as_string());
  }
  result.reason = std::string(from.at("reason").as_string());
  result.took = milliseconds(from.at("took").as_int64());
  return result;
}

CheckResult broken(const std::string& how, const std::vector<std::string>& errors) {
  std::string fault = "the process of the check " + how;
  std::string said;
  for (const auto& line : errors) {
    if (said.size() < kLongestSaid) said += (said.empty() ? "" : " / ") + line;
  }
  if (!said.empty()) fault += fmt::format(" and said \"{}\"", loading::printable(said, 600));
  CheckResult result;
  result.faults.push_back(std::move(fault));
  return result;
}

/// Keeps the last lines alone: the end tells.
void keep(std::vector<std::string>& lines, std::vector<std::string> more) {
  constexpr std::size_t kMost = 5;
  std::move(more.begin(), more.end(), std::back_inserter(lines));
  if (lines.size() > kMost) lines.erase(lines.begin(), lines.end() - kMost);
}

CheckResult run_in_child(isolation::Spawner& spawner, const Subject& subject, const Check& check,
                         milliseconds limit) {
  const std::string program = std::filesystem::read_symlink("/proc/self/exe").string();
  const std::vector<std::string> arguments{
      "--run-check", std::string(check.id),        subject.plugin, "--cases",       subject.cases,
      "--seed",      std::to_string(subject.seed), "--previous",   subject.previous};
  auto child = spawner.spawn(program, arguments, {kMemory, kFiles});
  if (!child) throw CannotGoOn(child.failure().message);
  const auto until = steady_clock::now() + limit;
  std::vector<std::string> errors;
  std::string frame;
  for (;;) {
    const auto got = child.value()->channel().receive(frame, kLook);
    keep(errors, child.value()->take_errors());
    if (got == isolation::Channel::Got::kFrame) return result_of(frame);
    if (got == isolation::Channel::Got::kNothing && steady_clock::now() < until) continue;
    const bool hung = got == isolation::Channel::Got::kNothing;
    const auto ended = child.value()->end(milliseconds{hung ? 0 : 2000});
    keep(errors, child.value()->take_errors());
    return broken(
        hung ? fmt::format("did not end within {} s", limit.count() / 1000) : ended.text(), errors);
  }
}

/// Tells what the plugin was doing; then the signal does its work.
extern "C" void tell_crash(int signal) {
  const auto where = loading::current_call();
  if (!where.empty()) {
    const char begin[] = "crashed in ";
    (void)!::write(STDERR_FILENO, begin, sizeof(begin) - 1);
    (void)!::write(STDERR_FILENO, where.data(), where.size());
    (void)!::write(STDERR_FILENO, "\n", 1);
  }
  ::raise(signal);  // SA_RESETHAND: the default action
}

void watch_crashes() {
  struct sigaction action {};
  action.sa_handler = tell_crash;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER | SA_ONSTACK);
  for (const int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT}) {
    ::sigaction(signal, &action, nullptr);
  }
}

bool wanted(const Check& check, const std::vector<std::string>& only) {
  return only.empty() || std::find(only.begin(), only.end(), check.id) != only.end();
}

/// False once A7 has failed: nothing that needs the plugin's code makes sense then.
bool loads(const std::vector<Ran>& so_far) {
  return std::none_of(so_far.begin(), so_far.end(), [](const Ran& ran) {
    return ran.check->id == "A7" && ran.result.verdict == Verdict::kFailed;
  });
}

}  // namespace

std::vector<Ran> run_all(const Subject& subject, const Cases& cases, const RunOptions& options,
                         const std::function<void(const Ran&)>& done) {
  isolation::Spawner spawner;
  Trial facts(subject, cases);
  std::vector<Ran> all;
  for (const Check& check : all_checks()) {
    if (!wanted(check, options.only)) continue;
    Ran ran{&check, {}};
    const auto skip = cases.skips.find(check.id);
    auto why = unmet(check, facts);
    if (why.empty() && check.need != Need::kFile && !loads(all))
      why = "it cannot be loaded: see A7";
    if (skip != cases.skips.end() || !why.empty()) {
      ran.result.verdict = Verdict::kSkipped;
      ran.result.reason = !why.empty() ? why : "by the author: " + skip->second;
    } else if (options.in_process) {
      Trial trial(subject, cases);
      ran.result = run_here(check, trial);
    } else {
      const auto begin = steady_clock::now();
      const auto limit = check.id == "G2" ? options.limit * kLongChecks : options.limit;
      ran.result = run_in_child(spawner, subject, check, limit);
      ran.result.took = std::chrono::duration_cast<milliseconds>(steady_clock::now() - begin);
    }
    done(ran);
    all.push_back(std::move(ran));
  }
  return all;
}

void run_as_child(const Subject& subject, const std::string& id) {
  watch_crashes();
  const Check* check = find_check(id);
  CheckResult result;
  try {
    if (check == nullptr) throw CannotGoOn("there is no check " + id);
    const Cases cases = read_cases(subject.cases);
    Trial trial(subject, cases);
    result = run_here(*check, trial);
  } catch (const std::exception& error) {
    result.faults.emplace_back(error.what());
  }
  isolation::Channel channel(isolation::kWorkerSocket);
  channel.send(text_of(result), milliseconds{10'000});
  ::_exit(0);  // what has run must not run down: the plugin's statics may not survive it
}

}  // namespace marketplug::testkit
