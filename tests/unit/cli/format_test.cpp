#include "host/cli/format.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace marketplug::cli {
namespace {

boost::json::object read_object(std::string_view text) {
  return boost::json::parse(text).as_object();
}

TEST(FormatOrder, AReadableBlock) {
  const auto order = read_object(R"({
    "shop": "shop-nl", "status": "open", "id": "171-1-1", "marketplace": "NL",
    "marketplace_id": "A1805IZSGTT6HS", "sales_channel": "Amazon.nl", "state": "open",
    "marketplace_status": "UNSHIPPED", "fulfilled_by": "merchant", "service_level": "STANDARD",
    "priority": 90,
    "programs": ["PRIME", "AMAZON_BUSINESS"],
    "placed_at": "2026-11-23T09:00:00Z", "changed_at": "2026-11-23T09:30:00.250Z",
    "ship_by": {"earliest": "2026-11-24T00:00:00Z", "latest": "2026-11-25T22:59:59Z"},
    "personal_data": "present",
    "recipient": {"name": "Juno Voorbeeld", "line1": "Teststraat 1", "postal_code": "0123 AB",
                  "city": "Utrecht", "country": "NL", "phone": "+31 20 0000000"},
    "buyer": {"name": "Juno Voorbeeld", "email": "x@marketplace.example"},
    "lines": [{"id": "1", "sku": "SKU-1", "product_id": "B000000001", "title": "Tea\u001b[2J",
               "quantity": 2, "quantity_shipped": 0,
               "unit_price": {"amount": "6.15", "currency": "EUR"},
               "total": {"amount": "12.30", "currency": "EUR"},
               "charges": [{"type": "tax", "of": "item",
                            "amount": {"amount": "2.13", "currency": "EUR"}}],
               "cancel_requested": {"by": "buyer", "reason": "NO_LONGER_NEEDED"}}],
    "total": {"amount": "12.30", "currency": "EUR"},
    "payments": [{"method": "CreditCard"}],
    "parcels": [{"reference": "1", "carrier": "PostNL", "tracking_number": "3SXX",
                 "status": "SHIPPED", "shipped_at": "2026-11-23T12:00:00Z"}]})");
  EXPECT_EQ(format_order(order),
            "Order 171-1-1 of shop shop-nl (times are UTC)\n"
            "  status          open, marketplace says UNSHIPPED\n"
            "  state           open\n"
            "  marketplace     NL, A1805IZSGTT6HS, Amazon.nl\n"
            "  priority        90\n"
            "  fulfilled by    merchant\n"
            "  service level   STANDARD\n"
            "  programs        PRIME, AMAZON_BUSINESS\n"
            "  placed          2026-11-23 09:00:00\n"
            "  changed         2026-11-23 09:30:00\n"
            "  ship by         2026-11-24 00:00:00 to 2026-11-25 22:59:59\n"
            "  recipient       Juno Voorbeeld\n"
            "                  Teststraat 1\n"
            "                  0123 AB Utrecht\n"
            "                  NL\n"
            "                  phone +31 20 0000000\n"
            "  buyer           Juno Voorbeeld, x@marketplace.example\n"
            "\n"
            "  QTY  SHIPPED  SKU    PRODUCT     UNIT PRICE      TOTAL  TITLE\n"
            "    2        0  SKU-1  B000000001    6.15 EUR  12.30 EUR  Tea\\x1b[2J\n"
            "  SKU-1           tax of item 2.13 EUR\n"
            "  SKU-1           cancellation asked for by buyer: NO_LONGER_NEEDED\n"
            "\n"
            "  payment         CreditCard\n"
            "  total           12.30 EUR\n"
            "  parcel          1, PostNL, 3SXX, SHIPPED, shipped 2026-11-23 12:00:00\n");
}

