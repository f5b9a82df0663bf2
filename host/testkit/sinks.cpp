#include "host/testkit/sinks.hpp"

#include <array>
#include <boost/json/serialize.hpp>
#include <stdexcept>
#include <vector>

#include "embedded/cancellation_schema_json.hpp"
#include "embedded/price_schema_json.hpp"
#include "embedded/publication_schema_json.hpp"
#include "embedded/refund_schema_json.hpp"
#include "embedded/shipment_schema_json.hpp"
#include "embedded/stock_schema_json.hpp"
#include "host/json/strict_parse.hpp"
#include "marketplug/capabilities/cancellation_sink.hpp"
#include "marketplug/capabilities/price_sink.hpp"
#include "marketplug/capabilities/publish_sink.hpp"
#include "marketplug/capabilities/refund_sink.hpp"
#include "marketplug/capabilities/shipment_sink.hpp"
#include "marketplug/capabilities/stock_sink.hpp"
#include "marketplug/model/time.hpp"

namespace marketplug::testkit {
namespace {

using boost::json::object;
using boost::json::value;

/// The members of one object; absent ones keep their defaults.
class Members {
 public:
  explicit Members(const value& from) : from_(from.as_object()) {}

  const value* find(std::string_view name) const { return from_.if_contains(name); }
  void text(std::string_view name, std::string& to) const {
    if (const auto* found = find(name)) to = std::string(found->as_string());
  }
  void number(std::string_view name, std::int64_t& to) const {
    if (const auto* found = find(name)) to = found->as_int64();
  }
  void attributes(std::string& to) const {
    if (const auto* found = find("attributes")) to = boost::json::serialize(*found);
  }
  std::optional<TimePoint> time(std::string_view name) const {
    const auto* found = find(name);
    return found == nullptr ? std::nullopt : parse_time(found->as_string());
  }
  std::optional<Money> money(std::string_view name) const {
    const auto* found = find(name);
    if (found == nullptr) return std::nullopt;
    const object& from = found->as_object();
    const auto made = parse_money(from.at("amount").as_string(), from.at("currency").as_string());
    if (!made) throw std::invalid_argument(std::string(name) + " is no amount of money");
    return made;
  }
  /// The place of the member's text in a list; 0 where it is absent.
  template <class Enum, std::size_t N>
  void choice(std::string_view name, const std::array<std::string_view, N>& words, Enum& to) const {
    const auto* found = find(name);
    for (std::size_t i = 0; found != nullptr && i < N; ++i) {
      if (found->as_string() == words[i]) to = static_cast<Enum>(i);
    }
  }
  template <class F>
  void each(std::string_view name, const F& f) const {
    const auto* found = find(name);
    if (found == nullptr) return;
    for (const auto& one : found->as_array()) f(Members(one));
  }
  template <class F>
  void inner(std::string_view name, const F& f) const {
    if (const auto* found = find(name)) f(Members(*found));
  }

