#include "plugins/amazon/sandbox/order_rarities.hpp"

#include "plugins/amazon/sandbox/draw.hpp"
#include "plugins/amazon/sandbox/people.hpp"

namespace amazon_sandbox {
namespace {

constexpr Measure kMeasures[] = {
    {"GRAMS", "750"}, {"KILOGRAMS", "1.25"}, {"METERS", "12.5"}, {"COUNT", "6"}};

Substitute draw_substitute(Draw& draw, const Order& order) {
  const auto product = draw.below(200);
  const auto titles = product_titles(order.marketplace->language);
  return {"SIM-" + std::to_string(1000 + product) + "-" + std::string(order.marketplace->code),
          "B0" + Draw(product).letters(8), titles[product % titles.size()], draw.pick(kMeasures)};
}

void draw_line_rarities(Draw& draw, const Order& order, OrderLine& line) {
  const bool merchant = order.fulfilled_by == FulfilledBy::kMerchant;
  line.pallet = draw.per_mille(10);
  line.identity_check = draw.per_mille(10);
  const auto measure = draw.pick(kMeasures);
  if (draw.per_mille(15)) line.measure = measure;
  static constexpr std::string_view kTypes[] = {"CUSTOMER_PREFERENCE", "AMAZON_RECOMMENDED",
                                                "DO_NOT_SUBSTITUTE"};
  const auto type = draw.pick(kTypes);
  const auto substitute = draw_substitute(draw, order);
  if (draw.per_mille(20) && merchant) {
    line.substitution = type;
    if (type != "DO_NOT_SUBSTITUTE") line.substitutes.push_back(substitute);
  }
  const auto number = draw.below(1'000'000);
  if (draw.per_mille(10)) {
    line.service_order_id =
        order_id(order.marketplace->order_prefixes[0], number, order.marketplace->id.size());
  }
}

}  // namespace

void draw_rarities(Order& order, std::uint64_t seed) {
  Draw draw(mix(seed ^ 0x726172697479));
  for (auto& line : order.lines) draw_line_rarities(draw, order, line);
  if (order.label_from) order.label_until = *order.label_from + std::chrono::hours(19);
  order.holidays = order.business_hours && draw.per_mille(500);
  const auto country = order.recipient.country;
  if (country == "MX" || country == "BR" || country == "IT") {
    order.recipient.municipality = order.recipient.city;
  }
  for (auto& registration : order.tax_registrations) {
    if (registration.entity == "BUYER" && country == "TR") registration.office = "Kadıköy";
  }
}

}  // namespace amazon_sandbox
