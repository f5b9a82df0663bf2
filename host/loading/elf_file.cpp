#include "host/loading/elf_file.hpp"

#include <elf.h>
#include <fmt/format.h>

#include <cstring>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "host/loading/text.hpp"
#include "marketplug/abi.hpp"

namespace marketplug::loading {
namespace {

/// Far above what a plugin has; a forged table must not take the memory of the process.
constexpr std::size_t kMaxLibraries = 1024;
constexpr std::uint64_t kMaxName = 4096;

/// Thrown inside this file only; read_elf turns it into a Failure.
struct ElfError {
  const char* code;
  std::string message;
  std::string remedy;
};

ElfError damaged(std::string message) {
  return {"damaged", std::move(message),
          "Install the file again: copy it under a temporary name, then rename it."};
}

class ElfReader {
 public:
  explicit ElfReader(std::span<const unsigned char> file) : file_(file) {}

  ElfFile read() {
    header_ = at<Elf64_Ehdr>(0, "the ELF header");
    ElfFile facts;
    read_segments(facts);
    read_sections();
    facts.abi_block = read_abi_block();
    read_dynamic(facts);
    facts.exported = read_exports();
    return facts;
  }

 private:
  bool inside(std::uint64_t offset, std::uint64_t size) const noexcept {
    return offset <= file_.size() && size <= file_.size() - offset;
  }

  template <class T>
  T at(std::uint64_t offset, std::string_view what) const {
    T value;
    if (!inside(offset, sizeof(T))) throw damaged(fmt::format("{} lies outside the file", what));
    std::memcpy(&value, file_.data() + offset, sizeof(T));
    return value;
  }

  /// NUL-terminated text at `index` of a string table that lies inside the file.
  std::string text(std::uint64_t table, std::uint64_t size, std::uint64_t index,
                   std::string_view what) const {
    if (index < size) {
      const auto* start = reinterpret_cast<const char*>(file_.data() + table + index);
      const std::size_t limit = static_cast<std::size_t>(std::min(size - index, kMaxName));
      const std::size_t length = ::strnlen(start, limit);
      if (length < limit) return std::string(start, length);
    }
    throw damaged(fmt::format("{} is not inside its string table", what));
  }

  void read_segments(ElfFile& facts);
  void check_load_segment(const Elf64_Phdr& segment, std::size_t index);
  void read_sections();
  std::vector<unsigned char> read_abi_block() const;
  void read_dynamic(ElfFile& facts) const;
  std::vector<std::string> read_exports() const;
  std::uint64_t file_offset(std::uint64_t address, std::uint64_t size, std::string_view what) const;

