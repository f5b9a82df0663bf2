#pragma once
// Judges the ABI block of a plugin's file against this host's own: whether both sides were built so
// that the types between them have one shape. Pure functions, any thread.

#include <cstddef>
#include <span>
#include <vector>

#include "host/loading/plugin.hpp"
#include "marketplug/abi.hpp"
#include "marketplug/result.hpp"

namespace marketplug::loading {

/// The size of the block in its first version: a smaller one is no block of ours.
inline constexpr std::size_t kAbiInfoV1Size = 528;

/// This host's side of the comparison.
const AbiInfo& host_abi() noexcept;

/// The block from the bytes of its section: magic and size. Members this host knows and the block
/// lacks stay zero. Failure kConfig, code "abi_magic" or "abi_size".
Result<AbiInfo> read_abi_block(std::span<const unsigned char> section);

/// Every compared member that differs, each as cause and remedy; codes "abi_major", "abi_minor",
/// "abi_pointers", "abi_stdlib", "abi_strings", "abi_iterators", "abi_sanitizers", "abi_layout".
std::vector<PluginReason> compare_abi(const AbiInfo& plugin, const AbiInfo& host);

/// Every text that is malformed, code "abi_text"; those members are emptied, so that what is left
/// can be shown to a person as it is.
std::vector<PluginReason> check_texts(AbiInfo& abi);

}  // namespace marketplug::loading
