// Group C: connectors come and go, live side by side, and leave the process as it was.
#include <fmt/format.h>
#include <malloc.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <clocale>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <mutex>
#include <thread>

#include "host/testkit/tour.hpp"

extern char** environ;

namespace marketplug::testkit {
namespace {

std::size_t entries_of(const char* folder) {
  std::error_code ignored;
  const std::filesystem::directory_iterator entries(folder, ignored);
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}
std::size_t threads() { return entries_of("/proc/self/task"); }
std::size_t descriptors() { return entries_of("/proc/self/fd"); }

/// A thread that was joined may be listed a moment longer.
std::size_t threads_beyond(std::size_t before) {
  std::size_t now = threads();
  for (int i = 0; i < 1000 && now > before; ++i) {
    std::this_thread::yield();
    now = threads();
  }
  return now > before ? now - before : 0;
}

/// What is written must not count as the plugin's memory.
class QuietLog final : public Log {
 public:
  void write(Level, std::string_view, std::string_view, std::span<const LogField>) override {}
};

void c1_create(Trial& trial) {
  constexpr int kTimes = 100, kRounds = 4;
  constexpr std::size_t kLeast = 16;  // bytes: the smallest thing that can be lost
  Shop shop(trial);
  QuietLog quiet;
  shop.host.offer<Log>(quiet);
  const auto handed = hand_over(trial, trial.cases.settings, shop.canary);
  const auto make = [&](int times) {
    for (int i = 0; i < times; ++i) {
      if (const auto made = try_create(trial, shop.host, handed.settings); !made) {
        throw CannotGoOn("a second connector is not made: " + shown(made.failure()));
      }
    }
  };
  make(kTimes / 5);  // what is made once is no growth
  const auto open = descriptors(), running = threads();
  // What is lost is lost every time; what the allocator keeps at hand settles, later on some paths
  // than on others.
  std::size_t least = std::numeric_limits<std::size_t>::max();
  for (int round = 0; round < kRounds && least >= kTimes * kLeast; ++round) {
    const auto before = ::mallinfo2().uordblks;
    make(kTimes);
    const auto after = ::mallinfo2().uordblks;
    least = std::min(least, after > before ? after - before : 0);
  }
  trial.expect(
      least < kTimes * kLeast,
      fmt::format("{} connectors, made and destroyed, leave {} bytes behind", kTimes, least));
  trial.expect(descriptors() <= open, fmt::format("{} connectors leave {} descriptors open", kTimes,
                                                  descriptors() - open));
  trial.expect(threads_beyond(running) == 0,
               fmt::format("{} connectors leave threads running", kTimes));
}

bool has_text(const HttpRequest& request, const std::string& text) {
  if (request.url.find(text) != std::string::npos || request.body.find(text) != std::string::npos) {
    return true;
  }
  return std::any_of(request.headers.begin(), request.headers.end(), [&](const auto& header) {
    return header.second.find(text) != std::string::npos;
  });
}

void c2_two_shops(Trial& trial) {
  Shop first(trial, {.canary = "canary-of-one"});
  Shop second(trial, {.canary = "canary-of-two"});
  for (Shop* shop : {&first, &second, &first}) {
    Shop& other = shop == &first ? second : first;
    const auto before = other.http.sent.size();
    const auto mine = shop->http.sent.size();
    one_call(*shop);
    trial.expect(other.http.sent.size() == before,
                 "a step of one shop sends requests through the services of another");
    trial.expect(shop->http.sent.size() > mine || other.http.sent.size() > before,
                 "a step makes no request: the connectors share what they know");
    for (const auto& one : shop->http.sent) {
      trial.expect(!has_text(one.request, other.canary),
                   fmt::format("{} of one shop has the secret of another", one.request.operation));
    }
  }
  first.expect_recorded("a step");
}

/// Lets two threads meet once.
class Meeting {
 public:
  /// False: the other did not come.
  bool wait() {
    std::unique_lock lock(mutex_);
    ++here_;
    changed_.notify_all();
    return changed_.wait_for(lock, std::chrono::seconds{5}, [this] { return here_ >= 2; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int here_ = 0;
};

void c3_side_by_side(Trial& trial) {
  trial.plugin();
  Shop alone(trial);
  const auto expected = read_orders(alone, {}).all();
  Shop first(trial, {.canary = "canary-of-one"}), second(trial, {.canary = "canary-of-two"});
  Meeting meeting;
  std::array<bool, 2> met{true, true};
  std::array<std::map<std::string, std::string>, 2> got;
  const auto run = [&](Shop& shop, std::size_t place) {
    bool waited = false;
    shop.http.arriving = [&, place](const Market::Sent&) {
      if (!std::exchange(waited, true)) met.at(place) = meeting.wait();
    };
    got.at(place) = read_orders(shop, {}).all();
  };
  std::thread other([&] { run(second, 1); });
  run(first, 0);
  other.join();
  trial.expect(met[0] && met[1], "one shop waits until another has ended its step");
  for (const auto& each : got) {
    trial.expect(each == expected, "two shops at a time give other orders than one alone");
  }
}

void c4_bad_settings(Trial& trial) {
  const auto schema = schema_of(trial);
  for (std::size_t i = 0; i < trial.cases.bad_settings.size(); ++i) {
    const auto& settings = trial.cases.bad_settings[i];
    if (!schema.validate(settings).empty()) continue;
    bool refused = false;
    try {
      Shop shop(trial, {.settings = &settings});
      const auto found = shop.check();
      refused = std::any_of(found.begin(), found.end(), [](const Finding& each) {
        return each.severity == Finding::Severity::kError;
      });
    } catch (const CannotGoOn&) {
      refused = true;
    }
    trial.expect(refused, fmt::format("/bad_settings/{}: schema, constructor and check() find "
                                      "nothing wrong with them",
                                      i));
  }
  // The host's schema keeps these away; a plugin must live through them all the same.
  Shop shop(trial);
  const std::string deep(20'000, '[');
  for (const std::string& junk :
       {std::string(), std::string("{}"), std::string("[]"), std::string("null"),
        std::string("{\"a\":"), deep, std::string("\0\xff", 2), std::string(1u << 20, ' ')}) {
    const auto made = try_create(trial, shop.host, junk);
    (void)made;
  }
}

struct ProcessState {
  std::string folder, locale;
  mode_t mask;
  std::vector<std::string> environment;
  std::vector<void (*)(int)> handlers;
  std::size_t thread_count;

  static ProcessState now() {
    ProcessState state;
    state.folder = std::filesystem::current_path().string();
    state.locale = std::setlocale(LC_ALL, nullptr);
    state.mask = ::umask(0);
    ::umask(state.mask);
    for (char** each = environ; each != nullptr && *each != nullptr; ++each) {
      state.environment.emplace_back(*each);
    }
    std::sort(state.environment.begin(), state.environment.end());
    for (int signal = 1; signal < SIGRTMIN; ++signal) {
      struct sigaction action {};
      ::sigaction(signal, nullptr, &action);
      state.handlers.push_back(action.sa_handler);
    }
    state.thread_count = threads();
    return state;
  }
};

void c5_process(Trial& trial) {
  trial.plugin();
  const auto before = ProcessState::now();
  {
    Shop shop(trial);
    tour(shop);
    const auto left = threads_beyond(before.thread_count);
    trial.expect(left == 0, fmt::format("calls leave {} thread(s) of its own running", left));
  }
  const auto after = ProcessState::now();
  trial.expect(after.folder == before.folder, "changes the working folder of the process");
  trial.expect(after.locale == before.locale, "changes the locale of the process");
  trial.expect(after.mask == before.mask, "changes the umask of the process");
  trial.expect(after.environment == before.environment, "changes the environment of the process");
  trial.expect(after.handlers == before.handlers, "installs signal handlers");
}

void c6_silence(Trial& trial) {
  trial.plugin();
  const int kept_out = ::dup(STDOUT_FILENO), kept_err = ::dup(STDERR_FILENO);
  const int memory = ::memfd_create("said", MFD_CLOEXEC);
  if (kept_out < 0 || kept_err < 0 || memory < 0) throw CannotGoOn("no descriptor is left");
  std::fflush(nullptr);
  ::dup2(memory, STDOUT_FILENO);
  ::dup2(memory, STDERR_FILENO);
  {
    Shop shop(trial);
    tour(shop);
  }
  std::fflush(nullptr);
  ::dup2(kept_out, STDOUT_FILENO);
  ::dup2(kept_err, STDERR_FILENO);
  struct stat status {};
  ::fstat(memory, &status);
  trial.expect(
      status.st_size == 0,
      fmt::format("writes {} bytes to standard output or error: use host.log/1", status.st_size));
  for (const int fd : {kept_out, kept_err, memory}) ::close(fd);
}

void c7_optional(Trial& trial) {
  // Without these a plugin may refuse to start, if it says which one it lacks.
  constexpr std::array<std::string_view, 4> kNeeded{HttpClient::kId, Secrets::kId, Clock::kId,
                                                    Quota::kId};
  constexpr std::array<std::string_view, 5> kOptional{Log::kId, Metrics::kId, State::kId,
                                                      Random::kId, Documents::kId};
  const auto go_without = [&](const std::vector<std::string_view>& ids, bool may_refuse) {
    const std::string id = ids.size() == 1 ? std::string(ids[0]) : "any optional service";
    try {
      Shop shop(trial, {.without = ids});
      for (const auto& failure : tour(shop)) {
        trial.expect(failure.kind != Failure::Kind::kInternal,
                     fmt::format("without {}: {}", id, shown(failure)));
      }
    } catch (const CannotGoOn& error) {
      if (!may_refuse) {
        trial.fail(fmt::format("without {}: {}", id, error.what()));
      } else {
        trial.expect(std::string_view(error.what()).find(id) != std::string_view::npos,
                     fmt::format("without {} it does not start, and does not name it: {}", id,
                                 error.what()));
      }
    }
  };
  for (const auto id : kOptional) go_without({id}, false);
  go_without({kOptional.begin(), kOptional.end()}, false);
  for (const auto id : kNeeded) go_without({id}, true);
}

}  // namespace

std::vector<Check> life_checks() {
  using enum Level;
  return {
      {"C1", kRequired, "A hundred connectors, made and destroyed, leave nothing behind",
       Need::kPlugin, c1_create},
      {"C2", kRequired, "Two shops share nothing", Need::kAny, c2_two_shops},
      {"C3", kRecommended, "Two shops run at the same time", Need::kOrders, c3_side_by_side},
      {"C4", kRequired, "Bad settings are refused, and no text ends the process", Need::kPlugin,
       c4_bad_settings},
      {"C5", kRequired,
       "It leaves no thread, and folder, locale, umask, environment and signals "
       "as they were",
       Need::kPlugin, c5_process},
      {"C6", kRequired, "It writes nothing to standard output and error", Need::kPlugin,
       c6_silence},
      {"C7", kRequired, "It lives without the optional services, or names the one it needs",
       Need::kPlugin, c7_optional},
  };
}

}  // namespace marketplug::testkit
