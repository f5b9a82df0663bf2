#include <map>
#include <string>
#include <string_view>

#include "host/json/document_reader.hpp"
#include "host/json/order_codec.hpp"

namespace marketplug::json {
namespace {

Failure order_not_readable(const char* which, const std::string& order, const std::string& pointer,
                           const char* why) {
  Failure failure;
  failure.kind = Failure::Kind::kInternal;
  failure.code = "order_document";
  failure.message = "The stored " + std::string(which) + " of order " +
                    (order.empty() ? "(unknown)" : order) + " cannot be read at \"" + pointer +
                    "\": " + why + ".";
  failure.remedy =
      "Resync the order from the marketplace. Where many orders are hit, the store was written by "
      "another version: run that version or restore a backup.";
  return failure;
}

}  // namespace

Result<Order> decode_order(std::string_view document, std::string_view personal) {
  Order order;
  DocumentReader from_document(document);
  try {
    from_document.document(order, Fields<Order>::kMembers);
  } catch (const ScanError& error) {
    return order_not_readable("document", order.id, from_document.path(), error.what());
  }
  if (personal.empty()) return order;
  std::map<std::string_view, OrderLine*> by_id;
  for (auto& line : order.lines) by_id.emplace(line.id, &line);
  DocumentReader from_personal(personal);
  try {
    from_personal.personal<OrderLine>(order, Fields<Order>::kPersonal, [&](std::string_view id) {
      const auto found = by_id.find(id);
      return found == by_id.end() ? nullptr : found->second;
    });
  } catch (const ScanError& error) {
    return order_not_readable("personal data", order.id, from_personal.path(), error.what());
  }
  return order;
}

}  // namespace marketplug::json
