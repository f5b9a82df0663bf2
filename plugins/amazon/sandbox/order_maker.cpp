#include "plugins/amazon/sandbox/order_maker.hpp"

#include <algorithm>

#include "plugins/amazon/sandbox/customization.hpp"
#include "plugins/amazon/sandbox/draw.hpp"
#include "plugins/amazon/sandbox/order_rarities.hpp"
#include "plugins/amazon/sandbox/people.hpp"

namespace amazon_sandbox {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;

/// What the draws decided about the whole order.
struct Traits {
  bool business = false, prime = false, premium = false, gift = false;
  bool imported = false;        ///< sent into the EU: Amazon collects the tax under IOSS
  bool reverse_charge = false;  ///< business across a border: no tax
  bool cash_on_delivery = false;
  bool replacement = false;
};

std::int64_t tax_on(std::int64_t amount, int basis_points) noexcept {
  return amount < 0 ? -tax_on(-amount, basis_points) : (amount * basis_points + 5000) / 10000;
}

std::int64_t in_currency(std::int64_t euro_cents, const Marketplace& marketplace) noexcept {
  return euro_cents * marketplace.price_percent / 100;
}

std::string person(Draw& draw, const Country& country) {
  const auto first = draw.pick(country.first_names);
  const auto last = draw.pick(country.last_names);
  std::string name(country.family_first ? last : first);
  name.append(" ").append(country.family_first ? first : last);
  return name;
}

Address address(Draw& draw, const Country& country, const Traits& traits) {
  Address result;
  result.country = country.code;
  result.name = person(draw, country);
  const auto street = draw.pick(country.streets);
  const auto number = std::to_string(draw.between(1, 240)) +
                      (draw.per_mille(120) ? (draw.per_mille(500) ? " bis" : "A") : "");
  if (country.number_first) {
    result.line1.append(number).append(" ").append(street);
  } else {
    result.line1.append(street).append(" ").append(number);
  }
  if (draw.per_mille(180)) result.line2 = draw.per_mille(500) ? "2. Etage" : "Apt. 4 / B";
  if (draw.per_mille(4)) result.line3 = "🏠 blue door";
  const auto& place = draw.pick(country.places);
  result.city = place.city;
  result.postal_code = place.postal_code;
  result.state = place.state;
  result.district = place.district;
  result.phone.append(country.phone_prefix).append(draw.digits(3));
  result.type = "RESIDENTIAL";
  if (traits.business) {
    result.type = "COMMERCIAL";
    result.company = draw.pick(country.companies);
  } else if (draw.per_mille(15)) {
    result.type = "PICKUP_POINT";
  }
  if (country.code == "BR") {
    result.street = street;
    result.number = number;
    result.complement = result.line2;
    result.neighbourhood = place.district;
  }
  return result;
}

Traits draw_traits(Draw& draw, const OrderFacts& facts) {
  Traits traits;
  traits.business = draw.per_mille(120);
  traits.prime = draw.per_mille(facts.fulfilled_by == FulfilledBy::kAmazon ? 600 : 80);
  traits.premium = draw.per_mille(40) && facts.fulfilled_by == FulfilledBy::kMerchant;
  traits.gift = draw.per_mille(70);
  const bool abroad = draw.per_mille(30);
  traits.imported = abroad && facts.marketplace->region == Region::kEurope && !traits.business &&
                    facts.marketplace->currency == "EUR";
  traits.reverse_charge = draw.per_mille(300) && traits.business;
  traits.cash_on_delivery = draw.per_mille(40) && facts.marketplace->country == "JP";
  traits.replacement = !facts.original_id.empty();
  return traits;
}

void draw_amounts(Draw& draw, OrderLine& line, const Order& order, const Traits& traits) {
  const auto& market = *order.marketplace;
  auto& a = line.amounts;
  const bool free_shipping = traits.prime || draw.per_mille(600);
  const auto shipping = in_currency(draw.between(199, 799), market);
  const bool discounted = draw.per_mille(150);
  const auto percent = draw.between(5, 25);
  const bool shipping_promotion = draw.per_mille(60);
  if (traits.replacement) {
    line.unit_price = 0;
    return;
  }
  a.item = line.unit_price * line.quantity;
  if (!free_shipping) a.shipping = shipping;
  if (!line.gift_wrap_level.empty()) a.gift_wrap = in_currency(350, market);
  if (traits.cash_on_delivery && order.lines.empty()) a.cod_fee = 330;
  if (discounted) {
    a.discount_item = -(a.item * percent / 100);
    line.promotions.push_back("PROMO-" + std::to_string(percent) + "-" + std::string(market.code));
  }
  if (shipping_promotion && a.shipping != 0) {
    a.discount_shipping = -a.shipping;
    line.promotions.push_back("FREE-SHIPPING-" + std::string(market.code));
  }
  if (traits.reverse_charge) return;
  const int rate = market.tax_basis_points;
  a.tax_item = tax_on(a.item, rate);
  a.tax_shipping = tax_on(a.shipping, rate);
  a.tax_gift_wrap = tax_on(a.gift_wrap, rate);
  a.tax_cod_fee = tax_on(a.cod_fee, rate);
  a.tax_discount = tax_on(a.discount(), rate);
}

void draw_extras(Draw& draw, OrderLine& line, const Order& order, const Traits& traits) {
  const bool merchant = order.fulfilled_by == FulfilledBy::kMerchant;
  line.transparency = draw.per_mille(30);
  line.subscription = draw.per_mille(30);
  line.business_price = draw.per_mille(500) && traits.business;
  if (draw.per_mille(40)) {
    line.condition = "USED";
    line.condition_note = "Opened box, works perfectly – größere Kratzer: none";
  }
  if (draw.per_mille(50) && !merchant) {
    for (std::int64_t i = 0; i < line.quantity; ++i) {
      line.serial_numbers.push_back("SN-" + draw.letters(10));
    }
  }
  const auto custom = draw.letters(12);
  if (draw.per_mille(20) && merchant) {
    line.customized_url.append(kCustomHost).append(custom_path(custom, line.id, order.created));
  }
  line.signature = draw.per_mille(20);
  line.age_check = draw.per_mille(10);
  line.serial_required = draw.per_mille(5) && merchant;
  line.cash_on_delivery = traits.cash_on_delivery;
  if (draw.per_mille(20)) {
    const auto from = order.deliver_by.earliest + hours(9);
    line.scheduled_delivery = Window{from, from + hours(8)};
  }
  if (traits.imported) {
    line.ioss_number = "IM5280009999";
    line.reporting_scheme = "IOSS";
    line.tax_collector = "Amazon Services Europe S.a.r.L.";
  } else if (order.marketplace->country == "US") {
    line.tax_collector = "Amazon Services, Inc.";
  }
  if (order.marketplace->country == "JP") line.points = line.amounts.item / 100;
  static constexpr std::string_view kWishes[] = {
      "Changed my mind", "Zu spät – brauche es nicht mehr", "Ordered by mistake"};
  const auto wish = draw.pick(kWishes);
  if (draw.per_mille(12) && merchant) line.cancel_request = wish;
}

OrderLine draw_line(Draw& draw, const Order& order, const Traits& traits) {
  OrderLine line;
  const auto number = order.lines.size() + 1;
  line.id.append(order.id, 4, 7).append(order.id, 12, 7).append(std::to_string(number));
  const auto product = draw.below(200);
  const auto titles = product_titles(order.marketplace->language);
  line.title = titles[product % titles.size()];
  line.asin = "B0" + Draw(product).letters(8);
  line.sku = draw.per_mille(20) ? "ÜBER/" + std::to_string(product) + " #1 & 2"
                                : "SIM-" + std::to_string(1000 + product) + "-" +
                                      std::string(order.marketplace->code);
  const auto quantity = draw.below(100);
  line.quantity = quantity < 70 ? 1 : quantity < 90 ? 2 : draw.between(3, 6);
  if (order.status == Status::kPartiallyShipped && number == 1 && line.quantity == 1) {
    line.quantity = 2;
  }
  line.unit_price =
      in_currency(499 + static_cast<std::int64_t>(mix(product) % 9500), *order.marketplace);
  const auto message = draw.pick(gift_messages());
  const auto wrapped = draw.per_mille(600);
  if (traits.gift && order.lines.empty()) {
    line.gift_message = message;
    if (wrapped) line.gift_wrap_level = "PREMIUM";
  }
  draw_amounts(draw, line, order, traits);
  draw_extras(draw, line, order, traits);
  return line;
}

void draw_buyer(Draw& draw, Order& order, const Traits& traits) {
  const auto& home = country_data(order.marketplace->country);
  static constexpr std::string_view kNeighbours[] = {"NL", "DE", "FR", "BE", "IT", "ES"};
  const auto neighbour = draw.pick(kNeighbours);
  const bool abroad = draw.per_mille(50) && order.marketplace->region == Region::kEurope;
  order.recipient = address(draw, abroad ? country_data(neighbour) : home, traits);
  const auto other = person(draw, home);
  order.buyer_name = draw.per_mille(850) ? order.recipient.name : other;
  std::string relay(16, 'a');
  for (auto& c : relay) c = static_cast<char>('a' + draw.below(26));
  order.buyer_email = relay + "@marketplace." + std::string(order.marketplace->domain);
  const auto purchase_order = "PO-" + draw.digits(6);
  const bool has_purchase_order = draw.per_mille(600);
  if (traits.business) {
    order.buyer_company = order.recipient.company;
    if (has_purchase_order) order.purchase_order = purchase_order;
  }
  static constexpr std::string_view kDropOff[] = {"Front desk", "Garage", "Beim Nachbarn"};
  const auto drop_off = draw.pick(kDropOff);
  if (draw.per_mille(80)) order.drop_off = drop_off;
  if (draw.per_mille(60))
    order.address_instruction = "Ring twice; Tür links – l'entrée est au fond";
  order.business_hours = draw.per_mille(300) && traits.business;
}

void draw_service(Draw& draw, Order& order, const Traits& traits) {
  const auto share = draw.below(100);
  order.service_level = share < 75   ? "STANDARD"
                        : share < 87 ? "EXPEDITED"
                        : share < 95 ? "FREE_ECONOMY"
                        : share < 98 ? "PRIORITY"
                                     : "SCHEDULED";
  if (traits.prime) order.service_level = "NEXT_DAY";
  if (traits.premium) order.service_level = "SECOND_DAY";
  const auto midnight = std::chrono::floor<days>(order.created);
  const auto handling = draw.between(1, 3);
  order.ship_by = {midnight, midnight + days(handling + 1) - seconds(1)};
  order.deliver_by = {midnight + days(handling + 1), midnight + days(handling + 5) - seconds(1)};
  if (draw.per_mille(50)) order.label_from = midnight + hours(17);
  const auto way = draw.below(100);
  order.payment_method = traits.business && way < 40 ? "Invoice" : "CreditCard";
  if (order.marketplace->country == "JP" && way < 10) order.payment_method = "ConvenienceStore";
  if (order.marketplace->country == "BR" && way < 50) order.payment_method = "Pix";
  if (traits.cash_on_delivery) order.payment_method = "CashOnDelivery";
  const auto tip = draw.between(1, 9) * 100;
  if (draw.per_mille(20) && order.marketplace->country == "US" && !traits.replacement) {
    order.delivery_tip = tip;
  }
}

void draw_tax(Draw& draw, Order& order, const Traits& traits) {
  const auto& country = order.marketplace->country;
  const auto number = draw.digits(9);
  const auto unit = draw.letters(9);
  const bool business_invoice = draw.per_mille(300);
  if (traits.business) {
    const auto type = country == "BR" ? "CNPJ" : country == "TR" ? "BUSINESS" : "VAT";
    order.tax_registrations.push_back(
        {"BUYER", type, order.buyer_company, std::string(order.recipient.country) + number, true});
  }
  if (traits.imported) {
    order.tax_registrations.push_back(
        {"MARKETPLACE", "VAT", "Amazon Services Europe S.a.r.L.", "LU999999999", false});
  }
  if (country == "TR") order.invoice_preference = business_invoice ? "BUSINESS" : "INDIVIDUAL";
  if (country == "BR") order.invoice_status = business_invoice ? "PROCESSING" : "NOT_FOUND";
  if (country == "IN" && order.fulfilled_by == FulfilledBy::kMerchant) {
    order.programs.emplace_back("AMAZON_EASY_SHIP");
    order.fulfillment_order_id = unit;
  }
}

}  // namespace

Order make_order(const OrderFacts& facts) {
  Draw draw(facts.seed);
  Order order;
  order.id = facts.id;
  order.created = facts.created;
  order.marketplace = facts.marketplace;
  order.fulfilled_by = facts.fulfilled_by;
  order.original_id = facts.original_id;
  order.status = facts.status;
  const auto traits = draw_traits(draw, facts);
  if (draw.per_mille(200)) order.seller_order_id = "SHOP-" + draw.digits(6);
  if (traits.business) order.programs.emplace_back("AMAZON_BUSINESS");
  if (traits.prime) order.programs.emplace_back("PRIME");
  if (traits.premium) order.programs.emplace_back("PREMIUM");
  draw_buyer(draw, order, traits);
  draw_service(draw, order, traits);
  draw_tax(draw, order, traits);
  const auto share = draw.below(100);
  const auto lines = share < 60 ? 1u : share < 82 ? 2u : share < 92 ? 3u : share < 97 ? 4u : 5u;
  order.lines.reserve(lines);
  for (auto i = 0u; i < lines; ++i) order.lines.push_back(draw_line(draw, order, traits));
  draw_rarities(order, facts.seed);
  set_status(order, facts.status, facts.updated);
  return order;
}

}  // namespace amazon_sandbox
