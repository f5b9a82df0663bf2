#include "src/json.hpp"

#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_stack.hpp>
#include <cmath>
#include <limits>

#include "src/json_split.hpp"

namespace marketplug::amazon {
namespace json = boost::json;
namespace {

constexpr std::size_t kUsualMemory = 65536;  ///< a parsed order takes three to four times its text

}  // namespace

/// A named namespace, because JsonReader::State holds one.
namespace strict {

/// Builds the value and refuses what Boost.JSON's own parser lets pass.
class StrictHandler {
 public:
  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_array_size = max_object_size;
  static constexpr std::size_t max_key_size = max_object_size;
  static constexpr std::size_t max_string_size = max_object_size;

  json::value_stack values;
  std::size_t members = 0;        ///< read so far, a name given twice counted twice
  const char* refusal = nullptr;  ///< set where this handler ended the parse

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) { return true; }
  bool on_object_end(std::size_t count, json::error_code&) {
    members += count;
    values.push_object(count);
    return true;
  }
  bool on_array_begin(json::error_code&) { return true; }
  bool on_array_end(std::size_t count, json::error_code&) {
    values.push_array(count);
    return true;
  }
  bool on_key_part(json::string_view part, std::size_t, json::error_code& error) {
    values.push_chars(part);
    return check_text(part, error);
  }
  bool on_key(json::string_view part, std::size_t, json::error_code& error) {
    values.push_key(part);
    return check_text(part, error);
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code& error) {
    values.push_chars(part);
    return check_text(part, error);
  }
  bool on_string(json::string_view part, std::size_t, json::error_code& error) {
    values.push_string(part);
    return check_text(part, error);
  }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t number, json::string_view, json::error_code&) {
    values.push_int64(number);
    return true;
  }
  bool on_uint64(std::uint64_t number, json::string_view, json::error_code&) {
    values.push_uint64(number);
    return true;
  }
  bool on_double(double number, json::string_view text, json::error_code& error) {
    values.push_double(number);
    if (!std::isfinite(number)) return refuse("a number is too large", error);
    const bool whole = text.find_first_of(".eE") == json::string_view::npos;
    return !whole || refuse("a whole number has too many digits", error);
  }
  bool on_bool(bool truth, json::error_code&) {
    values.push_bool(truth);
    return true;
  }
  bool on_null(json::error_code&) {
    values.push_null();
    return true;
  }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

 private:
  bool check_text(json::string_view text, json::error_code& error) {
    return text.find('\0') == json::string_view::npos || refuse("a NUL character in a text", error);
  }
  bool refuse(const char* why, json::error_code& error) {
    refusal = why;
    error = json::error::exception;
    return false;
  }
};

}  // namespace strict

namespace {

std::size_t count_members(const json::value& value) {
  std::size_t count = 0;
  if (const json::object* object = value.if_object()) {
    count = object->size();
    for (const auto& member : *object) count += count_members(member.value());
  } else if (const json::array* array = value.if_array()) {
    for (const json::value& inner : *array) count += count_members(inner);
  }
  return count;
}

}  // namespace

struct JsonReader::State {
  std::array<unsigned char, kUsualMemory> usual;
  json::monotonic_resource memory{usual.data(), usual.size()};
  json::basic_parser<strict::StrictHandler> parser{json::parse_options()};
  std::optional<json::value> root;
};

JsonReader::JsonReader() : state_(std::make_unique<State>()) {}
JsonReader::~JsonReader() = default;
JsonReader::JsonReader(JsonReader&&) noexcept = default;
JsonReader& JsonReader::operator=(JsonReader&&) noexcept = default;

const json::value* JsonReader::parse(std::string_view text, std::string& error) {
  auto& parser = state_->parser;
  strict::StrictHandler& handler = parser.handler();
  state_->root.reset();
  parser.reset();
  handler.values.reset();
  state_->memory.release();
  handler.values.reset(&state_->memory);
  handler.members = 0;
  handler.refusal = nullptr;

  json::error_code failed;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), failed);
  if (!failed && text.find_first_not_of(" \t\r\n", read) != std::string_view::npos) {
    failed = json::error::extra_data;
  }
  if (failed) {
    error = handler.refusal != nullptr ? handler.refusal : failed.message();
    error += " at byte " + std::to_string(read);
    return nullptr;
  }
  state_->root.emplace(handler.values.release());
  if (count_members(*state_->root) != handler.members) {
    const auto at = repeated_name(text);
    error = "a name is given twice in its object";
    error += at ? " at byte " + std::to_string(*at) : " before byte " + std::to_string(read);
    return nullptr;
  }
  return &*state_->root;
}

std::optional<JsonDocument> JsonDocument::parse(std::string_view text, std::string& error) {
  JsonDocument document;
  document.root_ = document.reader_.parse(text, error);
  if (document.root_ == nullptr) return std::nullopt;
  return document;
}

std::string to_text(const json::value& value) { return json::serialize(value); }

const json::value* member(const json::value& of, std::string_view name) noexcept {
  const json::object* object = of.if_object();
  const json::value* found = object != nullptr ? object->if_contains(name) : nullptr;
  return found != nullptr && !found->is_null() ? found : nullptr;
}

std::string_view text_member(const json::value& of, std::string_view name) noexcept {
  const json::value* found = member(of, name);
  const json::string* text = found != nullptr ? found->if_string() : nullptr;
  return text != nullptr ? std::string_view(*text) : std::string_view();
}

bool bool_member(const json::value& of, std::string_view name, bool otherwise) noexcept {
  const json::value* found = member(of, name);
  const bool* truth = found != nullptr ? found->if_bool() : nullptr;
  return truth != nullptr ? *truth : otherwise;
}

const json::array* array_member(const json::value& of, std::string_view name) noexcept {
  const json::value* found = member(of, name);
  return found != nullptr ? found->if_array() : nullptr;
}

}  // namespace marketplug::amazon
