#include "plugins/amazon/sandbox/order_page.hpp"

#include <algorithm>

#include "plugins/amazon/sandbox/draw.hpp"

namespace amazon_sandbox {
namespace {

std::uint64_t number_of(TimePoint time) noexcept {
  return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

/// The same for the same page of the same search, whatever was asked in between.
Draw draw_for(const Search& search, std::uint64_t seed) noexcept {
  const auto after = search.after.value_or(Position{});
  auto key = mix(seed ^ number_of(search.from)) ^ mix(number_of(search.to));
  key = mix(key ^ number_of(after.time)) ^ mix(after.order.index) ^ search.limit;
  return Draw(key);
}

std::size_t draw_repeats(Draw& draw, const Search& search, const PageRules& rules) noexcept {
  std::size_t repeats = 0;
  for (std::size_t i = 0; rules.repeat_per_mille != 0 && i < search.limit; ++i) {
    if (draw.per_mille(rules.repeat_per_mille)) ++repeats;
  }
  if (rules.repeat_first) ++repeats;
  return std::min(repeats, search.limit - 1);
}

void arrange(Draw& draw, std::vector<VersionRef>& orders, PageOrder order) {
  if (order == PageOrder::kNewest) std::reverse(orders.begin(), orders.end());
  if (order != PageOrder::kShuffled) return;
  for (std::size_t i = orders.size(); i > 1; --i) std::swap(orders[i - 1], orders[draw.below(i)]);
}

/// Half of them the same version once more, half the version before, where there is one: behind
/// the newer one, as from a replica that lags.
void insert_repeats(Draw& draw, std::vector<VersionRef>& orders, std::size_t repeats,
                    const OrderStore& store, const Search& search) {
  for (; repeats != 0; --repeats) {
    const auto at = draw.below(orders.size());
    auto again = orders[at];
    if (draw.per_mille(500)) again = store.previous(again, search).value_or(again);
    const auto behind = at + 1 + draw.below(orders.size() - at);
    orders.insert(orders.begin() + static_cast<std::ptrdiff_t>(behind), again);
  }
}

}  // namespace

OrderPage assemble_page(const OrderStore& store, const Search& given, const PageRules& rules) {
  auto search = given;
  if (rules.cut) search.limit = std::min(search.limit, *rules.cut);
  auto draw = draw_for(search, rules.seed);
  auto repeats = search.limit == 0 ? 0 : draw_repeats(draw, search, rules);
  search.limit -= repeats;
  const auto found = store.search(search);
  OrderPage page;
  for (const auto& position : found.orders) page.orders.push_back(position.order);
  if (found.more) {
    page.next = found.orders.empty() ? search.after.value_or(Position{}) : found.orders.back();
  }
  if (page.orders.empty()) return page;
  repeats = std::min(repeats, page.orders.size());
  arrange(draw, page.orders, rules.order);
  if (rules.repeat_first && repeats != 0) {
    --repeats;
    const auto first = page.orders.front();
    insert_repeats(draw, page.orders, repeats, store, search);
    page.orders.push_back(first);
  } else {
    insert_repeats(draw, page.orders, repeats, store, search);
  }
  return page;
}

}  // namespace amazon_sandbox