TEST(FormatOrder, ShowsHowItIsBookedAndWhatToLookAt) {
  const auto text = format_order(read_object(R"({"id": "1", "shop": "a", "state": "open",
      "delivery_country": "NL",
      "lines": [{"id": "1", "sku": "S", "quantity": 1, "vat": {"tariff": "standard", "rate": "21"}},
                {"id": "2", "sku": "T", "quantity": 1,
                 "vat": {"tariff": "marketplace", "scheme": "IOSS"}}],
      "payments": [{"method": "CashOnDelivery", "kind": "cash_on_delivery", "type": "cod",
                    "amount": {"amount": "12.30", "currency": "EUR"}}],
      "flags": [{"code": "unreconciled", "pointer": "/total", "message": "Sums differ."}]})"));
  for (const char* line : {"  delivery to     NL\n", "  S               VAT standard 21 %\n",
                           "  T               VAT marketplace (IOSS)\n",
                           "  payment         CashOnDelivery 12.30 EUR (cash_on_delivery) as cod\n",
                           "  look at         unreconciled /total: Sums differ.\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
}

TEST(FormatOrder, ShowsEverythingThatAnOrderMayHave) {
  const auto text = format_order(read_object(R"({"id": "1", "shop": "a", "state": "open",
      "attributes": {"easy_ship": {"window": ["9", "10"], "late": false}, "none": null},
      "personal_attributes": {"delivery_preference": {"drop_off": "shed\u001b[2J"}},
      "tax_registrations": [{"entity": "buyer", "number": "NL1", "address": {"city": "Utrecht"},
                             "attributes": {"office": "X"}}],
      "lines": [{"id": "1", "sku": "S", "quantity": 1, "programs": ["TRANSPARENCY"],
                 "promotions": ["P-1", "P-2"], "customization_url": "https://example.com/c.zip",
                 "properties": [{"name": "Front / Text", "value": "Sam\u001b[2J"}],
                 "deliver_by": {"latest": "2026-11-25T22:59:59Z"},
                 "cancelled": {"by": "merchant", "reason": "NO_INVENTORY"},
                 "gift_message": "Fijne dag", "attributes": {"ioss_number": "IM0000000000"},
                 "personal_attributes": {"engraving": "F"}}],
      "parcels": [{"reference": "R1", "attributes": {"weight": "1 kg"},
                   "ship_from": {"name": "Magazijn"},
                   "items": [{"line_id": "1", "quantity": 1, "codes": ["C-1"]}]}]})"));
  for (const char* line : {"  S               programs: TRANSPARENCY\n",
                           "  S               promotions: P-1, P-2\n",
                           "  S               deliver by until 2026-11-25 22:59:59\n",
                           "  S               cancelled by merchant: NO_INVENTORY\n",
                           "  S               gift message: Fijne dag\n",
                           "  S               customization: https://example.com/c.zip\n",
                           "  S               Front / Text: Sam",
                           "  S               ioss_number IM0000000000\n",
                           "  S               engraving F\n",
                           "  tax id          buyer, NL1\n",
                           "    address       Utrecht\n",
                           "                  office X\n",
                           "  parcel          R1\n",
                           "                  1 of line 1, codes C-1\n",
                           "    sent from     Magazijn\n",
                           "                  weight 1 kg\n",
                           "  more            easy_ship.window 9\n",
                           "  more            easy_ship.window 10\n",
                           "  more            easy_ship.late false\n",
                           "  more            delivery_preference.drop_off shed\\x1b[2J\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
}

TEST(FormatOrder, ShowsTheNameAndTheAddressInPartsWhereTheOrderHasThem) {
  const auto text = format_order(read_object(R"({"id": "1", "shop": "a", "state": "open",
      "recipient": {"name": "Juno van der Berg", "line1": "Teststraat 1 A",
        "name_parts": {"split": true, "given": "Juno", "infix": "van der", "family": "Berg"},
        "address_parts": {"split": true, "kind": "street", "street": "Teststraat",
                          "house_number": "1", "extension": "A"}},
      "buyer": {"name": "Proef B.V.", "name_parts": {"split": false}}, "lines": []})"));
  EXPECT_NE(text.find("  recipient       Juno van der Berg\n"
                      "                  Teststraat 1 A\n"
                      "    name          given Juno | infix van der | family Berg\n"
                      "    address       street Teststraat | house_number 1 | extension A\n"
                      "  buyer           Proef B.V.\n"
                      "    name          not split, stays whole\n"),
            std::string::npos)
      << text;
}

TEST(FormatOrder, SaysWhyAPersonMustLookAndWhatIsMissing) {
  const auto text =
      format_order(read_object(R"({"id": "1", "shop": "a", "state": "needs_correction",
      "correction_reasons": ["no currency"], "personal_data": "missing", "lines": []})"));
  EXPECT_NE(text.find("reason        no currency"), std::string::npos) << text;
  EXPECT_NE(text.find("the marketplace did not give it"), std::string::npos) << text;
}

TEST(FormatOrders, ATableAndWhereToGoOn) {
  const auto text = format_orders(read_object(R"({"orders": [
    {"id": "1", "shop": "a", "marketplace": "NL", "status": "open",
     "marketplace_status": "UNSHIPPED", "placed_at": "2026-11-23T09:00:00Z", "lines": 2,
     "total": {"amount": "12.30", "currency": "EUR"}},
    {"id": "22", "shop": "a", "marketplace": "SE", "status": "shipped",
     "marketplace_status": "SHIPPED", "placed_at": "2026-11-22T09:00:00Z", "lines": 1}],
    "next": "place"})"));
  EXPECT_EQ(text,
            "ORDER  SHOP  MARKET  STATUS   MARKETPLACE SAYS  PLACED (UTC)         LINES      "
            "TOTAL\n"
            "1      a     NL      open     UNSHIPPED         2026-11-23 09:00:00      2  12.30 "
            "EUR\n"
            "22     a     SE      shipped  SHIPPED           2026-11-22 09:00:00      1\n"
            "There are more: --after place\n");
  EXPECT_EQ(format_orders(read_object(R"({"orders": []})")), "No orders.\n");
}

TEST(FormatPlugins, RefusedOnesSayWhy) {
  const auto text = format_plugins(read_object(R"({"folder": "/p", "plugins": [
    {"id": "amazon", "name": "Amazon", "version": "0.1.0", "state": "ready",
     "capabilities": ["order-source/1"], "path": "/p/amazon.so", "reasons": []},
    {"id": "", "state": "refused", "capabilities": [], "path": "/p/old.so",
     "reasons": [{"message": "it has no ABI block", "remedy": "rebuild it"}]},
    {"id": "wild", "state": "quarantined", "capabilities": [], "path": "/p/wild.so",
     "reasons": [{"message": "it crashed", "remedy": "release it"}],
     "warnings": [{"message": "it is another one", "remedy": "restart"}]}]})"));
  EXPECT_EQ(text,
            "PLUGIN     NAME    VERSION  STATE        CAPABILITIES\n"
            "amazon     Amazon  0.1.0    ready        order-source/1\n"
            "/p/old.so                   refused\n"
            "wild                        quarantined\n"
            "\n"
            "/p/old.so\n"
            "  refused         it has no ABI block\n"
            "    remedy        rebuild it\n"
            "\n"
            "/p/wild.so\n"
            "  quarantined     it crashed\n"
            "    remedy        release it\n"
            "  warning         it is another one\n"
            "    remedy        restart\n");
  EXPECT_EQ(format_plugins(read_object(R"({"folder": "/p", "plugins": []})")),
            "No plugins in /p.\n");
}

TEST(FormatShops, StateReasonAndSource) {
  EXPECT_EQ(format_shops(read_object(R"({"shops": [{"id": "a", "name": "A", "plugin": "amazon",
      "state": "not_running", "state_reason": "no plugin", "source": "file:/a.yaml"}]})")),
            "SHOP  NAME  PLUGIN  STATE        REASON     SOURCE\n"
            "a     A     amazon  not_running  no plugin  file:/a.yaml\n");
}

