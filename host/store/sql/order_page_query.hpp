#pragma once
// The statement of one page of orders: filter, order and the place after the last page. Pure
// functions; the values view the filter and the mark.

#include <string>
#include <string_view>
#include <vector>

#include "host/store/db/connection.hpp"
#include "host/store/types.hpp"

namespace marketplug::store::sql {

/// The place after an order: what a page's `next` says.
struct PageMark {
  std::int64_t placed_at = 0;
  std::string shop, id;
};
std::string to_text(const PageMark& mark);
/// StoreError kConstraint for anything that to_text() did not make.
PageMark parse_page_mark(std::string_view text);

struct OrderPageQuery {
  std::string sql;
  std::vector<db::Value> values;
};
/// Asks for one row more than `filter.limit`, which tells whether there is a next page. `mark` may
/// be null; both must outlive the result.
OrderPageQuery order_page_query(const OrderFilter& filter, const PageMark* mark, bool personal);

}  // namespace marketplug::store::sql
