#include "host/store/sql/document_repository.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/store/db/query.hpp"

namespace marketplug::store::sql {
namespace {

constexpr std::size_t kFlushBytes = 16 * DocumentRepository::kChunkBytes;  // one transaction

std::string chunk_object(std::string_view handle, std::int64_t number) {
  return fmt::format("{}#{}", handle, number);
}

[[noreturn]] void raise_gone(std::string_view handle) {
  throw StoreError(StoreError::Kind::kNotFound,
                   fmt::format("Document {} is not there (any more). Download it again.", handle));
}

void erase_document(db::Connection& connection, std::string_view handle) {
  db::execute(connection, "DELETE FROM document_chunk WHERE handle = $1", handle);
  db::execute(connection, "DELETE FROM document WHERE handle = $1", handle);
}

StoredDocument read_document(const db::Query& query) {
  StoredDocument document;
  document.handle = query.text(0);
  document.shop = query.text(1);
  document.content_type = query.text(2);
  document.size = static_cast<std::uint64_t>(query.integer(3));
  document.expires_at = query.time(4);
  return document;
}

std::optional<StoredDocument> find_document(db::Connection& connection, std::string_view handle,
                                            TimePoint now) {
  db::Query query(connection,
                  "SELECT handle, shop, content_type, size, expires_at FROM document "
                  "WHERE handle = $1 AND finished = 1 AND expires_at > $2",
                  handle, now);
  if (!query.next()) return std::nullopt;
  return read_document(query);
}

}  // namespace

DocumentRepository::PendingPtr DocumentRepository::pending(std::string_view handle) {
  const std::lock_guard lock(mutex_);
  const auto found = pending_.find(handle);
  if (found == pending_.end()) raise_gone(handle);
  return found->second;
}

bool DocumentRepository::is_pending(std::string_view handle) {
  const std::lock_guard lock(mutex_);
  return pending_.find(handle) != pending_.end();
}

void DocumentRepository::begin(const StoredDocument& document) {
  db::write(context_.database, [&](db::Connection& connection) {
    context_.seals.ensure_key(connection, document.shop);
    db::execute(connection,
                "INSERT INTO document (handle, shop, content_type, size, expires_at, finished) "
                "VALUES ($1, $2, $3, 0, $4, 0)",
                document.handle, document.shop, document.content_type, document.expires_at);
  });
  auto entry = std::make_shared<Pending>();
  entry->document = document;
  entry->document.size = 0;
  const std::lock_guard lock(mutex_);
  pending_.insert_or_assign(document.handle, std::move(entry));
}

void DocumentRepository::append(std::string_view handle, std::string_view bytes) {
  const PendingPtr entry = pending(handle);
  while (!bytes.empty()) {
    const std::size_t take = std::min(bytes.size(), kFlushBytes - entry->buffer.size());
    entry->buffer.append(bytes.substr(0, take));
    bytes.remove_prefix(take);
    if (entry->buffer.size() == kFlushBytes) flush(*entry, false);
  }
}

void DocumentRepository::flush(Pending& pending, bool all) {
  const StoredDocument& document = pending.document;
  std::string_view rest = pending.buffer;
  std::int64_t number = pending.chunks;
  db::write(context_.database, [&](db::Connection& connection) {
    while (rest.size() >= kChunkBytes || (all && !rest.empty())) {
      const std::string_view chunk = rest.substr(0, kChunkBytes);
      const std::string sealed = context_.seals.seal(
          connection, {document.shop, chunk_object(document.handle, number), "document"}, chunk);
      db::execute(connection,
                  "INSERT INTO document_chunk (handle, number, data) VALUES ($1, $2, $3)",
                  document.handle, number, db::Blob{sealed});
      rest.remove_prefix(chunk.size());
      ++number;
    }
  });
  pending.document.size += pending.buffer.size() - rest.size();
  pending.chunks = number;
  pending.buffer.erase(0, pending.buffer.size() - rest.size());
}

StoredDocument DocumentRepository::finish(std::string_view handle, std::string_view content_type) {
  const PendingPtr entry = pending(handle);
  flush(*entry, true);
  entry->document.content_type = content_type;
  db::write(context_.database, [&](db::Connection& connection) {
    db::execute(connection,
                "UPDATE document SET content_type = $2, size = $3, finished = 1 "
                "WHERE handle = $1",
                handle, content_type, entry->document.size);
  });
  const std::lock_guard lock(mutex_);
  if (const auto found = pending_.find(handle); found != pending_.end()) pending_.erase(found);
  return entry->document;
}

std::optional<StoredDocument> DocumentRepository::find(std::string_view shop,
                                                       std::string_view handle) {
  const db::Lease lease = context_.database.reader();
  auto document = find_document(lease.connection(), handle, context_.clock.now());
  if (!document || document->shop != shop) return std::nullopt;
  return document;
}

std::string DocumentRepository::read(std::string_view handle, std::uint64_t offset,
                                     std::uint64_t max) {
  const db::Lease lease = context_.database.reader();
  db::Connection& connection = lease.connection();
  const auto document = find_document(connection, handle, context_.clock.now());
  if (!document) raise_gone(handle);
  if (offset >= document->size || max == 0) return {};
  const std::uint64_t end = offset + std::min(max, document->size - offset);
  auto number = static_cast<std::int64_t>(offset / kChunkBytes);
  std::string out;
  out.reserve(end - offset);
  for (; static_cast<std::uint64_t>(number) * kChunkBytes < end; ++number) {
    db::Query query(connection, "SELECT data FROM document_chunk WHERE handle = $1 AND number = $2",
                    handle, number);
    if (!query.next()) {
      throw StoreError(StoreError::Kind::kCorrupt,
                       fmt::format("Document {} lacks a part. Download it again.", handle));
    }
    const std::string chunk = context_.seals.open(
        connection, {document->shop, chunk_object(handle, number), "document"}, query.blob(0));
    const std::uint64_t start = static_cast<std::uint64_t>(number) * kChunkBytes;
    const std::uint64_t from = std::max(offset, start) - start;
    const std::uint64_t until = std::min<std::uint64_t>(end - start, chunk.size());
    if (from < until) out.append(chunk, from, until - from);
  }
  return out;
}

void DocumentRepository::erase(std::string_view handle) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = pending_.find(handle); found != pending_.end()) pending_.erase(found);
  }
  db::write(context_.database,
            [&](db::Connection& connection) { erase_document(connection, handle); });
}

std::size_t DocumentRepository::purge(TimePoint now) {
  const TimePoint limit = context_.time.to_erase_by(now);
  {
    // Whoever began these and neither finished nor erased them has had the document's whole life.
    const std::lock_guard lock(mutex_);
    std::erase_if(pending_,
                  [&](const auto& entry) { return entry.second->document.expires_at <= limit; });
  }
  std::vector<std::string> handles;
  {
    const db::Lease lease = context_.database.reader();
    db::Query query(lease.connection(),
                    "SELECT handle FROM document WHERE finished = 0 OR expires_at <= $1", limit);
    while (query.next()) handles.push_back(query.text(0));
  }
  // Unfinished and not ours to finish: its writer died. One document a transaction: they are large.
  std::erase_if(handles, [&](const std::string& handle) { return is_pending(handle); });
  for (const std::string& handle : handles) {
    db::write(context_.database,
              [&](db::Connection& connection) { erase_document(connection, handle); });
  }
  return handles.size();
}

}  // namespace marketplug::store::sql
