#pragma once
// The key that wraps all others: from the configuration, or a file beside the database that the
// first start makes. Called once at open, one thread; the caller owns the key.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "host/store/seal_key.hpp"

namespace marketplug::store {

/// base64 of 32 bytes. StoreError kWrongKey where it is not.
SealKey master_key_from_text(std::string_view text);

/// marketplug.key of the folder; nullopt where there is none. StoreError kWrongKey where others may
/// read it or it holds something else.
std::optional<SealKey> read_master_key(const std::string& folder);

/// Writes a new one (0600, on the disk before it returns) and tells `notice` to back it up.
SealKey make_master_key(const std::string& folder,
                        const std::function<void(std::string_view)>& notice);

}  // namespace marketplug::store
