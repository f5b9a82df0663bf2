#include "host/loading/dependency_check.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <link.h>

#include <algorithm>
#include <array>

#include "host/loading/text.hpp"
#include "marketplug/plugin.hpp"

namespace marketplug::loading {
namespace {

constexpr std::array<std::string_view, 12> kAllowedLibraries{
    "libstdc++.so.6",       "libgcc_s.so.1",        "libc.so.6",    "libm.so.6", "libpthread.so.0",
    "libdl.so.2",           "librt.so.1",           "libxml2.so.2", "libz.so.1", "libzip.so.4",
    "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"};

/// What the host itself uses: a second copy of another version would answer the host's calls, or
/// the host's copy the plugin's.
constexpr std::array<std::string_view, 11> kRefusedPrefixes{
    "libPoco",   "libboost",          "libyaml-cpp", "libsqlite3", "libpq",   "libfmt",
    "libspdlog", "libprometheus-cpp", "libsodium",   "libgtest",   "libgmock"};

constexpr std::array<std::string_view, 5> kSanitizerPrefixes{"libasan", "libubsan", "libtsan",
                                                             "liblsan", "libhwasan"};

bool starts_with_any(std::string_view name, const auto& prefixes) {
  return std::ranges::any_of(prefixes,
                             [name](std::string_view prefix) { return name.starts_with(prefix); });
}

bool contains(const auto& list, std::string_view name) {
  return std::ranges::find(list, name) != list.end();
}

PluginReason refused_library(std::string_view name) {
  const std::string shown = printable(name);
  if (starts_with_any(name, kSanitizerPrefixes)) {
    return {"library_refused",
            fmt::format("needs {}, a sanitizer that this host was not built with", shown),
            "Link the plugin without -fsanitize, or use a host built with the same sanitizers."};
  }
  if (name.find('/') != std::string_view::npos) {
    return {"library_refused", fmt::format("needs a library by path ({})", shown),
            "Link libraries by name, and private ones into the plugin itself (static, PIC)."};
  }
  return {"library_refused",
          fmt::format("needs {}, which would meet the host's own copy in one process", shown),
          "Use the library header-only or link it statically (PIC) into the plugin."};
}

}  // namespace

Dependency judge_library(std::string_view name, const std::vector<std::string>& in_process) {
  if (contains(kAllowedLibraries, name)) return Dependency::kAllowed;
  if (starts_with_any(name, kSanitizerPrefixes)) {
    return contains(in_process, name) ? Dependency::kAllowed : Dependency::kRefused;
  }
  const bool by_path = name.find('/') != std::string_view::npos;
  if (by_path || name.empty() || starts_with_any(name, kRefusedPrefixes)) {
    return Dependency::kRefused;
  }
  return Dependency::kWarned;
}

std::vector<std::string> loaded_libraries() {
  std::vector<std::string> names;
  ::dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* to) {
        const std::string_view path = info->dlpi_name == nullptr ? "" : info->dlpi_name;
        static_cast<std::vector<std::string>*>(to)->emplace_back(
            path.substr(path.rfind('/') + 1));  // npos + 1 is 0
        return 0;
      },
      &names);
  return names;
}

void judge_dependencies(const ElfFile& elf, const std::vector<std::string>& in_process,
                        PluginFile& file) {
  for (const std::string& name : elf.needed) {
    file.needed.push_back(printable(name));
    const Dependency verdict = judge_library(name, in_process);
    if (verdict == Dependency::kRefused) file.reasons.push_back(refused_library(name));
    if (verdict == Dependency::kWarned) {
      file.warnings.push_back(
          {"library_unusual",
           fmt::format("needs {}, which is not among the libraries a plugin may count on",
                       printable(name)),
           "Link it statically into the plugin, or make sure that every machine has it."});
    }
  }
  for (const std::string& path : elf.run_paths) {
    file.warnings.push_back({"run_path",
                             fmt::format("searches for libraries in {}", printable(path)),
                             "Link the plugin without -rpath."});
  }
  std::vector<std::string> others;
  std::ranges::copy_if(elf.exported, std::back_inserter(others), [](const std::string& name) {
    return name != kAbiSymbol && name != kEntrySymbol;
  });
  if (others.empty()) return;
  const std::size_t count = others.size();
  others.resize(std::min<std::size_t>(count, 3));
  for (std::string& name : others) name = printable(name);
  file.warnings.push_back(
      {"exports_too_much",
       fmt::format("exports {} symbols beside its two ({}{}), which other plugins could meet",
                   count, fmt::join(others, ", "), count > others.size() ? ", ..." : ""),
       "Build the plugin with marketplug_add_plugin(), which hides them."});
}

}  // namespace marketplug::loading
