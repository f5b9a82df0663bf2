// scan(): the plugins folder, file by file. Reads, compares, never loads.
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "host/loading/dependency_check.hpp"
#include "host/loading/file_check.hpp"
#include "host/loading/inspection.hpp"
#include "host/loading/plugin.hpp"
#include "host/loading/text.hpp"

namespace marketplug::loading {
namespace {

struct FolderListing {
  std::vector<PluginReason> reasons;  ///< not empty: the folder must not be used
  std::string path;                   ///< without links
  std::vector<std::string> names;     ///< of *.so, hidden files left out, sorted
};

PluginReason folder_unreadable(int error) {
  return {"folder_unreadable",
          "the plugins folder cannot be read: " + std::generic_category().message(error),
          "Create the folder, or correct plugins.folder in the host's configuration."};
}

FolderListing list_folder(const std::string& folder) {
  FolderListing listing;
  if (!folder.starts_with('/')) {
    listing.reasons.push_back({"folder_relative", "the plugins folder is not an absolute path",
                               "Give plugins.folder as an absolute path."});
    return listing;
  }
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(folder.c_str(), nullptr),
                                                         &std::free);
  if (!real) {
    listing.reasons.push_back(folder_unreadable(errno));
    return listing;
  }
  listing.path = real.get();
  const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(real.get()), &::closedir);
  struct stat status {};
  if (!open || ::fstat(::dirfd(open.get()), &status) != 0) {
    listing.reasons.push_back(folder_unreadable(errno));
    return listing;
  }
  listing.reasons = check_access(status, ::geteuid(), "the plugins folder");
  errno = 0;
  while (const dirent* entry = ::readdir(open.get())) {
    const std::string_view name = entry->d_name;
    if (name.ends_with(".so") && !name.starts_with('.')) listing.names.emplace_back(name);
  }
  if (errno != 0) listing.reasons.push_back(folder_unreadable(errno));
  std::ranges::sort(listing.names);
  return listing;
}

/// Only files that passed their own checks compete for an id: a refused one can take nobody's
/// place.
void refuse_duplicates(std::vector<PluginFile>& files) {
  std::map<std::string, std::vector<PluginFile*>> by_id;
  for (PluginFile& file : files) {
    if (!file.id().empty()) by_id[file.id()].push_back(&file);
  }
  for (const auto& [id, same] : by_id) {
    std::vector<PluginFile*> ready;
    std::ranges::copy_if(same, std::back_inserter(ready),
                         [](const PluginFile* file) { return file->state == PluginState::kReady; });
    for (PluginFile* file : ready) {
      for (const PluginFile* other : same) {
        if (other == file) continue;
        const bool refused = ready.size() == 1;
        PluginReason reason{"duplicate_id",
                            fmt::format("{} has the same plugin id, {}{}", other->path, id,
                                        refused ? ", and is refused" : ""),
                            "Keep one of the two files in the plugins folder."};
        if (!refused) {
          refuse(*file, std::move(reason));
        } else {
          reason.message = file->path + ": " + reason.message;
          file->warnings.push_back(std::move(reason));
        }
      }
    }
  }
}

void check_pins(const ScanOptions& options, PluginFile& file) {
  if (file.sha256.empty()) return;
  for (const auto& [id, pin] : options.pins) {
    if (file.id() != id) continue;
    if (auto reason = check_pin(pin, file.sha256, id)) refuse(file, std::move(*reason));
  }
}

}  // namespace

std::vector<PluginFile> scan(const ScanOptions& options) {
  const FolderListing listing = list_folder(options.folder);
  std::vector<PluginFile> files;
  if (!listing.reasons.empty()) {
    PluginFile& folder = files.emplace_back();
    folder.path = options.folder;
    for (const PluginReason& reason : listing.reasons) refuse(folder, reason);
    return files;
  }
  const std::vector<std::string> in_process = loaded_libraries();
  for (const std::string& name : listing.names) {
    files.push_back(inspect(listing.path + "/" + name, in_process).file);
  }
  refuse_duplicates(files);
  for (PluginFile& file : files) check_pins(options, file);
  return files;
}

PluginFile examine(const std::string& path, const ScanOptions& options) {
  PluginFile file = inspect(path, loaded_libraries()).file;
  check_pins(options, file);
  return file;
}

}  // namespace marketplug::loading
