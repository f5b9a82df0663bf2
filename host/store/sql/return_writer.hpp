#pragma once
// Writes returns inside a shop's transaction. One thread; used by SqlShopTransaction.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/store/db/connection.hpp"
#include "host/store/sql/context.hpp"
#include "host/store/types.hpp"

namespace marketplug::store::sql {

/// What the lines of the stored return with that key are linked to.
std::vector<LineLink> read_links(db::Connection& connection, std::int64_t key);

class ReturnWriter {
 public:
  ReturnWriter(const Context& context, db::Connection& connection, const std::string& shop)
      : context_(context), connection_(connection), shop_(shop) {}

  UpsertOutcome upsert(const ReturnRow& row);
  std::vector<std::string> to_link(std::size_t limit);
  /// StoreError kNotFound where there is no such return.
  void link(std::string_view id, std::span<const LineLink> links);

 private:
  struct Stored {
    std::int64_t key = 0;
    std::optional<TimePoint> changed_at;
    std::string content_hash;
  };
  std::optional<Stored> stored(std::string_view id);
  std::int64_t write_row(const ReturnRow& row, const std::optional<Stored>& before);
  void write_links(std::int64_t key, std::span<const LineLink> links);

  const Context& context_;
  db::Connection& connection_;
  const std::string& shop_;
};

}  // namespace marketplug::store::sql