TEST(FormatShop, JobsAndDocument) {
  const auto text = format_shop(read_object(R"({"id": "a", "enabled": true, "state": "ok",
      "source": "file:/a.yaml", "revision": 2, "updated_at": "2026-11-23T09:00:00Z",
      "jobs": [{"kind": "order-source/1", "state": "queued", "failures": 1,
                "last_message": "no answer", "last_remedy": "wait"}],
      "problems": [], "document": {"settings": {"account": {"region": "EU"}}}})"));
  EXPECT_NE(text.find("order-source/1  queued"), std::string::npos) << text;
  EXPECT_NE(text.find("last failure    no answer"), std::string::npos) << text;
  EXPECT_NE(text.find("      region: \"EU\""), std::string::npos) << text;
}

TEST(FormatCheck, PlaceCauseRemedy) {
  EXPECT_EQ(format_check(read_object(R"({"host": [
      {"severity": "warning", "message": "an old plugin", "remedy": "remove it"}],
    "shops": [{"id": "a", "enabled": true, "findings": [
      {"severity": "error", "file": "/a.yaml", "line": 4, "pointer": "/currency",
       "message": "must be text", "remedy": "quote it"},
      {"severity": "note", "marketplace": "DE", "role": "Direct-to-Consumer Shipping",
       "operation": "searchOrders", "message": "works", "link": "https://x.example"}]},
      {"id": "b", "enabled": false, "findings": []}],
    "errors": 1, "warnings": 1})")),
            "Host\n"
            "  warning: an old plugin\n"
            "    remedy: remove it\n"
            "Shop a\n"
            "  error: /a.yaml:4: /currency: must be text\n"
            "    remedy: quote it\n"
            "  note: DE, Direct-to-Consumer Shipping, searchOrders: works\n"
            "    see: https://x.example\n"
            "Shop b (disabled)\n"
            "  nothing found\n"
            "1 error(s), 1 warning(s)\n");
}

