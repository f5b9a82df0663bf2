#include "src/account_check.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include "src/answers.hpp"
#include "src/json.hpp"
#include "src/order_mapping.hpp"

namespace marketplug::amazon {
namespace {

using std::chrono::hours;

constexpr std::string_view kAuthorization = "/account/authorization";
constexpr std::string_view kOrderRole = "Inventory and Order Tracking";
constexpr std::string_view kAddressRole = "Direct-to-Consumer Delivery (Restricted)";
constexpr std::string_view kTaxRole = "Tax Invoicing (Restricted)";
constexpr std::string_view kSellerRole = "Selling Partner Insights";
constexpr std::string_view kRolesPage =
    "https://developer-docs.amazon.com/sp-api/docs/roles-in-the-selling-partner-api";
constexpr int kSecretDays = 180;
constexpr int kWarnDays = 30;
constexpr std::chrono::minutes kClockOff{2};

struct PersonalSet {
  std::string_view data_set;
  std::string_view role;
  std::string_view what;
};
constexpr std::array<PersonalSet, 3> kPersonalSets = {
    {{"RECIPIENT", kAddressRole, "names and addresses of recipients"},
     {"BUYER", kTaxRole, "buyers' names and e-mail"},
     {"TAX", kTaxRole, "tax registrations"}}};

bool is_refusal(const Failure& failure) {
  return failure.code == kCodeAccessDenied || failure.code == kCodeBadRequest;
}

/// Amazon took the request for one without authorization: no role would help.
bool is_authorization(const Failure& failure) { return failure.kind == Failure::Kind::kAuth; }

std::string pointer_of(std::size_t marketplace) {
  return "/account/marketplaces/" + std::to_string(marketplace);
}

/// The setting that a failed request for a token points to.
std::string token_pointer(const Failure& failure) {
  const auto under = [](std::string_view name) {
    return std::string(kAuthorization).append("/").append(name);
  };
  if (failure.kind == Failure::Kind::kAuth) return under("refresh_token");
  if (failure.code == "invalid_client") return under("lwa_client_secret");
  if (failure.code == "unauthorized_client") return under("lwa_client_id");
  return std::string(kAuthorization);
}

}  // namespace

AccountCheck::AccountCheck(const Settings& settings, const Services& services, LwaClient& lwa,
                           SellersClient& sellers, OrdersClient& orders)
    : settings_(settings), services_(services), lwa_(lwa), sellers_(sellers), orders_(orders) {}

std::vector<Finding> AccountCheck::run(StepContext& ctx) {
  findings_.clear();
  sold_in_.clear();
  for (std::size_t i = 0; i < settings_.marketplaces.size(); ++i) sold_in_.push_back(i);
  check_seller_id();
  check_secret_age();
  check_start_date();
  if (check_token(ctx)) {
    check_marketplaces(ctx);
    check_orders(ctx);
    check_clock();
  }
  return std::move(findings_);
}

Finding& AccountCheck::add(Severity severity, std::string pointer, std::string message,
                           std::string remedy) {
  Finding finding;
  finding.severity = severity;
  finding.pointer = std::move(pointer);
  finding.message = std::move(message);
  finding.remedy = std::move(remedy);
  findings_.push_back(std::move(finding));
  return findings_.back();
}

Finding& AccountCheck::add(const Failure& failure, std::string pointer,
                           std::string_view operation) {
  const bool waits = failure.kind == Failure::Kind::kThrottled;
  std::string remedy = failure.remedy;
  if (waits && failure.retry_at)
    remedy = "Check again after " + format_time(*failure.retry_at) + ".";
  Finding& finding = add(waits ? Severity::kWarning : Severity::kError, std::move(pointer),
                         failure.message, std::move(remedy));
  finding.scope.operation = operation;
  return finding;
}

void AccountCheck::check_seller_id() {
  const std::string& id = settings_.authorization.seller_id;
  const std::string pointer = std::string(kAuthorization) + "/seller_id";
  if (id.empty()) {
    add(Severity::kWarning, pointer, "The seller id is not known yet.",
        "Let the seller give consent, or enter the merchant token by hand.");
  } else if (!is_seller_id(id)) {
    add(Severity::kError, pointer,
        "This is no seller id: it starts with A, followed by 5 to 20 capitals and digits.",
        "Copy the merchant token from Seller Central: Settings, Account Info, Your Merchant "
        "Token.");
  } else {
    add(Severity::kNote, pointer,
        "The seller id looks right; no operation of Amazon tells whether it is this account's.",
        "Compare it with Seller Central: Settings, Account Info, Your Merchant Token.");
  }
}

void AccountCheck::check_secret_age() {
  const auto& issued = settings_.authorization.secret_issued;
  if (!issued) return;
  const auto age = std::chrono::floor<std::chrono::days>(services_.clock.now() - *issued).count();
  if (age < kSecretDays - kWarnDays) return;
  const bool over = age >= kSecretDays;
  add(over ? Severity::kError : Severity::kWarning,
      std::string(kAuthorization) + "/lwa_client_secret_issued",
      over ? "The client secret is more than 180 days old; Amazon does not accept it any more."
           : "The client secret ends in " + std::to_string(kSecretDays - age) +
                 " days; Amazon stops accepting it then.",
      "Make a new secret in the Solution Provider Portal, enter it, and keep the old one as "
      "lwa_client_secret_previous for a week.");
}

void AccountCheck::check_start_date() {
  const auto& start = settings_.orders.start_date;
  if (!start || *start >= kAmazonsOldest) return;
  add(Severity::kNote, "/orders/start_date",
      "Amazon has no orders from before 2016: the import begins at 2016-01-01.",
      "Set the day from which orders are really wanted; the fewer, the sooner they are here.");
}

void AccountCheck::check_clock() {
  const auto amazons = orders_.amazons_now();
  if (!amazons) return;
  const auto ahead = std::chrono::round<std::chrono::minutes>(services_.clock.now() - *amazons);
  if (std::chrono::abs(ahead) < kClockOff) return;
  add(Severity::kWarning, "",
      "The clock of this machine is " + std::to_string(std::chrono::abs(ahead).count()) +
          " minutes " + (ahead.count() > 0 ? "ahead of" : "behind") + " Amazon's.",
      "Set it, and keep it right with a time service (NTP): quotas, retention and the times in "
      "logs go by it.");
}

bool AccountCheck::check_token(StepContext& ctx) {
  lwa_.forget();
  const auto token = lwa_.access_token(ctx);
  if (!token) {
    add(token.failure(), token_pointer(token.failure()), "getAccessToken");
    return false;
  }
  add(Severity::kNote, std::string(kAuthorization), "Login with Amazon gives access tokens.", {});
  return true;
}

void AccountCheck::check_marketplaces(StepContext& ctx) {
  const auto found = sellers_.participations(ctx);
  if (!found) {
    const bool denied = is_refusal(found.failure()) && !is_authorization(found.failure());
    Finding& finding =
        add(found.failure(),
            is_authorization(found.failure()) ? token_pointer(found.failure()) : "/account",
            kGetMarketplaceParticipations.name);
    if (denied) {
      // Orders may work all the same: they need another role.
      finding.severity = Severity::kWarning;
      finding.scope.role = kSellerRole;
      finding.link = kRolesPage;
      finding.remedy = "Give the app the role " + std::string(kSellerRole) +
                       " and authorize it again; without it only this comparison is left out.";
    }
    return;
  }
  for (std::size_t i = 0; i < settings_.marketplaces.size(); ++i) {
    const Marketplace& wanted = *settings_.marketplaces[i];
    const std::string name = std::string(wanted.code) + " (" + std::string(wanted.name) + ")";
    const auto entry =
        std::find_if(found.value().begin(), found.value().end(),
                     [&](const Participation& one) { return one.marketplace_id == wanted.id; });
    if (entry == found.value().end() || !entry->participating) {
      add(Severity::kError, pointer_of(i), "The seller account does not sell in " + name + ".",
          "Take the marketplace out of the shop, or start selling there in Seller Central (" +
              std::string(wanted.seller_central) + ").")
          .scope.marketplace = wanted.code;
      std::erase(sold_in_, i);
    } else if (entry->suspended_listings) {
      add(Severity::kWarning, pointer_of(i),
          "The listings in " + name + " are inactive: no new orders will come from there.",
          "See Account Health in Seller Central.")
          .scope.marketplace = wanted.code;
    } else {
      add(Severity::kNote, pointer_of(i), "The account sells in " + name + ".", {})
          .scope.marketplace = wanted.code;
    }
  }
}

Result<SearchPage> AccountCheck::probe(const std::vector<std::string_view>& marketplaces,
                                       const std::vector<std::string_view>& included,
                                       StepContext& ctx) {
  SearchQuery query;
  query.updated_after = services_.clock.now() - hours(14 * 24);
  query.marketplace_ids = marketplaces;
  query.included_data = included;
  query.page_size = 1;
  // Orders that must have an address, where there are any.
  query.statuses = {"UNSHIPPED", "PARTIALLY_SHIPPED"};
  query.fulfilled_by = {"MERCHANT"};
  // With the import's own tokens: it alone needs this operation, and would have to keep some back.
  return orders_.search(query, QuotaPriority::kPresent, ctx);
}

void AccountCheck::check_orders(StepContext& ctx) {
  // What Amazon would refuse for a marketplace that is not the account's is said already.
  if (sold_in_.empty()) return;
  const auto page =
      probe(sold_ids(),
            included_data(settings_.orders.pii_access ? BuyersData::kAll : BuyersData::kNone), ctx);
  if (page) {
    const bool all = sold_in_.size() == settings_.marketplaces.size();
    add(Severity::kNote, "/orders",
        all ? "Orders of all marketplaces can be read."
            : "Orders of the other marketplaces can be read.",
        {})
        .scope.operation = kSearchOrders.name;
    if (settings_.orders.pii_access) check_personal_data(page.value());
  } else if (is_refusal(page.failure()) && !is_authorization(page.failure())) {
    narrow(page.failure(), ctx);
  } else {
    add_orders_failure(page.failure());
  }
}

void AccountCheck::add_orders_failure(const Failure& failure) {
  add(failure, is_authorization(failure) ? token_pointer(failure) : "/orders", kSearchOrders.name);
}

void AccountCheck::narrow(const Failure& refusal, StepContext& ctx) {
  if (!settings_.orders.pii_access) return check_marketplaces_one_by_one(refusal, ctx);
  const auto without = probe(sold_ids(), included_data(BuyersData::kNone), ctx);
  if (!without && is_refusal(without.failure()) && !is_authorization(without.failure())) {
    return check_marketplaces_one_by_one(without.failure(), ctx);
  }
  if (!without) return add_orders_failure(without.failure());
  add(Severity::kNote, "/orders", "Orders can be read as long as no personal data are asked for.",
      {})
      .scope.operation = kSearchOrders.name;
  for (const PersonalSet& set : kPersonalSets) {
    const auto one = probe(sold_ids(), {set.data_set}, ctx);
    if (one) continue;
    if (!is_refusal(one.failure()) || is_authorization(one.failure())) {
      add(one.failure(), "/orders/pii_access", kSearchOrders.name);
      continue;
    }
    Finding& finding = add(
        Severity::kError, "/orders/pii_access",
        "Amazon refuses " + std::string(set.what) + " (includedData " + std::string(set.data_set) +
            "): " + one.failure().message,
        "Give the app the role " + std::string(set.role) +
            " in the Solution Provider Portal and authorize it again, or switch pii_access off.");
    finding.scope.role = set.role;
    finding.scope.operation = kSearchOrders.name;
    finding.link = kRolesPage;
  }
}

void AccountCheck::check_marketplaces_one_by_one(const Failure& refusal, StepContext& ctx) {
  std::size_t refused = 0;
  const std::size_t before = findings_.size();
  for (std::size_t n = 0; sold_in_.size() > 1 && n < sold_in_.size(); ++n) {
    const std::size_t i = sold_in_[n];
    const Marketplace& marketplace = *settings_.marketplaces[i];
    const auto page = probe({marketplace.id}, included_data(BuyersData::kNone), ctx);
    if (page) continue;
    ++refused;
    Finding& finding = add(page.failure(), pointer_of(i), kSearchOrders.name);
    finding.scope.marketplace = marketplace.code;
    if (!is_refusal(page.failure()) || is_authorization(page.failure())) return;
    finding.remedy = "Take " + std::string(marketplace.code) +
                     " out of the shop for now, or see in Seller Central (" +
                     std::string(marketplace.seller_central) +
                     ") whether the account still sells there; if it does, ask Amazon's developer "
                     "support.";
  }
  if (refused != 0 && refused < sold_in_.size()) return;
  // All alike: it is the role or the region, not a marketplace.
  findings_.erase(findings_.begin() + static_cast<std::ptrdiff_t>(before), findings_.end());
  Finding& finding = add(refusal, "/orders", kSearchOrders.name);
  finding.scope.role = kOrderRole;
  finding.link = kRolesPage;
  finding.remedy = "Give the app the role " + std::string(kOrderRole) +
                   " and authorize it again; check also that region " +
                   std::string(to_string(settings_.region)) + " is the account's.";
}

std::vector<std::string_view> AccountCheck::sold_ids() const {
  std::vector<std::string_view> ids;
  for (const std::size_t i : sold_in_) ids.push_back(settings_.marketplaces[i]->id);
  return ids;
}

void AccountCheck::check_personal_data(const SearchPage& page) {
  std::optional<Order> order;
  JsonReader reader;
  if (!page.orders.empty()) order = map_order_text(page.orders[0], {}, reader).order;
  if (!order && !page.orders.empty()) {
    add(Severity::kWarning, "/orders/pii_access",
        "The open order that Amazon sent as an example cannot be read, so it cannot be told "
        "whether "
        "addresses come.",
        "Import the orders, then see `marketplug parked list` for the reason.");
    return;
  }
  if (!order) {
    add(Severity::kNote, "/orders/pii_access",
        "There is no open order to look at, so it cannot be told whether addresses come.",
        "Check again when there is an order to ship.");
    return;
  }
  if (order->personal_data == PersonalData::kPresent) {
    add(Severity::kNote, "/orders/pii_access", "Names and addresses of recipients come.", {});
    return;
  }
  Finding& finding =
      add(Severity::kWarning, "/orders/pii_access",
          "An order that waits to be shipped came without a recipient's name and address.",
          "Give the app the role " + std::string(kAddressRole) +
              " in the Solution Provider Portal and authorize it again, or switch pii_access off.");
  finding.scope.role = kAddressRole;
  finding.scope.operation = kSearchOrders.name;
  finding.link = kRolesPage;
}

}  // namespace marketplug::amazon
