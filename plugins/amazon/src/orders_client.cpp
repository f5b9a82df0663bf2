#include "src/orders_client.hpp"

#include "marketplug/model/time.hpp"
#include "src/answers.hpp"
#include "src/json_split.hpp"
#include "src/text.hpp"

namespace marketplug::amazon {
namespace json = boost::json;
namespace {

constexpr std::string_view kOrdersPath = "/orders/2026-01-01/orders";
constexpr std::size_t kLongestPageToken = 8192;

/// Arrays are comma-separated (Swagger's default, csv); the commas stay as they are.
void add_list(std::string& query, std::string_view name,
              const std::vector<std::string_view>& values) {
  if (values.empty()) return;
  if (!query.empty()) query += '&';
  query.append(name).append("=");
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i != 0) query += ',';
    query.append(percent_encode(values[i]));
  }
}

/// The text of a JSON string literal, where it is one without escapes.
std::string plain_string(std::string_view literal) {
  if (literal.size() < 2 || literal.front() != '"' || literal.back() != '"') return {};
  const std::string_view inside = literal.substr(1, literal.size() - 2);
  return inside.find('\\') == std::string_view::npos && is_utf8(inside) ? std::string(inside)
                                                                        : std::string();
}

/// Parses one order's text by itself and sorts it to the good or the broken ones.
void sort_in(std::string_view text, OrderDocuments& out) {
  std::string error;
  if (auto document = JsonDocument::parse(text, error)) {
    out.orders.push_back(&document->root());
    out.documents.push_back(std::move(*document));
    return;
  }
  out.broken.push_back(
      {shown(plain_string(split_member(text, "orderId")), 64), error, to_utf8(text)});
}

/// False where the page's frame itself is damaged.
bool salvage_page(std::string_view body, SearchPage& page) {
  const auto orders = split_array(split_member(body, "orders"));
  if (!orders) return false;
  const std::string_view pagination = split_member(body, "pagination");
  const std::string_view token = split_member(pagination, "nextToken");
  if (!token.empty() && token != "null" && token != "\"\"") {
    page.next_token = plain_string(token);
    if (page.next_token.empty()) return false;
  } else if (!pagination.empty() && pagination != "null" && pagination.front() != '{') {
    return false;
  }
  page.updated_before = parse_time(plain_string(split_member(body, "lastUpdatedBefore")));
  for (const std::string_view order : *orders) sort_in(order, page);
  return true;
}

/// Empty: all is well; otherwise what is wrong with the frame of the page.
std::string read_page(JsonDocument document, SearchPage& page) {
  const json::value& root = document.root();
  const json::array* orders = array_member(root, "orders");
  if (orders == nullptr) return "there is no list of orders in it";
  if (const json::value* pagination = member(root, "pagination")) {
    if (!pagination->is_object()) return "its pagination is no object";
    if (const json::value* token = member(*pagination, "nextToken")) {
      if (!token->is_string()) return "its nextToken is no text";
      page.next_token = token->get_string();
    }
  }
  page.updated_before = parse_time(text_member(root, "lastUpdatedBefore"));
  page.orders.reserve(orders->size());
  for (const json::value& order : *orders) page.orders.push_back(&order);
  page.documents.push_back(std::move(document));
  return {};
}

}  // namespace

std::vector<std::string_view> included_data(bool personal_data) {
  std::vector<std::string_view> sets;
  if (personal_data) sets = {"BUYER", "RECIPIENT", "TAX"};
  sets.insert(sets.end(), {"PROCEEDS", "EXPENSE", "PROMOTION", "CANCELLATION", "FULFILLMENT",
                           "PACKAGES", "PAYMENT", "FULFILLMENT_ORDERS"});
  return sets;
}

Result<SearchPage> OrdersClient::search(const SearchQuery& query, QuotaPriority priority,
                                        StepContext& ctx) {
  std::string text = "lastUpdatedAfter=" + percent_encode(format_time(query.updated_after));
  add_list(text, "marketplaceIds", query.marketplace_ids);
  add_list(text, "fulfillmentStatuses", query.statuses);
  add_list(text, "fulfilledBy", query.fulfilled_by);
  text += "&maxResultsPerPage=" + std::to_string(query.page_size);
  add_list(text, "includedData", query.included_data);
  if (!query.token.empty()) text += "&paginationToken=" + percent_encode(query.token);

  auto answer = api_.get(kSearchOrders, kOrdersPath, text, priority, ctx);
  if (!answer) return answer.failure();
  const HttpResponse& response = answer.value();
  SearchPage page;
  page.server_time = parse_http_date(response.header("date"));
  std::string error;
  if (auto document = JsonDocument::parse(response.body, error)) {
    error = read_page(std::move(*document), page);
    if (!error.empty()) return unreadable(kSearchOrders.name, response, error);
  } else if (!salvage_page(response.body, page)) {
    return unreadable(kSearchOrders.name, response, error);
  }
  if (page.next_token.size() > kLongestPageToken) {
    return unreadable(kSearchOrders.name, response, "its nextToken is too long");
  }
  return page;
}

Result<OrderDocuments> OrdersClient::get(std::string_view order_id,
                                         const std::vector<std::string_view>& included,
                                         QuotaPriority priority, StepContext& ctx) {
  std::string path(kOrdersPath);
  path.append("/").append(percent_encode(order_id));
  std::string text;
  add_list(text, "includedData", included);
  auto answer = api_.get(kGetOrder, path, text, priority, ctx);
  OrderDocuments out;
  if (!answer) {
    if (answer.failure().code == kCodeNotFound) return out;
    return answer.failure();
  }
  const HttpResponse& response = answer.value();
  out.server_time = parse_http_date(response.header("date"));
  std::string error;
  if (auto document = JsonDocument::parse(response.body, error)) {
    const json::value* order = member(document->root(), "order");
    if (order == nullptr) return unreadable(kGetOrder.name, response, "there is no order in it");
    out.orders.push_back(order);
    out.documents.push_back(std::move(*document));
    return out;
  }
  const std::string_view order = split_member(response.body, "order");
  if (order.empty()) return unreadable(kGetOrder.name, response, error);
  sort_in(order, out);
  return out;
}

}  // namespace marketplug::amazon
