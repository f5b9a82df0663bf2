#include "src/return_record.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "marketplug/model/time.hpp"
#include "src/attribute_text.hpp"
#include "src/sighting_rows.hpp"
#include "src/text.hpp"

namespace marketplug::amazon {
namespace {

/// What the neutral fields lack.
constexpr std::array<std::string_view, 16> kReturnAttributes = {"order_date",
                                                                "merchant_rma_id",
                                                                "a_to_z_claim",
                                                                "is_prime",
                                                                "label_type",
                                                                "label_cost",
                                                                "label_to_be_paid_by",
                                                                "return_type",
                                                                "order_amount",
                                                                "order_quantity",
                                                                "invoice_number",
                                                                "safet_action_reason",
                                                                "safet_claim_id",
                                                                "safet_claim_state",
                                                                "safet_claim_creation_time",
                                                                "safet_claim_reimbursement_amount"};
constexpr std::array<std::string_view, 2> kLineAttributes = {"in_policy", "category"};
constexpr std::array<std::string_view, 3> kFbaAttributes = {"fnsku", "fulfillment_center_id",
                                                            "license_plate_number"};
constexpr std::int64_t kMostUnits = 1'000'000;

std::string text_of(const ReturnTexts& texts, std::string_view name) {
  const auto found = texts.find(name);
  return found == texts.end() ? std::string() : found->second;
}

template <std::size_t Count>
void put_texts(ObjectText& out, const ReturnTexts& texts,
               const std::array<std::string_view, Count>& names) {
  for (const std::string_view name : names) out.text(name, text_of(texts, name));
}

std::string the_only_marketplace(const Settings& settings) {
  return settings.marketplaces.size() == 1 ? std::string(settings.marketplaces.front()->code)
                                           : std::string();
}

/// The currency that the report tells, else the one that all marketplaces of the shop have.
std::string currency_of(const ReturnRecord& record, const Settings& settings) {
  std::string currency = text_of(record.texts, "currency_code");
  if (!currency.empty()) return currency;
  for (const Marketplace* marketplace : settings.marketplaces) {
    if (!currency.empty() && currency != marketplace->currency) return {};
    currency = marketplace->currency;
  }
  return currency;
}

std::int64_t units_of(std::string_view text) {
  std::int64_t units = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), units);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && units >= 0 && units <= kMostUnits ? units : 0;
}

std::string day_of(std::string_view text) {
  const auto time = return_time(text);
  return time ? format_time(*time).substr(0, 10) : std::string(text);
}

/// Set aside with all that Amazon wrote, but for what the shop does not want to have.
void park(const ReturnRecord& record, const Settings& settings, std::string_view id,
          Page<BuyerReturn>& page) {
  const auto json_of = [&](const ReturnTexts& texts) {
    ObjectText out;
    for (const auto& [name, text] : texts) {
      if (name != "customer_comments" || settings.orders.pii_access) out.text(name, text);
    }
    return out.take();
  };
  ListText items;
  for (const ReturnTexts& item : record.items) items.json(json_of(item));
  ObjectText raw;
  raw.json("return", json_of(record.texts));
  raw.json("items", items.take());
  ParkedItem parked;
  parked.id = shown(id, 64);
  parked.code = "missing_field";
  parked.pointer = "/return/order_id";
  parked.message = "A return of Amazon's report names no order.";
  parked.remedy =
      "Look it up in Seller Central (Manage Returns); Amazon's next report may be whole.";
  parked.raw = raw.take();
  if (parked.raw.empty()) parked.raw = "{}";
  page.parked.push_back(std::move(parked));
}

/// Amazon has been seen to tell the one item of an order twice: what is more than was ordered goes.
void drop_repeated_items(std::vector<ReturnTexts>& items, std::string_view ordered) {
  const std::int64_t most = units_of(ordered);
  std::int64_t units = 0;
  for (const ReturnTexts& item : items) units += units_of(text_of(item, "return_quantity"));
  if (most == 0 || units <= most) return;
  std::vector<ReturnTexts> kept;
  for (ReturnTexts& item : items) {
    if (std::find(kept.begin(), kept.end(), item) == kept.end()) kept.push_back(std::move(item));
  }
  items = std::move(kept);
}

/// Rows of one return make one, with a line each.
void add_or_join(BuyerReturn made, Page<BuyerReturn>& page) {
  for (auto at = page.items.rbegin(); at != page.items.rend(); ++at) {
    if (at->id != made.id || at->order_id != made.order_id) continue;
    for (ReturnLine& line : made.lines) at->lines.push_back(std::move(line));
    return;
  }
  page.items.push_back(std::move(made));
}

ReturnLine merchant_line(const ReturnTexts& item, const std::string& currency) {
  ReturnLine line;
  line.line_id = text_of(item, "order_item_id");
  line.sku = text_of(item, "merchant_sku");
  line.product_id = text_of(item, "asin");
  line.title = text_of(item, "item_name");
  line.quantity = units_of(text_of(item, "return_quantity"));
  line.reason = text_of(item, "return_reason_code");
  line.resolution = text_of(item, "resolution");
  const std::string refund = text_of(item, "refund_amount");
  line.refund_amount = parse_money(refund, currency);
  ObjectText attributes;
  put_texts(attributes, item, kLineAttributes);
  // Written in a way of its own, or in a currency that nobody tells: kept, not guessed.
  if (!line.refund_amount) attributes.text("refund_amount", refund);
  line.attributes = attributes.take();
  return line;
}

}  // namespace

