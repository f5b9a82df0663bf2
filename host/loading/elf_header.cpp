// check_elf_header(): what a file is, by its first bytes.
#include <elf.h>
#include <fmt/format.h>

#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "host/loading/elf_file.hpp"

namespace marketplug::loading {
namespace {

#if defined(__x86_64__)
constexpr Elf64_Half kMachine = EM_X86_64;
constexpr std::string_view kMachineName = "x86-64";
#elif defined(__aarch64__)
constexpr Elf64_Half kMachine = EM_AARCH64;
constexpr std::string_view kMachineName = "64-bit ARM";
#else
#error "the loader knows x86-64 and 64-bit ARM only"
#endif

static_assert(kElfHeaderBytes == sizeof(Elf64_Ehdr));

Failure header_failure(const char* code, std::string message, std::string remedy) {
  Failure failure;
  failure.kind = Failure::Kind::kConfig;
  failure.code = code;
  failure.message = std::move(message);
  failure.remedy = std::move(remedy);
  return failure;
}

}  // namespace

std::optional<Failure> check_elf_header(std::span<const unsigned char> start) {
  if (start.size() < SELFMAG || std::memcmp(start.data(), ELFMAG, SELFMAG) != 0) {
    return header_failure(
        "not_elf", start.empty() ? "the file is empty" : "not a shared library (no ELF header)",
        "Remove it from the plugins folder, or put a plugin in its place.");
  }
  Elf64_Ehdr header{};
  if (start.size() < sizeof(header)) {
    return header_failure(
        "damaged", "the ELF header lies outside the file",
        "Install the file again: copy it under a temporary name, then rename it.");
  }
  std::memcpy(&header, start.data(), sizeof(header));
  const auto* ident = header.e_ident;
  if (ident[EI_CLASS] != ELFCLASS64 || ident[EI_DATA] != ELFDATA2LSB ||
      header.e_machine != kMachine) {
    return header_failure(
        "wrong_machine",
        fmt::format("built for another kind of machine ({}-bit, machine number {}), "
                    "this host runs on {}",
                    ident[EI_CLASS] == ELFCLASS64 ? 64 : 32, header.e_machine, kMachineName),
        fmt::format("Install the build of the plugin for {}.", kMachineName));
  }
  if (ident[EI_VERSION] != EV_CURRENT || header.e_version != EV_CURRENT ||
      header.e_type != ET_DYN) {
    return header_failure("not_elf", "an ELF file, but not a shared library",
                          "Build the plugin with marketplug_add_plugin().");
  }
  return std::nullopt;
}

}  // namespace marketplug::loading
