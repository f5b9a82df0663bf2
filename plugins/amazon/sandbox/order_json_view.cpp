#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "marketplug/model/time.hpp"
#include "plugins/amazon/sandbox/customization.hpp"
#include "plugins/amazon/sandbox/order_json.hpp"

namespace amazon_sandbox {
namespace {

struct NamedSet {
  std::string_view name;
  DataSet set;
  std::string_view order_member, item_member;  ///< what belongs to the set; empty: nothing
};

constexpr NamedSet kSets[] = {
    {"BUYER", kBuyer, "buyer", ""},
    {"RECIPIENT", kRecipient, "recipient", ""},
    {"PROCEEDS", kProceeds, "proceeds", "proceeds"},
    {"EXPENSE", kExpense, "", "expense"},
    {"PROMOTION", kPromotion, "", "promotion"},
    {"CANCELLATION", kCancellation, "", "cancellation"},
    {"FULFILLMENT", kFulfillment, "fulfillment", "fulfillment"},
    {"PACKAGES", kPackages, "packages", ""},
    {"TAX", kTax, "tax", "tax"},
    {"PAYMENT", kPayment, "payment", ""},
    {"FULFILLMENT_ORDERS", kFulfillmentOrders, "fulfillmentOrders", ""},
};

boost::json::object* child(boost::json::object& parent, std::string_view name) {
  auto* found = parent.if_contains(name);
  return found == nullptr ? nullptr : found->if_object();
}

void restrict_item(boost::json::object& item, const View& view) {
  for (const auto& named : kSets) {
    if ((view.sets & named.set) == 0 && !named.item_member.empty()) item.erase(named.item_member);
  }
  auto* product = child(item, "product");
  auto* customization = product != nullptr ? child(*product, "customization") : nullptr;
  if (customization != nullptr && customization->contains("customizedUrl")) {
    auto& url = customization->at("customizedUrl");
    if (url.is_string()) url = customized_url(url.get_string(), view);
  }
  if (view.delivery_role) return;
  if (product != nullptr) product->erase("customization");
  if (auto* fulfillment = child(item, "fulfillment")) {
    if (auto* packing = child(*fulfillment, "packing")) packing->erase("giftOption");
  }
}

std::string_view text_in(boost::json::object& parent, std::string_view name) {
  const auto* found = parent.if_contains(name);
  const auto* text = found == nullptr ? nullptr : found->if_string();
  return text == nullptr ? std::string_view() : std::string_view(*text);
}

/// What the order itself says about who may be reached; read before parts of it are removed.
struct Reach {
  bool email = true, phone = true;
};

Reach reach_of(boost::json::object& order, const View& view) {
  Reach reach{view.delivery_role, view.delivery_role};
  auto* fulfillment = child(order, "fulfillment");
  if (fulfillment == nullptr) return reach;
  const bool amazon = text_in(*fulfillment, "fulfilledBy") == "AMAZON";
  const auto status = status_by_name(text_in(*fulfillment, "fulfillmentStatus"));
  if (amazon || (status && *status != Status::kUnshipped && *status != Status::kPartiallyShipped &&
                 *status != Status::kShipped)) {
    reach.email = false;
  }
  if (amazon) reach.phone = false;
  auto* window = child(*fulfillment, "deliverByWindow");
  if (window != nullptr && status == Status::kShipped) {
    const auto latest = marketplug::parse_time(text_in(*window, "latestDateTime"));
    if (latest && view.now > *latest) reach.phone = false;
  }
  return reach;
}

void restrict_recipient(boost::json::object& recipient, const View& view, bool phone) {
  if (!view.delivery_role) recipient.erase("deliveryPreference");
  auto* address = child(recipient, "deliveryAddress");
  if (address == nullptr) return;
  if (!phone) address->erase("phone");
  if (view.delivery_role) return;
  for (const auto* name : {"name", "companyName", "addressLine1", "addressLine2", "addressLine3",
                           "postalCode", "extendedFields"}) {
    address->erase(name);
  }
}

/// The buyer's; the marketplace's and the merchant's are no personal data.
void remove_buyers_registrations(boost::json::object& tax) {
  auto* list = tax.if_contains("taxRegistrations");
  if (list == nullptr || !list->is_array()) return;
  auto& registrations = list->get_array();
  for (auto at = registrations.begin(); at != registrations.end();) {
    auto* object = at->if_object();
    const bool buyers = object != nullptr && text_in(*object, "entityType") == "BUYER";
    at = buyers ? registrations.erase(at) : at + 1;
  }
}

void restrict_personal_data(boost::json::object& order, const View& view, const Reach& reach) {
  if (auto* buyer = child(order, "buyer")) {
    if (!reach.email) buyer->erase("buyerEmail");
    if (!view.tax_role) {
      for (const auto* name : {"buyerName", "buyerCompanyName", "buyerPurchaseOrderNumber"}) {
        buyer->erase(name);
      }
    }
  }
  if (auto* recipient = child(order, "recipient")) {
    restrict_recipient(*recipient, view, reach.phone);
  }
  if (auto* tax = child(order, "tax"); tax != nullptr && !view.tax_role) {
    remove_buyers_registrations(*tax);
  }
}

}  // namespace

std::string customized_url(std::string_view url, const View& view) {
  if (view.archive_host.empty() || !url.starts_with(kCustomHost)) return std::string(url);
  return view.archive_host + std::string(url.substr(kCustomHost.size()));
}

std::optional<std::uint32_t> data_set_by_name(std::string_view name) noexcept {
  for (const auto& named : kSets) {
    if (named.name == name) return named.set;
  }
  return std::nullopt;
}

void restrict_order(boost::json::object& order, const View& view) {
  const auto reach = reach_of(order, view);
  for (const auto& named : kSets) {
    if ((view.sets & named.set) == 0 && !named.order_member.empty()) {
      order.erase(named.order_member);
    }
  }
  restrict_personal_data(order, view, reach);
  auto* items = order.if_contains("orderItems");
  if (items == nullptr || !items->is_array()) return;
  for (auto& item : items->get_array()) {
    if (auto* object = item.if_object()) restrict_item(*object, view);
  }
}

}  // namespace amazon_sandbox
