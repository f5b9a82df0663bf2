#pragma once
// Judges what a library brings into the process beside itself: the libraries it needs, the folders
// it searches for them, the symbols it exports. Pure functions, any thread.

#include <string>
#include <string_view>
#include <vector>

#include "host/loading/elf_file.hpp"
#include "host/loading/plugin.hpp"

namespace marketplug::loading {

enum class Dependency { kAllowed = 0, kWarned, kRefused };

/// `in_process`: file names of the libraries that this process has loaded already. A sanitizer's
/// runtime is allowed only when it is among them: it ends a process that it joins late.
Dependency judge_library(std::string_view name, const std::vector<std::string>& in_process);

/// File names of the shared libraries of this process, without folders.
std::vector<std::string> loaded_libraries();

/// Adds to the file's reasons and warnings; codes "library_refused", "library_unusual", "run_path",
/// "exports_too_much".
void judge_dependencies(const ElfFile& elf, const std::vector<std::string>& in_process,
                        PluginFile& file);

}  // namespace marketplug::loading
