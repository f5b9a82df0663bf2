#pragma once
// What the SDK's headers are, as one number: part of the layout hash while kAbiMajor is 0.
// Written by: cmake -DUPDATE=ON -P plugin-api/cmake/abi_lock.cmake

#include <cstdint>

namespace marketplug {

inline constexpr std::uint64_t kHeaderDigest = 0x7389a5d8c9e47235;

}  // namespace marketplug