TEST(FormatSync, CountsAndWhatWentWrong) {
  EXPECT_EQ(
      format_sync(read_object(R"({"ok": false, "shops": [{"shop": "a", "state": "needs_attention",
      "reason": "access was withdrawn", "orders_new": 12, "orders_updated": 3,
      "orders_unchanged": 1, "parked": 1, "steps": 4, "next_due": "2026-11-23T09:00:00Z",
      "jobs": [{"last_message": "invalid_grant", "last_remedy": "grant it again"}]}]})")),
      "SHOP  STATE            NEW  UPDATED  UNCHANGED  PARKED  STEPS  NEXT (UTC)\n"
      "a     needs_attention   12        3          1       1      4  2026-11-23 09:00:00\n"
      "  a               access was withdrawn\n"
      "  a               invalid_grant\n"
      "    remedy        grant it again\n");
}

TEST(FormatSync, NothingDueAndFilesWithoutAShop) {
  EXPECT_EQ(
      format_sync(read_object(R"({"ok": false, "shops": [{"shop": "a", "state": "ok",
      "orders_new": 0, "orders_updated": 0, "orders_unchanged": 0, "parked": 0, "steps": 0,
      "next_due": "2026-11-23T09:00:00Z", "nothing_due": true}],
      "problems": [{"file": "/b.yaml", "line": 3, "message": "a tab", "remedy": "use blanks"}]})")),
      "SHOP  STATE  NEW  UPDATED  UNCHANGED  PARKED  STEPS  NEXT (UTC)\n"
      "a     ok       0        0          0       0      0  2026-11-23 09:00:00\n"
      "  a               nothing due; next at 2026-11-23 09:00:00 UTC; sync --shop a runs it now\n"
      "error: /b.yaml:3: a tab\n"
      "  remedy: use blanks\n");
}

