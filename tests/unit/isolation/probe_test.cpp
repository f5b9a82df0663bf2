#include <gmock/gmock.h>

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
  EXPECT_EQ(schema.failure().code, GetParam().code);
  EXPECT_THAT(schema.failure().message, HasSubstr(file.path + ": "));
  EXPECT_THAT(schema.failure().message, HasSubstr(GetParam().cause));
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

}  // namespace
}  // namespace marketplug::isolation
