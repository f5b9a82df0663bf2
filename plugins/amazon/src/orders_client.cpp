#include "src/orders_client.hpp"

#include <algorithm>

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
constexpr std::string_view kBlank = " \t\r\n";

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

/// The error of the frame with its place in the whole body: what was cut out becomes blanks.
std::string error_in_place(std::string text, std::string_view cut, const std::string& body) {
  const auto begin = static_cast<std::size_t>(cut.data() - body.data());
  std::fill_n(text.begin() + static_cast<std::ptrdiff_t>(begin), cut.size(), ' ');
  if (!cut.empty()) text[begin] = '0';
  std::string error;
  JsonDocument::parse(text, error);
  return error;
}

/// The frame is read strictly, what was cut out of it is not looked at.
std::string read_page(SearchPage& page) {
  auto cut = cut_member(*page.body, "orders");
  std::string error;
  if (!cut) {
    return JsonDocument::parse(*page.body, error) ? "there is no list of orders in it" : error;
  }
  const auto frame = JsonDocument::parse(cut->frame, error);
  if (!frame) return error_in_place(*page.body, cut->value, *page.body);
  if (!cut->value.starts_with('[')) return "there is no list of orders in it";
  page.orders = std::move(cut->elements);
  return read_frame(frame->root(), page);
}

/// A page of one order that is no JSON: what stands before the last "],"pagination" (or
/// "],"lastUpdatedBefore", on the last page) is the order. False where the end is damaged too.
bool salvage(SearchPage& page) {
  const std::string_view body = *page.body;
  const std::size_t list = body.find('[');
  if (list == std::string_view::npos || body.substr(0, list).find("\"orders\"") > list)
    return false;
  for (const std::string_view name : {"\"pagination\"", "\"lastUpdatedBefore\""}) {
    const std::size_t key = body.rfind(name);
    if (key == std::string_view::npos || key < list) continue;
    const std::size_t comma = body.find_last_not_of(kBlank, key - 1);
    if (comma == std::string_view::npos || comma <= list || body[comma] != ',') continue;
    const std::size_t close = body.find_last_not_of(kBlank, comma - 1);
    if (close <= list || body[close] != ']') continue;
    std::string error;
    const auto end = JsonDocument::parse("{" + std::string(body.substr(key)), error);
    if (!end || !read_frame(end->root(), page).empty()) continue;
    page.orders = {body.substr(list + 1, close - list - 1)};
    return true;
  }
  return false;
}

}  // namespace

std::vector<std::string_view> included_data(BuyersData buyers_data) {
  const bool all = buyers_data == BuyersData::kAll;
  std::vector<std::string_view> sets;
  if (all || buyers_data == BuyersData::kBuyer) sets.emplace_back("BUYER");
  if (all || buyers_data == BuyersData::kAddress) sets.emplace_back("RECIPIENT");
  if (all || buyers_data == BuyersData::kBuyer) sets.emplace_back("TAX");
  sets.insert(sets.end(), {"PROCEEDS", "EXPENSE", "PROMOTION", "CANCELLATION", "FULFILLMENT",
                           "PACKAGES", "PAYMENT", "FULFILLMENT_ORDERS"});
  return sets;
}

Result<SearchPage> OrdersClient::search(const SearchQuery& query, QuotaPriority priority,
                                        StepContext& ctx) {
  std::string text = "lastUpdatedAfter=" + percent_encode(format_time(query.updated_after));
  if (query.updated_before) {
    text += "&lastUpdatedBefore=" + percent_encode(format_time(*query.updated_before));
  }
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
  if (error.empty()) return page;
  if (query.page_size <= kSalvagedPage && salvage(page)) return page;
  return unreadable(kSearchOrders.name, response, error);
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
    if (cut) error = error_in_place(*out.body, cut->value, *out.body);
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