TEST(FormatShops, TroubleOfTheServiceAndFilesWithoutAShop) {
  const auto text = format_shops(read_object(R"({"shops": [], "service": ["The disk is full."],
      "problems": [{"file": "/b.yaml", "line": 3, "message": "a tab", "remedy": "use blanks"}]})"));
  EXPECT_NE(text.find("service: The disk is full.\n"), std::string::npos) << text;
  EXPECT_NE(text.find("error: /b.yaml:3: a tab\n  remedy: use blanks\n"), std::string::npos)
      << text;
  const auto shop = format_shop(read_object(R"({"id": "a", "enabled": true, "state": "ok",
      "live": {"next_due": "2026-11-23T09:00:00Z", "overdue_since": "2026-11-23T09:00:00Z"},
      "jobs": [{"kind": "order-source", "state": "queued", "in_memory": true}]})"));
  EXPECT_NE(shop.find("overdue since   2026-11-23 09:00:00"), std::string::npos) << shop;
  EXPECT_NE(shop.find("waits in memory"), std::string::npos) << shop;
}

TEST(FormatParked, ListAndOne) {
  const auto text = format_parked_list(read_object(R"({"parked": [{"id": 4, "shop": "a",
      "kind": "order", "item": "1-2", "state": "open", "tries": 2,
      "last_at": "2026-11-23T09:00:00Z", "message": "no currency"}]})"));
  EXPECT_EQ(text,
            "NO.  SHOP  KIND   ID   STATE  TRIES  LAST (UTC)           REASON\n"
            "  4  a     order  1-2  open       2  2026-11-23 09:00:00  no currency\n");
  EXPECT_NE(format_parked(read_object(R"({"id": 4, "raw": {"a": 1}})")).find("{\"a\":1}"),
            std::string::npos);
  EXPECT_EQ(format_replay(read_object(R"({"id": 4, "shop": "a", "item": "1-2", "ok": false,
      "message": "no access", "remedy": "grant it"})")),
            "Parked record 4 (1-2, shop a): failed: no access\n  remedy: grant it\n");
}

TEST(FormatError, CauseAndRemedy) {
  EXPECT_EQ(format_error("it broke", "mend it"), "error: it broke\n  remedy: mend it\n");
  EXPECT_EQ(format_error("it broke", ""), "error: it broke\n");
}

TEST(FormatAlerts, ATableAndWhatToDoOnceForEachKind) {
  EXPECT_EQ(format_alerts(read_object(R"({"alerts": []})")), "No alerts.\n");
  EXPECT_EQ(
      format_alerts(read_object(R"({"alerts": [
    {"shop": "b", "kind": "shop", "item": "b", "code": "not_running", "message": "",
     "raised_at": "2026-11-23T09:00:00Z"},
    {"shop": "a", "kind": "order", "item": "1", "code": "wish", "message": "The buyer asks.",
     "remedy": "Decide.", "raised_at": "2026-11-23T09:00:00Z", "due_at": "2026-11-24T09:00:00Z"},
    {"shop": "a", "kind": "order", "item": "2", "code": "wish", "message": "The buyer asks.",
     "remedy": "Decide.", "raised_at": "2026-11-23T08:00:00Z"},
    {"shop": "a", "kind": "order", "item": "3", "code": "sent", "message": "Sent.",
     "remedy": "Stop it.", "raised_at": "2026-11-22T08:00:00Z",
     "cleared_at": "2026-11-23T08:00:00Z"}]})")),
      "SINCE (UTC)          SHOP  ABOUT     DECIDE BY            WHAT\n"
      "2026-11-23 09:00:00  b     the shop                       not_running\n"
      "2026-11-23 09:00:00  a     order 1   2026-11-24 09:00:00  The buyer asks.\n"
      "2026-11-23 08:00:00  a     order 2                        The buyer asks.\n"
      "2026-11-22 08:00:00  a     order 3                        Sent. (over since 2026-11-23 "
      "08:00:00)\n"
      "What to do:\n"
      "  wish: Decide.\n");
}

