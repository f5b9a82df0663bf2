// Group A: the file, before it is loaded, and loading itself. Reading and comparing is the
// loader's; here it is only sorted by check.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "host/loading/checks.hpp"
#include "host/loading/dependency_check.hpp"
#include "host/loading/elf_file.hpp"
#include "host/loading/file_check.hpp"
#include "host/loading/text.hpp"
#include "host/testkit/check.hpp"
#include "marketplug/plugin.hpp"

namespace marketplug::testkit {
namespace {

constexpr std::chrono::milliseconds kLoadLimit{100};

void fail_with(Trial& trial, const loading::PluginReason& reason) {
  trial.fail(reason.message + " Remedy: " + reason.remedy);
}

loading::ElfFile elf_of(Trial& trial) {
  const auto content = loading::read_plugin_file(trial.subject.plugin);
  if (!content) throw CannotGoOn(content.failure().message);
  if (content.value().no_library) Trial::skip("the file cannot be read as a plugin: see A1");
  auto elf = loading::read_elf(content.value().bytes);
  if (!elf) Trial::skip("the file cannot be read as a plugin: see A1");
  return std::move(elf).value();
}

void a1_block(Trial& trial) {
  constexpr int kFormCheck = 2;
  const auto& file = trial.file();
  for (const auto& reason : file.reasons) {
    if (loading::check_of(reason) <= kFormCheck) fail_with(trial, reason);
  }
}

void a2_fields(Trial& trial) {
  for (const auto& reason : trial.file().reasons) {
    if (reason.code.starts_with("abi_") && reason.code != "abi_text" &&
        reason.code != "abi_magic" && reason.code != "abi_size") {
      fail_with(trial, reason);
    }
  }
}

void a3_names(Trial& trial) {
  for (const auto& reason : trial.file().reasons) {
    if (reason.code == "abi_text") fail_with(trial, reason);
  }
}

void a4_exports(Trial& trial) {
  const auto elf = elf_of(trial);
  for (const std::string_view wanted : {kAbiSymbol, kEntrySymbol}) {
    trial.expect(
        std::ranges::find(elf.exported, wanted) != elf.exported.end(),
        fmt::format("does not export {}: put MARKETPLUG_PLUGIN(Type) in one source file", wanted));
  }
  for (const std::string& name : elf.exported) {
    if (name == kAbiSymbol || name == kEntrySymbol) continue;
    trial.fail(
        fmt::format("exports {}, which other plugins could meet: build it with "
                    "marketplug_add_plugin(), which hides it",
                    loading::printable(name)));
  }
}

void a5_libraries(Trial& trial) {
  const auto elf = elf_of(trial);
  for (const std::string& name : elf.needed) {
    if (loading::judge_library(name, loading::loaded_libraries()) ==
        loading::Dependency::kAllowed) {
      continue;
    }
    trial.fail(
        fmt::format("needs {}, which a plugin may not count on: link it statically (PIC) or "
                    "use it header-only",
                    loading::printable(name)));
  }
  const bool dynamic = std::ranges::find(elf.needed, "libstdc++.so.6") != elf.needed.end();
  trial.expect(dynamic,
               "does not need libstdc++.so.6: link without -static-libstdc++, so that host and "
               "plugin have one heap");
}

void a6_hardening(Trial& trial) {
  const auto elf = elf_of(trial);
  for (const std::string& path : elf.run_paths) {
    trial.fail(fmt::format("searches for libraries in {}: link it without -rpath",
                           loading::printable(path)));
  }
  trial.expect(!elf.executable_stack, "asks for an executable stack: link with -z noexecstack");
  trial.expect(elf.relro, "has no RELRO segment: link with -z relro");
  trial.expect(elf.bind_now, "binds its symbols late: link with -z now");
  trial.expect(!elf.text_relocations, "has text relocations: compile everything with -fPIC");
}

void a7_loads(Trial& trial) {
  // The runner's child has an empty environment already.
  if (::chdir("/") != 0) throw CannotGoOn("cannot change the working folder");
  trial.plugin();
}

void a8_quick(Trial& trial) {
  const auto begin = std::chrono::steady_clock::now();
  trial.plugin();
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - begin);
  trial.expect(took < kLoadLimit,
               fmt::format("took {} ms to load and to give its schema, {} ms are good: do nothing "
                           "in static initialisers",
                           took.count(), kLoadLimit.count()));
}

}  // namespace

std::vector<Check> file_checks() {
  using enum Level;
  return {
      {"A1", kRequired, "It is a whole library with an ABI block", Need::kFile, a1_block},
      {"A2", kRequired, "Every compared field of the block is this SDK's", Need::kFile, a2_fields},
      {"A3", kRequired, "Id, version, name and capabilities are well-formed", Need::kFile,
       a3_names},
      {"A4", kRequired, "It exports its two symbols and nothing else", Need::kFile, a4_exports},
      {"A5", kRequired, "It needs no library beyond the allowed ones, and libstdc++ dynamically",
       Need::kFile, a5_libraries},
      {"A6", kRequired, "It is linked safely: no run path, no executable stack, RELRO and NOW",
       Need::kFile, a6_hardening},
      {"A7", kRequired, "It loads without environment and in another working folder", Need::kPlugin,
       a7_loads},
      {"A8", kRecommended, "It loads and gives its schema within 100 ms", Need::kPlugin, a8_quick},
  };
}

}  // namespace marketplug::testkit
