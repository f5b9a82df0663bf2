#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "tests/unit/isolation/workers.hpp"

namespace marketplug::isolation {
namespace {

using ::testing::HasSubstr;

struct Trial {
  const char* animal;
  const char* code;
  const char* cause;
};

class Trials : public ::testing::TestWithParam<Trial> {};

TEST_P(Trials, EndInTheChildAndAreNamed) {
  Spawner spawner;
  const auto file = test::animal(GetParam().animal);
  auto options = test::worker_options();
  if (std::string_view(GetParam().code) == "probe_hung") {
    options = test::impatient();
    options.start_time = std::chrono::milliseconds{1000};
  }
  const auto schema = probe(spawner, options, file);
  ASSERT_FALSE(schema);
  EXPECT_EQ(schema.failure().kind, Failure::Kind::kConfig);
  const bool thrown = std::string_view(GetParam().code) == "plugin_exception";
  if (thrown && test::sanitized()) GTEST_SKIP() << "the sanitizer ends the process before";
  EXPECT_EQ(schema.failure().code, GetParam().code);
  EXPECT_THAT(schema.failure().message, HasSubstr(file.path + ": "));
  EXPECT_THAT(schema.failure().message, HasSubstr(test::end_by(GetParam().cause)));
  EXPECT_THAT(schema.failure().remedy, HasSubstr("author"));
}

INSTANTIATE_TEST_SUITE_P(
    All, Trials,
    ::testing::Values(Trial{"init_throws", "plugin_exception", "thrown while it is loaded"},
                      Trial{"init_aborts", "probe_crashed", "signal 6"},
                      Trial{"init_crashes", "probe_crashed", "signal 11"},
                      Trial{"init_exits", "probe_crashed", "exit code 0"},
                      Trial{"init_sleeps", "probe_hung", "did not come back"}),
    [](const auto& trial) { return trial.param.animal + std::to_string(trial.index); });

// Guards: a stop of the program waited for the trial of a plugin that hung.
TEST(Probe, EndsWhenTheProgramStops) {
  Spawner spawner;
  auto options = test::impatient();
  options.start_time = std::chrono::minutes{10};
  options.stop_grace = std::chrono::milliseconds{50};
  int looks = 0;
  const auto schema =
      probe(spawner, options, test::animal("init_sleeps"), [&looks] { return ++looks > 1; });
  ASSERT_FALSE(schema);
  EXPECT_EQ(schema.failure().kind, Failure::Kind::kCancelled);
  EXPECT_EQ(schema.failure().code, "probe_stopped");
}

TEST(Probe, GivesTheSettingsSchemaAndLoadsNothingHere) {
  Spawner spawner;
  const auto schema = probe(spawner, test::worker_options(), test::animal("sound"));
  ASSERT_TRUE(schema) << schema.failure().message;
  EXPECT_THAT(schema.value(), HasSubstr("\"Settings\""));
}

TEST(Probe, NoticesThatTheFileIsNotTheOneThatWasChecked) {
  Spawner spawner;
  auto file = test::animal("sound");
  file.sha256 = std::string(64, '0');
  const auto schema = probe(spawner, test::worker_options(), file);
  ASSERT_FALSE(schema);
  EXPECT_EQ(schema.failure().code, "changed");
}

TEST(Probe, AWorkerThatIsNoneIsTheInstallationsFault) {
  Spawner spawner;
  for (const char* program : {"/bin/true", "/no/such/worker", "/etc/passwd"}) {
    auto options = test::worker_options();
    options.program = program;
    const auto schema = probe(spawner, options, test::animal("sound"));
    ASSERT_FALSE(schema) << program;
    EXPECT_EQ(schema.failure().code, "no_worker");
    EXPECT_THAT(schema.failure().message, HasSubstr(program));
  }
}

// It speaks the protocol, but its types are others: nothing it says could be believed.
TEST(Probe, AWorkerOfAnotherBuildIsRefusedByItsGreeting) {
  Spawner spawner;
  const auto folder = ::testing::TempDir() + "other-worker";
  std::filesystem::create_directories(folder);
  for (const char* greeting : {R"({"protocol":1})", R"({"protocol":2})",
                               R"({"protocol":2,"abi":"AAAA"})", R"({"protocol":2,"abi":7})"}) {
    auto options = test::worker_options();
    options.program = folder + "/worker";
    const std::string length = fmt::format("\\000\\000\\000\\{:03o}", std::strlen(greeting));
    std::ofstream(options.program)
        << "#!/bin/sh\nprintf '" << length << greeting << "' >&3\nexec cat <&3 >/dev/null\n";
    std::filesystem::permissions(options.program, std::filesystem::perms{0755});
    const auto schema = probe(spawner, options, test::animal("sound"));
    ASSERT_FALSE(schema) << greeting;
    EXPECT_EQ(schema.failure().code, "no_worker");
    EXPECT_THAT(schema.failure().message, HasSubstr("is of another release")) << greeting;
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace marketplug::isolation
