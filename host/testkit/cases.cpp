#include "host/testkit/cases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "embedded/conformance_schema_json.hpp"
#include "host/json/pointer.hpp"
#include "host/json/schema.hpp"
#include "host/json/strict_parse.hpp"
#include "host/testkit/sinks.hpp"
#include "marketplug/model/time.hpp"
#include "marketplug/testing/recordings.hpp"

namespace marketplug::testkit {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

constexpr const char* kGuide = "See docs/authors/conformance.md.";

const value* find(const object& from, std::string_view name) { return from.if_contains(name); }

std::string text_at(const object& from, std::string_view name) {
  const auto* found = find(from, name);
  return found == nullptr ? std::string() : std::string(found->as_string());
}

bool flag_at(const object& from, std::string_view name, bool otherwise) {
  const auto* found = find(from, name);
  return found == nullptr ? otherwise : found->as_bool();
}

std::vector<std::string> texts_at(const object& from, std::string_view name) {
  std::vector<std::string> texts;
  if (const auto* found = find(from, name)) {
    for (const auto& each : found->as_array()) texts.emplace_back(each.as_string());
  }
  return texts;
}

std::map<std::string, std::string, std::less<>> text_map(const object& from,
                                                         std::string_view name) {
  std::map<std::string, std::string, std::less<>> texts;
  if (const auto* found = find(from, name)) {
    for (const auto& each : found->as_object()) texts.emplace(each.key(), each.value().as_string());
  }
  return texts;
}

/// Reads what the schema has already found well-formed.
class Reader {
 public:
  explicit Reader(const std::filesystem::path& folder) : folder_(folder) {
    cases_.file = (folder / "cases.json").string();
  }

  Cases read() {
    const value document = parse();
    const object& all = document.as_object();
    const auto* now = find(all, "now");
    cases_.now =
        parse_time(now == nullptr ? "2026-11-23T10:00:00Z" : std::string_view(now->as_string()))
            .value();
    cases_.hosts = texts_at(all, "hosts");
    cases_.personal = texts_at(all, "personal");
    cases_.catalogues = texts_at(all, "catalogues");
    cases_.settings = all.at("settings").as_object();
    for (const auto& each : all.at("bad_settings").as_array()) {
      cases_.bad_settings.push_back(each.as_object());
    }
    cases_.secrets = text_map(all, "secrets");
    for (const auto& [pointer, form] : cases_.secrets) need_setting(pointer, "/secrets");
    cases_.skips = text_map(all, "skips");
    if (const auto* found = find(all, "exchanges")) {
      cases_.exchanges = exchanges(found->as_array(), "/exchanges");
    }
    if (const auto* found = find(all, "refusals")) {
      for (const auto& each : found->as_object()) {
        const std::string status(each.key());
        if (!is_status(status)) {
          refuse("/refusals", "has " + status + ", which is no HTTP status", "Write 429, 500 …");
        }
        cases_.refusals.emplace(status, answer(each.value().as_object(), "/refusals/" + status));
      }
    }
    orders(all);
    audit(all);
    returns(all);
    for (const Sink* sink : all_sinks()) {
      const std::string name(sink->name());
      if (const auto* found = find(all, name)) cases_.sinks[name] = sink_cases(*sink, *found);
    }
    if (const auto* found = find(all, "rotation")) {
      cases_.rotated_secret = text_at(found->as_object(), "secret");
      need_setting(cases_.rotated_secret, "/rotation/secret");
      cases_.rotation =
          exchanges(found->as_object().at("exchanges").as_array(), "/rotation/exchanges");
    }
    return std::move(cases_);
  }

 private:
  static bool is_status(std::string_view text) {
    return text.size() == 3 && text[0] >= '1' && text[0] <= '5' &&
           text.find_first_not_of("0123456789") == std::string_view::npos;
  }

  /// A typing error in the pointer must not pass for a secret that is nowhere used.
  void need_setting(const std::string& pointer, const std::string& place) const {
    const value settings(cases_.settings);
    const auto* found =
        json::split_pointer(pointer) ? json::find_value(settings, pointer) : nullptr;
    if (found != nullptr && found->is_string()) return;
    refuse(place, pointer + " is no text in /settings",
           "Name the secret's place there, and give it any text.");
  }

