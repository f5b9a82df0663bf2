#pragma once
// Large documents in sealed chunks of 64 KiB. Any thread; one document is written by one thread at
// a time. What is not finished lives with its writer: nobody else sees it. Owned by SqlStore.

#include <map>
#include <memory>
#include <mutex>

#include "host/store/sql/context.hpp"
#include "host/store/store.hpp"

namespace marketplug::store::sql {

class DocumentRepository final : public DocumentVault {
 public:
  static constexpr std::size_t kChunkBytes = std::size_t{64} * 1024;

  explicit DocumentRepository(const Context& context) : context_(context) {}
  void begin(const StoredDocument& document) override;
  void append(std::string_view handle, std::string_view bytes) override;
  StoredDocument finish(std::string_view handle, std::string_view content_type) override;
  std::optional<StoredDocument> find(std::string_view shop, std::string_view handle) override;
  std::string read(std::string_view handle, std::uint64_t offset, std::uint64_t max) override;
  void erase(std::string_view handle) override;
  std::size_t purge(TimePoint now) override;

 private:
  struct Pending {
    StoredDocument document;
    std::int64_t chunks = 0;
    std::string buffer;  // less than one transaction's worth
  };
  using PendingPtr = std::shared_ptr<Pending>;  // shared: the map and the thread that appends
  PendingPtr pending(std::string_view handle);
  bool is_pending(std::string_view handle);
  /// Writes whole chunks; with `all` also the rest.
  void flush(Pending& pending, bool all);

  Context context_;
  std::mutex mutex_;
  std::map<std::string, PendingPtr, std::less<>> pending_;
};

}  // namespace marketplug::store::sql
