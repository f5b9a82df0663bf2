#pragma once
// Large documents (reports, archives) that the host downloaded for the plugin and keeps encrypted,
// with limits on size and life time. A cursor may name a handle and an offset and go on in a later
// step. Handles belong to the shop.

#include <cstdint>
#include <string>
#include <string_view>

#include "marketplug/result.hpp"

namespace marketplug {

struct DocumentInfo {
  std::string handle;
  std::uint64_t size = 0;    ///< bytes, after decompression
  std::string content_type;  ///< as the server sent it, charset included
  TimePoint expires_at{};

  bool operator==(const DocumentInfo&) const = default;
};

class Documents {
 public:
  static constexpr std::string_view kId = "host.documents/1";
  virtual ~Documents() = default;
  /// Failure kRemote, code "document_gone": expired or dropped; download it again.
  virtual Result<DocumentInfo> info(std::string_view handle) = 0;
  /// Up to `max_bytes` (at most 1 MiB) from `offset`; empty at the end.
  virtual Result<std::string> read(std::string_view handle, std::uint64_t offset,
                                   std::uint64_t max_bytes) = 0;
  /// Deletes it now; unknown handles are ignored.
  virtual void drop(std::string_view handle) = 0;
};

}  // namespace marketplug