  [[noreturn]] void refuse(const std::string& pointer, const std::string& cause,
                           const std::string& remedy = kGuide) const {
    throw CasesError(fmt::format("{}: {}: {}\n  remedy: {}", cases_.file,
                                 pointer.empty() ? "the whole" : pointer, cause, remedy));
  }

  std::string content(const std::filesystem::path& file) const {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
      throw CasesError(
          fmt::format("{} cannot be read\n  remedy: write it, or name its folder with "
                      "--cases DIR. {}",
                      file.string(), kGuide));
    }
    return {std::istreambuf_iterator<char>(in), {}};
  }

  value parse() const {
    static const json::Schema kSchema = json::Schema::compile(
        json::parse_or_throw(embedded::conformance_schema_json, "conformance.schema.json"));
    json::ParseError error;
    auto document = json::strict_parse(content(cases_.file), error);
    if (!document) refuse("", json::to_text(error), "Correct the JSON.");
    check(kSchema, *document, "");
    return *std::move(document);
  }

  void check(const json::Schema& schema, const value& data, const std::string& base) const {
    std::string causes;
    for (const auto& each : schema.validate(data)) {
      causes += fmt::format("{}{}: {}: {}", causes.empty() ? "" : "\n", cases_.file,
                            base + each.pointer, each.message);
    }
    if (!causes.empty()) throw CasesError(causes + "\n  remedy: " + kGuide);
  }

  HttpResponse answer(const object& from, const std::string& pointer) const {
    const int bodies =
        int(from.contains("json")) + int(from.contains("text")) + int(from.contains("file"));
    if (bodies > 1) refuse(pointer, "has more than one of json, text and file");
    if (from.contains("file")) return recording(from, pointer);
    HttpResponse made;
    const auto* status = find(from, "status");
    made.status = status == nullptr ? 200 : static_cast<int>(status->as_int64());
    for (const auto& [name, text] : text_map(from, "headers"))
      made.headers.emplace_back(name, text);
    made.body = text_at(from, "text");
    if (const auto* body = find(from, "json")) {
      made.body = boost::json::serialize(*body);
      if (made.header("content-type").empty()) {
        made.headers.emplace_back("Content-Type", "application/json");
      }
    }
    return made;
  }

  HttpResponse recording(const object& from, const std::string& pointer) const {
    if (from.size() > 1) {
      refuse(pointer, "has a file and more", "Status, headers and body stand in the file.");
    }
    const auto file = folder_ / text_at(from, "file");
    if (!std::filesystem::is_regular_file(file)) {
      refuse(pointer + "/file", "there is no file " + file.string(),
             "Record it with curl -i, beside cases.json.");
    }
    try {
      return testing::parse_recording(content(file));
    } catch (const CasesError&) {
      throw;
    } catch (const std::runtime_error& error) {
      refuse(pointer + "/file", error.what(), "Record it with curl -i.");
    }
  }

  Exchange exchange(const object& from, const std::string& pointer) const {
    Exchange made;
    made.pointer = pointer;
    const object& request = from.at("request").as_object();
    made.method = text_at(request, "method");
    made.host = text_at(request, "host");
    made.path = text_at(request, "path");
    made.text = text_at(request, "text");
    if (const auto* query = find(request, "query")) {
      for (const auto& each : query->as_object()) {
        auto& wanted = made.query[std::string(each.key())];
        if (each.value().is_string()) wanted = std::string(each.value().as_string());
      }
    }
    if (const auto* body = find(request, "json")) made.json = body->as_object();
    made.answer = answer(from.at("answer").as_object(), pointer + "/answer");
    made.effect = text_at(from, "effect");
    made.each = text_at(from, "each");
    made.if_effect = text_at(from, "if_effect");
    made.recognised = flag_at(from, "recognised", true);
    made.token = flag_at(from, "token", false);
    made.unmetered = text_at(from, "unmetered");
    if (const auto* times = find(from, "times")) made.times = static_cast<int>(times->as_int64());
    if (!made.each.empty() && made.effect.empty()) {
      refuse(pointer, "has `each` without `effect`", "Name the effect of one item.");
    }
    check_name(made.effect, pointer + "/effect", !made.each.empty());
    check_name(made.if_effect, pointer + "/if_effect", false);
    return made;
  }

