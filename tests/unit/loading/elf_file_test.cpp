#include "host/loading/elf_file.hpp"

#include <elf.h>
#include <gmock/gmock.h>

#include <array>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include "tests/unit/loading/support.hpp"

namespace marketplug::loading {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

test::Bytes good() { return test::read_bytes(test::test_plugin("good")); }

std::string code_of(const test::Bytes& bytes) {
  const auto elf = read_elf(bytes);
  return elf ? "" : elf.failure().code;
}

Elf64_Ehdr header_of(const test::Bytes& bytes) {
  Elf64_Ehdr header;
  std::memcpy(&header, bytes.data(), sizeof(header));
  return header;
}

TEST(ElfFile, ReadsTheFactsOfAPlugin) {
  const test::Bytes bytes = good();
  const auto elf = read_elf(bytes);
  ASSERT_TRUE(elf) << elf.failure().message;
  EXPECT_EQ(elf.value().abi_block.size(), sizeof(AbiInfo));
  EXPECT_EQ(0, std::memcmp(elf.value().abi_block.data(), kAbiMagic.data(), kAbiMagic.size()));
  EXPECT_THAT(elf.value().needed, Contains("libstdc++.so.6"));
  EXPECT_THAT(elf.value().run_paths, IsEmpty());
  EXPECT_THAT(elf.value().exported, UnorderedElementsAre("marketplug_abi", "marketplug_entry_v1"));
}

TEST(ElfFile, KnowsWhatIsNoLibrary) {
  EXPECT_EQ(code_of({}), "not_elf");
  const std::string_view text = "#!/bin/sh\necho a script that was named .so by mistake\n";
  EXPECT_EQ(code_of(test::Bytes(text.begin(), text.end())), "not_elf");
  test::Bytes program = good();
  test::patch(program, offsetof(Elf64_Ehdr, e_type), Elf64_Half{ET_EXEC});
  EXPECT_EQ(code_of(program), "not_elf");
}

TEST(ElfFile, NamesAnotherMachine) {
  test::Bytes other = good();
  test::patch(other, offsetof(Elf64_Ehdr, e_machine), Elf64_Half{EM_RISCV});
  EXPECT_EQ(code_of(other), "wrong_machine");
  test::Bytes narrow = good();
  narrow[EI_CLASS] = ELFCLASS32;
  EXPECT_EQ(code_of(narrow), "wrong_machine");
}

TEST(ElfFile, ALibraryWithoutBlockIsNoPlugin) {
  test::Bytes renamed = good();
  const std::string_view name = kAbiSection;
  for (auto at = renamed.begin();;) {
    at = std::search(at, renamed.end(), name.begin(), name.end());
    if (at == renamed.end()) break;
    *at = 'x';
  }
  EXPECT_EQ(code_of(renamed), "no_abi_block");

  test::Bytes bare = good();
  test::patch(bare, offsetof(Elf64_Ehdr, e_shnum), Elf64_Half{0});
  EXPECT_EQ(code_of(bare), "no_abi_block");
}

// A library that was cut short kills the process that maps it (SIGBUS): every length must be
// noticed.
TEST(ElfFile, NoticesEveryTruncation) {
  const std::pair<const char*, std::size_t> cases[] = {{"no_entry", 1}, {"good", 97}};
  for (const auto& [plugin, step] : cases) {
    const test::Bytes bytes = test::read_bytes(test::test_plugin(plugin));
    const std::span<const unsigned char> all(bytes);
    ASSERT_TRUE(read_elf(all));
    for (std::size_t length = 0; length < bytes.size(); length += step) {
      ASSERT_FALSE(read_elf(all.first(length))) << length << " of " << bytes.size() << " bytes";
    }
  }
}

TEST(ElfFile, NoticesASegmentBeyondTheFileWhereTheSectionsAreInside) {
  test::Bytes bytes = good();
  const Elf64_Ehdr header = header_of(bytes);
  for (std::size_t i = 0; i < header.e_phnum; ++i) {
    const std::size_t at = header.e_phoff + i * sizeof(Elf64_Phdr);
    Elf64_Phdr segment;
    std::memcpy(&segment, bytes.data() + at, sizeof(segment));
    if (segment.p_type != PT_LOAD) continue;
    for (const std::uint64_t size : {std::uint64_t{bytes.size()}, ~std::uint64_t{0}}) {
      test::Bytes longer = bytes;
      test::patch(longer, at + offsetof(Elf64_Phdr, p_offset), segment.p_offset + 4096);
      test::patch(longer, at + offsetof(Elf64_Phdr, p_filesz), size);
      const auto elf = read_elf(longer);
      ASSERT_FALSE(elf);
      EXPECT_EQ(elf.failure().code, "damaged");
      EXPECT_THAT(elf.failure().message, HasSubstr("cut short"));
    }
  }
}

// Clean means: an answer from the list, whatever the bytes. Sanitizer builds see the rest.
TEST(ElfFile, AnyDamageEndsInACleanAnswer) {
  const test::Bytes original = good();
  const Elf64_Ehdr header = header_of(original);
  // Tables decide more than code does: three changes of four hit one of them.
  const std::array<std::pair<std::size_t, std::size_t>, 4> regions{
      {{0, sizeof(Elf64_Ehdr)},
       {header.e_phoff, header.e_phnum * sizeof(Elf64_Phdr)},
       {header.e_shoff, header.e_shnum * sizeof(Elf64_Shdr)},
       {0, original.size()}}};
  std::mt19937_64 random(20261123);
  const std::vector<std::string> known{"not_elf", "wrong_machine", "damaged", "no_abi_block"};
  int refused = 0, read = 0;
  test::Bytes bytes = original;
  for (int round = 0; round < 6000; ++round) {
    std::vector<std::size_t> touched;
    for (auto changes = random() % 8 + 1; changes > 0; --changes) {
      const auto [begin, size] = regions[random() % regions.size()];
      static constexpr std::array<unsigned char, 4> kEdges{0x00, 0x7f, 0x80, 0xff};
      const auto value = random();
      touched.push_back(begin + random() % size);
      bytes[touched.back()] = (value & 1) != 0 ? kEdges[(value >> 1) % kEdges.size()]
                                               : static_cast<unsigned char>(value >> 1);
    }
    const auto elf = read_elf(bytes);
    elf ? ++read : ++refused;
    if (!elf) {
      ASSERT_THAT(known, Contains(elf.failure().code));
      ASSERT_FALSE(elf.failure().message.empty() || elf.failure().remedy.empty());
    }
    for (const std::size_t at : touched) bytes[at] = original[at];
  }
  EXPECT_GT(refused, 1000);
  EXPECT_GT(read, 100);
}

// The dynamic table and the strings lie where only the segments say: damage them all over.
TEST(ElfFile, DamageOfTheDynamicTableEndsInACleanAnswer) {
  const test::Bytes original = good();
  const Elf64_Ehdr header = header_of(original);
  std::size_t begin = 0, size = 0;
  for (std::size_t i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment;
    std::memcpy(&segment, original.data() + header.e_phoff + i * sizeof(segment), sizeof(segment));
    if (segment.p_type != PT_DYNAMIC) continue;
    begin = segment.p_offset;
    size = segment.p_filesz;
  }
  ASSERT_GT(size, 0u);
  int refused = 0;
  test::Bytes bytes = original;
  for (std::size_t at = begin; at < begin + size; ++at) {
    for (const int value : {0x00, 0x01, 0x1d, 0x7f, 0xff}) {
      bytes[at] = static_cast<unsigned char>(value);
      if (!read_elf(bytes)) ++refused;
    }
    bytes[at] = original[at];
  }
  EXPECT_GT(refused, 10);
}

}  // namespace
}  // namespace marketplug::loading
