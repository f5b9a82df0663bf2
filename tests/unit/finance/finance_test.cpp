#include "host/finance/finance.hpp"

#include <gmock/gmock.h>

namespace marketplug::finance {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Money eur(const char* amount) { return parse_money(amount, "EUR").value(); }

Charge charge(const char* type, const char* amount, const char* of = "") {
  return {type, of, "", eur(amount)};
}

OrderLine line(const char* total, std::vector<Charge> charges) {
  OrderLine made;
  made.id = "L";
  made.quantity = 1;
  made.total = eur(total);
  made.charges = std::move(charges);
  return made;
}

Order order_of(std::vector<OrderLine> lines) {
  Order order;
  order.state = OrderState::kOpen;
  order.marketplace = "NL";
  order.lines = std::move(lines);
  return order;
}

auto flagged(const char* code, const char* pointer) {
  return AllOf(Field(&Flag::code, code), Field(&Flag::pointer, pointer));
}

// ---- reconcile

struct Sums {
  const char* name;
  std::vector<OrderLine> lines;
  std::vector<Charge> charges;
  const char* total;
};

class AddUp : public ::testing::TestWithParam<Sums> {};

TEST_P(AddUp, AndAreNotFlagged) {
  Order order = order_of(GetParam().lines);
  order.charges = GetParam().charges;
  order.total = eur(GetParam().total);
  EXPECT_THAT(reconcile(order), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Finance, AddUp,
    ::testing::Values(
        Sums{"TaxOnTop",
             {line("121.00", {charge("item", "100.00"), charge("tax", "21.00")})},
             {},
             "121.00"},
        Sums{"TaxWithin",
             {line("121.00", {charge("item", "121.00"), charge("tax", "21.00")})},
             {},
             "121.00"},
        Sums{"NegativeDiscount",
             {line("90", {charge("item", "100.00"), charge("discount", "-10.00")})},
             {},
             "90.00"},
        Sums{"PositiveDiscount",
             {line("90", {charge("item", "100.00"), charge("discount", "10.00")})},
             {},
             "90.00"},
        Sums{"PositiveDiscountAndTaxWithin",
             {line("90", {charge("item", "100.00"), charge("discount", "10.00"),
                          charge("tax", "15.62")})},
             {},
             "90.00"},
        Sums{"EverythingThereIs",
             {line("38.35", {charge("item", "20.00"), charge("shipping", "5.00"),
                             charge("gift_wrap", "2.50"), charge("cod_fee", "3.00"),
                             charge("other", "1.00"), charge("tax", "6.85"),
                             charge("tax", "5.25", "item"), charge("tax", "1.60", "shipping")})},
             {charge("item", "20.00"), charge("tax", "6.85")},
             "38.35"},
        Sums{"TaxOfDiscountsTakenOff",
             {line("12", {charge("item", "10.00"), charge("tax", "2.00"),
                          charge("tax", "2.50", "item"), charge("tax", "0.50", "discount")})},
             {},
             "12.00"},
        Sums{"TipOfTheOrder",
             {line("10", {charge("item", "10.00")})},
             {charge("delivery_tip", "5.00")},
             "15.00"},
        Sums{"TipThatIsNotInTheTotalYet",
             {line("10", {charge("item", "10.00")})},
             {charge("delivery_tip", "5.00")},
             "10"},
        Sums{"FreeReplacement", {line("0.00", {})}, {}, "0.00"},
        Sums{"NoParts", {line("7", {})}, {}, "7.00"}),
    [](const auto& sums) { return std::string(sums.param.name); });

TEST(Reconcile, ALineIsFlaggedWithBothSums) {
  const auto flags = reconcile(order_of({line("5", {}), line("12.40", {charge("item", "12.30")})}));
  ASSERT_THAT(flags, ElementsAre(flagged("unreconciled", "/lines/1/total")));
  EXPECT_EQ(flags[0].message, "The amounts of the line add up to 12.30 EUR, stated are 12.40 EUR.");
}

TEST(Reconcile, AnOrderIsFlaggedWithBothSums) {
  Order order = order_of({line("10.00", {charge("item", "10.00")}), line("1.00", {})});
  order.total = eur("12.00");
  const auto flags = reconcile(order);
  ASSERT_THAT(flags, ElementsAre(flagged("unreconciled", "/total")));
  EXPECT_THAT(flags[0].message, AllOf(HasSubstr("11.00 EUR"), HasSubstr("12.00 EUR")));
}

TEST(Reconcile, TheOrdersOwnSumsOfItsLinesAreChecked) {
  Order order = order_of({line("10", {charge("item", "10.00")})});
  order.charges = {charge("item", "10"), charge("shipping", "1.00"), charge("gift_wrap", "0.00")};
  const auto flags = reconcile(order);
  ASSERT_THAT(flags, ElementsAre(flagged("unreconciled", "/charges/1")));
  EXPECT_THAT(flags[0].message, HasSubstr("add up to 0 EUR, stated are 1.00 EUR"));
}

TEST(Reconcile, PartsOfAChargeAreChecked) {
  const auto flags = reconcile(order_of(
      {line("12", {charge("item", "10"), charge("tax", "2"), charge("tax", "1.99", "item")})}));
  EXPECT_THAT(flags, ElementsAre(flagged("unreconciled", "/lines/0/charges/1")));
}

TEST(Reconcile, SeveralCurrenciesHaveNoSum) {
  OrderLine mixed = line("12", {charge("item", "10")});
  mixed.charges.push_back({"shipping", "", "", parse_money("2", "SEK").value()});
  EXPECT_THAT(reconcile(order_of({mixed})),
              ElementsAre(flagged("mixed_currencies", "/lines/0/total")));
}

TEST(Reconcile, WhatOverflowsIsFlaggedAndNeverWrapped) {
  OrderLine huge = line("1", {charge("item", "9223372036854775807"), charge("shipping", "1")});
  EXPECT_THAT(reconcile(order_of({huge})),
              ElementsAre(flagged("mixed_currencies", "/lines/0/total")));
}

TEST(Reconcile, ALineWithoutAnAmountLeavesTheTotalUnjudged) {
  Order order = order_of({line("10", {}), line("1", {})});
  order.lines[1].total.reset();
  order.total = eur("25");
  EXPECT_THAT(reconcile(order), IsEmpty());
  order.lines[1].cancelled.emplace();
  EXPECT_THAT(reconcile(order), SizeIs(1)) << "a cancelled line has lost its amount";
}

TEST(Reconcile, PendingAndCancelledOrdersAreNotJudged) {
  Order order = order_of({line("12.40", {charge("item", "12.30")})});
  for (const auto state : {OrderState::kPending, OrderState::kCancelled}) {
    order.state = state;
    EXPECT_THAT(reconcile(order), IsEmpty());
  }
}

// ---- currency

TEST(OtherCurrency, IsFlaggedOnceWhereItShowsFirst) {
  Rules rules;
  rules.currency = "EUR";
  Order order = order_of({line("5", {})});
  EXPECT_THAT(other_currency(order, rules), IsEmpty());
  order.lines[0].charges.push_back({"item", "", "", parse_money("5", "SEK").value()});
  order.lines[0].charges.push_back({"tax", "", "", parse_money("1", "SEK").value()});
  const auto flags = other_currency(order, rules);
  ASSERT_THAT(flags, ElementsAre(flagged("other_currency", "/lines/0/charges/0/amount")));
  EXPECT_EQ(flags[0].message, "Amounts are in SEK, the shop's currency is EUR.");
  rules.currency.clear();
  EXPECT_THAT(other_currency(order, rules), IsEmpty());
}

// ---- VAT

Rules dutch_and_german() {
  return rules_of(R"({"currency":"EUR","vat_rates":{"NL":{"standard":21,"reduced":9},
      "DE":{"standard":19,"reduced":7},"FR":{"standard":20,"low":5.5},"JP":{"standard":10},
      "GB":{"standard":20}}})");
}

