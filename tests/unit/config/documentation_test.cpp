// Every YAML block of the documentation is a file that the program takes.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "host/config/config.hpp"
#include "tests/unit/config/fixtures.hpp"

namespace marketplug::config::documentation_test {
namespace {

namespace fs = std::filesystem;

struct Block {
  std::string page, text;
};

std::vector<Block> yaml_blocks() {
  std::vector<fs::path> pages{fs::path(MARKETPLUG_SOURCE_DIR) / "README.md"};
  for (const auto& entry :
       fs::recursive_directory_iterator(fs::path(MARKETPLUG_SOURCE_DIR) / "docs")) {
    if (entry.path().extension() == ".md") pages.push_back(entry.path());
  }
  std::vector<Block> blocks;
  for (const auto& page : pages) {
    std::ifstream file(page);
    bool inside = false;
    for (std::string line; std::getline(file, line);) {
      if (inside && line.starts_with("```")) {
        inside = false;
      } else if (inside) {
        blocks.back().text += line + "\n";
      } else if (line == "```yaml") {
        inside = true;
        blocks.push_back({page.string(), {}});
      }
    }
  }
  return blocks;
}

TEST(Documentation, EveryYamlBlockIsTaken) {
  std::size_t shops = 0, hosts = 0;
  for (const auto& block : yaml_blocks()) {
    const test::Folder folder;
    const auto file = folder.write("it.yaml", block.text);
    const bool shop = ("\n" + block.text).find("\nplugin: ") != std::string::npos;
    (shop ? shops : hosts) += 1;
    const auto problems = shop ? load_shop(file,
                                           [](std::string_view id) {
                                             return id == "amazon"
                                                        ? std::optional(test::amazons_schema())
                                                        : std::nullopt;
                                           })
                                     .problems
                               : load_host(file).problems;
    EXPECT_TRUE(problems.empty()) << block.page << "\n" << block.text << test::all_text(problems);
  }
  EXPECT_GE(shops, 2u);
  EXPECT_GE(hosts, 1u);
}

}  // namespace
}  // namespace marketplug::config::documentation_test
