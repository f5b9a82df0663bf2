#include "host/loading/file_check.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <system_error>

#include "host/loading/elf_file.hpp"
#include "host/loading/text.hpp"

namespace marketplug::loading {
namespace {

/// A debug build with sanitizers has some 100 MB. The file is read whole, to be hashed.
constexpr std::uint64_t kMaxFileBytes = 256ull << 20;

class Descriptor {
 public:
  explicit Descriptor(int fd) noexcept : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const noexcept { return fd_; }

 private:
  int fd_;
};

Failure file_failure(std::string code, std::string message, std::string remedy) {
  Failure failure;
  failure.kind = Failure::Kind::kConfig;
  failure.code = std::move(code);
  failure.message = std::move(message);
  failure.remedy = std::move(remedy);
  return failure;
}

Failure not_regular() {
  return file_failure("not_regular", "not a regular file",
                      "Put the plugin itself into the folder: no folder, link, pipe or device.");
}

Failure unreadable(int error) {
  return file_failure("unreadable", "cannot be read: " + std::generic_category().message(error),
                      "Make the file readable for the user that runs Marketplug.");
}

/// False where the file ended or failed before `bytes` were full; errno tells.
bool read_all(int fd, std::span<unsigned char> bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got =
        ::pread(fd, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) {
      errno = EIO;
      return false;
    }
    done += static_cast<std::size_t>(got);
  }
  return true;
}

}  // namespace

std::vector<PluginReason> check_access(const struct stat& status, uid_t user,
                                       std::string_view what) {
  std::vector<PluginReason> reasons;
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    reasons.push_back(
        {"writable",
         fmt::format("{} is writable by {} (mode {:04o}): whoever can write it could "
                     "run code as this host",
                     what, (status.st_mode & S_IWOTH) != 0 ? "everybody" : "its group",
                     status.st_mode & 07777u),
         fmt::format("Run chmod go-w on {}.", what)});
  }
  if (status.st_uid != 0 && status.st_uid != user) {
    reasons.push_back(
        {"foreign_owner",
         fmt::format("{} belongs to user {}, neither root nor the user that runs this host ({})",
                     what, status.st_uid, user),
         fmt::format("Run chown root on {}.", what)});
  }
  return reasons;
}

Result<FileContent> read_plugin_file(const std::string& path) {
  // Without O_NONBLOCK a pipe of that name would stop the host here.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (file.get() < 0) return errno == ELOOP || errno == ENXIO ? not_regular() : unreadable(errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return unreadable(errno);
  if (!S_ISREG(status.st_mode)) return not_regular();
  const auto size = static_cast<std::uint64_t>(status.st_size);
  FileContent content;
  content.access = check_access(status, ::geteuid(), "the file");
  std::array<unsigned char, kElfHeaderBytes> start{};
  const std::span head(start.data(), std::min<std::uint64_t>(size, start.size()));
  if (!read_all(file.get(), head)) return unreadable(errno);
  content.no_library = check_elf_header(head);
  if (content.no_library) return content;
  if (size > kMaxFileBytes) {
    return file_failure("too_large",
                        fmt::format("has {} bytes, a plugin has {} at most", size, kMaxFileBytes),
                        "Remove it from the plugins folder, or strip it.");
  }
  content.bytes.resize(size);
  if (!read_all(file.get(), content.bytes)) return unreadable(errno);
  content.sha256 = sha256_hex(content.bytes);
  return content;
}

std::string sha256_hex(const std::vector<unsigned char>& bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL cannot compute SHA-256");
  }
  std::string hex;
  for (unsigned i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

std::optional<PluginReason> check_pin(std::string_view pin, std::string_view sha256,
                                      std::string_view id) {
  constexpr std::string_view kPrefix = "sha256:";
  std::string wanted(pin.substr(std::min(pin.size(), kPrefix.size())));
  std::ranges::transform(wanted, wanted.begin(), [](char c) {
    return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c;
  });
  if (!pin.starts_with(kPrefix) || wanted.size() != 64 ||
      wanted.find_first_not_of("0123456789abcdef") != std::string::npos) {
    return PluginReason{
        "pin_malformed",
        fmt::format("plugins.pins.{} is not \"sha256:\" and 64 hex digits (\"{}\")", id,
                    printable(pin, 80)),
        fmt::format("Write sha256:{} there, if this is the file you trust.", sha256)};
  }
  if (wanted == sha256) return std::nullopt;
  return PluginReason{
      "pin_mismatch",
      fmt::format("its SHA-256 is {}, plugins.pins.{} demands {}", sha256, id, wanted),
      "Install the file that was pinned; or, if this one is meant to replace it, pin its SHA-256."};
}

}  // namespace marketplug::loading
