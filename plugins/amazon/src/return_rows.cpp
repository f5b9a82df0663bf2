#include "src/return_rows.hpp"

#include <array>
#include <utility>

namespace marketplug::amazon {
namespace {

struct ReturnColumn {
  std::string_view key;    ///< as in ReturnTexts
  std::string_view names;  ///< headers, "|" between them; the first is Amazon's English one
  bool needed = false;
  bool item = false;  ///< says something of the item, not of the return
};

/// The other languages (German, French, Spanish, Italian, Dutch, Swedish, Polish) are not published
/// by Amazon: a header that is none of these is named in the failure.
constexpr std::array<ReturnColumn, 34> kMerchantReturns = {{
    {"order_id",
     "Order ID|Bestellnummer|Numéro de commande|Número de pedido|Numero "
     "ordine|Bestelnummer|Beställningsnummer|Numer zamówienia",
     true, false},
    {"return_request_date",
     "Return request date|Datum der Rücksendeanforderung|Rücksendeanforderungsdatum|Date de la "
     "demande de retour|Fecha de solicitud de devolución|Data richiesta di reso|Datum "
     "retourverzoek|Datum för returbegäran|Data żądania zwrotu",
     true, false},
    {"return_request_status",
     "Return request status|Status der Rücksendeanforderung|Statut de la demande de retour|Estado "
     "de la solicitud de devolución|Stato richiesta di reso|Status retourverzoek|Status för "
     "returbegäran|Status żądania zwrotu",
     false, false},
    {"amazon_rma_id",
     "Amazon RMA ID|Amazon RMA-Nummer|Identifiant RMA Amazon|ID de RMA de Amazon|ID RMA di "
     "Amazon|Amazon RMA-id|Amazon RMA-ID",
     false, false},
    {"merchant_sku",
     "Merchant SKU|Händler-SKU|SKU du vendeur|SKU del vendedor|SKU venditore|SKU van "
     "verkoper|Säljarens SKU|SKU sprzedawcy",
     true, true},
    {"return_quantity",
     "Return quantity|Rücksendemenge|Quantité retournée|Cantidad devuelta|Quantità "
     "resa|Retouraantal|Returkvantitet|Ilość zwrotu",
     true, true},
    {"return_reason_code",
     "Return Reason|Rücksendegrund|Motif du retour|Motivo de la devolución|Motivo del reso|Reden "
     "van retour|Returorsak|Powód zwrotu",
     false, true},
    {"item_name",
     "Item Name|Artikelname|Nom de l'article|Nombre del producto|Nome "
     "articolo|Artikelnaam|Artikelnamn|Nazwa produktu",
     false, true},
    {"order_date", "Order date", false, false},
    {"merchant_rma_id", "Merchant RMA ID", false, false},
    {"label_type", "Label type", false, false},
    {"label_cost", "Label cost", false, false},
    {"currency_code", "Currency code", false, false},
    {"return_carrier", "Return carrier", false, false},
    {"tracking_id", "Tracking ID", false, false},
    {"label_to_be_paid_by", "Label to be paid by", false, false},
    {"a_to_z_claim", "A-to-Z Claim", false, false},
    {"is_prime", "Is prime", false, false},
    {"asin", "ASIN", false, true},
    {"in_policy", "In policy", false, true},
    {"return_type", "Return type", false, false},
    {"resolution", "Resolution", false, true},
    {"category", "Category", false, true},
    {"invoice_number", "Invoice number", false, false},
    {"return_delivery_date", "Return delivery date", false, false},
    {"order_amount", "Order Amount", false, false},
    {"order_quantity", "Order quantity", false, false},
    {"safet_action_reason", "SafeT Action reason", false, false},
    {"safet_claim_id", "SafeT claim id", false, false},
    {"safet_claim_state", "SafeT claim state", false, false},
    {"safet_claim_creation_time", "SafeT claim creation time", false, false},
    {"safet_claim_reimbursement_amount", "SafeT claim reimbursement amount", false, false},
    {"refund_amount", "Refunded Amount", false, true},
    {"order_item_id", "Order Item ID", false, true},
}};

constexpr std::array<ReturnColumn, 13> kFbaReturns = {{
    {"return_date", "return-date", true, false},
    {"order_id", "order-id", true, false},
    {"sku", "sku", true, false},
    {"asin", "asin", false, false},
    {"fnsku", "fnsku", false, false},
    {"product_name", "product-name", false, false},
    {"quantity", "quantity", true, false},
    {"fulfillment_center_id", "fulfillment-center-id", false, false},
    {"detailed_disposition", "detailed-disposition", false, false},
    {"reason", "reason", false, false},
    {"status", "status", false, false},
    {"license_plate_number", "license-plate-number", false, false},
    {"customer_comments", "customer-comments", false, false},
}};

/// The names of all columns, cut apart, and the columns that refer to them.
struct CutColumns {
  std::vector<std::vector<std::string_view>> names;
  std::vector<ReportColumn> columns;
};

template <std::size_t Count>
CutColumns cut_columns(const std::array<ReturnColumn, Count>& given) {
  CutColumns out;
  for (const ReturnColumn& column : given) {
    std::vector<std::string_view>& names = out.names.emplace_back();
    std::string_view rest = column.names;
    for (;;) {
      const std::size_t bar = rest.find('|');
      names.push_back(rest.substr(0, bar));
      if (bar == std::string_view::npos) break;
      rest.remove_prefix(bar + 1);
    }
  }
  for (std::size_t i = 0; i < Count; ++i) out.columns.push_back({out.names[i], given[i].needed});
  return out;
}

template <std::size_t Count>
ReturnRecord return_row(const ReportTable& row, const std::array<ReturnColumn, Count>& columns) {
  ReturnRecord record;
  ReturnTexts item;
  for (std::size_t i = 0; i < Count; ++i) {
    std::string text = row.field(i);
    if (text.empty()) continue;
    (columns[i].item ? item : record.texts).emplace(columns[i].key, std::move(text));
  }
  if (!item.empty()) record.items.push_back(std::move(item));
  return record;
}

}  // namespace

std::span<const ReportColumn> merchant_return_columns() {
  static const CutColumns columns = cut_columns(kMerchantReturns);
  return columns.columns;
}

ReturnRecord merchant_return_row(const ReportTable& row) {
  return return_row(row, kMerchantReturns);
}

std::span<const ReportColumn> fba_return_columns() {
  static const CutColumns columns = cut_columns(kFbaReturns);
  return columns.columns;
}

ReturnRecord fba_return_row(const ReportTable& row) { return return_row(row, kFbaReturns); }

}  // namespace marketplug::amazon
