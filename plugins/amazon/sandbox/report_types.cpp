#include "plugins/amazon/sandbox/report_types.hpp"

#include <algorithm>

namespace amazon_sandbox {
namespace {

using std::chrono::days;

constexpr ReportType kReportTypes[] = {
    {"GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL", ReportKind::kOrdersByUpdate, days(30)},
    {"GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL", ReportKind::kOrdersByCreation,
     days(30)},
    {"GET_XML_RETURNS_DATA_BY_RETURN_DATE", ReportKind::kReturnsXml, days(60)},
    {"GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE", ReportKind::kReturnsFlat, days(60)},
    {"GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA", ReportKind::kReturnsOfAmazon, std::nullopt},
};

constexpr std::string_view kNotMade[] = {
    "FEE_DISCOUNTS_REPORT",
    "GET_AFN_INVENTORY_DATA",
    "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL",
    "GET_FLAT_FILE_ACTIONABLE_ORDER_DATA_SHIPPING",
    "GET_FLAT_FILE_OPEN_LISTINGS_DATA",
    "GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING",
    "GET_MERCHANT_CANCELLED_LISTINGS_DATA",
    "GET_MERCHANT_LISTINGS_ALL_DATA",
    "GET_MERCHANT_LISTINGS_DATA",
    "GET_MERCHANT_LISTINGS_INACTIVE_DATA",
    "GET_ORDER_REPORT_DATA_SHIPPING",
    "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2",
    "GET_XML_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL",
    "GET_XML_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL",
};

}  // namespace

const ReportType* report_type_by_name(std::string_view name) noexcept {
  const auto* found = std::find_if(std::begin(kReportTypes), std::end(kReportTypes),
                                   [&](const ReportType& type) { return type.name == name; });
  return found == std::end(kReportTypes) ? nullptr : found;
}

bool is_amazons_report_type(std::string_view name) noexcept {
  return report_type_by_name(name) != nullptr ||
         std::find(std::begin(kNotMade), std::end(kNotMade), name) != std::end(kNotMade);
}

std::string_view charset_name(Charset charset) noexcept {
  return charset == Charset::kUtf8 ? "UTF-8" : "windows-1252";
}

std::optional<Charset> charset_by_name(std::string_view name) noexcept {
  if (name == "UTF-8") return Charset::kUtf8;
  if (name == "windows-1252") return Charset::kWindows1252;
  return std::nullopt;
}

std::optional<HeaderLanguage> header_language_by_name(std::string_view name) noexcept {
  if (name == "en") return HeaderLanguage::kEnglish;
  if (name == "de") return HeaderLanguage::kGerman;
  if (name == "fr") return HeaderLanguage::kFrench;
  if (name == "nl") return HeaderLanguage::kDutch;
  return std::nullopt;
}

}  // namespace amazon_sandbox
