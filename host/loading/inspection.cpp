#include "host/loading/inspection.hpp"

#include "host/loading/abi_check.hpp"
#include "host/loading/dependency_check.hpp"
#include "host/loading/elf_file.hpp"
#include "host/loading/file_check.hpp"

namespace marketplug::loading {
namespace {

PluginReason reason_of(const Failure& failure) {
  return {failure.code, failure.message, failure.remedy};
}

void append(std::vector<PluginReason>& to, const std::vector<PluginReason>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

/// Reasons without the path: inspect() adds it.
void judge_content(const FileContent& content, const std::vector<std::string>& in_process,
                   Inspection& result) {
  PluginFile& file = result.file;
  if (content.no_library) {
    file.reasons.push_back(reason_of(*content.no_library));
    return;
  }
  Result<ElfFile> elf = read_elf(content.bytes);
  if (!elf) {
    file.reasons.push_back(reason_of(elf.failure()));
    return;
  }
  result.abi_block = std::move(elf.value().abi_block);
  const Result<AbiInfo> abi = read_abi_block(result.abi_block);
  if (!abi) {
    file.reasons.push_back(reason_of(abi.failure()));
    return;
  }
  file.abi = abi.value();
  append(file.reasons, compare_abi(file.abi, host_abi()));
  append(file.reasons, check_texts(file.abi));
  if (file.capabilities().empty()) {
    file.warnings.push_back({"no_capability", "offers no capability, so it has nothing to do",
                             "Derive the plugin's class from ConnectorWith<OrderSource, ...>."});
  }
  judge_dependencies(elf.value(), in_process, file);
}

}  // namespace

Inspection inspect(const std::string& path, const std::vector<std::string>& in_process) {
  Inspection result;
  PluginFile& file = result.file;
  file.path = path;
  const Result<FileContent> content = read_plugin_file(path);
  if (!content) {
    file.reasons.push_back(reason_of(content.failure()));
  } else {
    file.sha256 = content.value().sha256;
    file.reasons = content.value().access;
    judge_content(content.value(), in_process, result);
  }
  for (PluginReason& reason : file.reasons) reason.message = path + ": " + reason.message;
  for (PluginReason& warning : file.warnings) warning.message = path + ": " + warning.message;
  file.state = file.reasons.empty() ? PluginState::kReady : PluginState::kRefused;
  return result;
}

void refuse(PluginFile& file, PluginReason reason) {
  reason.message = file.path + ": " + reason.message;
  file.reasons.push_back(std::move(reason));
  file.state = PluginState::kRefused;
}

}  // namespace marketplug::loading
