#include "plugins/amazon/sandbox/reports_query.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "marketplug/model/time.hpp"

namespace amazon_sandbox {
namespace {

constexpr std::size_t kMostMarketplaces = 25;  // of a report; a filter takes kMostFilters
constexpr std::size_t kMostFilters = 10;

/// Thrown inside this file only; the doors turn it into a QueryProblem.
struct RefusedReport {
  std::string details;
};

[[noreturn]] void refuse_field(std::string_view name, std::string_view problem) {
  throw RefusedReport{std::string(name) + ": " + std::string(problem)};
}

TimePoint moment(std::string_view name, std::string_view value) {
  const auto time = marketplug::parse_time(value);
  if (!time) refuse_field(name, "the value is not an ISO 8601 date-time");
  return *time;
}

const Marketplace* known_marketplace(std::string_view id) {
  const auto* marketplace = marketplace_by_id(id);
  if (marketplace == nullptr) {
    refuse_field("marketplaceIds", "\"" + std::string(id) + "\" is not a marketplace id");
  }
  return marketplace;
}

std::string text_member(const boost::json::object& body, std::string_view name) {
  const auto* value = body.if_contains(name);
  if (value == nullptr) refuse_field(name, "the member is missing");
  if (!value->is_string()) refuse_field(name, "the value is not a string");
  return std::string(value->get_string());
}

void check_members(const boost::json::object& body) {
  static constexpr std::string_view kMembers[] = {"reportType", "marketplaceIds", "dataStartTime",
                                                  "dataEndTime", "reportOptions"};
  for (const auto& [name, value] : body) {
    if (std::find(std::begin(kMembers), std::end(kMembers), std::string_view(name)) ==
        std::end(kMembers)) {
      refuse_field(name, "the request has no such member");
    }
  }
}

std::vector<const Marketplace*> report_marketplaces(const boost::json::object& body) {
  const auto* value = body.if_contains("marketplaceIds");
  if (value == nullptr) refuse_field("marketplaceIds", "the member is missing");
  const auto* list = value->if_array();
  if (list == nullptr) refuse_field("marketplaceIds", "the value is not an array");
  if (list->empty() || list->size() > kMostMarketplaces) {
    refuse_field("marketplaceIds", "the array must have 1 to 25 elements");
  }
  std::vector<const Marketplace*> marketplaces;
  for (const auto& element : *list) {
    if (!element.is_string()) refuse_field("marketplaceIds", "an element is not a string");
    const auto* marketplace = known_marketplace(element.get_string());
    if (std::find(marketplaces.begin(), marketplaces.end(), marketplace) == marketplaces.end()) {
      marketplaces.push_back(marketplace);
    }
  }
  return marketplaces;
}

/// ReportOptions is a map of strings; no type here makes use of one.
void check_options(const boost::json::object& body) {
  const auto* value = body.if_contains("reportOptions");
  if (value == nullptr) return;
  if (!value->is_object()) refuse_field("reportOptions", "the value is not an object");
  for (const auto& [name, option] : value->get_object()) {
    if (!option.is_string()) refuse_field("reportOptions", "an option's value is not a string");
  }
}

const ReportType* report_type(std::string_view name) {
  const auto* type = report_type_by_name(name);
  if (type == nullptr) {
    refuse_field("reportType", is_amazons_report_type(name)
                                   ? "the report type is not available here"
                                   : "the value is not a report type");
  }
  return type;
}

/// Both times are now unless given, which the model says, surprising as it is.
void read_span(const boost::json::object& body, TimePoint now, ReportRequest& request) {
  const auto time = [&](std::string_view name) {
    const auto value = body.contains(name) ? moment(name, text_member(body, name)) : now;
    if (value > now) refuse_field(name, "must be prior to or equal to the current date and time");
    return value;
  };
  request.from = time("dataStartTime");
  request.to = time("dataEndTime");
  if (request.from > request.to) refuse_field("dataStartTime", "must not be after dataEndTime");
  const auto longest = request.type->longest;
  if (longest && request.to - request.from > *longest) {
    refuse_field("dataStartTime", "a report of this type covers at most " +
                                      std::to_string(longest->count()) + " days");
  }
}

ReportRequest read_create_report(std::string_view text, TimePoint now) {
  boost::system::error_code error;
  const auto value = boost::json::parse({text.data(), text.size()}, error);
  if (error || !value.is_object()) throw RefusedReport{"The body is not a JSON object."};
  const auto& body = value.get_object();
  check_members(body);
  ReportRequest request;
  request.type = report_type(text_member(body, "reportType"));
  request.marketplaces = report_marketplaces(body);
  check_options(body);
  read_span(body, now, request);
  return request;
}

void check_parameters(const Parameters& parameters, const std::set<std::string_view>& known) {
  std::set<std::string_view> seen;
  for (const auto& [name, value] : parameters) {
    if (!known.contains(name)) refuse_field(name, "the operation has no such parameter");
    if (!seen.insert(name).second) {
      refuse_field(name, "given more than once; lists are comma-separated");
    }
    if (value.empty()) refuse_field(name, "the value is empty");
  }
}

std::vector<std::string_view> elements(std::string_view name, std::string_view value,
                                       std::size_t most) {
  std::vector<std::string_view> list;
  for (std::size_t at = 0; at <= value.size();) {
    const auto comma = std::min(value.find(',', at), value.size());
    list.push_back(value.substr(at, comma - at));
    if (list.back().empty()) refuse_field(name, "the list has an empty element");
    at = comma + 1;
  }
  if (list.size() > most) refuse_field(name, "more than " + std::to_string(most) + " values");
  return list;
}

void read_filter(std::string_view name, const std::string& value, ListRequest& request) {
  auto& filter = request.filter;
  if (name == "reportTypes") {
    for (const auto element : elements(name, value, kMostFilters)) {
      if (!is_amazons_report_type(element)) {
        refuse_field(name, "\"" + std::string(element) + "\" is not a report type");
      }
      if (const auto* type = report_type_by_name(element)) filter.types.push_back(type);
    }
  } else if (name == "processingStatuses") {
    filter.statuses = 0;
    for (const auto element : elements(name, value, value.size())) {
      const auto status = report_status_by_name(element);
      if (!status) {
        refuse_field(name, "\"" + std::string(element) + "\" is not one of the known values");
      }
      filter.statuses |= 1u << static_cast<unsigned>(*status);
    }
  } else if (name == "marketplaceIds") {
    filter.marketplaces = 0;
    for (const auto element : elements(name, value, kMostFilters)) {
      request.marketplaces.push_back(known_marketplace(element));
      filter.marketplaces |= 1u << marketplace_index(*request.marketplaces.back());
    }
  } else if (name == "pageSize") {
    const auto* end = value.data() + value.size();
    const auto read = std::from_chars(value.data(), end, filter.page_size);
    if (read.ec != std::errc{} || read.ptr != end)
      refuse_field(name, "the value is not an integer");
    if (filter.page_size < 1 || filter.page_size > 100) {
      refuse_field(name, "the value must be between 1 and 100");
    }
  } else if (name == "createdSince") {
    filter.since = moment(name, value);
  } else if (name == "createdUntil") {
    filter.until = moment(name, value);
  }
}

ListRequest read_get_reports(const Parameters& parameters, TimePoint now) {
  check_parameters(parameters, {"reportTypes", "processingStatuses", "marketplaceIds", "pageSize",
                                "createdSince", "createdUntil", "nextToken"});
  const auto given = [&](std::string_view name) {
    return std::find_if(parameters.begin(), parameters.end(),
                        [&](const auto& each) { return each.first == name; });
  };
  ListRequest request;
  if (const auto token = given("nextToken"); token != parameters.end()) {
    if (parameters.size() != 1) refuse_field("nextToken", "must be the only parameter");
    request.next_token = token->second;
    return request;
  }
  if (given("reportTypes") == parameters.end()) {
    throw RefusedReport{"Either reportTypes or nextToken is required."};
  }
  const auto oldest = now - ReportShelf::kRetention;
  request.filter.since = oldest;
  request.filter.until = now;
  for (const auto& [name, value] : parameters) read_filter(name, value, request);
  if (request.filter.since < oldest) {
    refuse_field("createdSince", "must not be more than 90 days ago");
  }
  if (request.filter.until < request.filter.since) {
    refuse_field("createdUntil", "must be equal to or after createdSince");
  }
  return request;
}

template <class Read>
auto answer_of(Read read) -> std::variant<decltype(read()), QueryProblem> {
  try {
    return read();
  } catch (RefusedReport& refused) {
    return QueryProblem{std::move(refused.details)};
  }
}

}  // namespace

std::variant<ReportRequest, QueryProblem> parse_create_report(std::string_view body,
                                                              TimePoint now) {
  return answer_of([&] { return read_create_report(body, now); });
}

std::variant<ListRequest, QueryProblem> parse_get_reports(const Parameters& parameters,
                                                          TimePoint now) {
  return answer_of([&] { return read_get_reports(parameters, now); });
}

std::variant<bool, QueryProblem> parse_get_document(const Parameters& parameters) {
  return answer_of([&] {
    constexpr std::string_view kName = "enableContentEncodingUrlHeader";
    check_parameters(parameters, {kName});
    if (parameters.empty()) return false;
    const auto& value = parameters.front().second;
    if (value != "true" && value != "false") refuse_field(kName, "the value is not a boolean");
    return value == "true";
  });
}

}  // namespace amazon_sandbox