 private:
  const object& from_;
};

Address address_of(const Members& from) {
  Address to;
  from.text("name", to.name);
  from.text("company", to.company);
  from.text("line1", to.line1);
  from.text("line2", to.line2);
  from.text("line3", to.line3);
  from.text("city", to.city);
  from.text("district", to.district);
  from.text("region", to.region);
  from.text("municipality", to.municipality);
  from.text("postal_code", to.postal_code);
  from.text("country", to.country);
  from.text("phone", to.phone);
  from.text("type", to.type);
  from.attributes(to.attributes);
  return to;
}

void read(const Members& from, Shipment& to) {
  from.text("order_id", to.order_id);
  from.text("marketplace_id", to.marketplace_id);
  from.number("number", to.number);
  from.text("reference", to.reference);
  from.text("carrier", to.carrier);
  from.text("carrier_name", to.carrier_name);
  from.text("service", to.service);
  from.text("tracking_number", to.tracking_number);
  to.shipped_at = from.time("shipped_at").value_or(TimePoint{});
  from.inner("ship_from", [&](const Members& one) { to.ship_from = address_of(one); });
  from.each("items", [&](const Members& one) {
    auto& item = to.items.emplace_back();
    one.text("line_id", item.line_id);
    one.number("quantity", item.quantity);
    if (const auto* codes = one.find("codes")) {
      for (const auto& code : codes->as_array()) item.codes.emplace_back(code.as_string());
    }
  });
}

void read(const Members& from, CancelOrder& to) {
  static constexpr std::array<std::string_view, 6> kReasons{
      "other",    "no_inventory", "buyer_request", "undeliverable_address",
      "exchange", "pricing_error"};
  from.text("order_id", to.order_id);
  from.text("marketplace_id", to.marketplace_id);
  from.choice("reason", kReasons, to.reason);
  from.text("marketplace_reason", to.marketplace_reason);
  from.each("lines", [&](const Members& one) {
    auto& line = to.lines.emplace_back();
    one.text("line_id", line.line_id);
    one.number("quantity", line.quantity);
  });
}

void read(const Members& from, Refund& to) {
  static constexpr std::array<std::string_view, 10> kReasons{
      "other",   "customer_return", "goodwill",     "not_delivered", "wrong_item",
      "damaged", "buyer_cancelled", "no_inventory", "pricing_error", "exchange"};
  from.text("order_id", to.order_id);
  from.text("marketplace_id", to.marketplace_id);
  from.text("return_id", to.return_id);
  from.each("lines", [&](const Members& one) {
    auto& line = to.lines.emplace_back();
    one.text("line_id", line.line_id);
    one.number("quantity", line.quantity);
    one.choice("reason", kReasons, line.reason);
    one.text("marketplace_reason", line.marketplace_reason);
    one.each("charges", [&](const Members& of) {
      auto& charge = line.charges.emplace_back();
      of.text("type", charge.type);
      of.text("of", charge.of);
      of.text("status", charge.status);
      charge.amount = of.money("amount").value();
    });
  });
}

void read(const Members& from, StockLevel& to) {
  from.text("sku", to.sku);
  from.number("quantity", to.quantity);
  if (from.find("lead_time_days") != nullptr) {
    from.number("lead_time_days", to.lead_time_days.emplace());
  }
  to.restock_at = from.time("restock_at");
}

void read(const Members& from, OfferPrice& to) {
  from.text("sku", to.sku);
  from.text("marketplace_id", to.marketplace_id);
  to.price = from.money("price").value();
  to.list_price = from.money("list_price");
  to.minimum = from.money("minimum");
  to.maximum = from.money("maximum");
  from.inner("sale", [&](const Members& one) {
    auto& sale = to.sale.emplace();
    sale.price = one.money("price").value();
    one.inner("window", [&](const Members& window) {
      sale.window = {window.time("earliest"), window.time("latest")};
    });
  });
}

void read(const Members& from, Publication& to) {
  static constexpr std::array<std::string_view, 3> kStates{"unchanged", "published", "withdrawn"};
  from.text("sku", to.sku);
  from.text("marketplace_id", to.marketplace_id);
  from.choice("state", kStates, to.state);
}

template <class Capability, class Item, auto kPush, auto kVerify>
class SinkOf final : public Sink {
 public:
  SinkOf(std::string_view name, std::string_view schema)
      : name_(name), schema_(json::Schema::compile(json::parse_or_throw(schema, name))) {}

  std::string_view id() const noexcept override { return Capability::kId; }
  std::string_view name() const noexcept override { return name_; }
  const json::Schema& schema() const override { return schema_; }

  Result<SinkStep> push(Connector& connector, const boost::json::array& items,
                        const Cursor& continuation, StepContext& ctx) const override {
    const auto list = items_of(items);
    return (door(connector).*kPush)(std::span<const Item>(list), continuation, ctx);
  }
  Result<VerifyStep> verify(Connector& connector, const boost::json::array& items,
                            const Cursor& continuation, StepContext& ctx) const override {
    const auto list = items_of(items);
    return (door(connector).*kVerify)(std::span<const Item>(list), continuation, ctx);
  }

 private:
  static Capability& door(Connector& connector) {
    auto* found = part<Capability>(connector);
    if (found == nullptr) {
      throw std::logic_error("query() gives no " + std::string(Capability::kId));
    }
    return *found;
  }
  static std::vector<Item> items_of(const boost::json::array& items) {
    std::vector<Item> list;
    for (const auto& each : items) {
      const Members from(each);
      auto& item = list.emplace_back();
      from.text("key", item.key);
      from.attributes(item.attributes);
      read(from, item);
    }
    return list;
  }

  std::string_view name_;
  json::Schema schema_;
};

using Shipments =
    SinkOf<ShipmentSink, Shipment, &ShipmentSink::push_shipments, &ShipmentSink::verify_shipments>;
using Cancellations = SinkOf<CancellationSink, CancelOrder, &CancellationSink::push_cancellations,
                             &CancellationSink::verify_cancellations>;
using Refunds = SinkOf<RefundSink, Refund, &RefundSink::push_refunds, &RefundSink::verify_refunds>;
using Stock = SinkOf<StockSink, StockLevel, &StockSink::push_stock, &StockSink::verify_stock>;
using Prices = SinkOf<PriceSink, OfferPrice, &PriceSink::push_prices, &PriceSink::verify_prices>;
using Publications = SinkOf<PublishSink, Publication, &PublishSink::push_publications,
                            &PublishSink::verify_publications>;

}  // namespace

std::span<const Sink* const> all_sinks() {
  static const Shipments kShipments("shipments", embedded::shipment_schema_json);
  static const Cancellations kCancellations("cancellations", embedded::cancellation_schema_json);
  static const Refunds kRefunds("refunds", embedded::refund_schema_json);
  static const Stock kStock("stock", embedded::stock_schema_json);
  static const Prices kPrices("prices", embedded::price_schema_json);
  static const Publications kPublications("publications", embedded::publication_schema_json);
  static constexpr std::array<const Sink*, 6> kAll{&kShipments, &kCancellations, &kRefunds,
                                                   &kStock,     &kPrices,        &kPublications};
  return kAll;
}

}  // namespace marketplug::testkit
