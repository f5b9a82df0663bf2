#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "host/services/services.hpp"
#include "tls_server.hpp"

namespace marketplug::services {
namespace {

using ::testing::HasSubstr;
using testing::TempFolder;

class SecretReference : public ::testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& content, mode_t mode = 0600) {
    const auto path = folder_.file(name);
    std::ofstream(path) << content;
    ::chmod(path.c_str(), mode);
    return path;
  }
  static void expect_refused(const std::string& reference, const std::string& code,
                             const std::string& names) {
    const auto result = resolve_reference(reference);
    ASSERT_FALSE(result) << reference;
    EXPECT_EQ(result.failure().kind, Failure::Kind::kConfig);
    EXPECT_EQ(result.failure().code, code);
    EXPECT_THAT(result.failure().message, HasSubstr(names));
    EXPECT_NE(result.failure().remedy, "");
  }
  TempFolder folder_;
};

TEST_F(SecretReference, KnowsReferences) {
  for (const auto* text : {"${env:A}", "${file:/x/y}"}) EXPECT_TRUE(is_reference(text)) << text;
  for (const auto* text : {"", "secret", "${env:}", "${file:}", "$env:A", "${ENV:A}", "${env:A",
                           "x${env:A}", "${env:A}${env:B}", "${vault:x}", "secret:/a"}) {
    EXPECT_FALSE(is_reference(text)) << text;
  }
}

TEST_F(SecretReference, ReadsTheEnvironment) {
  ::setenv("MARKETPLUG_TEST_SECRET", "from-env", 1);
  EXPECT_EQ(resolve_reference("${env:MARKETPLUG_TEST_SECRET}").value(), "from-env");
  ::setenv("MARKETPLUG_TEST_SECRET", "", 1);
  expect_refused("${env:MARKETPLUG_TEST_SECRET}", "secret_missing", "MARKETPLUG_TEST_SECRET");
  ::unsetenv("MARKETPLUG_TEST_SECRET");
  expect_refused("${env:MARKETPLUG_TEST_SECRET}", "secret_missing", "MARKETPLUG_TEST_SECRET");
}

TEST_F(SecretReference, ReadsFilesAndTrimsOneNewline) {
  EXPECT_EQ(resolve_reference("${file:" + write("a", "value\n") + "}").value(), "value");
  EXPECT_EQ(resolve_reference("${file:" + write("b", "value\r\n") + "}").value(), "value");
  EXPECT_EQ(resolve_reference("${file:" + write("c", " two\nlines \n\n", 0400) + "}").value(),
            " two\nlines \n");
  EXPECT_EQ(resolve_reference("${file:" + write("d", std::string(65536, 'x')) + "}").value().size(),
            65536u);
}

TEST_F(SecretReference, RefusesFilesThatOthersCanReadOrWrite) {
  for (const mode_t mode : {0640, 0604, 0620, 0602, 0644}) {
    const auto path = write("open" + std::to_string(mode), "x", mode);
    expect_refused("${file:" + path + "}", "secret_file_open_to_others", path);
  }
}

TEST_F(SecretReference, RefusesWhatIsNoUsableFile) {
  expect_refused("${file:" + folder_.file("missing") + "}", "secret_file_missing",
                 folder_.file("missing"));
  expect_refused("${file:" + folder_.file("") + "}", "secret_file_not_a_file", folder_.file(""));
  ASSERT_EQ(::mkfifo(folder_.file("pipe").c_str(), 0600), 0);
  expect_refused("${file:" + folder_.file("pipe") + "}", "secret_file_not_a_file", "pipe");
  expect_refused("${file:" + write("empty", "\n") + "}", "secret_file_empty", "empty");
  expect_refused("${file:" + write("large", std::string(65537, 'x')) + "}", "secret_file_too_large",
                 "large");
}

TEST_F(SecretReference, FollowsOwnLinksToOwnFilesOnly) {
  const auto target = write("target", "linked");
  const auto link = folder_.file("link");
  ASSERT_EQ(::symlink(target.c_str(), link.c_str()), 0);
  EXPECT_EQ(resolve_reference("${file:" + link + "}").value(), "linked");
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  ASSERT_EQ(::chown(target.c_str(), 65534, 65534), 0);
  expect_refused("${file:" + link + "}", "secret_file_owner", link);
  ASSERT_EQ(::chown(target.c_str(), 0, 0), 0);
  ASSERT_EQ(::lchown(link.c_str(), 65534, 65534), 0);
  expect_refused("${file:" + link + "}", "secret_file_owner", link);
}

TEST_F(SecretReference, AMalformedReferenceIsNotRepeated) {
  const auto result = resolve_reference("canary-secret");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.failure().message.find("canary"), std::string::npos);
}

}  // namespace
}  // namespace marketplug::services
