#include "host/loading/abi_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

#include "host/loading/text.hpp"

namespace marketplug::loading {
namespace {

static_assert(sizeof(AbiInfo) >= kAbiInfoV1Size, "the block only ever grows");
static_assert(offsetof(AbiInfo, capabilities) + sizeof(AbiInfo::capabilities) == kAbiInfoV1Size);

constexpr std::uint32_t kAddressSanitizer = 1u;
constexpr std::uint32_t kThreadSanitizer = 2u;

Failure block_failure(std::string code, std::string message) {
  Failure failure;
  failure.kind = Failure::Kind::kConfig;
  failure.code = std::move(code);
  failure.message = std::move(message);
  failure.remedy = "Build the plugin anew with marketplug_add_plugin() and this host's SDK.";
  return failure;
}

std::string stdlib_name(std::uint32_t stdlib) {
  if (stdlib == 1) return "libstdc++";
  if (stdlib == 2) return "libc++";
  return fmt::format("an unknown standard library ({})", stdlib);
}

/// The remedy of a difference that a compiler switch makes.
std::string rebuild(bool with, std::string_view flag) {
  return fmt::format("Rebuild the plugin {} {}.", with ? "with" : "without", flag);
}

void compare_versions(const AbiInfo& plugin, const AbiInfo& host,
                      std::vector<PluginReason>& reasons) {
  const auto text = [](const AbiInfo& abi) {
    return fmt::format("{}.{}", abi.abi_major, abi.abi_minor);
  };
  const std::string remedy = fmt::format(
      "Rebuild the plugin with the SDK of this host (plugin interface {}), or install "
      "a Marketplug with plugin interface {}.",
      text(host), text(plugin));
  if (plugin.abi_major != host.abi_major) {
    reasons.push_back(
        {"abi_major",
         fmt::format("built for plugin interface {}, this host has {}", text(plugin), text(host)),
         remedy});
  } else if (plugin.abi_minor > host.abi_minor) {
    reasons.push_back(
        {"abi_minor",
         fmt::format("needs plugin interface {}, this host has {} only", text(plugin), text(host)),
         remedy});
  }
}

void compare_sanitizer(const AbiInfo& plugin, const AbiInfo& host, std::uint32_t bit,
                       std::string_view name, std::string_view flag,
                       std::vector<PluginReason>& reasons) {
  const bool in_plugin = (plugin.sanitizers & bit) != 0;
  const bool in_host = (host.sanitizers & bit) != 0;
  if (in_plugin == in_host) return;
  reasons.push_back({"abi_sanitizers",
                     in_plugin ? fmt::format("built with {}, this host is not", name)
                               : fmt::format("built without {}, this host has it", name),
                     rebuild(in_host, flag)});
}

template <std::size_t N>
std::string_view text_of(const char (&field)[N]) {
  return {field, ::strnlen(field, N)};
}

bool are_capabilities(std::string_view list) {
  std::vector<std::string_view> seen;
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    const std::string_view one = list.substr(0, comma);
    if (!is_capability(one) || std::ranges::find(seen, one) != seen.end()) return false;
    seen.push_back(one);
    if (comma == std::string_view::npos) return true;
    list.remove_prefix(comma + 1);
    if (list.empty()) return false;
  }
  return true;
}

/// Empties the field and says why, unless it ends with NUL and `test` likes it.
template <std::size_t N, class Test>
void check_text(char (&field)[N], std::string_view name, std::string_view rule, Test test,
                std::vector<PluginReason>& reasons) {
  const std::string_view text = text_of(field);
  if (text.size() < N && test(text)) return;
  const std::string_view cause = text.size() == N ? "has no end" : rule;
  reasons.push_back({"abi_text",
                     fmt::format("its {} (\"{}\") {}", name, printable(text, 80), cause),
                     fmt::format("Correct the {} in the plugin's kInfo and rebuild it.", name)});
  std::memset(field, 0, N);
}

}  // namespace

const AbiInfo& host_abi() noexcept {
  static constexpr AbiInfo kHost = abi_of_this_build();
  return kHost;
}

