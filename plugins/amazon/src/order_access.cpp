#include "src/order_access.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "src/answers.hpp"
#include "src/order_mapping.hpp"

namespace marketplug::amazon {

Result<OrderTexts> OrderAccess::get(std::string_view id, QuotaPriority priority, StepContext& ctx) {
  const TimePoint now = services_.clock.now();
  for (;;) {
    auto found = client_.get(id, included_data(buyers_data_.level(now)), priority, ctx);
    if (found || !buyers_data_.may_be_about(found.failure(), now)) return found;
    if (!buyers_data_.ask_for_less(found.failure(), now)) return buyers_data_.first_failure();
  }
}

Result<Page<Order>> OrderAccess::fetch(std::string_view id, QuotaPriority priority,
                                       StepContext& ctx) {
  const auto found = get(id, priority, ctx);
  if (!found) return found.failure();
  Page<Order> page;
  map_all(found.value(), ctx, page);
  const bool other =
      (!page.items.empty() && page.items[0].id != id) ||
      (!page.parked.empty() && !page.parked[0].id.empty() && page.parked[0].id != id);
  if (other) {
    return failed(Failure::Kind::kRemote, "other_order",
                  "Amazon answered getOrder with another order than the one asked for.",
                  "Ask again. If it stays, tell Amazon's developer support.");
  }
  // Under its id, so that a good answer to the same question settles it.
  if (!page.parked.empty()) page.parked[0].id = id;
  return page;
}

void OrderAccess::map_all(const OrderTexts& texts, const StepContext& ctx,
                          Page<Order>& page) const {
  MappingOptions options;
  options.personal_data = settings_.orders.pii_access;
  options.keep_raw = ctx.keep_raw();
  const TimePoint now = services_.clock.now();
  options.newest = std::max(now, texts.server_time.value_or(now)) + std::chrono::hours(48);
  page.items.reserve(page.items.size() + texts.orders.size());
  JsonReader reader;
  for (const std::string_view text : texts.orders) {
    MappedOrder mapped = map_order_text(text, options, reader);
    for (const std::string& pointer : mapped.unknown) {
      note(services_, Log::Level::kDebug, "orders.unknown_field",
           "Amazon sent a field that this version does not know.", {{"pointer", pointer}});
    }
    if (mapped.parked) {
      page.parked.push_back(std::move(*mapped.parked));
    } else if (settings_.orders.import_pending || mapped.order->state != OrderState::kPending) {
      page.items.push_back(std::move(*mapped.order));
    }
  }
}

}  // namespace marketplug::amazon
