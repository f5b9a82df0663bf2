#pragma once
// A configuration with two shops, for the program as its user runs it: "good" has the plugin
// sound.so, "bad" the animal bad.so. One thread.

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/integration/programs/process.hpp"

namespace marketplug::testing {

struct Ended {
  int code = 0;
  std::string output;
};

class HostFolder : public ::testing::Test {
 protected:
  explicit HostFolder(const std::string& animal = "plain") {
    namespace fs = std::filesystem;
    std::string pattern = fs::temp_directory_path() / "host-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = fs::canonical(pattern);
    fs::create_directory(folder_ / "plugins");
    fs::create_directory(folder_ / "shops.d");
    install("sound", "sound.so");
    install(animal, "bad.so");
    std::ofstream(config()) << "store: { url: \"sqlite:marketplug.db\" }\n"
                            << "plugins: { folder: ./plugins }\nshops: { folder: ./shops.d }\n";
    for (const auto& [id, plugin] : {std::pair("good", "sound"), std::pair("bad", "bad")}) {
      std::ofstream(folder_ / "shops.d" / (std::string(id) + ".yaml"))
          << "id: " << id << "\nplugin: " << plugin << "\nenabled: true\nsettings: {}\n";
    }
  }
  ~HostFolder() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  /// As the operator's guide says: under another name, then renamed. `more` makes it another build.
  void install(const std::string& animal, const std::string& name, std::string_view more = {}) {
    namespace fs = std::filesystem;
    const auto whole = folder_ / "plugins" / name;
    const auto part = whole.string() + ".new";
    fs::copy_file(fs::path(BAD_PLUGINS_DIR) / (animal + ".so"), part);
    if (!more.empty()) std::ofstream(part, std::ios::app) << more;
    fs::rename(part, whole);
  }
  std::string config() const { return (folder_ / "marketplug.yaml").string(); }
  std::vector<std::string> command(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {MARKETPLUG_PROGRAM, "--config", config()});
    return arguments;
  }
  Ended run(std::vector<std::string> arguments) const {
    return run_program(command(std::move(arguments)));
  }
  static Ended run_program(const std::vector<std::string>& whole) {
    Process process(whole, environment());
    const int code = process.finish();
    return {code, process.output()};
  }
  static std::vector<std::string> environment() { return {"PATH=/usr/bin:/bin"}; }

  std::filesystem::path folder_;
};

}  // namespace marketplug::testing
