#include "host/testkit/sinks.hpp"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <stdexcept>
#include <type_traits>
#include <vector>

#include "embedded/cancellation_schema_json.hpp"
#include "embedded/price_schema_json.hpp"
#include "embedded/publication_schema_json.hpp"
#include "embedded/refund_schema_json.hpp"
#include "embedded/shipment_schema_json.hpp"
#include "embedded/stock_schema_json.hpp"
#include "host/isolation/sink_calls.hpp"
#include "host/json/field_values.hpp"
#include "host/json/sink_fields.hpp"
#include "host/json/strict_parse.hpp"
#include "marketplug/model/time.hpp"

namespace marketplug::testkit {
namespace {

using boost::json::value;

/// How single values look in the schemas.
struct SchemaLeaves {
  static void read(const value& from, std::string& to) { to = std::string(from.as_string()); }
  static void read_json(const value& from, std::string& to) { to = boost::json::serialize(from); }
  static void read(const value& from, std::int64_t& to) { to = from.as_int64(); }
  static void read(const value& from, TimePoint& to) {
    const auto moment = parse_time(from.as_string());
    if (!moment) throw std::invalid_argument("is no moment");
    to = *moment;
  }
  static void read(const value& from, Money& to) {
    const auto made = parse_money(from.at("amount").as_string(), from.at("currency").as_string());
    if (!made) throw std::invalid_argument("is no amount of money");
    to = *made;
  }
  template <class Enum>
  requires std::is_enum_v<Enum>
  static void read(const value& from, Enum& to) {
    const auto& words = json::Words<Enum>::kAll;
    const auto found = std::find(words.begin(), words.end(), std::string_view(from.as_string()));
    if (found == words.end()) throw std::invalid_argument("is no word for it");
    to = static_cast<Enum>(found - words.begin());
  }
};

template <class Capability>
class SinkOf final : public Sink {
  using Calls = isolation::SinkCalls<Capability>;
  using Item = typename Calls::Item;

 public:
  explicit SinkOf(std::string_view schema)
      : schema_(json::Schema::compile(json::parse_or_throw(schema, Calls::kName))) {}

  std::string_view id() const noexcept override { return Capability::kId; }
  std::string_view name() const noexcept override { return Calls::kName; }
  const json::Schema& schema() const override { return schema_; }

  Result<SinkStep> push(Connector& connector, const boost::json::array& items,
                        const Cursor& continuation, StepContext& ctx) const override {
    const auto list = items_of(items);
    return (door(connector).*Calls::kPush)(std::span<const Item>(list), continuation, ctx);
  }
  Result<VerifyStep> verify(Connector& connector, const boost::json::array& items,
                            const Cursor& continuation, StepContext& ctx) const override {
    const auto list = items_of(items);
    return (door(connector).*Calls::kVerify)(std::span<const Item>(list), continuation, ctx);
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
    json::FieldReader<SchemaLeaves>::read(items, list);
    return list;
  }

  json::Schema schema_;
};

}  // namespace

std::span<const Sink* const> all_sinks() {
  static const SinkOf<ShipmentSink> kShipments(embedded::shipment_schema_json);
  static const SinkOf<CancellationSink> kCancellations(embedded::cancellation_schema_json);
  static const SinkOf<RefundSink> kRefunds(embedded::refund_schema_json);
  static const SinkOf<StockSink> kStock(embedded::stock_schema_json);
  static const SinkOf<PriceSink> kPrices(embedded::price_schema_json);
  static const SinkOf<PublishSink> kPublications(embedded::publication_schema_json);
  static constexpr std::array<const Sink*, 6> kAll{&kShipments, &kCancellations, &kRefunds,
                                                   &kStock,     &kPrices,        &kPublications};
  return kAll;
}

}  // namespace marketplug::testkit
