#include "host/store/sql/order_page_query.hpp"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "host/store/db/query.hpp"
#include "host/store/sealer.hpp"
#include "host/store/sql/names.hpp"

namespace marketplug::store::sql {
namespace {

class PageQueryBuilder {
 public:
  /// `$` in the condition becomes the placeholder of the next value.
  void where(std::string_view condition, std::initializer_list<db::Value> values) {
    sql_ += first_ ? " WHERE " : " AND ";
    first_ = false;
    append(condition, values);
  }
  void append(std::string_view text, std::initializer_list<db::Value> values = {}) {
    auto value = values.begin();
    for (const char c : text) {
      sql_ += c;
      if (c != '$') continue;
      values_.push_back(*value++);
      sql_ += std::to_string(values_.size());
    }
  }
  OrderPageQuery take() { return {std::move(sql_), std::move(values_)}; }

 private:
  std::string sql_;
  std::vector<db::Value> values_;
  bool first_ = true;
};

void add_filter(PageQueryBuilder& query, const OrderFilter& filter) {
  if (!filter.shop.empty()) query.where("shop = $", {db::to_value(filter.shop)});
  if (!filter.marketplace.empty()) {
    query.where("marketplace = $", {db::to_value(filter.marketplace)});
  }
  if (!filter.status.empty()) query.where("status = $", {db::to_value(filter.status)});
  if (filter.state) query.where("state = $", {db::to_value(name_of(*filter.state))});
  if (filter.placed_from) query.where("placed_at >= $", {db::to_value(*filter.placed_from)});
  if (filter.placed_until) query.where("placed_at < $", {db::to_value(*filter.placed_until)});
}

[[noreturn]] void raise_bad_mark() {
  throw StoreError(StoreError::Kind::kConstraint,
                   "The place to go on from is not one that this list gave. Start without it.");
}

}  // namespace

std::string to_text(const PageMark& mark) {
  return to_hex(fmt::format("{}:{}:{}{}", mark.placed_at, mark.shop.size(), mark.shop, mark.id));
}

PageMark parse_page_mark(std::string_view text) {
  const auto decoded = from_hex(text);
  if (!decoded) raise_bad_mark();
  PageMark mark;
  std::size_t size = 0;
  const char* const end = decoded->data() + decoded->size();
  const auto time = std::from_chars(decoded->data(), end, mark.placed_at);
  if (time.ec != std::errc() || time.ptr == end || *time.ptr != ':') raise_bad_mark();
  const auto length = std::from_chars(time.ptr + 1, end, size);
  if (length.ec != std::errc() || length.ptr == end || *length.ptr != ':') raise_bad_mark();
  const std::string_view rest(length.ptr + 1, static_cast<std::size_t>(end - length.ptr - 1));
  if (rest.size() < size) raise_bad_mark();
  mark.shop = rest.substr(0, size);
  mark.id = rest.substr(size);
  return mark;
}

OrderPageQuery order_page_query(const OrderFilter& filter, const PageMark* mark, bool personal) {
  PageQueryBuilder query;
  query.append(
      "SELECT shop, id, state, status, marketplace, marketplace_status, placed_at, changed_at, "
      "imported_at, updated_at, priority, document");
  query.append(personal ? ", personal FROM orders" : " FROM orders");
  add_filter(query, filter);
  // One shop: its index has no shop between the columns. All shops: shop orders equal times.
  const bool one_shop = !filter.shop.empty();
  if (mark != nullptr && one_shop) {
    query.where(filter.newest_first ? "(placed_at, id) < ($, $)" : "(placed_at, id) > ($, $)",
                {db::to_value(mark->placed_at), db::to_value(mark->id)});
  } else if (mark != nullptr) {
    query.where(filter.newest_first ? "(placed_at, shop, id) < ($, $, $)"
                                    : "(placed_at, shop, id) > ($, $, $)",
                {db::to_value(mark->placed_at), db::to_value(mark->shop), db::to_value(mark->id)});
  }
  const std::string_view direction = filter.newest_first ? " DESC" : " ASC";
  query.append(fmt::format(" ORDER BY placed_at{0}{1}, id{0}", direction,
                           one_shop ? "" : fmt::format(", shop{}", direction)));
  query.append(" LIMIT $", {db::to_value(db::row_limit(filter.limit) + 1)});
  return query.take();
}

}  // namespace marketplug::store::sql
