#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

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
  if (view.delivery_role) return;
  if (auto* product = child(item, "product")) product->erase("customization");
  if (auto* fulfillment = child(item, "fulfillment")) {
    if (auto* packing = child(*fulfillment, "packing")) packing->erase("giftOption");
  }
}

void restrict_personal_data(boost::json::object& order, const View& view) {
  auto* buyer = child(order, "buyer");
  if (buyer != nullptr && !view.delivery_role) buyer->erase("buyerEmail");
  if (buyer != nullptr && !view.tax_role) {
    for (const auto* name : {"buyerName", "buyerCompanyName", "buyerPurchaseOrderNumber"}) {
      buyer->erase(name);
    }
  }
  if (auto* recipient = child(order, "recipient"); recipient != nullptr && !view.delivery_role) {
    recipient->erase("deliveryPreference");
    if (auto* address = child(*recipient, "deliveryAddress")) {
      for (const auto* name : {"name", "companyName", "addressLine1", "addressLine2",
                               "addressLine3", "postalCode", "phone", "extendedFields"}) {
        address->erase(name);
      }
    }
  }
  if (auto* tax = child(order, "tax"); tax != nullptr && !view.tax_role) {
    tax->erase("taxRegistrations");
  }
}

}  // namespace

std::optional<std::uint32_t> data_set_by_name(std::string_view name) noexcept {
  for (const auto& named : kSets) {
    if (named.name == name) return named.set;
  }
  return std::nullopt;
}

void restrict_order(boost::json::object& order, const View& view) {
  for (const auto& named : kSets) {
    if ((view.sets & named.set) == 0 && !named.order_member.empty()) {
      order.erase(named.order_member);
    }
  }
  restrict_personal_data(order, view);
  auto* items = order.if_contains("orderItems");
  if (items == nullptr || !items->is_array()) return;
  for (auto& item : items->get_array()) {
    if (auto* object = item.if_object()) restrict_item(*object, view);
  }
}

}  // namespace amazon_sandbox
