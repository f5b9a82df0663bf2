#pragma once
// Amazon's returns reports that are tables, with their columns. The headers of the seller-fulfilled
// one come in the language of the account in some marketplaces. Pure functions, any thread.

#include <span>

#include "src/report_table.hpp"
#include "src/return_record.hpp"

namespace marketplug::amazon {

/// GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE: one row is one item of a return.
std::span<const ReportColumn> merchant_return_columns();
ReturnRecord merchant_return_row(const ReportTable& row);

/// GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA: one row is one unit, or some of one SKU.
std::span<const ReportColumn> fba_return_columns();
ReturnRecord fba_return_row(const ReportTable& row);

}  // namespace marketplug::amazon
