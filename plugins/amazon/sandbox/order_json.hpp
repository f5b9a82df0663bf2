#pragma once
// Orders as JSON text of Amazon's model orders_2026-01-01, limited to the data sets asked for and
// to what the account's roles may see. Any thread; the text belongs to the caller.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "plugins/amazon/sandbox/order.hpp"

namespace amazon_sandbox {

/// includedData of searchOrders and getOrder, a bit each.
enum DataSet : std::uint32_t {
  kBuyer = 1,
  kRecipient = 2,
  kProceeds = 4,
  kExpense = 8,
  kPromotion = 16,
  kCancellation = 32,
  kFulfillment = 64,
  kPackages = 128,
  kTax = 256,
  kPayment = 512,
  kFulfillmentOrders = 1024,
  kAllSets = 2047,
};
std::optional<std::uint32_t> data_set_by_name(std::string_view name) noexcept;

/// What an answer shows of an order.
struct View {
  std::uint32_t sets = kAllSets;
  bool pending_details = false;  ///< prices and addresses of orders still pending
  bool delivery_role = true;     ///< Direct-to-Consumer Delivery (Restricted)
  std::string archive_host;      ///< "https://…" of Amazon Custom's archives; empty: kCustomHost
  bool tax_role = true;          ///< Tax Invoicing or Tax Remittance (Restricted)
  TimePoint now{};
};

/// A line's customizedUrl on the host that the view names.
std::string customized_url(std::string_view url, const View& view);

/// Appends the order. Personal data follows Amazon's page access-orders-pii: e-mail only for orders
/// that the merchant ships, no phone for Amazon's orders and after the latest delivery date.
void render_order(const Order& order, const View& view, std::string& out);

/// The same limits for an order that was given as JSON: removes what the view does not show.
void restrict_order(boost::json::object& order, const View& view);

/// The merchant's invented address in the marketplace's country.
void render_ship_from(const Marketplace& marketplace, std::string& out);

}  // namespace amazon_sandbox
