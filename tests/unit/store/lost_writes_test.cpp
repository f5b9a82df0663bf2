// A failed fsync: told to the handler, never tried again. The program's own fsync takes the place
// of the system's.
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>

#include "tests/unit/store/store_fixture.hpp"

namespace {

std::atomic<const char*> failing_file{nullptr};  ///< the end of its name; nullptr: none fails

/// Whether the test wants the sync of this file to fail.
bool shall_fail(int file) {
  const char* const wanted = failing_file.load();
  if (wanted == nullptr) return false;
  std::array<char, 512> name{};
  const std::string link = "/proc/self/fd/" + std::to_string(file);
  const ssize_t size = ::readlink(link.c_str(), name.data(), name.size() - 1);
  return size > 0 && std::string_view(name.data()).ends_with(wanted);
}

}  // namespace

extern "C" int fdatasync(int file) {
  if (!shall_fail(file)) return static_cast<int>(::syscall(SYS_fdatasync, file));
  errno = EIO;
  return -1;
}

extern "C" int fsync(int file) {
  if (!shall_fail(file)) return static_cast<int>(::syscall(SYS_fsync, file));
  errno = EIO;
  return -1;
}

namespace marketplug::store {
namespace {

std::vector<std::string> told;

class LostWritesTest : public StoreFixture {
 protected:
  void SetUp() override {
    told.clear();
    set_lost_writes_handler([](const char* what) noexcept { told.emplace_back(what); });
  }
  void TearDown() override {
    failing_file = nullptr;
    set_lost_writes_handler(nullptr);
  }
};

TEST_F(LostWritesTest, ACommitThatDoesNotReachTheDiskIsTold) {
  const OwnerToken token = own();
  failing_file = ".db-wal";
  std::string message;
  EXPECT_EQ(kind_of([&] { upsert(token, order("1")); }, &message), StoreError::Kind::kIo);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told.front(), message);
  EXPECT_NE(message.find(db_path()), std::string::npos);
  EXPECT_NE(message.find("dmesg"), std::string::npos);
}

TEST_F(LostWritesTest, ACheckpointThatDoesNotReachTheDiskIsToldToo) {
  const OwnerToken token = own();
  failing_file = ".db";
  OrderRow large = order("1");
  large.document.assign(40'000'000, 'x');
  EXPECT_EQ(upsert(token, large), UpsertOutcome::kInserted) << "the commit itself is in the log";
  EXPECT_EQ(told.size(), 1u);
}

}  // namespace
}  // namespace marketplug::store
