#pragma once
// What stands in a report: UTF-8 text, made from the orders and the returns of a seller. Any
// thread, under the caller's lock.

#include <string>
#include <vector>

#include "plugins/amazon/sandbox/order_store.hpp"
#include "plugins/amazon/sandbox/report_types.hpp"
#include "plugins/amazon/sandbox/returns.hpp"

namespace amazon_sandbox {

/// What a report is about.
struct ReportSpan {
  TimePoint from{}, to{};      ///< both included
  std::uint32_t marketplaces;  ///< a bit per index
  TimePoint now{};
};

struct ReportContents {
  std::string text;
  std::size_t rows = 0;  ///< without the header
};

/// A line per order line, tab-separated; late and hidden orders are in it.
ReportContents orders_report(const OrderStore& orders, bool by_created, const ReportSpan& span);

/// The returns of the kind that lie in the span, oldest first. `whole_days`: Amazon's own returns
/// appear with the day's update, at midnight UTC.
std::vector<CustomerReturn> returns_within(const ReturnBook& book, FulfilledBy by,
                                           const ReportSpan& span, bool whole_days);

ReportContents returns_xml(const std::vector<CustomerReturn>& returns, std::string_view seller,
                           Charset charset);
ReportContents returns_flat(const std::vector<CustomerReturn>& returns, HeaderLanguage language);
ReportContents returns_of_amazon(const std::vector<CustomerReturn>& returns);

/// Appends a field: tabs and line ends, which would break the table, become spaces.
void append_field(std::string& row, std::string_view value);

/// "2026-11-23T10:00:00+00:00", without the milliseconds.
std::string report_time(TimePoint time);

}  // namespace amazon_sandbox