std::optional<TimePoint> return_time(std::string_view text) {
  static constexpr std::array<std::string_view, 12> kMonthNames = {
      "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
  if (const auto time = parse_time(text)) return time;
  if (text.size() == 10) return parse_time(std::string(text) + "T00:00:00Z");
  if (text.size() != 11 || text[2] != '-' || text[6] != '-') return std::nullopt;
  const std::string month = lower(text.substr(3, 3));
  for (std::size_t i = 0; i < kMonthNames.size(); ++i) {
    if (month != kMonthNames[i]) continue;
    std::string day(text.substr(7));
    day.append(i < 9 ? "-0" : "-").append(std::to_string(i + 1)).append("-");
    return parse_time(day.append(text.substr(0, 2)).append("T00:00:00Z"));
  }
  return std::nullopt;
}

ReturnState state_of_return_word(std::string_view word) {
  static constexpr std::array<std::pair<std::string_view, ReturnState>, 12> kWords = {
      {{"pending", ReturnState::kRequested},
       {"pendingapproval", ReturnState::kRequested},
       {"requested", ReturnState::kRequested},
       {"approved", ReturnState::kAuthorized},
       {"authorized", ReturnState::kAuthorized},
       {"received", ReturnState::kReceived},
       {"completed", ReturnState::kClosed},
       {"closed", ReturnState::kClosed},
       {"cancelled", ReturnState::kClosed},
       {"canceled", ReturnState::kClosed},
       {"denied", ReturnState::kRejected},
       {"rejected", ReturnState::kRejected}}};
  std::string letters = lower(word);
  std::erase_if(letters, [](char c) { return c == ' ' || c == '-' || c == '_'; });
  for (const auto& [known, state] : kWords) {
    if (letters == known) return state;
  }
  return ReturnState::kUnknown;
}

void add_merchant_return(const ReturnRecord& record, const Settings& settings,
                         Page<BuyerReturn>& page) {
  const ReturnTexts& texts = record.texts;
  BuyerReturn made;
  made.order_id = text_of(texts, "order_id");
  made.id = text_of(texts, "amazon_rma_id");
  if (made.id.empty()) made.id = text_of(texts, "merchant_rma_id");
  if (!looks_like_an_order_id(made.order_id)) return park(record, settings, made.id, page);
  const std::string requested = text_of(texts, "return_request_date");
  // By the day: the one report tells the time of day, the other does not.
  if (made.id.empty()) made.id = made.order_id + "/" + day_of(requested);
  made.marketplace = the_only_marketplace(settings);
  made.marketplace_status = text_of(texts, "return_request_status");
  made.state = state_of_return_word(made.marketplace_status);
  made.fulfilled_by = FulfilledBy::kMerchant;
  made.requested_at = return_time(requested);
  made.received_at = return_time(text_of(texts, "return_delivery_date"));
  const bool under_way = made.state == ReturnState::kUnknown ||
                         made.state == ReturnState::kRequested ||
                         made.state == ReturnState::kAuthorized;
  if (made.received_at && under_way) made.state = ReturnState::kReceived;
  made.carrier = text_of(texts, "return_carrier");
  made.tracking_number = text_of(texts, "tracking_id");
  const std::string currency = currency_of(record, settings);
  std::vector<ReturnTexts> items = record.items;
  drop_repeated_items(items, text_of(texts, "order_quantity"));
  for (const ReturnTexts& item : items) made.lines.push_back(merchant_line(item, currency));
  ObjectText attributes;
  put_texts(attributes, texts, kReturnAttributes);
  attributes.text("currency_code", text_of(texts, "currency_code"));
  made.attributes = attributes.take();
  add_or_join(std::move(made), page);
}

void add_fba_return(const ReturnRecord& record, const Settings& settings, Page<BuyerReturn>& page) {
  const ReturnTexts& texts = record.texts;
  BuyerReturn made;
  made.order_id = text_of(texts, "order_id");
  const std::string plate = text_of(texts, "license_plate_number");
  if (!looks_like_an_order_id(made.order_id)) return park(record, settings, plate, page);
  const std::string returned = text_of(texts, "return_date");
  ReturnLine line;
  line.sku = text_of(texts, "sku");
  // The same unit was seen with two dates: the date is no part of its id where it has a number.
  made.id = made.order_id + "/" + (plate.empty() ? line.sku + "/" + day_of(returned) : plate);
  made.marketplace = the_only_marketplace(settings);
  made.marketplace_status = text_of(texts, "status");
  made.state = ReturnState::kReceived;
  made.fulfilled_by = FulfilledBy::kMarketplace;
  made.received_at = return_time(returned);
  line.product_id = text_of(texts, "asin");
  line.title = text_of(texts, "product_name");
  line.quantity = units_of(text_of(texts, "quantity"));
  line.reason = text_of(texts, "reason");
  line.condition = text_of(texts, "detailed_disposition");
  if (settings.orders.pii_access) line.buyer_comment = text_of(texts, "customer_comments");
  ObjectText attributes;
  put_texts(attributes, texts, kFbaAttributes);
  line.attributes = attributes.take();
  made.lines.push_back(std::move(line));
  const auto same = std::find_if(page.items.begin(), page.items.end(), [&](const auto& other) {
    return !plate.empty() && other.id == made.id;
  });
  if (same != page.items.end()) {
    *same = std::move(made);
  } else {
    add_or_join(std::move(made), page);
  }
}

}  // namespace marketplug::amazon
