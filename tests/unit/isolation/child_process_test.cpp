#include "host/isolation/child_process.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace marketplug::isolation {
namespace {

using std::chrono::milliseconds;
using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr milliseconds kPatience{30'000};

std::unique_ptr<Child> shell(Spawner& spawner, const std::string& script) {
  auto child = spawner.spawn("/bin/sh", {"-c", script}, {});
  if (!child) throw std::runtime_error(child.failure().message);
  return std::move(child).value();
}

/// What it wrote to standard output and error until its end.
std::vector<std::string> said_by(Child& child) {
  std::string frame;
  child.channel().receive(frame, kPatience);  // returns when the child's end is closed
  child.end(kPatience);
  return child.take_errors();
}

TEST(Child, GetsNothingOfThisProcess) {
  const int leaked = ::open("/dev/null", O_RDONLY);  // neither close-on-exec nor wanted there
  ::setenv("CHILD_TEST_SECRET", "sesame", 1);
  Spawner spawner;
  const auto child = shell(spawner, "env; ls /proc/self/fd; exec 3<&-");
  const auto lines = said_by(*child);
  ::close(leaked);
  ::unsetenv("CHILD_TEST_SECRET");
  EXPECT_THAT(lines, Not(Contains(HasSubstr("sesame"))));
  EXPECT_THAT(lines, Not(Contains(HasSubstr("HOME="))));
  for (int fd = 5; fd < 64; ++fd) EXPECT_THAT(lines, Not(Contains(std::to_string(fd))));
}

TEST(Child, LivesUnderLimitsThatItCannotLift) {
  Spawner spawner;
  const auto child = shell(spawner, "ulimit -n; ulimit -c; ulimit -n 65 2>/dev/null || echo no");
  EXPECT_THAT(said_by(*child), ElementsAre("64", "0", "no"));
  const auto status = shell(spawner, "grep NoNewPrivs /proc/self/status");
  EXPECT_THAT(said_by(*status), ElementsAre(HasSubstr("1")));
}

TEST(Child, HasAGroupOfItsOwnAndItsSignalsBack) {
  sigset_t blocked, before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
  Spawner spawner;
  const auto child = shell(spawner, "while :; do :; done");
  EXPECT_EQ(::getpgid(child->pid()), child->pid());
  EXPECT_EQ(child->end(kPatience).signal, SIGTERM);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

TEST(Child, WhatIgnoresTheTermIsKilledWithWhatItStarted) {
  Spawner spawner;
  const auto child =
      shell(spawner, "trap '' TERM; (trap '' TERM; while :; do :; done) & echo $! >&2; wait");
  std::vector<std::string> lines;
  while (lines.empty()) lines = child->take_errors();
  EXPECT_EQ(child->end(milliseconds{20}).signal, SIGKILL);
  const auto grandchild = static_cast<pid_t>(std::stoi(lines.at(0)));
  // Orphans are waited for by somebody else: until then a zombie is left.
  std::ifstream stat("/proc/" + std::to_string(grandchild) + "/stat");
  std::stringstream text;
  text << stat.rdbuf();
  EXPECT_THAT(text.str(), AnyOf(IsEmpty(), HasSubstr(") Z"), HasSubstr(") X"), HasSubstr(") R")));
}

// The thread of the Spawner stands for the process: what it started ends with it.
TEST(Child, EndsWithWhoStartedIt) {
  auto spawner = std::make_unique<Spawner>();
  const auto child = shell(*spawner, "trap '' TERM; while :; do :; done");
  spawner.reset();
  std::string frame;
  EXPECT_EQ(child->channel().receive(frame, kPatience), Channel::Got::kClosed);
  EXPECT_EQ(child->end(milliseconds{0}).signal, SIGKILL);
}

TEST(Child, ItsEndIsToldInWords) {
  Spawner spawner;
  std::string frame;
  const auto left = shell(spawner, "exit 3");
  left->channel().receive(frame, kPatience);
  // It is exiting: a signal changes nothing any more.
  EXPECT_EQ(left->end(kPatience).text(), "ended with exit code 3");
  const auto crashed = shell(spawner, "kill -SEGV $$");
  crashed->channel().receive(frame, kPatience);
  EXPECT_EQ(crashed->end(kPatience).text(), "was ended by signal 11 (Segmentation fault)");
  EXPECT_EQ(crashed->end(kPatience).signal, SIGSEGV) << "asked again";
  EXPECT_EQ((ChildEnd{0, 4}).text(), "ended with exit code 4");
}

TEST(Child, LongLinesAndMissingEndsAreTold) {
  Spawner spawner;
  const auto child = shell(spawner, "echo first >&2; printf last");
  EXPECT_THAT(said_by(*child), ElementsAre("first", "last"));
}

TEST(Spawner, SaysWhyItCannot) {
  Spawner spawner;
  const auto child = spawner.spawn("/no/such/program", {}, {});
  ASSERT_FALSE(child);
  EXPECT_EQ(child.failure().code, "no_worker");
  EXPECT_THAT(child.failure().message, HasSubstr("No such file"));
  EXPECT_THAT(child.failure().remedy, HasSubstr("marketplug-worker"));
}

}  // namespace
}  // namespace marketplug::isolation
