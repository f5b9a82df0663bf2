#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "host/services/config_failure.hpp"
#include "host/services/services.hpp"

namespace marketplug::services {
namespace {

constexpr std::size_t kLargestSecret = 64u << 10;

struct Reference {
  bool file = false;
  std::string name;
};

std::optional<Reference> parse(std::string_view text) {
  if (!text.starts_with("${") || !text.ends_with("}")) return std::nullopt;
  text = text.substr(2, text.size() - 3);
  const bool env = text.starts_with("env:");
  const bool file = text.starts_with("file:");
  if (!env && !file) return std::nullopt;
  text.remove_prefix(env ? 4 : 5);
  if (text.empty() || text.find_first_of(std::string_view("}\0", 2)) != std::string_view::npos) {
    return std::nullopt;
  }
  return Reference{file, std::string(text)};
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const noexcept { return fd_; }

 private:
  int fd_;
};

bool trusted_owner(uid_t owner) noexcept { return owner == 0 || owner == ::geteuid(); }

/// What is wrong with the file, judged on the open descriptor (and on the link that led to it).
std::optional<Failure> distrust(const std::string& path, int fd) {
  struct stat link {};
  struct stat file {};
  if (::lstat(path.c_str(), &link) != 0 || ::fstat(fd, &file) != 0) {
    return config_failure("secret_file_unreadable",
                          "secret file " + path + ": " + std::strerror(errno),
                          "make the file readable for this program");
  }
  if (!S_ISREG(file.st_mode)) {
    return config_failure("secret_file_not_a_file",
                          "secret file " + path + " is not a regular file",
                          "name a regular file that holds the secret");
  }
  if (!trusted_owner(file.st_uid) || !trusted_owner(link.st_uid)) {
    return config_failure("secret_file_owner", "secret file " + path + " belongs to another user",
                          "make root or the user of this program its owner: chown " +
                              std::to_string(::geteuid()) + " " + path);
  }
  if ((file.st_mode & 066) != 0) {
    return config_failure("secret_file_open_to_others",
                          "secret file " + path + " can be read or written by others",
                          "close it for group and others: chmod 600 " + path);
  }
  return std::nullopt;
}

Result<std::string> read_file(const std::string& path) {
  // Non-blocking: a pipe must not hold the program; it is refused as not regular.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (file.get() < 0) {
    const bool missing = errno == ENOENT || errno == ENOTDIR;
    return config_failure(missing ? "secret_file_missing" : "secret_file_unreadable",
                          "secret file " + path + ": " + std::strerror(errno),
                          missing ? "create the file with the secret in it, mode 600"
                                  : "make the file readable for this program");
  }
  if (auto failure = distrust(path, file.get())) return std::move(*failure);
  std::string value(kLargestSecret + 1, '\0');
  std::size_t size = 0;
  while (size < value.size()) {
    const auto got = ::read(file.get(), value.data() + size, value.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      return config_failure("secret_file_unreadable",
                            "secret file " + path + ": " + std::strerror(errno),
                            "make the file readable for this program");
    }
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > kLargestSecret) {
    return config_failure("secret_file_too_large", "secret file " + path + " is larger than 64 KiB",
                          "name a file that holds only the secret");
  }
  value.resize(size);
  if (value.ends_with('\n')) value.pop_back();
  if (value.ends_with('\r')) value.pop_back();
  if (value.empty()) {
    return config_failure("secret_file_empty", "secret file " + path + " is empty",
                          "write the secret into the file");
  }
  return value;
}

Result<std::string> read_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') {
    return config_failure(
        "secret_missing",
        "environment variable " + name + (value == nullptr ? " is not set" : " is empty"),
        "set " + name + " in the environment of this program (its service file)");
  }
  return std::string(value);
}

}  // namespace

bool is_reference(std::string_view text) noexcept {
  try {
    return parse(text).has_value();
  } catch (const std::exception&) {
    return false;
  }
}

Result<std::string> resolve_reference(std::string_view reference) {
  const auto parsed = parse(reference);
  if (!parsed) {
    // The text may be the secret itself, put where a reference belongs: it is not repeated.
    return config_failure("secret_reference", "a secret's reference is malformed",
                          "write ${env:NAME} or ${file:/path/of/the/secret}");
  }
  return parsed->file ? read_file(parsed->name) : read_environment(parsed->name);
}

}  // namespace marketplug::services
