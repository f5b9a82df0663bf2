#include "src/orders_client.hpp"

#include "marketplug/model/time.hpp"
#include "src/answers.hpp"
#include "src/json.hpp"
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

/// Empty: all is well; otherwise what is wrong with the frame of the page.
std::string read_frame(const json::value& root, SearchPage& page) {
  if (const json::value* pagination = member(root, "pagination")) {
    if (!pagination->is_object()) return "its pagination is no object";
    if (const json::value* token = member(*pagination, "nextToken")) {
      if (!token->is_string()) return "its nextToken is no text";
      page.next_token = token->get_string();
      if (page.next_token.size() > kLongestPageToken) return "its nextToken is too long";
    }
  }
  page.updated_before = parse_time(text_member(root, "lastUpdatedBefore"));
  return {};
}

/// The frame is read strictly, what was cut out of it is not looked at.
std::string read_page(SearchPage& page) {
  auto cut = cut_member(*page.body, "orders");
  std::string error;
  if (!cut) {
    return JsonDocument::parse(*page.body, error) ? "there is no list of orders in it" : error;
  }
  const auto frame = JsonDocument::parse(cut->frame, error);
  if (!frame) return error;
  if (!cut->value.starts_with('[')) return "there is no list of orders in it";
  page.orders = std::move(cut->elements);
  return read_frame(frame->root(), page);
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
  HttpResponse& response = answer.value();
  SearchPage page;
  page.server_time = parse_http_date(response.header("date"));
  page.body = std::make_unique<const std::string>(std::move(response.body));
  const std::string error = read_page(page);
  if (!error.empty()) return unreadable(kSearchOrders.name, response, error);
  return page;
}

Result<OrderTexts> OrdersClient::get(std::string_view order_id,
                                     const std::vector<std::string_view>& included,
                                     QuotaPriority priority, StepContext& ctx) {
  std::string path(kOrdersPath);
  path.append("/").append(percent_encode(order_id));
  std::string text;
  add_list(text, "includedData", included);
  auto answer = api_.get(kGetOrder, path, text, priority, ctx);
  OrderTexts out;
  if (!answer) {
    if (answer.failure().code == kCodeNotFound) return out;
    return answer.failure();
  }
  HttpResponse& response = answer.value();
  out.server_time = parse_http_date(response.header("date"));
  out.body = std::make_unique<const std::string>(std::move(response.body));
  const auto cut = cut_member(*out.body, "order");
  std::string error;
  if (!cut || !JsonDocument::parse(cut->frame, error)) {
    if (error.empty()) JsonDocument::parse(*out.body, error);
    return unreadable(kGetOrder.name, response, error);
  }
  if (cut->value.empty() || cut->value == "null") {
    return unreadable(kGetOrder.name, response, "there is no order in it");
  }
  out.orders.push_back(cut->value);
  return out;
}

}  // namespace marketplug::amazon
