#pragma once
// The column names of GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE, in the languages that the
// simulator knows. Constant data; any thread.

#include <cstddef>
#include <span>
#include <string_view>

#include "plugins/amazon/sandbox/report_types.hpp"

namespace amazon_sandbox {

inline constexpr std::size_t kReturnColumns = 32;

/// The same columns in the same order in every language.
std::span<const std::string_view, kReturnColumns> return_headers(HeaderLanguage language) noexcept;

}  // namespace amazon_sandbox
