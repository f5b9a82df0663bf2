#pragma once
// For the loader's tests: a plugins folder that lasts as long as a test, and bytes patched in it.

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "host/loading/plugin.hpp"

namespace marketplug::loading::test {

using Bytes = std::vector<unsigned char>;

inline std::string test_plugin(const std::string& name) {
  return std::string(TEST_PLUGINS_DIR) + "/" + name + ".so";
}

inline Bytes read_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("no such test plugin: " + path);
  Bytes bytes(std::filesystem::file_size(path));
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

/// Where the ABI block begins: its mark stands nowhere else in the file.
inline std::size_t block_offset(const Bytes& bytes) {
  const auto found = std::search(bytes.begin(), bytes.end(), kAbiMagic.begin(), kAbiMagic.end());
  if (found == bytes.end()) throw std::runtime_error("no ABI block");
  return static_cast<std::size_t>(found - bytes.begin());
}

template <class T>
void patch(Bytes& bytes, std::size_t offset, T value) {
  std::memcpy(bytes.data() + offset, &value, sizeof(T));
}

/// Overwrites a member of the ABI block.
template <class T>
void patch_block(Bytes& bytes, std::size_t member_offset, T value) {
  patch(bytes, block_offset(bytes) + member_offset, value);
}

class PluginFolder {
 public:
  PluginFolder() {
    std::string name = ::testing::TempDir() + "/marketplug-loading-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = std::filesystem::canonical(name).string();
  }
  PluginFolder(const PluginFolder&) = delete;
  PluginFolder& operator=(const PluginFolder&) = delete;
  ~PluginFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

  std::string write(const std::string& name, const Bytes& bytes) const {
    std::ofstream(*this / name, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    ::chmod((*this / name).c_str(), 0644);
    return *this / name;
  }
  std::string write(const std::string& name, std::string_view text) const {
    return write(name, Bytes(text.begin(), text.end()));
  }
  std::string copy(const std::string& plugin, const std::string& name) const {
    return write(name, read_bytes(test_plugin(plugin)));
  }

  std::vector<PluginFile> scan(std::vector<std::pair<std::string, std::string>> pins = {}) const {
    return loading::scan({path_, std::move(pins)});
  }
  /// For folders with one plugin in them.
  PluginFile only(std::vector<std::pair<std::string, std::string>> pins = {}) const {
    auto files = scan(std::move(pins));
    if (files.size() != 1) throw std::runtime_error("not exactly one plugin");
    return files[0];
  }

 private:
  std::string path_;
};

inline std::vector<std::string> codes(const std::vector<PluginReason>& reasons) {
  std::vector<std::string> list;
  for (const PluginReason& reason : reasons) list.push_back(reason.code);
  return list;
}

}  // namespace marketplug::loading::test
