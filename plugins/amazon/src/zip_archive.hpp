#pragma once
// A zip archive in memory, read by libzip: its list of entries, and one entry unpacked. Nothing is
// written anywhere, and a name is only ever compared, so that one that climbs out of a folder
// reaches nothing. Every size is checked before it is believed. One thread.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct zip;

namespace marketplug::amazon {

// What is wrong with an archive.
inline constexpr std::string_view kZipNone = "not_zip";  ///< no zip archive, or its end lacks
inline constexpr std::string_view kZipDamaged = "zip_damaged";
inline constexpr std::string_view kZipEncrypted = "zip_encrypted";
inline constexpr std::string_view kZipUnknown = "zip_unknown";  ///< in parts, or packed otherwise
inline constexpr std::string_view kZipTooLarge = "zip_too_large";

/// Beyond these it is kZipTooLarge.
inline constexpr std::size_t kZipEntries = 1000;
inline constexpr std::uint64_t kZipTotal = 256ull << 20;  ///< bytes of all entries, as announced
inline constexpr std::uint64_t kZipEntry = 4ull << 20;    ///< bytes of the entry that is unpacked
inline constexpr std::uint64_t kZipRatio = 200;  ///< of that entry, unless it is below 64 KiB

struct ZipEntry {
  std::string name;          ///< as written, any bytes
  std::uint64_t place = 0;   ///< in the archive's list
  std::uint64_t size = 0;    ///< bytes when unpacked, as announced
  std::uint64_t packed = 0;  ///< bytes in the archive, as announced
  std::uint16_t method = 0;
  bool encrypted = false;
};

struct ZipText {
  std::string_view problem;  ///< empty where all went well
  std::string text;
};

class ZipArchive {
 public:
  /// `bytes` must outlive it.
  explicit ZipArchive(std::string_view bytes);
  /// Empty: none, and `entries()` are those of the archive's own list at its end.
  std::string_view problem() const noexcept { return problem_; }
  const std::vector<ZipEntry>& entries() const noexcept { return entries_; }
  /// One of them, its checksum compared. Stored and deflated entries only.
  ZipText unpack(const ZipEntry& entry) const;

 private:
  std::string_view open(std::string_view bytes);
  std::string_view list();

  std::unique_ptr<zip, void (*)(zip*)> zip_;
  std::vector<ZipEntry> entries_;
  std::string_view problem_;
};

}  // namespace marketplug::amazon