struct Taxed {
  const char* name;
  const char *total, *tax;
  const char* country;
  const char* tariff;
  const char* rate = "";
};

class VatOfALine : public ::testing::TestWithParam<Taxed> {};

TEST_P(VatOfALine, IsTheTariffThatFits) {
  const auto& param = GetParam();
  Order order =
      order_of({line(param.total, {charge("item", param.total), charge("tax", param.tax)})});
  order.delivery_country = param.country;
  const auto vat = vat_of(order, dutch_and_german());
  ASSERT_TRUE(vat.at(0));
  EXPECT_EQ(vat[0]->tariff, param.tariff);
  EXPECT_EQ(vat[0]->rate, param.rate);
  EXPECT_EQ(vat_flags(order, vat).size(), vat[0]->tariff == "unmatched" ? 1u : 0u);
}

INSTANTIATE_TEST_SUITE_P(
    Finance, VatOfALine,
    ::testing::Values(
        Taxed{"Standard", "121.00", "21.00", "NL", "standard", "21"},
        Taxed{"Reduced", "109.00", "9.00", "NL", "reduced", "9"},
        Taxed{"OneCentMore", "121.00", "21.01", "NL", "standard", "21"},
        Taxed{"OneCentLess", "121.00", "20.99", "NL", "standard", "21"},
        Taxed{"TwoCentsMore", "121.00", "21.02", "NL", "unmatched"},
        Taxed{"TheCountryDecides", "119.00", "19.00", "DE", "standard", "19"},
        Taxed{"OfAnotherCountry", "121.00", "21.00", "DE", "unmatched"},
        Taxed{"TheMarketplacesCountryWithoutADelivery", "121.00", "21.00", "", "standard", "21"},
        Taxed{"TheMarketplacesWhereTheDeliverysHasNone", "121.00", "21.00", "BE", "standard", "21"},
        Taxed{"ADecimalRate", "105.50", "5.50", "FR", "low", "5.5"},
        Taxed{"GreatBritainIsTheUk", "120.00", "20.00", "UK", "standard", "20"},
        Taxed{"TheNearestOfACent", "0.05", "0.01", "NL", "standard", "21"},
        Taxed{"NoTax", "100.00", "0.00", "NL", "unmatched"}),
    [](const auto& taxed) { return std::string(taxed.param.name); });