  std::span<const unsigned char> file_;
  Elf64_Ehdr header_{};
  std::vector<Elf64_Phdr> loads_;
  std::optional<Elf64_Phdr> dynamic_;
  std::vector<Elf64_Shdr> sections_;
};

void ElfReader::read_segments(ElfFile& facts) {
  if (header_.e_phnum == 0 || header_.e_phentsize != sizeof(Elf64_Phdr)) {
    throw damaged("the table of segments is missing or malformed");
  }
  for (std::size_t i = 0; i < header_.e_phnum; ++i) {
    const std::uint64_t offset = i * sizeof(Elf64_Phdr);
    if (header_.e_phoff > std::numeric_limits<std::uint64_t>::max() - offset) {
      throw damaged("the table of segments lies outside the file");
    }
    const auto segment = at<Elf64_Phdr>(header_.e_phoff + offset, "the table of segments");
    if (segment.p_type == PT_DYNAMIC) dynamic_ = segment;
    if (segment.p_type == PT_GNU_STACK) facts.executable_stack = (segment.p_flags & PF_X) != 0;
    if (segment.p_type == PT_GNU_RELRO) facts.relro = true;
    if (segment.p_type == PT_LOAD) check_load_segment(segment, i);
  }
  if (loads_.empty() || !dynamic_) throw damaged("it has nothing to load");
}

void ElfReader::check_load_segment(const Elf64_Phdr& segment, std::size_t index) {
  if (!inside(segment.p_offset, segment.p_filesz)) {
    throw damaged(
        fmt::format("segment {} ends at byte {} of a file of {} bytes: the file was cut short",
                    index, segment.p_offset + segment.p_filesz, file_.size()));
  }
  const std::uint64_t align = segment.p_align;
  const bool aligned = align <= 1 || ((align & (align - 1)) == 0 &&
                                      (segment.p_vaddr - segment.p_offset) % align == 0);
  const bool sizes = segment.p_filesz <= segment.p_memsz &&
                     segment.p_memsz <= std::numeric_limits<std::uint64_t>::max() - segment.p_vaddr;
  const bool ordered =
      loads_.empty() || loads_.back().p_vaddr + loads_.back().p_memsz <= segment.p_vaddr;
  if (!aligned || !sizes || !ordered) {
    throw damaged(fmt::format("segment {} is malformed", index));
  }
  loads_.push_back(segment);
}

void ElfReader::read_sections() {
  if (header_.e_shnum == 0 || header_.e_shoff == 0) {
    throw ElfError{
        "no_abi_block", "a library without a table of sections, so without an ABI block",
        "Build the plugin with marketplug_add_plugin(), and strip it with strip(1) only."};
  }
  if (header_.e_shentsize != sizeof(Elf64_Shdr) ||
      !inside(header_.e_shoff, std::uint64_t{header_.e_shnum} * sizeof(Elf64_Shdr))) {
    throw damaged("the table of sections lies outside the file: the file was cut short");
  }
  for (std::size_t i = 0; i < header_.e_shnum; ++i) {
    const auto section = at<Elf64_Shdr>(header_.e_shoff + i * sizeof(Elf64_Shdr), "a section");
    const bool has_bytes = section.sh_type != SHT_NULL && section.sh_type != SHT_NOBITS;
    if (has_bytes && !inside(section.sh_offset, section.sh_size)) {
      throw damaged(fmt::format("section {} lies outside the file: the file was cut short", i));
    }
    sections_.push_back(section);
  }
}

std::vector<unsigned char> ElfReader::read_abi_block() const {
  if (header_.e_shstrndx >= sections_.size() ||
      sections_[header_.e_shstrndx].sh_type != SHT_STRTAB) {
    throw damaged("the names of its sections are missing");
  }
  const Elf64_Shdr& names = sections_[header_.e_shstrndx];
  const Elf64_Shdr* found = nullptr;
  for (const Elf64_Shdr& section : sections_) {
    if (section.sh_type == SHT_NULL || text(names.sh_offset, names.sh_size, section.sh_name,
                                            "the name of a section") != kAbiSection) {
      continue;
    }
    if (found != nullptr) throw damaged("it has two ABI blocks");
    found = &section;
  }
  if (found == nullptr || found->sh_type != SHT_PROGBITS) {
    throw ElfError{"no_abi_block", "a library, but not a Marketplug plugin: it has no ABI block",
                   "Remove it from the plugins folder; a plugin has MARKETPLUG_PLUGIN(Type) in one "
                   "source file and is built with marketplug_add_plugin()."};
  }
  const auto block = file_.subspan(found->sh_offset, found->sh_size);
  return {block.begin(), block.end()};
}

/// Where in the file the bytes of an address lie that the library will have in memory.
std::uint64_t ElfReader::file_offset(std::uint64_t address, std::uint64_t size,
                                     std::string_view what) const {
  for (const Elf64_Phdr& load : loads_) {
    if (address >= load.p_vaddr && address - load.p_vaddr <= load.p_filesz &&
        size <= load.p_filesz - (address - load.p_vaddr)) {
      return load.p_offset + (address - load.p_vaddr);
    }
  }
  throw damaged(fmt::format("{} is not inside a loaded segment", what));
}

void ElfReader::read_dynamic(ElfFile& facts) const {
  const std::uint64_t table =
      file_offset(dynamic_->p_vaddr, dynamic_->p_memsz, "its dynamic table");
  std::uint64_t strings = 0, strings_size = 0;
  std::vector<std::pair<bool, std::uint64_t>> names;  // is a run path, index
  bool ended = false;
  for (std::uint64_t i = 0; !ended && (i + 1) * sizeof(Elf64_Dyn) <= dynamic_->p_memsz; ++i) {
    const auto entry = at<Elf64_Dyn>(table + i * sizeof(Elf64_Dyn), "its dynamic table");
    switch (entry.d_tag) {
      case DT_NULL:
        ended = true;
        break;
      case DT_STRTAB:
        strings = entry.d_un.d_ptr;
        break;
      case DT_STRSZ:
        strings_size = entry.d_un.d_val;
        break;
      case DT_NEEDED:
      case DT_AUXILIARY:
      case DT_FILTER:
        names.emplace_back(false, entry.d_un.d_val);
        break;
      case DT_RPATH:
      case DT_RUNPATH:
        names.emplace_back(true, entry.d_un.d_val);
        break;
      case DT_BIND_NOW:
        facts.bind_now = true;
        break;
      case DT_TEXTREL:
        facts.text_relocations = true;
        break;
      case DT_FLAGS:
        facts.bind_now = facts.bind_now || (entry.d_un.d_val & DF_BIND_NOW) != 0;
        facts.text_relocations = facts.text_relocations || (entry.d_un.d_val & DF_TEXTREL) != 0;
        break;
      case DT_FLAGS_1:
        facts.bind_now = facts.bind_now || (entry.d_un.d_val & DF_1_NOW) != 0;
        break;
      default:
        break;
    }
  }
  if (!ended) throw damaged("its dynamic table has no end");
  if (names.size() > kMaxLibraries) throw damaged("it names too many libraries");
  const std::uint64_t offset = file_offset(strings, strings_size, "its dynamic string table");
  for (const auto& [is_path, index] : names) {
    (is_path ? facts.run_paths : facts.needed)
        .push_back(text(offset, strings_size, index, "the name of a library it needs"));
  }
}

std::vector<std::string> ElfReader::read_exports() const {
  std::vector<std::string> names;
  for (const Elf64_Shdr& table : sections_) {
    if (table.sh_type != SHT_DYNSYM) continue;
    const std::uint64_t count = table.sh_size / sizeof(Elf64_Sym);
    if (table.sh_link >= sections_.size() || sections_[table.sh_link].sh_type != SHT_STRTAB) {
      throw damaged("its table of dynamic symbols is malformed");
    }
    const Elf64_Shdr& strings = sections_[table.sh_link];
    for (std::uint64_t i = 1; i < count && names.size() < kMaxExports; ++i) {
      const auto symbol =
          at<Elf64_Sym>(table.sh_offset + i * sizeof(Elf64_Sym), "a dynamic symbol");
      const bool defined = symbol.st_shndx != SHN_UNDEF;
      const bool visible = ELF64_ST_BIND(symbol.st_info) != STB_LOCAL &&
                           ELF64_ST_TYPE(symbol.st_info) != STT_SECTION;
      if (!defined || !visible) continue;
      names.push_back(
          text(strings.sh_offset, strings.sh_size, symbol.st_name, "the name of a symbol"));
    }
  }
  return names;
}

}  // namespace

Result<ElfFile> read_elf(std::span<const unsigned char> file) {
  if (auto wrong = check_elf_header(file)) return *std::move(wrong);
  try {
    return ElfReader(file).read();
  } catch (const ElfError& error) {
    Failure failure;
    failure.kind = Failure::Kind::kConfig;
    failure.code = error.code;
    failure.message = error.message;
    failure.remedy = error.remedy;
    return failure;
  }
}

}  // namespace marketplug::loading
