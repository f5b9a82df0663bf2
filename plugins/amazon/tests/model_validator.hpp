#pragma once
// Judges requests by Amazon's Swagger models alone: method, path, parameter names, types, enums,
// csv lists, required and exclusive parameters. Knows nothing of the plugin. Values, any thread
// after construction.

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "marketplug/model/time.hpp"
#include "marketplug/services/http.hpp"

namespace marketplug::amazon::tests {

class ModelValidator {
 public:
  explicit ModelValidator(boost::json::value model) : model_(std::move(model)) {}

  /// Whether a path of the model fits ("/orders/2026-01-01/orders/…").
  bool knows(std::string_view path) const { return find_path(path) != nullptr; }

  /// What is wrong with the request; empty: nothing. `base` is what stands before the path.
  std::vector<std::string> violations(const HttpRequest& request, std::string_view base) const {
    std::vector<std::string> out;
    std::string_view rest = request.url;
    if (!rest.starts_with(base)) return {"the URL does not start with " + std::string(base)};
    rest.remove_prefix(base.size());
    const std::size_t mark = rest.find('?');
    const std::string_view path = rest.substr(0, mark);
    const auto* operations = find_path(path);
    if (operations == nullptr) return {"the model has no path " + std::string(path)};
    std::string method = request.method;
    for (char& c : method) c = static_cast<char>(c | 0x20);
    const auto* operation = operations->if_contains(method);
    if (operation == nullptr) return {"the model has no " + request.method + " there"};
    if (request.operation != operation->at("operationId").as_string()) {
      out.push_back("named " + request.operation + ", but the model says otherwise");
    }
    const auto given = read_query(
        mark == std::string_view::npos ? std::string_view() : rest.substr(mark + 1), out);
    check_parameters(operation->at("parameters").as_array(), given, out);
    check_exclusive(given, out);
    check_body(operation->at("parameters").as_array(), request.body, out);
    if (request.headers.empty() || header(request, "x-amz-access-token").empty()) {
      out.emplace_back("x-amz-access-token is missing");
    }
    const std::string_view agent = header(request, "user-agent");
    if (agent.find("Language=") == std::string_view::npos || agent.size() > 500) {
      out.emplace_back("user-agent is not as Amazon wants it");
    }
    return out;
  }

 private:
  using Query = std::map<std::string, std::string>;

  static std::string_view header(const HttpRequest& request, std::string_view name) {
    HttpResponse same;
    for (const auto& [key, value] : request.headers) {
      same.headers = {{key, value}};
      if (!same.header(name).empty()) return value;
    }
    return {};
  }

