#pragma once
// Puts SQLite's words in the place of the {words} of the common SQL text. Pure function, any
// thread.

#include <string>
#include <string_view>

namespace marketplug::store::sqlite {

/// Throws StoreError kOther for an unknown word.
std::string to_sqlite(std::string_view sql);

}  // namespace marketplug::store::sqlite
