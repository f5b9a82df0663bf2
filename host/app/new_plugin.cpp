#include "host/app/new_plugin.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>
#include <vector>

#include "host/api/backend.hpp"

namespace marketplug::app {
namespace {

namespace fs = std::filesystem;
using api::OperationError;

constexpr std::string_view kTemplateName = "example-market";
constexpr std::string_view kTemplateTitle = "Example Market";
constexpr std::size_t kLongestName = 40;
/// Targets that CMake keeps for itself.
constexpr std::array<std::string_view, 8> kReserved{"all",     "clean",   "depend", "help",
                                                    "install", "package", "test",   "uninstall"};

void check_name(const std::string& name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  const bool well_formed = !name.empty() && name.size() <= kLongestName && name[0] >= 'a' &&
                           name[0] <= 'z' && name.back() != '-' &&
                           std::all_of(name.begin(), name.end(), allowed);
  if (!well_formed) {
    throw OperationError(400, "bad_name", fmt::format("'{}' is no name for a plugin", name),
                         fmt::format("Use small letters, digits and -, beginning with a letter, at "
                                     "most {} characters: my-market.",
                                     kLongestName));
  }
  if (std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end()) {
    throw OperationError(400, "bad_name", fmt::format("CMake keeps the name '{}' for itself", name),
                         "Name the plugin after its marketplace: my-market.");
  }
}

/// "my-market" is for people "My Market".
std::string title_of(const std::string& name) {
  std::string title;
  bool begins = true;
  for (const char c : name) {
    const bool lower = c >= 'a' && c <= 'z';
    title += c == '-' ? ' ' : begins && lower ? static_cast<char>(c - 'a' + 'A') : c;
    begins = c == '-';
  }
  return title;
}

void replace_all(std::string& text, std::string_view from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path().lexically_relative(folder));
  }
  std::sort(files.begin(), files.end());
  return files;
}

void copy_renamed(const fs::path& from, const fs::path& to, const std::string& name) {
  std::ifstream in(from, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  replace_all(text, kTemplateName, name);
  replace_all(text, kTemplateTitle, title_of(name));
  fs::create_directories(to.parent_path());
  std::ofstream out(to, std::ios::binary);
  out << text;
  out.close();
  if (!in || !out) {
    throw fs::filesystem_error("cannot write", to, std::make_error_code(std::errc::io_error));
  }
}

/// As a shell takes it for one word.
std::string quoted(const std::string& path) {
  const bool plain = std::all_of(path.begin(), path.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("/._-+").find(c) != std::string_view::npos;
  });
  if (plain) return path;
  std::string text = path;
  replace_all(text, "'", "'\\''");
  return "'" + text + "'";
}

}  // namespace

boost::json::object write_new_plugin(const NewPlugin& wanted) {
  check_name(wanted.name);
  const fs::path folder = wanted.folder.empty() ? wanted.name : wanted.folder;
  if (!fs::is_regular_file(fs::path(wanted.templates) / "CMakeLists.txt")) {
    throw OperationError(404, "no_template",
                         fmt::format("there is no plugin template in {}", wanted.templates),
                         "Install Marketplug's SDK beside the program: cmake --install BUILD.");
  }
  std::error_code error;
  if (!fs::create_directory(folder, error)) {
    if (error) {
      throw OperationError(
          500, "cannot_write",
          fmt::format("cannot make the folder {}: {}", folder.string(), error.message()),
          "Name one in a folder that exists and that you may write.");
    }
    throw OperationError(409, "folder_exists", fmt::format("{} exists already", folder.string()),
                         "Name another folder with --folder DIR, or remove this one.");
  }
  boost::json::array files;
  try {
    for (const auto& file : files_below(wanted.templates)) {
      copy_renamed(wanted.templates / file, folder / file, wanted.name);
      files.emplace_back(file.string());
    }
  } catch (const fs::filesystem_error& failed) {
    fs::remove_all(folder, error);
    throw OperationError(500, "cannot_write", failed.what(), "Make room, then try again.");
  }
  const auto source = quoted(folder.string());
  const auto build = quoted((folder / "build").string());
  return {{"plugin", wanted.name},
          {"folder", folder.string()},
          {"files", std::move(files)},
          {"next", boost::json::array{fmt::format("cmake -S {} -B {} -DCMAKE_PREFIX_PATH={}",
                                                  source, build, quoted(wanted.prefix)),
                                      fmt::format("cmake --build {}", build),
                                      fmt::format("ctest --test-dir {} --output-on-failure", build),
                                      fmt::format("cmake --install {} --prefix {}", build,
                                                  quoted(wanted.prefix))}}};
}

std::string program_prefix() {
  std::error_code error;
  const auto program = fs::read_symlink("/proc/self/exe", error);
  return error ? "/usr" : program.parent_path().parent_path().string();
}

}  // namespace marketplug::app
