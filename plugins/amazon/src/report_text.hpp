#pragma once
// The text of a report: its character set by the Content-Type, and its lines, read from the host's
// document in pieces. Memory is bounded by the longest line. One thread at a time.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "marketplug/result.hpp"
#include "marketplug/services/documents.hpp"

namespace marketplug::amazon {

enum class Charset : std::uint8_t { kUtf8 = 0, kWindows1252 };

/// By the charset of a Content-Type; ISO-8859-1 counts as windows-1252 (as on the web), what is
/// unknown or absent as UTF-8.
Charset charset_of(std::string_view content_type);
/// The same by a name alone.
Charset charset_by_name(std::string_view name);
/// As UTF-8; what is none of the charset's becomes U+FFFD.
std::string decoded(std::string_view text, Charset charset);

/// The lines of a document from an offset on.
class DocumentLines {
 public:
  /// `documents` must outlive it.
  DocumentLines(Documents& documents, const DocumentInfo& document, std::uint64_t offset)
      : documents_(&documents), document_(document), offset_(offset), fetched_(offset) {}

  /// The next line without its end (LF, CR LF), good until the next call; nullopt behind the last.
  /// Failures: the host's; kRemote, code "report_line": longer than 1 MiB.
  Result<std::optional<std::string_view>> next();
  /// Where the next line begins.
  std::uint64_t offset() const noexcept { return offset_; }

 private:
  Documents* documents_;
  DocumentInfo document_;
  std::uint64_t offset_;       ///< of the next line
  std::uint64_t fetched_ = 0;  ///< up to here the document was read
  std::string buffer_;
  std::size_t at_ = 0;  ///< begin of the next line in the buffer
};

}  // namespace marketplug::amazon