  /// {body:/order}, {query:sku}, {path:2}, {item:/sku}: another word would be empty for ever.
  void check_name(std::string_view name, const std::string& pointer, bool has_items) const {
    for (auto at = name.find('{'); at != std::string_view::npos; at = name.find('{', at + 1)) {
      const auto end = name.find('}', at);
      const auto inside = name.substr(at + 1, std::min(end, name.size()) - at - 1);
      const auto kind = inside.substr(0, inside.find(':'));
      const bool known =
          kind == "body" || kind == "query" || kind == "path" || (kind == "item" && has_items);
      if (known && end != std::string_view::npos && inside.size() > kind.size() + 1) continue;
      refuse(pointer, fmt::format("has {}, which stands for nothing", name.substr(at)),
             has_items ? "Write {body:/…}, {query:…}, {path:N} or {item:/…}."
                       : "Write {body:/…}, {query:…} or {path:N}; {item:/…} needs `each`.");
    }
  }

  Exchanges exchanges(const array& from, const std::string& pointer) const {
    Exchanges made;
    for (std::size_t i = 0; i < from.size(); ++i) {
      made.push_back(exchange(from[i].as_object(), fmt::format("{}/{}", pointer, i)));
    }
    return made;
  }

  void orders(const object& all) {
    const auto* found = find(all, "orders");
    cases_.has_orders = found != nullptr;
    if (found == nullptr) return;
    const object& from = found->as_object();
    cases_.expected_orders = from.at("expect").as_object();
    cases_.parked_orders = texts_at(from, "parked");
    cases_.unknown_order = text_at(from, "unknown");
  }

  void audit(const object& all) {
    const auto* found = find(all, "audit");
    if (found == nullptr) return;
    const object& from = found->as_object();
    auto& made = cases_.audit.emplace();
    made.from = parse_time(from.at("from").as_string()).value();
    made.until = parse_time(from.at("until").as_string()).value();
    if (made.from >= made.until) refuse("/audit", "ends before it begins", "Widen the window.");
    made.changed = texts_at(from, "changed");
    made.placed = texts_at(from, "placed");
  }

  void returns(const object& all) {
    const auto* found = find(all, "returns");
    cases_.has_returns = found != nullptr;
    if (found == nullptr) return;
    cases_.expected_returns = found->as_object().at("expect").as_object();
    if (cases_.expected_returns.empty()) {
      refuse("/returns/expect", "names no return", "Name what must come of the exchanges.");
    }
    cases_.parked_returns = texts_at(found->as_object(), "parked");
  }

  SinkCases sink_cases(const Sink& sink, const value& from) const {
    const object& all = from.as_object();
    const std::string base = "/" + std::string(sink.name());
    SinkCases made;
    made.good = all.at("good").as_array();
    if (const auto* bad = find(all, "bad")) made.bad = bad->as_array();
    for (const auto* list : {&made.good, &made.bad}) {
      const std::string pointer = base + (list == &made.good ? "/good/" : "/bad/");
      for (std::size_t i = 0; i < list->size(); ++i) {
        check(sink.schema(), (*list)[i], pointer + std::to_string(i));
      }
    }
    if (const auto* verify = find(all, "verify")) {
      for (const auto& each : verify->as_object()) {
        const std::string name(each.key());
        made.verify[name] =
            exchanges(each.value().as_array(), fmt::format("{}/verify/{}", base, name));
      }
    }
    return made;
  }

  std::filesystem::path folder_;
  Cases cases_;
};

}  // namespace

Cases read_cases(const std::string& folder) { return Reader(folder).read(); }

}  // namespace marketplug::testkit
