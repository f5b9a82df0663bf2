// searchOrders and getOrder of the Orders API 2026-01-01.

#include <algorithm>

#include "marketplug/model/time.hpp"
#include "plugins/amazon/sandbox/errors.hpp"
#include "plugins/amazon/sandbox/json_writer.hpp"
#include "plugins/amazon/sandbox/order_page.hpp"
#include "plugins/amazon/sandbox/orders_query.hpp"
#include "plugins/amazon/sandbox/page_token.hpp"
#include "plugins/amazon/sandbox/world.hpp"

namespace amazon_sandbox {
namespace {

using std::chrono::hours;

constexpr hours kTokenLife{24};

View view_for(const Call& call, const Settings& settings, std::uint32_t sets) {
  View view;
  view.sets = sets;
  view.pending_details = settings.pending_details;
  view.delivery_role = call.seller.roles.contains(role::kDelivery);
  view.tax_role = call.seller.roles.contains(role::kTaxInvoicing) ||
                  call.seller.roles.contains(role::kTaxRemittance);
  view.archive_host = "https://" + host_of(call.request);
  view.now = call.now;
  return view;
}

/// The refusal where a set needs a role that is missing and the settings say so.
std::optional<Response> refuse_sets(const View& view, const Settings& settings) {
  const bool missing = ((view.sets & kRecipient) != 0 && !view.delivery_role) ||
                       ((view.sets & (kBuyer | kTax)) != 0 && !view.tax_role);
  if (!missing || settings.missing_role == MissingRole::kOmit) return std::nullopt;
  if (settings.missing_role == MissingRole::kForbidden) {
    return access_denied("The application has no role for a requested data set.");
  }
  return invalid_input("includedData: a value is not available to this application.");
}

bool sells_in(const SellerSpec& seller, const Marketplace* marketplace) {
  return std::find(seller.marketplaces.begin(), seller.marketplaces.end(), marketplace) !=
         seller.marketplaces.end();
}

std::uint32_t marketplace_bits(const std::vector<const Marketplace*>& marketplaces) {
  std::uint32_t bits = 0;
  for (const auto* marketplace : marketplaces) bits |= 1u << marketplace_index(*marketplace);
  return bits;
}

/// What a token is bound to besides itself: account, application, the parameters that must repeat.
std::uint64_t query_hash(const World& world, const Call& call, const SearchQuery& query) {
  return keyed_hash(call.caller.client_id + "\n" + call.seller.id + "\n" + query.bound, world.seed);
}

/// Where the page starts and the search ends. The problem is for the error's details.
std::optional<std::string> apply_page_token(const World& world, const Call& call,
                                            const SearchQuery& query, Search& search) {
  if (!query.page_token) return std::nullopt;
  const auto token = read_page_token(*query.page_token, world.seed);
  if (!token) return "Parameter paginationToken: the value is not a token of this operation";
  if (call.now >= token->expires) return "Parameter paginationToken: the token has expired";
  if (token->query != query_hash(world, call, query)) {
    return "Parameter paginationToken: the other parameters differ from those of the first page";
  }
  search.after = token->last;
  search.to = token->before;
  return std::nullopt;
}

PageRules rules_for(const World& world, const Call& call, const SearchQuery& query) {
  PageRules rules;
  rules.order = world.settings.page_order;
  rules.repeat_per_mille = world.settings.repeat_per_mille;
  rules.seed = world.seed;
  rules.repeat_first = call.repeat_order;
  // Empty and short pages in turn, so that the pages do end.
  if (call.short_page != 0) rules.cut = call.short_page % 2 == 1 ? 0 : (query.page_size + 1) / 2;
  return rules;
}

/// nullopt: this is the last page.
std::optional<std::string> next_token(const World& world, const Call& call,
                                      const SearchQuery& query, const Search& search,
                                      const OrderPage& page) {
  if (call.repeat_token && query.page_token) return query.page_token;
  PageToken token;
  if (call.same_page) {
    token.last = search.after.value_or(Position{});
    token.nonce = call.number;
  } else if (page.next) {
    token.last = *page.next;
    if (page.orders.empty()) token.nonce = call.number;
  } else if (!call.repeat_token) {
    return std::nullopt;
  }
  token.before = search.to;
  token.expires = call.now + kTokenLife;
  token.query = query_hash(world, call, query);
  return write_page_token(token, world.seed);
}

std::string render_page(const World& world, const Call& call, const SearchQuery& query,
                        const Search& search, const View& view, std::uint64_t& count) {
  const auto& store = *world.orders.find(call.seller.id)->second;
  const auto page = assemble_page(store, search, rules_for(world, call, query));
  std::string body;
  body.reserve(256 + page.orders.size() * 3500);
  JsonWriter json(body);
  json.open_object();
  json.key("orders");
  json.open_array();
  for (const auto& order : page.orders) store.render(order, view, body);
  json.close_array();
  if (const auto token = next_token(world, call, query, search, page)) {
    json.key("pagination");
    json.open_object();
    json.member("nextToken", *token);
    json.close_object();
  }
  json.member(query.by_created ? "createdBefore" : "lastUpdatedBefore",
              marketplug::format_time(search.to));
  json.close_object();
  count = page.orders.size();
  return body;
}

}  // namespace

Answer search_orders(const World& world, const Call& call) {
  auto parsed = parse_search(call.target.query, call.now);
  if (const auto* problem = std::get_if<QueryProblem>(&parsed)) {
    return {invalid_input(problem->details)};
  }
  const auto& query = std::get<SearchQuery>(parsed);
  for (const auto* marketplace : query.marketplaces) {
    if (!sells_in(call.seller, marketplace)) {
      return {access_denied("The account has no access to marketplace " +
                            std::string(marketplace->id) + " here.")};
    }
  }
  const std::shared_lock lock(world.mutex);
  const auto view = view_for(call, world.settings, query.sets);
  if (auto refusal = refuse_sets(view, world.settings)) return {std::move(*refusal)};
  Search search;
  search.by_created = query.by_created;
  search.from = query.after;
  search.to = query.before;
  search.marketplaces =
      marketplace_bits(query.marketplaces.empty() ? call.seller.marketplaces : query.marketplaces);
  search.statuses = query.statuses;
  search.fulfilled_by = query.fulfilled_by;
  search.limit = query.page_size;
  search.now = call.now;
  search.stale_reads = world.settings.stale_reads;
  if (const auto problem = apply_page_token(world, call, query, search)) {
    return {invalid_input(*problem)};
  }
  std::uint64_t count = 0;
  auto body = render_page(world, call, query, search, view, count);
  return {json_response(200, std::move(body)), count};
}

Answer get_order(const World& world, const Call& call) {
  const auto parsed = parse_get_order(call.target.query);
  if (const auto* problem = std::get_if<QueryProblem>(&parsed)) {
    return {invalid_input(problem->details)};
  }
  if (!order_number(call.argument, 0)) {
    return {invalid_input("Parameter orderId: the value is not an order id")};
  }
  const std::shared_lock lock(world.mutex);
  const auto view = view_for(call, world.settings, std::get<std::uint32_t>(parsed));
  if (auto refusal = refuse_sets(view, world.settings)) return {std::move(*refusal)};
  const auto& store = *world.orders.find(call.seller.id)->second;
  const auto index = store.find(call.argument);
  if (!index || store.expired(*index, call.now) ||
      !sells_in(call.seller, store.summary(*index).marketplace)) {
    return {not_found("The order " + call.argument + " was not found.")};
  }
  const auto version = world.settings.get_order_late ? store.visible(*index, call.now)
                                                     : std::optional(store.newest(*index));
  if (!version) return {not_found("The order " + call.argument + " was not found.")};
  std::string body = R"({"order":)";
  store.render(*version, view, body);
  body += '}';
  return {json_response(200, std::move(body)), 1};
}

}  // namespace amazon_sandbox
