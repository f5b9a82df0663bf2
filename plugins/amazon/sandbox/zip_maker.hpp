#pragma once
// Zip archives as bytes, good ones and such as nobody should make. Any thread; the result belongs
// to the caller.

#include <zlib.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/amazon/sandbox/deflate.hpp"

namespace amazon_sandbox {

struct ZipPart {
  std::string name, bytes;
  bool deflated = true;
  std::uint16_t flags = 0;                  ///< 1: says that it is encrypted
  std::optional<std::uint16_t> method{};    ///< instead of the true one
  std::optional<std::uint32_t> size{};      ///< unpacked, instead of the true one
  std::optional<std::uint32_t> checksum{};  ///< instead of the true one
};

inline void put_number(std::string& to, std::uint64_t value, int width) {
  for (int i = 0; i < width; ++i, value >>= 8) to += static_cast<char>(value & 0xff);
}

/// Parts in their order, the list at the end, and a comment behind it.
inline std::string make_zip(const std::vector<ZipPart>& parts, std::string_view comment = {}) {
  std::string archive, list;
  for (const ZipPart& part : parts) {
    const std::string packed =
        part.deflated ? deflated(part.bytes, Z_DEFAULT_COMPRESSION, -MAX_WBITS) : part.bytes;
    const auto* bytes = reinterpret_cast<const Bytef*>(part.bytes.data());
    const auto checksum =
        static_cast<std::uint32_t>(crc32(0, bytes, static_cast<uInt>(part.bytes.size())));
    std::string header;
    put_number(header, part.flags, 2);
    put_number(header, part.method.value_or(part.deflated ? 8 : 0), 2);
    put_number(header, 0x5c770000, 4);  // 2026-03-23, 00:00
    put_number(header, part.checksum.value_or(checksum), 4);
    put_number(header, packed.size(), 4);
    put_number(header, part.size.value_or(static_cast<std::uint32_t>(part.bytes.size())), 4);
    put_number(header, part.name.size(), 2);
    put_number(header, 0, 2);
    list.append("PK\1\2").append("\x14\0\x14\0", 4).append(header);
    put_number(list, 0, 10);
    put_number(list, archive.size(), 4);
    list += part.name;
    archive.append("PK\3\4").append("\x14\0", 2).append(header).append(part.name).append(packed);
  }
  const std::size_t at = archive.size();
  archive.append(list).append("PK\5\6");
  put_number(archive, 0, 4);
  put_number(archive, parts.size(), 2);
  put_number(archive, parts.size(), 2);
  put_number(archive, list.size(), 4);
  put_number(archive, at, 4);
  put_number(archive, comment.size(), 2);
  return archive.append(comment);
}

}  // namespace amazon_sandbox
