#pragma once
// The facts of a shared library, read from the bytes of its file: nothing is mapped, nothing runs,
// and every offset is checked, so any bytes at all end in a clean answer. dlopen is not so kind: a
// library that was cut short kills the process by SIGBUS. Pure functions, any thread.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "marketplug/result.hpp"

namespace marketplug::loading {

/// More names of exported symbols are not kept: enough to know that there are too many.
inline constexpr std::size_t kMaxExports = 10000;

struct ElfFile {
  std::vector<unsigned char> abi_block;  ///< section "mplugabi", whole
  std::vector<std::string> needed;       ///< DT_NEEDED, and filter libraries, which load as well
  std::vector<std::string> run_paths;    ///< DT_RPATH, DT_RUNPATH
  std::vector<std::string> exported;     ///< the dynamic symbols it defines
  // How it was linked: for the conformance kit, the host does not ask.
  bool executable_stack = true;   ///< PT_GNU_STACK is missing or asks for it
  bool relro = false;             ///< PT_GNU_RELRO
  bool bind_now = false;          ///< DT_BIND_NOW, or a flag of that meaning
  bool text_relocations = false;  ///< DT_TEXTREL, or a flag of that meaning
};

/// As many bytes of a file's beginning as check_elf_header() looks at.
inline constexpr std::size_t kElfHeaderBytes = 64;

/// What the first bytes of a file say already: the codes "not_elf", "wrong_machine" and "damaged"
/// (shorter than a header) of read_elf(). nullopt: the rest is worth reading.
std::optional<Failure> check_elf_header(std::span<const unsigned char> start);

/// Failure kConfig with code "not_elf" (something else), "wrong_machine", "damaged" (cut short or
/// inconsistent) or "no_abi_block" (a library, but no plugin). Messages say the cause alone: the
/// caller knows the path.
Result<ElfFile> read_elf(std::span<const unsigned char> file);

}  // namespace marketplug::loading
