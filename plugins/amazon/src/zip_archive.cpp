#include "src/zip_archive.hpp"

#include <zlib.h>

#include <algorithm>
#include <optional>

namespace marketplug::amazon {
namespace {

constexpr std::string_view kEndMark = "PK\5\6", kListMark = "PK\1\2", kLocalMark = "PK\3\4";
constexpr std::size_t kEndSize = 22, kListSize = 46, kLocalSize = 30;
constexpr std::size_t kLongestComment = 65535;
constexpr std::uint16_t kStored = 0, kDeflated = 8;
constexpr std::uint16_t kEncryptedFlags = 0x2041;  // by password, strongly, the list as well
constexpr std::uint32_t kInZip64 = 0xffffffff;
constexpr std::uint64_t kSmall = 65536;  // where a ratio says nothing

/// Little endian; the caller has looked that it is there.
std::uint32_t number_at(std::string_view bytes, std::size_t at, std::size_t width) {
  std::uint32_t value = 0;
  for (std::size_t i = width; i-- > 0;) {
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  }
  return value;
}
std::uint16_t short_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(number_at(bytes, at, 2));
}
std::uint32_t long_at(std::string_view bytes, std::size_t at) { return number_at(bytes, at, 4); }

/// The record that every archive ends with, but for a comment.
std::optional<std::size_t> end_record(std::string_view bytes) {
  if (bytes.size() < kEndSize) return std::nullopt;
  const std::size_t last = bytes.size() - kEndSize;
  const std::size_t first = last > kLongestComment ? last - kLongestComment : 0;
  for (std::size_t at = last + 1; at-- > first;) {
    if (bytes.substr(at, kEndMark.size()) != kEndMark) continue;
    if (at + kEndSize + short_at(bytes, at + 20) == bytes.size()) return at;
  }
  return std::nullopt;
}

/// Where the entry's bytes begin: its own header repeats the name and may have other extra fields.
std::optional<std::string_view> packed_bytes(std::string_view bytes, std::size_t at,
                                             std::size_t size) {
  if (at > bytes.size() || bytes.size() - at < kLocalSize ||
      bytes.substr(at, kLocalMark.size()) != kLocalMark) {
    return std::nullopt;
  }
  const std::size_t begin = at + kLocalSize + short_at(bytes, at + 26) + short_at(bytes, at + 28);
  if (begin > bytes.size() || bytes.size() - begin < size) return std::nullopt;
  return bytes.substr(begin, size);
}

/// Takes the entry that `list` begins with; what is wrong with it, else empty.
std::string_view take_entry(std::string_view bytes, std::string_view& list, ZipEntry& entry) {
  if (list.size() < kListSize || !list.starts_with(kListMark)) return kZipDamaged;
  const std::size_t name = short_at(list, 28);
  const std::size_t whole = kListSize + name + short_at(list, 30) + short_at(list, 32);
  if (list.size() < whole) return kZipDamaged;
  entry.name = list.substr(kListSize, name);
  entry.encrypted = (short_at(list, 8) & kEncryptedFlags) != 0;
  entry.method = short_at(list, 10);
  entry.checksum = long_at(list, 16);
  const std::uint32_t packed = long_at(list, 20), size = long_at(list, 24), at = long_at(list, 42);
  if (packed == kInZip64 || size == kInZip64 || at == kInZip64) return kZipUnknown;
  entry.size = size;
  const auto found = packed_bytes(bytes, at, packed);
  if (!found) return kZipDamaged;
  entry.packed = *found;
  list.remove_prefix(whole);
  return {};
}

/// Into `text`, which has room for one byte more than is announced.
bool inflate_into(std::string_view packed, std::string& text) {
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return false;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  const int result = inflate(&stream, Z_FINISH);
  text.resize(text.size() - stream.avail_out);
  inflateEnd(&stream);
  return result == Z_STREAM_END;
}

}  // namespace

ZipList list_zip(std::string_view bytes) {
  const auto end = end_record(bytes);
  if (!end) return {kZipNone, {}};
  const std::uint16_t count = short_at(bytes, *end + 10);
  const std::uint32_t size = long_at(bytes, *end + 12), at = long_at(bytes, *end + 16);
  if (count == 0xffff || size == kInZip64 || at == kInZip64 || long_at(bytes, *end + 4) != 0) {
    return {kZipUnknown, {}};
  }
  if (count > kZipEntries) return {kZipTooLarge, {}};
  if (at > *end || *end - at < size) return {kZipDamaged, {}};
  std::string_view list = bytes.substr(at, size);
  ZipList out;
  out.entries.reserve(count);
  std::uint64_t total = 0;
  for (std::uint16_t i = 0; i < count; ++i) {
    out.problem = take_entry(bytes, list, out.entries.emplace_back());
    total += out.entries.back().size;
    if (out.problem.empty() && total > kZipTotal) out.problem = kZipTooLarge;
    if (!out.problem.empty()) return {out.problem, {}};
  }
  if (!list.empty()) return {kZipDamaged, {}};
  return out;
}

ZipText unpack(const ZipEntry& entry) {
  if (entry.encrypted) return {kZipEncrypted, {}};
  if (entry.method != kStored && entry.method != kDeflated) return {kZipUnknown, {}};
  const std::uint64_t packed = std::max<std::uint64_t>(entry.packed.size(), 1);
  if (entry.size > kZipEntry || (entry.size > kSmall && entry.size / packed > kZipRatio)) {
    return {kZipTooLarge, {}};
  }
  ZipText out;
  if (entry.method == kStored) {
    out.text = entry.packed;
  } else {
    // One byte more, so that an entry that is longer than it says is noticed.
    out.text.resize(static_cast<std::size_t>(entry.size) + 1);
    if (!inflate_into(entry.packed, out.text)) return {kZipDamaged, {}};
  }
  const auto* bytes = reinterpret_cast<const Bytef*>(out.text.data());
  if (out.text.size() != entry.size ||
      crc32(0, bytes, static_cast<uInt>(out.text.size())) != entry.checksum) {
    return {kZipDamaged, {}};
  }
  return out;
}

}  // namespace marketplug::amazon
