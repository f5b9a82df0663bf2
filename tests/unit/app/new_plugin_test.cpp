#include "host/app/new_plugin.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <boost/json/array.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "host/api/backend.hpp"
#include "host/cli/format.hpp"

namespace marketplug::app::new_plugin_test {
namespace {

namespace fs = std::filesystem;

class NewPluginTest : public ::testing::Test {
 protected:
  NewPluginTest() {
    std::string pattern = fs::temp_directory_path() / "new-plugin-XXXXXX";
    folder = ::mkdtemp(pattern.data());
    wanted = {"my-market", folder / "made", MARKETPLUG_SOURCE_DIR "/plugin-api/template",
              "/opt/mp"};
  }
  ~NewPluginTest() override { fs::remove_all(folder); }

  std::string text_of(const fs::path& file) const {
    std::ifstream in(wanted.folder / file);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::string refusal(int status) {
    try {
      write_new_plugin(wanted);
      return "none";
    } catch (const api::OperationError& error) {
      EXPECT_EQ(error.status(), status) << error.what();
      EXPECT_FALSE(error.remedy().empty());
      return error.what();
    }
  }

  fs::path folder;
  NewPlugin wanted;
};

TEST_F(NewPluginTest, WritesTheTemplateUnderTheNewName) {
  const auto answer = write_new_plugin(wanted);
  EXPECT_EQ(answer.at("plugin"), "my-market");
  EXPECT_EQ(answer.at("folder").as_string(), wanted.folder);
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(wanted.folder)) {
    if (!entry.is_regular_file()) continue;
    ++files;
    const auto text = text_of(entry.path());
    EXPECT_EQ(text.find("xample-market"), std::string::npos) << entry.path();
    EXPECT_EQ(text.find("xample Market"), std::string::npos) << entry.path();
  }
  EXPECT_EQ(files, answer.at("files").as_array().size());
  EXPECT_NE(text_of("src/connector.hpp").find(R"(kInfo{"my-market", "My Market", "0.1.0"})"),
            std::string::npos);
  EXPECT_NE(text_of("CMakeLists.txt").find("project(my-market "), std::string::npos);
}

TEST_F(NewPluginTest, SaysTheNextCommands) {
  wanted.folder = folder / "with blank";
  const auto text = cli::format_new_plugin(write_new_plugin(wanted));
  const auto build = "'" + wanted.folder + "/build'";
  EXPECT_NE(text.find("  cmake -S '" + wanted.folder + "' -B " + build +
                      " -DCMAKE_PREFIX_PATH=/opt/mp\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("  ctest --test-dir " + build), std::string::npos) << text;
}

TEST_F(NewPluginTest, RefusesNamesThatNoPluginMayHave) {
  for (const char* name :
       {"", "My-market", "1market", "my market", "my_market", "../x", "a/b", "-a", "a-", "test",
        "install", "q\xc3\xa9", "a2345678901234567890123456789012345678901"}) {
    wanted.name = name;
    EXPECT_NE(refusal(400), "none") << name;
    EXPECT_FALSE(fs::exists(wanted.folder)) << name;
  }
}

TEST_F(NewPluginTest, RefusesAFolderThatExists) {
  fs::create_directory(wanted.folder);
  EXPECT_EQ(refusal(409), wanted.folder + " exists already");
  EXPECT_TRUE(fs::is_empty(wanted.folder));
}

TEST_F(NewPluginTest, LeavesNothingBehindWhereItCannotWrite) {
  wanted.folder = folder / "absent" / "made";
  EXPECT_NE(refusal(500).find("cannot make the folder"), std::string::npos);
  EXPECT_FALSE(fs::exists(folder / "absent"));
}

TEST_F(NewPluginTest, SaysWhereTheTemplateShouldBe) {
  wanted.templates = folder;
  EXPECT_EQ(refusal(404), "there is no plugin template in " + folder.string());
}

}  // namespace
}  // namespace marketplug::app::new_plugin_test
