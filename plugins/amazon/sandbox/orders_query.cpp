#include "plugins/amazon/sandbox/orders_query.hpp"

#include <algorithm>
#include <charconv>
#include <functional>

#include "marketplug/model/time.hpp"
#include "plugins/amazon/sandbox/order_json.hpp"

namespace amazon_sandbox {
namespace {

constexpr std::chrono::minutes kLag{2};
constexpr std::size_t kMaxMarketplaces = 50;

/// Thrown inside this file only; the two doors turn it into a QueryProblem.
struct Refused {
  std::string details;
};

[[noreturn]] void refuse(std::string_view name, std::string_view problem) {
  throw Refused{"Parameter " + std::string(name) + ": " + std::string(problem)};
}

TimePoint read_time(std::string_view name, const std::string& value) {
  const auto time = marketplug::parse_time(value);
  if (!time) refuse(name, "the value is not an ISO 8601 date-time");
  return *time;
}

/// Comma-separated, as Swagger's default collection format has it.
std::vector<std::string_view> read_list(std::string_view name, std::string_view value) {
  std::vector<std::string_view> list;
  for (;;) {
    const auto comma = value.find(',');
    const auto element = value.substr(0, comma);
    if (element.empty()) refuse(name, "the list has an empty element");
    list.push_back(element);
    if (comma == std::string_view::npos) return list;
    value.remove_prefix(comma + 1);
  }
}

template <class Parse>
std::uint32_t read_bits(std::string_view name, const std::string& value, Parse parse) {
  std::uint32_t bits = 0;
  for (const auto element : read_list(name, value)) {
    const auto parsed = parse(element);
    if (!parsed) refuse(name, "\"" + std::string(element) + "\" is not one of the known values");
    bits |= 1u << static_cast<unsigned>(*parsed);
  }
  return bits;
}

std::uint32_t read_sets(std::string_view name, const std::string& value) {
  std::uint32_t sets = 0;
  for (const auto element : read_list(name, value)) {
    const auto set = data_set_by_name(element);
    if (!set) refuse(name, "\"" + std::string(element) + "\" is not one of the known values");
    sets |= *set;
  }
  return sets;
}

std::vector<const Marketplace*> read_marketplaces(std::string_view name, const std::string& value) {
  std::vector<const Marketplace*> marketplaces;
  for (const auto element : read_list(name, value)) {
    const auto* marketplace = marketplace_by_id(element);
    if (marketplace == nullptr) {
      refuse(name, "\"" + std::string(element) + "\" is not a marketplace id");
    }
    marketplaces.push_back(marketplace);
  }
  if (marketplaces.size() > kMaxMarketplaces) refuse(name, "more than 50 values");
  return marketplaces;
}

std::size_t read_page_size(std::string_view name, const std::string& value) {
  std::size_t size = 0;
  const auto* end = value.data() + value.size();
  const auto read = std::from_chars(value.data(), end, size);
  if (read.ec != std::errc{} || read.ptr != end) refuse(name, "the value is not an integer");
  if (size < 1 || size > 100) refuse(name, "the value must be between 1 and 100");
  return size;
}

const std::string* value_of(const Parameters& parameters, std::string_view name) {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [&](const auto& p) { return p.first == name; });
  return found == parameters.end() ? nullptr : &found->second;
}

void check_names(const Parameters& parameters, std::initializer_list<std::string_view> known) {
  for (const auto& [name, value] : parameters) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      refuse(name, "the operation has no such parameter");
    }
    if (std::count_if(parameters.begin(), parameters.end(),
                      [&](const auto& other) { return other.first == name; }) > 1) {
      refuse(name, "given more than once; lists are comma-separated");
    }
    if (value.empty()) refuse(name, "the value is empty");
  }
}

void read_window(const Parameters& parameters, TimePoint now, SearchQuery& query) {
  const auto* created = value_of(parameters, "createdAfter");
  const auto* updated = value_of(parameters, "lastUpdatedAfter");
  if ((created == nullptr) == (updated == nullptr)) {
    throw Refused{"You must provide exactly one of createdAfter and lastUpdatedAfter."};
  }
  query.by_created = created != nullptr;
  const std::string_view after_name = query.by_created ? "createdAfter" : "lastUpdatedAfter";
  const std::string_view before_name = query.by_created ? "createdBefore" : "lastUpdatedBefore";
  const std::string_view other = query.by_created ? "lastUpdatedBefore" : "createdBefore";
  if (value_of(parameters, other) != nullptr) {
    refuse(other, "not allowed together with " + std::string(after_name));
  }
  query.after = read_time(after_name, query.by_created ? *created : *updated);
  query.before = now - kLag;
  if (const auto* before = value_of(parameters, before_name)) {
    query.before = read_time(before_name, *before);
    if (query.before > now - kLag) {
      refuse(before_name, "must be at least two minutes before the time of the request");
    }
    if (query.before < query.after) {
      refuse(before_name, "must be equal to or after " + std::string(after_name));
    }
  }
  if (query.after > query.before) {
    refuse(after_name, "must be at least two minutes before the time of the request");
  }
}

SearchQuery read_search(const Parameters& parameters, TimePoint now) {
  check_names(parameters, {"createdAfter", "createdBefore", "lastUpdatedAfter", "lastUpdatedBefore",
                           "fulfillmentStatuses", "marketplaceIds", "fulfilledBy",
                           "maxResultsPerPage", "paginationToken", "includedData"});
  SearchQuery query;
  read_window(parameters, now, query);
  Parameters bound;
  for (const auto& [name, value] : parameters) {
    if (name == "fulfillmentStatuses") query.statuses = read_bits(name, value, status_by_name);
    if (name == "fulfilledBy") query.fulfilled_by = read_bits(name, value, fulfilled_by_by_name);
    if (name == "marketplaceIds") query.marketplaces = read_marketplaces(name, value);
    if (name == "maxResultsPerPage") query.page_size = read_page_size(name, value);
    if (name == "includedData") query.sets = read_sets(name, value);
    if (name == "paginationToken") query.page_token = value;
    if (name != "maxResultsPerPage" && name != "includedData" && name != "paginationToken") {
      bound.emplace_back(name, value);
    }
  }
  std::sort(bound.begin(), bound.end());
  for (const auto& [name, value] : bound) {
    query.bound.append(name).append("=").append(value).append("\n");
  }
  return query;
}

}  // namespace

std::variant<SearchQuery, QueryProblem> parse_search(const Parameters& parameters, TimePoint now) {
  try {
    return read_search(parameters, now);
  } catch (Refused& refused) {
    return QueryProblem{std::move(refused.details)};
  }
}

std::variant<std::uint32_t, QueryProblem> parse_get_order(const Parameters& parameters) {
  try {
    check_names(parameters, {"includedData"});
    const auto* sets = value_of(parameters, "includedData");
    return sets == nullptr ? 0u : read_sets("includedData", *sets);
  } catch (Refused& refused) {
    return QueryProblem{std::move(refused.details)};
  }
}

}  // namespace amazon_sandbox