TEST(Vat, TaxOnTopOfANetTotalFitsToo) {
  // The total neither has the tax in its prices nor adds it: what it says is the net amount.
  Order order = order_of({line("100.00", {charge("item", "100.00"), charge("tax", "21.00")})});
  EXPECT_EQ(vat_of(order, dutch_and_german()).at(0)->tariff, "standard");
  order.lines[0].total = eur("121.00");
  EXPECT_EQ(vat_of(order, dutch_and_german()).at(0)->tariff, "standard");
}

TEST(Vat, YenHaveNoDecimals) {
  Order order = order_of({OrderLine()});
  order.marketplace = "JP";
  order.lines[0].total = parse_money("1099", "JPY");
  order.lines[0].charges = {{"item", "", "", parse_money("1000", "JPY").value()},
                            {"tax", "", "", parse_money("99", "JPY").value()}};
  EXPECT_EQ(vat_of(order, dutch_and_german()).at(0)->tariff, "standard") << "within one yen";
  order.lines[0].total = parse_money("1098", "JPY");
  order.lines[0].charges[1].amount = parse_money("98", "JPY").value();
  EXPECT_EQ(vat_of(order, dutch_and_german()).at(0)->tariff, "unmatched");
  EXPECT_EQ(minor_digits("JPY"), 0);
  EXPECT_EQ(minor_digits("EUR"), 2);
  EXPECT_EQ(minor_digits("KWD"), 3);
}

TEST(Vat, WhatTheMarketplaceCollectsIsItsAffairWithTheSchemeNamed) {
  Order order = order_of({line("100.00", {charge("tax", "21.00")})});
  order.lines[0].tax_scheme = "IOSS";
  EXPECT_EQ(vat_of(order, dutch_and_german()).at(0), (Vat{"marketplace", "", "IOSS"}));
  EXPECT_EQ(vat_of(order, {}).at(0), (Vat{"marketplace", "", "IOSS"})) << "without rates as well";
}

