#pragma once
// A connector with an order audit and a source of returns beside its orders. What a page of them is
// like stands in the cursor: "crash", "hang", "throw", "fail"; or what is wrong with the page:
// "wrong state", "wrong hands", "huge", "unfit". Others are handed back, with a page in which every
// member has something; an audit's sighting then tells the window that was asked for.

#include <marketplug/plugin.hpp>
#include <string>

#include "falls.hpp"
#include "zoo.hpp"

namespace zoo {

/// Everything around the items of a page.
template <class T>
void wrap(marketplug::Page<T>& page, const marketplug::Cursor& cursor) {
  using std::chrono::hours;
  const auto noon = marketplug::parse_time("2026-11-23T12:00:00.5Z").value();
  page.parked.push_back({"9", "code", "/p", "message", "remedy \xff", "raw", noon});
  page.next.value = cursor.value + " again";
  page.caught_up = cursor.value == "last";
  page.look_again_at = noon + hours{1};
  page.complete_until = noon - hours{1};
}

inline marketplug::BuyerReturn make_return() {
  marketplug::BuyerReturn one;
  one.id = "R1 \xff";
  one.order_id = "1";
  one.marketplace = "NL";
  one.state = marketplug::ReturnState::kReceived;
  one.marketplace_status = "Completed";
  one.fulfilled_by = marketplug::FulfilledBy::kMarketplace;
  one.requested_at = marketplug::parse_time("2026-11-20T12:00:00Z");
  one.received_at = one.changed_at = marketplug::parse_time("2026-11-22T12:00:00.25Z");
  one.carrier = "PostNL";
  one.tracking_number = "3SABC";
  one.attributes = R"({"in_policy":true})";
  one.lines.push_back({"1", "MUG", "B01", "Mug", 2, "DEFECTIVE", "StandardRefund", "SELLABLE",
                       marketplug::Money{1995, 2, "EUR"}, R"({"label":1.50})", "It leaks."});
  one.lines.emplace_back().sku = "CUP";
  return one;
}

class AllSources final
    : public marketplug::ConnectorWith<marketplug::OrderSource, marketplug::OrderAudit,
                                       marketplug::ReturnSource> {
 public:
  static constexpr marketplug::PluginInfo kInfo{"bad", "Bad plugin", "1.0.0"};
  static std::string_view settings_schema() noexcept { return Animal::settings_schema(); }
  AllSources(marketplug::Host&, std::string_view) {}
  std::vector<marketplug::Finding> check(marketplug::StepContext&) override { return {}; }

  marketplug::Result<marketplug::Page<marketplug::Order>> fetch_orders(
      const marketplug::Cursor&, marketplug::StepContext&) override {
    return three_orders();
  }
  marketplug::Result<marketplug::Page<marketplug::Order>> fetch_order(
      std::string_view id, marketplug::StepContext&) override {
    marketplug::Page<marketplug::Order> page;
    page.items.push_back(make_order(std::string(id)));
    return page;
  }

  marketplug::Result<marketplug::Page<marketplug::OrderSighting>> fetch_sightings(
      const marketplug::AuditWindow& window, const marketplug::Cursor& cursor,
      marketplug::StepContext&) override {
    fall(cursor.value, "an audit");
    if (cursor.value == "fail") return whole_failure();
    marketplug::Page<marketplug::OrderSighting> page;
    const bool placed = window.by == marketplug::AuditWindow::By::kPlaced;
    page.items.push_back({"1 \xff", "NL", placed ? "placed" : "changed",
                          marketplug::OrderState::kShipped, marketplug::FulfilledBy::kMerchant,
                          window.from, window.until});
    page.items.emplace_back().id = "2";
    if (cursor.value == "wrong state") {
      page.items[1].state = static_cast<marketplug::OrderState>(9);
    }
    if (cursor.value == "wrong hands") {
      page.items[1].fulfilled_by = static_cast<marketplug::FulfilledBy>(9);
    }
    if (cursor.value == "huge") page.items[1].marketplace_status.assign(80u << 20, 'x');
    wrap(page, cursor);
    return page;
  }

  marketplug::Result<marketplug::Page<marketplug::BuyerReturn>> fetch_returns(
      const marketplug::Cursor& cursor, marketplug::StepContext&) override {
    fall(cursor.value, "a source of returns");
    if (cursor.value == "fail") return whole_failure();
    marketplug::Page<marketplug::BuyerReturn> page;
    page.items.push_back(make_return());
    page.items.emplace_back().id = "2";
    if (cursor.value == "unfit") page.items[0].lines[0].refund_amount->currency = "?";
    if (cursor.value == "huge") page.items[1].marketplace_status.assign(80u << 20, 'x');
    wrap(page, cursor);
    return page;
  }
};

}  // namespace zoo