  static std::string decode(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '%' && i + 2 < text.size()) {
        unsigned byte = 0;
        std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16);
        out += static_cast<char>(byte);
        i += 2;
      } else {
        out += text[i];
      }
    }
    return out;
  }

  static Query read_query(std::string_view text, std::vector<std::string>& out) {
    Query query;
    while (!text.empty()) {
      const std::size_t end = text.find('&');
      const std::string_view part = text.substr(0, end);
      const std::size_t equals = part.find('=');
      const std::string name(part.substr(0, equals));
      if (equals == std::string_view::npos) {
        out.push_back(name + " has no value");
      } else if (!query.emplace(name, decode(part.substr(equals + 1))).second) {
        out.push_back(name + " is given twice");
      }
      text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    }
    return query;
  }

  const boost::json::object* find_path(std::string_view path) const {
    for (const auto& [pattern, operations] : model_.at("paths").as_object()) {
      if (fits(pattern, path)) return &operations.as_object();
    }
    return nullptr;
  }

  /// "{name}" stands for one segment that is not empty.
  static bool fits(std::string_view pattern, std::string_view path) {
    while (!pattern.empty() && !path.empty()) {
      const std::size_t a = pattern.find('/', 1), b = path.find('/', 1);
      const std::string_view expected = pattern.substr(0, a), found = path.substr(0, b);
      const bool variable = expected.starts_with("/{");
      if (variable ? found.size() < 2 : expected != found) return false;
      pattern = a == std::string_view::npos ? std::string_view() : pattern.substr(a);
      path = b == std::string_view::npos ? std::string_view() : path.substr(b);
    }
    return pattern.empty() && path.empty();
  }

  static void check_parameters(const boost::json::array& known, const Query& given,
                               std::vector<std::string>& out) {
    std::set<std::string> names;
    for (const auto& entry : known) {
      const auto& parameter = entry.as_object();
      if (parameter.at("in").as_string() != "query") continue;
      const std::string name(parameter.at("name").as_string());
      names.insert(name);
      const auto found = given.find(name);
      if (found == given.end()) {
        if (parameter.at("required").as_bool()) out.push_back(name + " is missing");
      } else {
        check_value(name, found->second, parameter, out);
      }
    }
    for (const auto& [name, value] : given) {
      if (names.count(name) == 0) out.push_back("the model has no parameter " + name);
    }
  }

  /// The members of a body of one level: known, not lacking, as long as they may be.
  void check_body(const boost::json::array& known, const std::string& body,
                  std::vector<std::string>& out) const {
    for (const auto& entry : known) {
      const auto& parameter = entry.as_object();
      if (parameter.at("in").as_string() != "body") continue;
      std::string name(parameter.at("schema").at("$ref").as_string());
      const auto& schema = model_.at("definitions").at(name.substr(name.rfind('/') + 1));
      const boost::json::value given = boost::json::parse(body);
      for (const auto& needed : schema.at("required").as_array()) {
        name = needed.as_string();
        if (!given.as_object().contains(name)) out.push_back(name + " is missing in the body");
      }
      for (const auto& [key, value] : given.as_object()) {
        const auto* rule = schema.at("properties").as_object().if_contains(key);
        name = key;
        if (rule == nullptr) {
          out.push_back("the model has no " + name + " in the body");
          continue;
        }
        const auto* format = rule->as_object().if_contains("format");
        if (format != nullptr && !parse_time(std::string_view(value.as_string()))) {
          out.push_back(name + " is no date-time");
        }
        const auto* most = rule->as_object().if_contains("maxItems");
        if (most != nullptr &&
            (value.as_array().empty() ||
             static_cast<std::int64_t>(value.as_array().size()) > most->as_int64())) {
          out.push_back(name + " has too few or too many items");
        }
      }
      return;
    }
    if (!body.empty()) out.emplace_back("the model has no body there");
  }

  static void check_value(const std::string& name, const std::string& value,
                          const boost::json::object& rule, std::vector<std::string>& out) {
    const auto type = rule.at("type").as_string();
    if (value.empty()) out.push_back(name + " is empty");
    if (type == "array") return check_list(name, value, rule, out);
    if (type == "integer") {
      int number = 0;
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
      if (error != std::errc() || end != value.data() + value.size()) {
        out.push_back(name + " is no integer");
      }
      // The model says it in words: "The value must be between 1 and 100."
      if (name == "maxResultsPerPage" && (number < 1 || number > 100)) {
        out.push_back(name + " is not between 1 and 100");
      }
    }
    const auto* format = rule.if_contains("format");
    if (format != nullptr && format->as_string() == "date-time" && !parse_time(value)) {
      out.push_back(name + " is no date-time");
    }
    check_enum(name, value, rule, out);
  }

  static void check_list(const std::string& name, const std::string& value,
                         const boost::json::object& rule, std::vector<std::string>& out) {
    const auto* format = rule.if_contains("collectionFormat");
    if (format != nullptr && format->as_string() != "csv") out.push_back(name + " is not csv");
    std::string_view rest = value;
    std::int64_t count = 0;
    std::set<std::string> seen;
    for (bool more = true; more; ++count) {
      const std::size_t comma = rest.find(',');
      const std::string item(rest.substr(0, comma));
      more = comma != std::string_view::npos;
      if (more) rest.remove_prefix(comma + 1);
      if (item.empty()) out.push_back(name + " has an empty item");
      if (!seen.insert(item).second)
        out.push_back(std::string(name).append(" repeats ").append(item));
      check_enum(name, item, rule.at("items").as_object(), out);
    }
    const auto* most = rule.if_contains("maxItems");
    if (most != nullptr && count > most->as_int64()) out.push_back(name + " has too many items");
  }

  static void check_enum(const std::string& name, const std::string& value,
                         const boost::json::object& rule, std::vector<std::string>& out) {
    const auto* values = rule.if_contains("enum");
    if (values == nullptr) return;
    for (const auto& allowed : values->as_array()) {
      if (allowed.as_string() == value) return;
    }
    out.push_back(name + " may not be " + value);
  }

  /// The model says it in words: exactly one of createdAfter and lastUpdatedAfter, and each
  /// "before" only with its own "after".
  static void check_exclusive(const Query& given, std::vector<std::string>& out) {
    const auto has = [&](const char* name) { return given.count(name) != 0; };
    const bool about_time = has("createdAfter") || has("lastUpdatedAfter");
    const bool search = has("marketplaceIds") || has("maxResultsPerPage") || about_time;
    if (search && has("createdAfter") == has("lastUpdatedAfter")) {
      out.emplace_back("exactly one of createdAfter and lastUpdatedAfter must be given");
    }
    if (has("createdBefore") && !has("createdAfter")) {
      out.emplace_back("createdBefore needs createdAfter");
    }
    if (has("lastUpdatedBefore") && !has("lastUpdatedAfter")) {
      out.emplace_back("lastUpdatedBefore needs lastUpdatedAfter");
    }
  }

  boost::json::value model_;
};

}  // namespace marketplug::amazon::tests