TEST(Vat, NothingIsSaidWhereThereIsNothingToTax) {
  Order order = order_of({line("0.00", {}), line("5", {})});
  order.lines[1].total.reset();
  EXPECT_THAT(vat_of(order, dutch_and_german()), ElementsAre(std::nullopt, std::nullopt));
  order = order_of({line("5", {})});
  EXPECT_THAT(vat_of(order, {}), ElementsAre(std::nullopt)) << "the shop has no rates";
  for (const auto state : {OrderState::kPending, OrderState::kCancelled}) {
    order.state = state;
    EXPECT_THAT(vat_of(order, dutch_and_german()), ElementsAre(std::nullopt));
  }
}

TEST(Vat, TheFlagNamesCountryTaxAndAmount) {
  Order order = order_of({line("121.00", {charge("item", "100.00"), charge("tax", "17.00")})});
  order.delivery_country = "DE";
  const auto flags = vat_flags(order, vat_of(order, dutch_and_german()));
  ASSERT_THAT(flags, ElementsAre(flagged("vat_unmatched", "/lines/0")));
  EXPECT_EQ(flags[0].message,
            "No tariff in the shop's vat_rates for DE fits a tax of 17.00 EUR in 121.00 EUR.");
}

// ---- payments

TEST(Payments, APaidOrderCarriesOnePaymentOfTheShopsType) {
  Order order = order_of({line("5", {})});
  order.total = eur("5.00");
  const auto rules =
      rules_of(R"({"payment_types":{"default":"amazon-pay","CashOnDelivery":"cod"}})");
  const auto booked = payments_of(order, rules);
  ASSERT_EQ(booked.size(), 1u);
  EXPECT_EQ(booked[0].type, "amazon-pay");
  EXPECT_EQ(booked[0].payment.amount, eur("5.00"));
  order.payments.push_back({"CashOnDelivery", "cash_on_delivery", std::nullopt, ""});
  ASSERT_EQ(payments_of(order, rules).size(), 1u);
  EXPECT_EQ(payments_of(order, rules)[0].type, "cod");
  EXPECT_EQ(payments_of(order, rules)[0].payment.amount, eur("5.00"));
  EXPECT_EQ(payments_of(order, {})[0].type, "");
}

TEST(Payments, OfSeveralEachKeepsItsAmount) {
  Order order = order_of({});
  order.total = eur("5.00");
  order.payments = {{"CreditCard", "", eur("3.00"), ""}, {"Points", "", std::nullopt, ""}};
  const auto booked = payments_of(order, {});
  ASSERT_EQ(booked.size(), 2u);
  EXPECT_EQ(booked[0].payment.amount, eur("3.00"));
  EXPECT_EQ(booked[1].payment.amount, std::nullopt) << "nobody knows which share";
}

TEST(Payments, PendingAndCancelledOrdersAreNotPaid) {
  Order order = order_of({});
  order.total = eur("5.00");
  order.state = OrderState::kCancelled;
  EXPECT_THAT(payments_of(order, {}), IsEmpty());
  order.state = OrderState::kPending;
  order.payments = {{"CreditCard", "", eur("5.00"), ""}};
  EXPECT_THAT(payments_of(order, {}), IsEmpty());
}

// ---- settings

TEST(FinanceRules, AreReadFromTheShopsDocument) {
  const auto rules = dutch_and_german();
  EXPECT_EQ(rules.currency, "EUR");
  EXPECT_EQ(rules.rates.at("FR").at(1).name, "low");
  EXPECT_EQ(rules.rates.at("FR").at(1).thousandths, 5500);
  EXPECT_TRUE(rules_of("").rates.empty());
  EXPECT_TRUE(rules_of("[]").payment_types.empty());
}

}  // namespace
}  // namespace marketplug::finance
