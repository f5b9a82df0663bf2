#include "host/loading/file_check.hpp"

#include <elf.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include "tests/unit/loading/support.hpp"

namespace marketplug::loading {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kHashOfAbc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

struct stat status_of(uid_t owner, mode_t mode) {
  struct stat status {};
  status.st_uid = owner;
  status.st_mode = S_IFREG | mode;
  return status;
}

TEST(FileCheck, OnlyRootAndTheHostsUserMayOwnAndWrite) {
  constexpr uid_t kUser = 1000;
  EXPECT_THAT(check_access(status_of(0, 0644), kUser, "the file"), IsEmpty());
  EXPECT_THAT(check_access(status_of(kUser, 0700), kUser, "the file"), IsEmpty());
  const auto group = check_access(status_of(0, 0664), kUser, "the file");
  ASSERT_THAT(test::codes(group), ElementsAre("writable"));
  EXPECT_THAT(group[0].message, HasSubstr("the file is writable by its group (mode 0664)"));
  EXPECT_THAT(group[0].remedy, HasSubstr("chmod go-w"));
  const auto both = check_access(status_of(1001, 0777), kUser, "the plugins folder");
  ASSERT_THAT(test::codes(both), ElementsAre("writable", "foreign_owner"));
  EXPECT_THAT(both[0].message, HasSubstr("everybody"));
  EXPECT_THAT(both[1].message, HasSubstr("belongs to user 1001"));
}

TEST(FileCheck, HashesTheBytesItRead) {
  const test::PluginFolder folder;
  const auto good = test::read_bytes(test::test_plugin("good"));
  const auto content = read_plugin_file(folder.write("a.so", good));
  ASSERT_TRUE(content);
  EXPECT_EQ(content.value().bytes, good);
  EXPECT_EQ(content.value().sha256, sha256_hex(good));
  EXPECT_FALSE(content.value().no_library);
  EXPECT_THAT(content.value().access, IsEmpty());
  EXPECT_EQ(sha256_hex({'a', 'b', 'c'}), kHashOfAbc);
}

struct NoLibrary {
  const char* name;
  test::Bytes start;
  const char* code;
};

std::vector<NoLibrary> no_libraries() {
  auto good = test::read_bytes(test::test_plugin("good"));
  good.resize(4096);
  std::vector<NoLibrary> list{
      {"zeros", test::Bytes(4096), "not_elf"}, {"magic", good, "not_elf"},
      {"class", good, "wrong_machine"},        {"order", good, "wrong_machine"},
      {"machine", good, "wrong_machine"},      {"type", good, "not_elf"}};
  list[1].start[EI_MAG1] = 'e';
  list[2].start[EI_CLASS] = ELFCLASS32;
  list[3].start[EI_DATA] = ELFDATA2MSB;
  test::patch(list[4].start, offsetof(Elf64_Ehdr, e_machine), Elf64_Half{EM_RISCV});
  test::patch(list[5].start, offsetof(Elf64_Ehdr, e_type), Elf64_Half{ET_EXEC});
  return list;
}

// Guards: what was no library at all was read whole, to be hashed.
TEST(FileCheck, WhatIsNoLibraryIsNotReadBeyondItsHeader) {
  const test::PluginFolder folder;
  constexpr off_t kBelowTheLimit = off_t{200} << 20, kAbove = off_t{2} << 30;  // sparse
  for (const NoLibrary& no : no_libraries()) {
    for (const off_t size : {off_t{4096}, kBelowTheLimit, kAbove}) {
      const std::string path = folder.write(std::string(no.name) + ".so", no.start);
      ASSERT_EQ(::truncate(path.c_str(), size), 0);
      ::chmod(path.c_str(), 0664);
      const auto content = read_plugin_file(path);
      ASSERT_TRUE(content) << no.name << " " << content.failure().message;
      ASSERT_TRUE(content.value().no_library) << no.name;
      EXPECT_EQ(content.value().no_library->code, no.code) << no.name;
      EXPECT_EQ(content.value().bytes.capacity(), 0u) << no.name;
      EXPECT_EQ(content.value().sha256, "") << no.name;
      EXPECT_THAT(test::codes(content.value().access), ElementsAre("writable")) << no.name;
    }
  }
  const auto empty = read_plugin_file(folder.write("empty.so", ""));
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty.value().no_library->code, "not_elf");
  const auto cut = read_plugin_file(folder.write("cut.so",
                                                 "\x7f"
                                                 "ELF and no more"));
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut.value().no_library->code, "damaged");
}

TEST(FileCheck, ReadsRegularFilesOnly) {
  const test::PluginFolder folder;
  std::filesystem::create_directory(folder / "folder.so");
  std::filesystem::create_symlink(folder.write("real", "abc"), folder / "link.so");
  ASSERT_EQ(::mkfifo((folder / "pipe.so").c_str(), 0600), 0);
  for (const char* name : {"folder.so", "link.so", "pipe.so"}) {
    const auto content = read_plugin_file(folder / name);
    ASSERT_FALSE(content) << name;
    EXPECT_EQ(content.failure().code, "not_regular") << name;
  }
}

TEST(FileCheck, SaysWhyAFileCannotBeRead) {
  const test::PluginFolder folder;
  const auto missing = read_plugin_file(folder / "missing.so");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.failure().code, "unreadable");
  EXPECT_THAT(missing.failure().message, HasSubstr("No such file"));

  const std::string huge = folder.copy("good", "huge.so");
  ASSERT_EQ(::truncate(huge.c_str(), (off_t{256} << 20) + 1), 0);  // sparse: takes no room
  const auto large = read_plugin_file(huge);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.failure().code, "too_large");
  EXPECT_THAT(large.failure().message, HasSubstr("268435457 bytes"));
  EXPECT_FALSE(large.failure().remedy.empty());
}

TEST(FileCheck, Pins) {
  const std::string pin = std::string("sha256:") + kHashOfAbc;
  EXPECT_FALSE(check_pin(pin, kHashOfAbc, "amazon"));
  std::string upper = pin;
  std::transform(upper.begin() + 7, upper.end(), upper.begin() + 7,
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  EXPECT_FALSE(check_pin(upper, kHashOfAbc, "amazon"));

  std::string other = pin;
  other.back() = '0';
  const auto mismatch = check_pin(other, kHashOfAbc, "amazon");
  ASSERT_TRUE(mismatch);
  EXPECT_EQ(mismatch->code, "pin_mismatch");
  EXPECT_THAT(mismatch->message, HasSubstr(kHashOfAbc));
  EXPECT_THAT(mismatch->message, HasSubstr("plugins.pins.amazon"));

  for (const std::string& bad : {std::string(kHashOfAbc), std::string("sha256:"), pin + "0",
                                 "md5:" + pin.substr(7), std::string(), pin.substr(0, 70) + "g"}) {
    const auto malformed = check_pin(bad, kHashOfAbc, "amazon");
    ASSERT_TRUE(malformed) << bad;
    EXPECT_EQ(malformed->code, "pin_malformed") << bad;
  }
}

}  // namespace
}  // namespace marketplug::loading
