#include "plugins/amazon/sandbox/control_fields.hpp"

#include <algorithm>
#include <stdexcept>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace amazon_sandbox {
namespace {

const Marketplace& named_marketplace(std::string_view member, const std::string& name) {
  const auto* found = marketplace_by_name(name);
  if (found == nullptr) {
    ControlFields::refuse(member, "unknown marketplace \"" + name + "\"; use a code such as NL");
  }
  return *found;
}

}  // namespace

ControlFields::ControlFields(std::string_view json) {
  if (json.empty()) return;
  boost::system::error_code error;
  auto value = boost::json::parse({json.data(), json.size()}, error);
  if (error || !value.is_object()) throw std::invalid_argument("the body is not a JSON object");
  object_ = std::move(value.get_object());
}

void ControlFields::refuse(std::string_view name, std::string_view problem) {
  throw std::invalid_argument("\"" + std::string(name) + "\": " + std::string(problem));
}

const boost::json::value* ControlFields::take(std::string_view name) {
  known_.emplace_back(name);
  return object_.if_contains(name);
}

std::optional<std::string> ControlFields::text(std::string_view name) {
  const auto* value = take(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) refuse(name, "must be a text");
  return std::string(value->get_string());
}

std::optional<std::uint64_t> ControlFields::number(std::string_view name) {
  const auto* value = take(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_uint64()) return value->get_uint64();
  if (!value->is_int64() || value->get_int64() < 0) refuse(name, "must be a whole number from 0");
  return static_cast<std::uint64_t>(value->get_int64());
}

std::optional<bool> ControlFields::boolean(std::string_view name) {
  const auto* value = take(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_bool()) refuse(name, "must be true or false");
  return value->get_bool();
}

std::optional<std::chrono::milliseconds> ControlFields::duration(std::string_view name) {
  const auto* value = take(name);
  if (value == nullptr) return std::nullopt;
  const auto text = value->is_string() ? std::string(value->get_string())
                                       : std::string(boost::json::serialize(*value));
  const auto parsed = parse_duration(text);
  if (!parsed) refuse(name, "must be a duration such as \"3m\", or seconds");
  return parsed;
}

std::optional<DurationRange> ControlFields::range(std::string_view name) {
  const auto* value = take(name);
  if (value == nullptr) return std::nullopt;
  const auto text = value->is_string() ? std::string(value->get_string())
                                       : std::string(boost::json::serialize(*value));
  const auto parsed = parse_duration_range(text);
  if (!parsed) refuse(name, "must be a duration such as \"3m\", or a range such as \"0s..10m\"");
  return parsed;
}

std::optional<std::vector<std::string>> ControlFields::texts(std::string_view name) {
  const auto* value = take(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_array()) refuse(name, "must be a list of texts");
  std::vector<std::string> list;
  for (const auto& element : value->get_array()) {
    if (!element.is_string()) refuse(name, "must be a list of texts");
    list.emplace_back(element.get_string());
  }
  return list;
}

const Marketplace* ControlFields::marketplace(std::string_view name) {
  const auto value = text(name);
  return value ? &named_marketplace(name, *value) : nullptr;
}

std::optional<std::vector<const Marketplace*>> ControlFields::marketplaces(std::string_view name) {
  const auto names = texts(name);
  if (!names) return std::nullopt;
  std::vector<const Marketplace*> list;
  for (const auto& element : *names) list.push_back(&named_marketplace(name, element));
  return list;
}

std::optional<std::string> ControlFields::json(std::string_view name) {
  const auto* value = take(name);
  if (value == nullptr) return std::nullopt;
  return boost::json::serialize(*value);
}

void ControlFields::done(std::string_view hint) const {
  for (const auto& [name, value] : object_) {
    if (std::find(known_.begin(), known_.end(), name) == known_.end()) {
      std::string list;
      for (const auto& known : known_) list.append(list.empty() ? "" : ", ").append(known);
      if (!hint.empty()) list.append("; ").append(hint);
      refuse(name, "unknown member; known are " + list);
    }
  }
}

std::optional<std::string> decode_base64(std::string_view text) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (text.size() % 4 != 0) return std::nullopt;
  while (text.ends_with('=')) text.remove_suffix(1);
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  unsigned bits = 0, buffer = 0;
  for (const char c : text) {
    const auto value = kAlphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    buffer = (buffer << 6) | static_cast<unsigned>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(buffer >> bits & 0xff);
  }
  return bytes;
}

}  // namespace amazon_sandbox
