#include "host/store/master_key.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "host/store/state_folder.hpp"
#include "host/store/types.hpp"

namespace marketplug::store {
namespace {

using Kind = StoreError::Kind;

constexpr std::size_t kTextBytes = 44;  // base64 of 32 bytes, one '=' at the end

class KeyFileDescriptor {
 public:
  explicit KeyFileDescriptor(int file) : file_(file) {}
  ~KeyFileDescriptor() {
    if (file_ >= 0) ::close(file_);
  }
  KeyFileDescriptor(const KeyFileDescriptor&) = delete;
  KeyFileDescriptor& operator=(const KeyFileDescriptor&) = delete;
  int get() const { return file_; }

 private:
  int file_;
};

[[noreturn]] void raise_key_file(const std::string& path, int error, std::string_view doing) {
  const bool read_only = error == EACCES || error == EPERM || error == EROFS;
  const Kind kind = read_only                            ? Kind::kReadOnly
                    : error == ENOSPC || error == EDQUOT ? Kind::kDiskFull
                                                         : Kind::kOther;
  throw StoreError(kind, fmt::format("The key file {} cannot be {}: {}. Check owner, mode and free "
                                     "space of its folder.",
                                     path, doing, std::strerror(error)));
}

std::string key_path(const std::string& folder) {
  return (std::filesystem::path(folder) / kKeyFileName).string();
}

void refuse_open_to_others(int file, const std::string& path) {
  struct stat facts {};
  if (::fstat(file, &facts) != 0) raise_key_file(path, errno, "read");
  if (!S_ISREG(facts.st_mode)) {
    throw StoreError(Kind::kWrongKey, fmt::format("The key {} is not a file.", path));
  }
  if ((facts.st_mode & 077) != 0) {
    throw StoreError(Kind::kWrongKey,
                     fmt::format("The key file {} may be read by other users (mode {:o}). Run "
                                 "`chmod 600 {}` and think about who may have read it.",
                                 path, facts.st_mode & 07777, path));
  }
  if (facts.st_uid != ::geteuid() && facts.st_uid != 0) {
    throw StoreError(Kind::kWrongKey,
                     fmt::format("The key file {} belongs to another user. Give it to the user "
                                 "that runs marketplug.",
                                 path));
  }
}

void sync_folder(const std::string& folder) {
  const KeyFileDescriptor file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file.get() < 0 || ::fsync(file.get()) != 0) raise_key_file(folder, errno, "written");
}

std::string key_as_text(const SealKey& key) {
  std::string text(kTextBytes + 1, '\0');  // EncodeBlock ends with a NUL
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), key.bytes().data(),
                  static_cast<int>(SealKey::kBytes));
  text.back() = '\n';
  return text;
}

}  // namespace

SealKey master_key_from_text(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) {
    text.remove_suffix(1);
  }
  std::string bytes(SealKey::kBytes + 1, '\0');
  int size = -1;
  if (text.size() == kTextBytes && text[kTextBytes - 2] != '=' && text.back() == '=') {
    size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                           reinterpret_cast<const unsigned char*>(text.data()),
                           static_cast<int>(text.size()));
  }
  if (size != static_cast<int>(SealKey::kBytes + 1)) {
    wipe(bytes);
    throw StoreError(Kind::kWrongKey,
                     "The store's encryption key must be the base64 text of 32 bytes (44 "
                     "characters). `openssl rand -base64 32` makes one.");
  }
  SealKey key(0, std::string_view(bytes).substr(0, SealKey::kBytes));
  wipe(bytes);
  return key;
}

std::optional<SealKey> read_master_key(const std::string& folder) {
  const std::string path = key_path(folder);
  const KeyFileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    if (errno == ENOENT) return std::nullopt;
    raise_key_file(path, errno, "read");
  }
  refuse_open_to_others(file.get(), path);
  std::string text(128, '\0');
  const ssize_t size = ::read(file.get(), text.data(), text.size());
  if (size < 0) raise_key_file(path, errno, "read");
  try {
    SealKey key =
        master_key_from_text(std::string_view(text).substr(0, static_cast<std::size_t>(size)));
    wipe(text);
    return key;
  } catch (const StoreError& error) {
    wipe(text);
    throw StoreError(Kind::kWrongKey,
                     fmt::format("{}: {} Restore the file from its backup.", path, error.what()));
  }
}

SealKey make_master_key(const std::string& folder,
                        const std::function<void(std::string_view)>& notice) {
  SealKey key = SealKey::random(0);
  const std::string path = key_path(folder), half_written = path + ".new";
  ::unlink(half_written.c_str());
  {
    const KeyFileDescriptor file(
        ::open(half_written.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (file.get() < 0) raise_key_file(path, errno, "made");
    std::string text = key_as_text(key);
    const ssize_t size = ::write(file.get(), text.data(), text.size());
    const int error = size < 0 ? errno : ENOSPC;
    const bool whole = size == static_cast<ssize_t>(text.size());
    wipe(text);
    if (!whole) raise_key_file(path, error, "written");
    if (::fsync(file.get()) != 0) raise_key_file(path, errno, "written");
  }
  if (::rename(half_written.c_str(), path.c_str()) != 0) raise_key_file(path, errno, "written");
  sync_folder(folder);
  if (notice) {
    notice(
        fmt::format("Made the encryption key {}. Back it up apart from the database: without it "
                    "buyers' data and stored secrets cannot be read any more.",
                    path));
  }
  return key;
}

}  // namespace marketplug::store
