#pragma once
// The parts that order_mapping.cpp puts together, one function per object of Amazon's model. They
// throw BadOrder. One thread.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "marketplug/model/order.hpp"
#include "marketplug/step.hpp"
#include "src/attribute_text.hpp"
#include "src/order_reader.hpp"

namespace marketplug::amazon {

struct MappingOptions;

/// What all parts of one order share.
struct MappingContext {
  const MappingOptions& options;
  UnknownFields unknown;
  bool cash_on_delivery = false;  ///< a line may only be handed over against payment
};

/// "BUYER" -> "buyer", "MERCHANT" -> "merchant", "AMAZON" and "MARKETPLACE" -> "marketplace";
/// anything else in lower case.
std::string party(std::string_view amazon_word);

// Parties: addresses, buyer, recipient, tax, payments.
Address map_address(const boost::json::value& value, const Place& at, MappingContext& context);
void map_buyer(const boost::json::value& value, const Place& at, MappingContext& context,
               Order& order);
/// `personal` gets what the buyer wishes for the delivery.
void map_recipient(const boost::json::value& value, const Place& at, MappingContext& context,
                   Order& order, ObjectText& personal);
void map_tax(const boost::json::value& value, const Place& at, MappingContext& context,
             Order& order, ObjectText& attributes);
void map_payment(const boost::json::value& value, const Place& at, MappingContext& context,
                 Order& order);
/// Where the lines say so and Amazon tells no payment.
void add_cash_on_delivery(const MappingContext& context, Order& order);

// Money.
void map_breakdowns(const boost::json::value& value, const Place& at, MappingContext& context,
                    std::vector<Charge>& charges);
void map_line_proceeds(const boost::json::value& value, const Place& at, MappingContext& context,
                       OrderLine& line);
void map_expense(const boost::json::value& value, const Place& at, MappingContext& context,
                 ObjectText& attributes);

// Lines.
/// What a line collects while its objects are read.
struct LineParts {
  OrderLine line;
  ObjectText attributes;
  bool has_quantity = false;
  bool has_product = false;
};

std::string map_measurement(const boost::json::value& value, const Place& at,
                            MappingContext& context);
void map_line_fulfillment(const boost::json::value& value, const Place& at, MappingContext& context,
                          LineParts& parts);
OrderLine map_line(const boost::json::value& value, const Place& at, MappingContext& context);

// Parcels.
Parcel map_parcel(const boost::json::value& value, const Place& at, MappingContext& context);

// What is parked, and what an order must have for not being so.
bool is_order_id(std::string_view id);
bool is_plausible(TimePoint time, const MappingOptions& options);
/// The marketplace's own document as text.
std::string raw_of(const boost::json::value& source, const MappingOptions& options,
                   std::string_view text);
ParkedItem park(const boost::json::value& source, const MappingOptions& options,
                std::string_view text, const BadOrder& bad);
/// `why`: what is wrong with the text.
ParkedItem park_unreadable(std::string_view text, const MappingOptions& options,
                           const std::string& why);

}  // namespace marketplug::amazon