TEST(FormatOrder, SaysWhatIsHeldAndWhatIsNeverPossible) {
  const auto text = format_order(read_object(R"({"id": "1", "shop": "a", "state": "open",
      "exports": {"shipment": {"answer": "held", "code": "buyer_cancel", "reason": "The buyer asks."},
                  "cancellation": {"answer": "allowed"},
                  "refund": {"answer": "refused", "code": "not_shipped", "reason": "Not yet."}},
      "lines": []})"));
  EXPECT_NE(text.find("  shipment        held: The buyer asks.\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("refund"), std::string::npos) << "what the state says anyway is not told";
}

TEST(FormatFetched, OneLineAndTheRemedyOfAFailure) {
  EXPECT_EQ(format_fetched(
                read_object(R"({"order": "1", "shop": "a", "ok": true, "message": "unchanged"})")),
            "Order 1 (shop a): unchanged\n");
  EXPECT_EQ(format_fetched(read_object(R"({"order": "1", "shop": "a", "ok": false,
                "message": "no such order", "remedy": "Check the id."})")),
            "Order 1 (shop a): failed: no such order\n  remedy: Check the id.\n");
}

TEST(FormatAudit, SaysWhatWasMissingAndWhatBecameOfIt) {
  const auto* const audit = R"({"id": 3, "shop": "a", "by": "changed",
    "from": "2026-11-09T00:00:00Z", "until": "2026-11-23T00:00:00Z", "state": "done",
    "asked_at": "2026-11-23T14:00:00Z", "known": 812, "held": 811, "missing": 1, "stale": 0,
    "unsettled": 0, "findings": [
      {"order": "028-1", "problem": "missing", "marketplace_status": "Shipped",
       "placed_at": "2026-11-20T10:00:00Z", "outcome": "imported",
       "settled_at": "2026-11-23T14:02:00Z"}]})";
  const auto text = format_audit(read_object(audit));
  EXPECT_NE(text.find("the marketplace knows 812, 811 held, 1 missing, 0 stale\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("028-1"), std::string::npos) << text;
  EXPECT_NE(text.find("imported 2026-11-23 14:02:00"), std::string::npos) << text;
  const auto all = read_object(std::string(R"({"audits": [)") + audit + "]}");
  EXPECT_EQ(format_audit_result(all), text);
  EXPECT_NE(format_audits(all).find("schedule"), std::string::npos) << format_audits(all);
  EXPECT_EQ(format_audits(read_object(R"({"audits": []})")), "No audits yet.\n");
}

TEST(FormatAudit, SaysWhyOneFailed) {
  const auto text = format_audit(read_object(
      R"({"shop": "a", "by": "placed", "state": "failed", "message": "no role",
          "remedy": "Grant it."})"));
  EXPECT_NE(text.find("failed: no role\n  remedy: Grant it.\n"), std::string::npos) << text;
}

TEST(FormatQuota, SaysPacesAsPeopleReadThem) {
  EXPECT_EQ(format_quota(read_object(R"({"buckets": []})")), "No marketplace was asked yet.\n");
  const auto text = format_quota(read_object(R"({"buckets": [
    {"account": "acc", "operation": "searchOrders", "left": 4.25, "burst": 20.0,
     "per_second": 0.0056, "reserve": 2.0, "spent": 16, "refused": 1,
     "cool_until": "2026-11-23T09:00:00Z"},
    {"account": "acc", "operation": "confirmShipment", "left": 10.0, "burst": 10.0,
     "per_second": 2.0, "reserve": 0.0, "spent": 0, "refused": 0},
    {"account": "acc", "operation": "getOrder", "left": 30.0, "as_of": "2026-11-23T08:00:00Z"}]})"));
  EXPECT_NE(text.find("searchOrders                             4.2     20  one in 179 s        2"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("2 a second"), std::string::npos) << text;
  EXPECT_NE(text.find("30.0 at 2026-11-23 08:00:00"), std::string::npos) << text;
  EXPECT_NE(text.find("nothing was asked since the start"), std::string::npos) << text;
}

}  // namespace
}  // namespace marketplug::cli
