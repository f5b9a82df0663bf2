#include "src/order_redaction.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <span>
#include <string_view>

namespace marketplug::amazon {
namespace json = boost::json;
namespace {

// Names of Amazon's model, sorted.
constexpr std::array<std::string_view, 113> kKeptNames = {"acquirerId",
                                                          "aliasId",
                                                          "aliasType",
                                                          "amount",
                                                          "asin",
                                                          "associatedOrderItems",
                                                          "associatedOrders",
                                                          "associationType",
                                                          "authorizationCode",
                                                          "breakdowns",
                                                          "cancelReason",
                                                          "cancellation",
                                                          "cancellationExecution",
                                                          "cancellationRequest",
                                                          "cancelledBy",
                                                          "cardBrand",
                                                          "carrier",
                                                          "cashOnDelivery",
                                                          "channelName",
                                                          "condition",
                                                          "conditionNote",
                                                          "conditionSubtype",
                                                          "conditionType",
                                                          "createdTime",
                                                          "currencyCode",
                                                          "deliverByWindow",
                                                          "detailedBreakdowns",
                                                          "detailedStatus",
                                                          "earliestDateTime",
                                                          "expense",
                                                          "fulfilledBy",
                                                          "fulfillment",
                                                          "fulfillmentOrderId",
                                                          "fulfillmentOrders",
                                                          "fulfillmentServiceLevel",
                                                          "fulfillmentStatus",
                                                          "giftOption",
                                                          "giftWrapLevel",
                                                          "grandTotal",
                                                          "internationalShipping",
                                                          "iossNumber",
                                                          "labelPrintingWindow",
                                                          "lastUpdatedTime",
                                                          "latestDateTime",
                                                          "marketplaceId",
                                                          "marketplaceName",
                                                          "measurement",
                                                          "model",
                                                          "orderAliases",
                                                          "orderId",
                                                          "orderItemId",
                                                          "orderItems",
                                                          "packageItems",
                                                          "packageReferenceId",
                                                          "packageStatus",
                                                          "packages",
                                                          "packing",
                                                          "palletDelivery",
                                                          "payment",
                                                          "paymentAmount",
                                                          "paymentExecutions",
                                                          "paymentMethod",
                                                          "picking",
                                                          "pointsCost",
                                                          "pointsGranted",
                                                          "pointsMonetaryValue",
                                                          "pointsNumber",
                                                          "price",
                                                          "priceDesignation",
                                                          "proceeds",
                                                          "proceedsTotal",
                                                          "product",
                                                          "programs",
                                                          "promotion",
                                                          "promotionId",
                                                          "quantity",
                                                          "quantityFulfilled",
                                                          "quantityOrdered",
                                                          "quantityUnfulfilled",
                                                          "recipientAgeVerification",
                                                          "recipientIdentityVerification",
                                                          "reportingScheme",
                                                          "requester",
                                                          "requirementType",
                                                          "responsibleParty",
                                                          "salesChannel",
                                                          "scheduledDeliveryWindow",
                                                          "sellerSku",
                                                          "serialNumberRequirement",
                                                          "serialNumbers",
                                                          "shipByWindow",
                                                          "shipFromAddress",
                                                          "shipTime",
                                                          "shipping",
                                                          "shippingConstraints",
                                                          "shippingService",
                                                          "signatureConfirmation",
                                                          "status",
                                                          "substitutionOptions",
                                                          "substitutionPreference",
                                                          "substitutionType",
                                                          "subtotal",
                                                          "subtype",
                                                          "tax",
                                                          "taxCalculationBreakdowns",
                                                          "taxCollections",
                                                          "title",
                                                          "trackingNumber",
                                                          "transparencyCodes",
                                                          "type",
                                                          "unit",
                                                          "unitPrice",
                                                          "value"};

// The merchant's own address, not a buyer's.
constexpr std::array<std::string_view, 10> kAddressNames = {
    "addressLine1",     "addressLine2", "addressLine3", "city",       "countryCode",
    "districtOrCounty", "municipality", "name",         "postalCode", "stateOrRegion"};

using NameList = std::span<const std::string_view>;

bool is_in(NameList names, std::string_view name) {
  return std::binary_search(names.begin(), names.end(), name);
}

json::value kept(const json::value& value, NameList names) {
  if (const json::array* array = value.if_array()) {
    json::array out;
    for (const json::value& inner : *array) out.push_back(kept(inner, names));
    return out;
  }
  const json::object* object = value.if_object();
  if (object == nullptr) return value;
  json::object out;
  for (const auto& [key, inner] : *object) {
    if (!is_in(names, key)) continue;
    out[key] = kept(inner, key == "shipFromAddress" ? NameList(kAddressNames) : names);
  }
  return out;
}

}  // namespace

json::value without_personal_data(const json::value& order) {
  if (!order.is_object()) return json::object();
  json::value out = kept(order, kKeptNames);
  // The tax of a line holds nobody's name, the tax of the order does.
  out.get_object().erase("tax");
  return out;
}

}  // namespace marketplug::amazon
