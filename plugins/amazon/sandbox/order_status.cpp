#include <algorithm>
#include <stdexcept>

#include "plugins/amazon/sandbox/draw.hpp"
#include "plugins/amazon/sandbox/order_maker.hpp"

namespace amazon_sandbox {
namespace {

struct Carrier {
  std::string_view country, name, service, tracking_prefix;
};

constexpr Carrier kCarriers[] = {
    {"NL", "PostNL", "Standaard", "3SSIMU"},
    {"DE", "DHL", "DHL Paket", "00340434"},
    {"FR", "Colissimo", "Colissimo Domicile", "6A"},
    {"BE", "BPOST", "bpack 24h", "3232"},
    {"GB", "Royal Mail", "Royal Mail Tracked 48", "RM"},
    {"IT", "BRT", "BRT Express", "BRT"},
    {"ES", "Correos Express", "Paq 24", "CEX"},
    {"PL", "InPost", "Kurier Standard", "6200"},
    {"SE", "PostNord", "MyPack Home", "0073"},
    {"US", "UPS", "UPS Ground", "1ZSIM"},
    {"JP", "YAMATO", "宅急便", "4400"},
    {"", "Other", "Simulated Courier", "SIM"},
};

const Carrier& carrier_for(std::string_view country) noexcept {
  return *std::find_if(std::begin(kCarriers), std::end(kCarriers) - 1,
                       [&](const Carrier& c) { return c.country == country; });
}

std::uint64_t hash_of(std::string_view text) noexcept {
  std::uint64_t hash = 0;
  for (const char c : text) hash = mix(hash ^ static_cast<unsigned char>(c));
  return hash;
}

/// Counts up to `units` more as shipped, first line first; by the merchant in a package.
void ship(Order& order, std::int64_t units, TimePoint at) {
  const auto& carrier = carrier_for(order.marketplace->country);
  OrderPackage package;
  package.reference = std::to_string(order.packages.size() + 1);
  Draw draw(hash_of(order.id) + order.packages.size());
  package.carrier = carrier.name;
  package.service = carrier.service;
  package.tracking_number = std::string(carrier.tracking_prefix) + draw.digits(12);
  package.status = "IN_TRANSIT";
  package.detailed_status = draw.per_mille(400) ? "OUT_FOR_DELIVERY" : "PICKED_UP";
  package.shipped = at;
  package.created = std::max(order.created, at - std::chrono::minutes(30));
  for (auto& line : order.lines) {
    const auto now = std::min(units, line.quantity - line.fulfilled);
    if (now <= 0) continue;
    line.fulfilled += now;
    units -= now;
    package.items.push_back({line.id, now, {}});
    for (std::int64_t i = 0; line.transparency && i < now; ++i) {
      package.items.back().transparency_codes.push_back("AZ:" + draw.letters(26));
    }
  }
  if (order.fulfilled_by == FulfilledBy::kMerchant && !package.items.empty()) {
    order.packages.push_back(std::move(package));
  }
}

void unship(Order& order) {
  order.packages.clear();
  for (auto& line : order.lines) line.fulfilled = 0;
}

void cancel(Order& order, std::string_view by, std::string_view reason) {
  static constexpr std::string_view kParties[] = {"BUYER", "MERCHANT", "AMAZON"};
  static constexpr std::string_view kReasons[] = {"Buyer cancelled", "No inventory",
                                                  "Payment could not be processed"};
  auto party = static_cast<std::size_t>(hash_of(order.id) % std::size(kParties));
  if (!by.empty()) {
    const auto* found = std::find(std::begin(kParties), std::end(kParties), by);
    if (found == std::end(kParties)) {
      throw std::invalid_argument("cancelled by \"" + std::string(by) +
                                  "\": use BUYER, MERCHANT or AMAZON");
    }
    party = static_cast<std::size_t>(found - std::begin(kParties));
  }
  unship(order);
  for (auto& line : order.lines) {
    line.cancelled_by = kParties[party];
    line.cancel_reason = reason.empty() ? kReasons[party] : reason;
  }
}

void add_program(Order& order, std::string_view program) {
  if (std::find(order.programs.begin(), order.programs.end(), program) == order.programs.end()) {
    order.programs.push_back(program);
  }
}

}  // namespace

void set_status(Order& order, Status status, TimePoint at, std::string_view by,
                std::string_view reason) {
  std::int64_t units = 0;
  for (const auto& line : order.lines) units += line.quantity;
  if (status == Status::kPartiallyShipped && units < 2) {
    throw std::invalid_argument("order " + order.id +
                                " has one unit: it cannot be shipped in parts");
  }
  if (status == Status::kUnfulfillable && order.fulfilled_by != FulfilledBy::kAmazon) {
    throw std::invalid_argument("order " + order.id +
                                " is the merchant's: only orders that Amazon fulfils become "
                                "UNFULFILLABLE; add one with \"fulfilled_by\": \"AMAZON\"");
  }
  if (status != Status::kCancelled) {
    for (auto& line : order.lines) {
      line.cancelled_by = {};
      line.cancel_reason.clear();
    }
  }
  order.status = status;
  order.updated = at;
  switch (status) {
    case Status::kPendingAvailability:
      add_program(order, "PREORDER");
      unship(order);
      break;
    case Status::kPending:
    case Status::kUnshipped:
      unship(order);
      break;
    case Status::kUnfulfillable:
      order.non_amazon = true;
      unship(order);
      break;
    case Status::kPartiallyShipped:
      unship(order);
      ship(order, units / 2, at);
      break;
    case Status::kShipped:
      ship(order, units, at);
      break;
    case Status::kCancelled:
      cancel(order, by, reason);
      break;
  }
}

}  // namespace amazon_sandbox
