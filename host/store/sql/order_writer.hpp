#pragma once
// Writes orders inside a shop's transaction. One thread; used by SqlShopTransaction.

#include <string>

#include "host/store/db/connection.hpp"
#include "host/store/sql/context.hpp"
#include "host/store/types.hpp"

namespace marketplug::store::sql {

class OrderWriter {
 public:
  OrderWriter(const Context& context, db::Connection& connection, std::string shop)
      : context_(context), connection_(connection), shop_(std::move(shop)) {}

  std::optional<OrderHead> head(std::string_view id);
  UpsertOutcome upsert(const OrderRow& order);
  std::optional<std::vector<LineRow>> lines(std::string_view id);

 private:
  struct Stored {
    std::int64_t key = 0;
    OrderHead head;
    std::optional<TimePoint> personal_until;
  };
  /// Valid until the next call; a look-up just before a write is not made twice.
  const std::optional<Stored>& stored(std::string_view id);
  /// The key of the row; nullopt: the guard in the SQL refused it.
  std::optional<std::int64_t> write_row(const OrderRow& order, const std::optional<Stored>& before);
  void write_lines(std::int64_t key, const OrderRow& order, bool replace);

  Context context_;
  db::Connection& connection_;
  std::string shop_;
  std::string looked_up_;  ///< the order that `found_` is of; empty: none
  std::optional<Stored> found_;
};

}  // namespace marketplug::store::sql
