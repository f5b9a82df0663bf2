#include "host/loading/dependency_check.hpp"

#include <gmock/gmock.h>

#include "tests/unit/loading/support.hpp"

namespace marketplug::loading {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(DependencyCheck, JudgesLibrariesByName) {
  for (const char* name :
       {"libstdc++.so.6", "libgcc_s.so.1", "libc.so.6", "libm.so.6", "libz.so.1", "libxml2.so.2",
        "libzip.so.4", "ld-linux-x86-64.so.2", "libpthread.so.0"}) {
    EXPECT_EQ(judge_library(name, {}), Dependency::kAllowed) << name;
  }
  for (const char* name : {"libssl.so.3", "libcrypto.so.3", "libcurl.so.4", "libz.so.2"}) {
    EXPECT_EQ(judge_library(name, {}), Dependency::kWarned) << name;
  }
  for (const char* name :
       {"libPocoNet.so.80", "libboost_json.so.1.81.0", "libyaml-cpp.so.0.7", "libsqlite3.so.0",
        "./libz.so.1", "/opt/x/libz.so.1", "libfmt.so.9", ""}) {
    EXPECT_EQ(judge_library(name, {}), Dependency::kRefused) << name;
  }
}

// libasan ends a process that it joins after the start.
TEST(DependencyCheck, SanitizerRuntimesOnlyWhereTheHostHasThem) {
  EXPECT_EQ(judge_library("libasan.so.8", {"libc.so.6"}), Dependency::kRefused);
  EXPECT_EQ(judge_library("libubsan.so.1", {}), Dependency::kRefused);
  EXPECT_EQ(judge_library("libasan.so.8", {"libasan.so.8"}), Dependency::kAllowed);
}

TEST(DependencyCheck, KnowsTheLibrariesOfThisProcess) {
  EXPECT_THAT(loaded_libraries(), ::testing::Contains("libc.so.6"));
}

TEST(DependencyCheck, PutsEachFindingInItsPlace) {
  ElfFile elf;
  elf.needed = {"libc.so.6", "libPocoNet.so.80", "libcurl.so.4", "libtsan\x1b.so"};
  elf.run_paths = {"$ORIGIN/../x"};
  elf.exported = {"marketplug_abi", "a", "marketplug_entry_v1", "b", "c", "d"};
  PluginFile file;
  judge_dependencies(elf, {}, file);
  EXPECT_THAT(file.needed,
              ElementsAre("libc.so.6", "libPocoNet.so.80", "libcurl.so.4", "libtsan?.so"));
  ASSERT_THAT(test::codes(file.reasons), ElementsAre("library_refused", "library_refused"));
  EXPECT_THAT(file.reasons[0].message, HasSubstr("libPocoNet.so.80"));
  EXPECT_THAT(file.reasons[1].message, HasSubstr("sanitizer"));
  ASSERT_THAT(test::codes(file.warnings),
              ElementsAre("library_unusual", "run_path", "exports_too_much"));
  EXPECT_THAT(file.warnings[2].message,
              HasSubstr("exports 4 symbols beside its two (a, b, c, ...)"));
}

TEST(DependencyCheck, TwoSymbolsAreNoReasonForAWarning) {
  ElfFile elf;
  elf.exported = {"marketplug_abi", "marketplug_entry_v1"};
  PluginFile file;
  judge_dependencies(elf, {}, file);
  EXPECT_THAT(file.warnings, IsEmpty());
}

}  // namespace
}  // namespace marketplug::loading
