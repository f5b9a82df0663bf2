#include "host/store/state_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "host/store/store.hpp"

namespace marketplug::store {
namespace {

using Kind = StoreError::Kind;
namespace fs = std::filesystem;

/// 0: unknown.
int pid_in(int file) {
  std::array<char, 32> text{};
  const ssize_t size = ::pread(file, text.data(), text.size() - 1, 0);
  int pid = 0;
  if (size > 0) std::from_chars(text.data(), text.data() + size, pid);
  return pid;
}

/// "pid 12, marketplug run", as the system knows it.
std::string process_of(int pid) {
  if (pid <= 0) return "pid unknown";
  std::ifstream file(fmt::format("/proc/{}/cmdline", pid), std::ios::binary);
  std::string words{std::istreambuf_iterator<char>(file), {}};
  while (!words.empty() && words.back() == '\0') words.pop_back();
  for (char& c : words) {
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  }
  constexpr std::size_t kMost = 200;
  if (words.size() > kMost) words.resize(kMost);
  return words.empty() ? fmt::format("pid {}", pid) : fmt::format("pid {}, {}", pid, words);
}

[[noreturn]] void raise_system(int error, const std::string& path, std::string_view doing) {
  const bool read_only = error == EACCES || error == EPERM || error == EROFS;
  const Kind kind = read_only                            ? Kind::kReadOnly
                    : error == ENOSPC || error == EDQUOT ? Kind::kDiskFull
                                                         : Kind::kOther;
  throw StoreError(kind, fmt::format("{} cannot be {}: {}. Check owner, mode and free space of the "
                                     "state folder, or name another in store.url.",
                                     path, doing, std::strerror(error)));
}

}  // namespace

std::string sqlite_path(std::string_view url) {
  constexpr std::string_view kScheme = "sqlite:";
  if (!url.starts_with(kScheme)) {
    throw StoreError(Kind::kOther,
                     "store.url must be sqlite:<path of the file>; other databases are not in this "
                     "version.");
  }
  url.remove_prefix(kScheme.size());
  if (url.empty() || url.front() == ':' || url.back() == '/') {
    throw StoreError(Kind::kOther,
                     "store.url names no file: write sqlite:<path>, such as sqlite:marketplug.db.");
  }
  // Resolved: lock, log and key lie beside the file itself, whatever name it is opened by.
  std::error_code error;
  const fs::path path = fs::weakly_canonical(fs::absolute(fs::path(url)), error);
  if (error) {
    throw StoreError(Kind::kOther,
                     fmt::format("The path {} of store.url cannot be followed: {}. Check its "
                                 "folders and links.",
                                 url, error.message()));
  }
  return path.string();
}

std::string state_folder(std::string_view url) {
  return fs::path(sqlite_path(url)).parent_path().string();
}

void make_state_folder(const std::string& folder) {
  std::error_code error;
  if (fs::is_directory(folder, error)) return;
  const fs::path parent = fs::path(folder).parent_path();
  if (!parent.empty()) fs::create_directories(parent, error);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) raise_system(errno, folder, "made");
}

FolderLock::FolderLock(const std::string& folder) {
  const std::string path = (fs::path(folder) / kLockFileName).string();
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file_ < 0) raise_system(errno, path, "opened");
  if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    const std::string holder = process_of(pid_in(file_));
    ::close(file_);
    if (error != EWOULDBLOCK) raise_system(error, path, "locked");
    throw StoreError(Kind::kLocked,
                     fmt::format("Another process ({}) holds {}. Stop it first, or give this one a "
                                 "store of its own.",
                                 holder, folder));
  }
  // The pid only helps people: a disk too full for it must not keep the store shut.
  const std::string pid = fmt::format("{}\n", ::getpid());
  if (::ftruncate(file_, 0) == 0 && ::pwrite(file_, pid.data(), pid.size(), 0) < 0) errno = 0;
}

FolderLock::~FolderLock() { ::close(file_); }

}  // namespace marketplug::store
