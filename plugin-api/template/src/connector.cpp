#include "src/connector.hpp"

#include <stdexcept>

namespace marketplug::market {
namespace {

/// What an optional holds; throws with the member's name where it holds nothing.
template <class Optional>
auto held(const Optional& optional, std::string_view name) {
  if (!optional) throw std::runtime_error(std::string(name) + " is missing or malformed");
  return *optional;
}

std::string text(const value& from, std::string_view name) {
  const auto* member = from.as_object().if_contains(name);
  return std::string(held(member == nullptr ? nullptr : member->if_string(), name));
}

Order order_of(const value& json) {
  Order order;
  order.id = text(json, "number");
  order.marketplace_status = text(json, "status");
  if (order.marketplace_status == "open") order.state = OrderState::kOpen;
  if (order.marketplace_status == "shipped") order.state = OrderState::kShipped;
  if (order.marketplace_status == "cancelled") order.state = OrderState::kCancelled;
  if (order.state == OrderState::kNeedsCorrection) {
    order.correction_reasons = {"The status " + order.marketplace_status + " is unknown."};
  }
  order.fulfilled_by = FulfilledBy::kMerchant;
  order.placed_at = held(parse_time(text(json, "placed_at")), "placed_at");
  order.changed_at = held(parse_time(text(json, "changed_at")), "changed_at");
  order.recipient.emplace().name = text(json, "recipient");
  order.personal_data = PersonalData::kPresent;
  for (const value& from : json.at("lines").as_array()) {
    auto& line = order.lines.emplace_back();
    line.id = text(from, "id");
    line.sku = text(from, "sku");
    line.quantity = from.at("quantity").as_int64();
    line.unit_price = held(parse_money(text(from, "price"), text(json, "currency")), "price");
  }
  return order;
}

/// Adds it to the page, or parks it: one bad record never stops the others.
void add_order(const value& json, bool keep_raw, Page<Order>& page) try {
  auto order = order_of(json);
  if (keep_raw) order.raw = serialize(json);
  page.items.push_back(std::move(order));
} catch (const std::exception& error) {
  auto& parked = page.parked.emplace_back();
  const auto* number = json.is_object() ? json.get_object().if_contains("number") : nullptr;
  if (number != nullptr && number->is_string()) parked.id = std::string(number->get_string());
  parked.code = "unreadable";
  parked.message = std::string("The order cannot be read: ") + error.what();
  parked.raw = serialize(json);
}

object arguments_of(const StockLevel& level) {
  return {{"sku", level.sku}, {"quantity", level.quantity}};
}

/// The parcel's number makes a repetition the same parcel.
object arguments_of(const Shipment& parcel) {
  return {{"order", parcel.order_id},
          {"parcel", parcel.number},
          {"carrier", parcel.carrier},
          {"tracking", parcel.tracking_number}};
}

void add(SinkStep& step, std::string key, const object&, const Result<object>& answer) {
  auto& outcome = step.outcomes.emplace_back();
  outcome.key = std::move(key);
  outcome.kind = answer ? ItemOutcome::Kind::kAccepted : ItemOutcome::Kind::kRejected;
  if (answer) return;
  outcome.code = answer.failure().code;
  outcome.message = answer.failure().message;
}

/// Applied where the marketplace shows all that was sent; unknown where it does not say.
void add(VerifyStep& step, std::string key, const object& sent, const Result<object>& answer) {
  using Kind = ItemVerdict::Kind;
  auto& verdict = step.verdicts.emplace_back();
  verdict.key = std::move(key);
  if (!answer && answer.failure().code == "not_found") verdict.kind = Kind::kAbsent;
  if (!answer) return;
  verdict.kind = Kind::kApplied;
  for (const auto& [name, wanted] : sent) {  // Boost 1.81's == of objects may end the process
    const auto* shown = answer.value().if_contains(name);
    if (shown == nullptr || *shown != wanted) verdict.kind = Kind::kDifferent;
  }
  verdict.found = serialize(answer.value());
}

/// Item by item, until one fails; the host reads back what then is left without a word.
template <class Step, class Item>
Result<Step> for_each(Client& client, const char* operation, QuotaPriority priority,
                      Items<Item> items, StepContext& ctx) {
  Step step;
  for (const Item& item : items) {
    const object arguments = arguments_of(item);
    const auto answer = client.call(operation, arguments, priority, ctx);
    const std::string code = answer ? "" : answer.failure().code;
    if (!answer && code != "not_found" && code != "refused") {
      if (&item == items.data()) return answer.failure();
      break;
    }
    add(step, item.key, arguments, answer);
  }
  return step;
}

}  // namespace

Connector::Connector(Host& host, std::string_view settings_json)
    : client_(text(boost::json::parse(settings_json), "api"),
              text(boost::json::parse(settings_json), "api_key"), host) {}

std::vector<Finding> Connector::check(StepContext& ctx) {
  const auto answer = client_.call("whoami", {}, QuotaPriority::kPerson, ctx);
  if (answer) return {{Finding::Severity::kNote, "", {}, "The account answers.", "", ""}};
  const auto& failure = answer.failure();
  const char* setting = failure.kind == Failure::Kind::kAuth ? "/api_key" : "/api";
  return {{Finding::Severity::kError, setting, {}, failure.message, failure.remedy, ""}};
}

Result<Page<Order>> Connector::fetch_orders(const Cursor& cursor, StepContext& ctx) try {
  const auto answer =
      client_.call("list_orders", {{"after", cursor.value}}, QuotaPriority::kPresent, ctx);
  if (!answer) return answer.failure();
  const value body = answer.value();
  Page<Order> page;
  for (const value& json : body.at("orders").as_array()) add_order(json, ctx.keep_raw(), page);
  page.next = {text(body, "next")};
  page.caught_up = !body.at("more").as_bool();
  if (!page.caught_up && page.next == cursor) throw std::runtime_error("the page repeats itself");
  return page;
} catch (const std::exception& error) {  // the answer is not what the marketplace promises
  const auto cause = std::string("Example Market's orders cannot be read: ") + error.what();
  return Failure{Failure::Kind::kRemote, cause, "", "unreadable", "", {}};
}

Result<Page<Order>> Connector::fetch_order(std::string_view id, StepContext& ctx) {
  const auto answer = client_.call("get_order", {{"number", id}}, QuotaPriority::kPresent, ctx);
  Page<Order> page;
  if (answer) add_order(answer.value(), ctx.keep_raw(), page);
  if (!answer && answer.failure().code != "not_found") return answer.failure();
  return page;
}

Result<SinkStep> Connector::push_stock(Items<StockLevel> items, const Cursor&, StepContext& ctx) {
  return for_each<SinkStep>(client_, "set_stock", QuotaPriority::kStock, items, ctx);
}
Result<VerifyStep> Connector::verify_stock(Items<StockLevel> items, const Cursor&,
                                           StepContext& ctx) {
  return for_each<VerifyStep>(client_, "get_stock", QuotaPriority::kPresent, items, ctx);
}
Result<SinkStep> Connector::push_shipments(Items<Shipment> items, const Cursor&, StepContext& ctx) {
  return for_each<SinkStep>(client_, "set_parcel", QuotaPriority::kEffect, items, ctx);
}
Result<VerifyStep> Connector::verify_shipments(Items<Shipment> items, const Cursor&,
                                               StepContext& ctx) {
  return for_each<VerifyStep>(client_, "get_parcel", QuotaPriority::kPresent, items, ctx);
}

}  // namespace marketplug::market
