#pragma once
// A zip archive in memory (PKWARE's APPNOTE 6.3): its list of entries, and one entry unpacked.
// Nothing is written anywhere, and a name is only ever compared, so that one that climbs out of a
// folder reaches nothing. Every size is checked before it is believed. Pure functions, any thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace marketplug::amazon {

// What is wrong with an archive.
inline constexpr std::string_view kZipNone = "not_zip";  ///< no zip archive, or its end lacks
inline constexpr std::string_view kZipDamaged = "zip_damaged";
inline constexpr std::string_view kZipEncrypted = "zip_encrypted";
inline constexpr std::string_view kZipUnknown = "zip_unknown";  ///< Zip64, parts, other packing
inline constexpr std::string_view kZipTooLarge = "zip_too_large";

/// Beyond these it is kZipTooLarge.
inline constexpr std::size_t kZipEntries = 1000;
inline constexpr std::uint64_t kZipTotal = 256ull << 20;  ///< bytes of all entries, as announced
inline constexpr std::uint64_t kZipEntry = 4ull << 20;    ///< bytes of the entry that is unpacked
inline constexpr std::uint64_t kZipRatio = 200;  ///< of that entry, unless it is below 64 KiB

struct ZipEntry {
  std::string_view name;    ///< as written, any bytes
  std::string_view packed;  ///< into the archive
  std::uint64_t size = 0;   ///< bytes when unpacked, as announced
  std::uint32_t checksum = 0;
  std::uint16_t method = 0;
  bool encrypted = false;
};

/// `problem` is empty where all went well.
struct ZipList {
  std::string_view problem;
  std::vector<ZipEntry> entries;
};
struct ZipText {
  std::string_view problem;
  std::string text;
};

/// The entries by the archive's own list at its end; they live as long as `bytes`.
ZipList list_zip(std::string_view bytes);
/// One of them, its checksum compared. Stored and deflated entries only.
ZipText unpack(const ZipEntry& entry);

}  // namespace marketplug::amazon
