#pragma once
// The folder where database, key, lock and socket live, and the lock that keeps a second process
// out. Any thread; the lock lasts as long as the object.

#include <string>
#include <string_view>

namespace marketplug::store {

inline constexpr std::string_view kKeyFileName = "marketplug.key";
inline constexpr std::string_view kLockFileName = "marketplug.lock";

/// The file of "sqlite:<path>", absolute and without symbolic links. StoreError kOther for every
/// other url.
std::string sqlite_path(std::string_view url);

/// Makes the folder with mode 0700 where it is missing; one that exists is left as it is.
void make_state_folder(const std::string& folder);

/// Exclusive for this open file, gone with the process whatever ends it.
class FolderLock {
 public:
  /// StoreError kLocked, naming the other process, where one holds the folder.
  explicit FolderLock(const std::string& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int file_ = -1;
};

}  // namespace marketplug::store