Result<AbiInfo> read_abi_block(std::span<const unsigned char> section) {
  AbiInfo abi;
  if (section.size() < kAbiInfoV1Size) {
    return block_failure("abi_size", fmt::format("its ABI block has {} bytes instead of {} or more",
                                                 section.size(), kAbiInfoV1Size));
  }
  std::memcpy(&abi, section.data(), std::min(section.size(), sizeof(AbiInfo)));
  if (std::string_view(abi.magic, sizeof(abi.magic)) != kAbiMagic) {
    return block_failure("abi_magic", "its ABI block does not begin with Marketplug's mark");
  }
  if (abi.struct_size != section.size()) {
    return block_failure("abi_size", fmt::format("its ABI block says {} bytes and has {}",
                                                 abi.struct_size, section.size()));
  }
  return abi;
}

std::vector<PluginReason> compare_abi(const AbiInfo& plugin, const AbiInfo& host) {
  std::vector<PluginReason> reasons;
  compare_versions(plugin, host, reasons);
  if (plugin.pointer_bits != host.pointer_bits) {
    reasons.push_back(
        {"abi_pointers",
         fmt::format("built for {} bits, this host has {}", plugin.pointer_bits, host.pointer_bits),
         "Rebuild the plugin for this kind of machine."});
  }
  if (plugin.stdlib != host.stdlib) {
    reasons.push_back({"abi_stdlib",
                       fmt::format("built with {}, this host with {}", stdlib_name(plugin.stdlib),
                                   stdlib_name(host.stdlib)),
                       fmt::format("Rebuild the plugin with {}.", stdlib_name(host.stdlib))});
  }
  if (plugin.cxx11_abi != host.cxx11_abi) {
    reasons.push_back(
        {"abi_strings",
         fmt::format("built with the {} std::string (_GLIBCXX_USE_CXX11_ABI={}), this host is not",
                     plugin.cxx11_abi == 0 ? "old" : "new", plugin.cxx11_abi),
         rebuild(true, fmt::format("-D_GLIBCXX_USE_CXX11_ABI={}", host.cxx11_abi))});
  }
  if (plugin.checked_iterators != host.checked_iterators) {
    const bool in_plugin = plugin.checked_iterators != 0;
    reasons.push_back(
        {"abi_iterators",
         fmt::format("built {} checked iterators (_GLIBCXX_DEBUG), this host {}",
                     in_plugin ? "with" : "without", in_plugin ? "is not" : "has them"),
         rebuild(!in_plugin, "-D_GLIBCXX_DEBUG")});
  }
  compare_sanitizer(plugin, host, kAddressSanitizer, "the address sanitizer", "-fsanitize=address",
                    reasons);
  compare_sanitizer(plugin, host, kThreadSanitizer, "the thread sanitizer", "-fsanitize=thread",
                    reasons);
  if (((plugin.sanitizers ^ host.sanitizers) & ~(kAddressSanitizer | kThreadSanitizer)) != 0) {
    reasons.push_back({"abi_sanitizers",
                       fmt::format("built with sanitizers ({:#x}) that this host does not know",
                                   plugin.sanitizers),
                       "Rebuild the plugin without sanitizers."});
  }
  if (plugin.layout_hash != host.layout_hash) {
    reasons.push_back(
        {"abi_layout",
         fmt::format("the types between plugin and host are others there (layout {:016x}, this "
                     "host {:016x})",
                     plugin.layout_hash, host.layout_hash),
         "Rebuild the plugin with the SDK of this host, and without flags that change layouts "
         "(-fpack-struct, -D_GLIBCXX_DEBUG)."});
  }
  return reasons;
}

std::vector<PluginReason> check_texts(AbiInfo& abi) {
  std::vector<PluginReason> reasons;
  check_text(abi.id, "id",
             "is not an id: small letters, digits and hyphens, beginning with a letter, or a "
             "reverse domain of such",
             is_plugin_id, reasons);
  check_text(abi.version, "version", "is not a semantic version such as 1.2.3", is_version,
             reasons);
  check_text(
      abi.name, "name", "is empty or not clean UTF-8",
      [](std::string_view text) { return !text.empty() && is_clean_utf8(text); }, reasons);
  check_text(abi.compiler, "compiler", "is not clean UTF-8", is_clean_utf8, reasons);
  check_text(abi.capabilities, "list of capabilities",
             "is not a list of different interface ids such as order-source/1", are_capabilities,
             reasons);
  return reasons;
}

}  // namespace marketplug::loading
