#include "src/zip_archive.hpp"

#include <zip.h>

#include <algorithm>

namespace marketplug::amazon {
namespace {

constexpr std::uint64_t kSmall = 65536;    // where a ratio says nothing
constexpr std::size_t kEmptyArchive = 22;  // bytes; libzip takes less for a new one

std::string_view problem_of_open(int code) {
  if (code == ZIP_ER_NOZIP) return kZipNone;
  return code == ZIP_ER_MULTIDISK ? kZipUnknown : kZipDamaged;
}

}  // namespace

ZipArchive::ZipArchive(std::string_view bytes)
    : zip_(nullptr, [](zip* archive) { ::zip_discard(archive); }) {
  problem_ = open(bytes);
  if (problem_.empty()) problem_ = list();
  if (!problem_.empty()) entries_.clear();
}

std::string_view ZipArchive::open(std::string_view bytes) {
  if (bytes.size() < kEmptyArchive) return kZipNone;
  zip_error_t error;
  ::zip_error_init(&error);
  zip_source_t* source = ::zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  if (source != nullptr) {
    zip_.reset(::zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error));
    if (!zip_) ::zip_source_free(source);
  }
  const int code = ::zip_error_code_zip(&error);
  ::zip_error_fini(&error);
  return zip_ ? std::string_view() : problem_of_open(code);
}

std::string_view ZipArchive::list() {
  const zip_int64_t count = ::zip_get_num_entries(zip_.get(), 0);
  if (count > static_cast<zip_int64_t>(kZipEntries)) return kZipTooLarge;
  std::uint64_t total = 0;
  for (zip_uint64_t place = 0; place < static_cast<zip_uint64_t>(count); ++place) {
    zip_stat_t found;
    if (::zip_stat_index(zip_.get(), place, ZIP_FL_ENC_RAW, &found) != 0) return kZipDamaged;
    constexpr zip_uint64_t kNeeded = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE |
                                     ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
    if ((found.valid & kNeeded) != kNeeded) return kZipDamaged;
    entries_.push_back({found.name, place, found.size, found.comp_size, found.comp_method,
                        found.encryption_method != ZIP_EM_NONE});
    if (found.size > kZipTotal - total) return kZipTooLarge;
    total += found.size;
  }
  return {};
}

ZipText ZipArchive::unpack(const ZipEntry& entry) const {
  if (entry.encrypted) return {kZipEncrypted, {}};
  if (entry.method != ZIP_CM_STORE && entry.method != ZIP_CM_DEFLATE) return {kZipUnknown, {}};
  const std::uint64_t packed = std::max<std::uint64_t>(entry.packed, 1);
  if (entry.size > kZipEntry || (entry.size > kSmall && entry.size / packed > kZipRatio)) {
    return {kZipTooLarge, {}};
  }
  const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> file(
      ::zip_fopen_index(zip_.get(), entry.place, 0), ::zip_fclose);
  if (!file) return {kZipDamaged, {}};
  // One byte more, so that an entry that is longer than it says is noticed.
  ZipText out;
  out.text.resize(static_cast<std::size_t>(entry.size) + 1);
  const zip_int64_t read = ::zip_fread(file.get(), out.text.data(), out.text.size());
  if (read != static_cast<zip_int64_t>(entry.size)) return {kZipDamaged, {}};
  // Only who asks behind the end is told of a wrong checksum.
  if (char more = 0; ::zip_fread(file.get(), &more, 1) != 0) return {kZipDamaged, {}};
  out.text.resize(static_cast<std::size_t>(entry.size));
  return out;
}

}  // namespace marketplug::amazon
