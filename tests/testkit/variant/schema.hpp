#pragma once
// The template's settings schema, with the faults that a schema may have. Any thread.

#include <string_view>

namespace variant {

std::string_view schema() noexcept;

}  // namespace variant
