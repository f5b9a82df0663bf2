#include "src/attribute_text.hpp"

#include <utility>

#include "src/text.hpp"

namespace marketplug::amazon {

void ObjectText::start(std::string_view key) {
  text_ += text_.empty() ? '{' : ',';
  append_json_string(text_, key);
  text_ += ':';
}

void ObjectText::text(std::string_view key, std::string_view value) {
  if (value.empty()) return;
  start(key);
  append_json_string(text_, value);
}

void ObjectText::integer(std::string_view key, std::int64_t value) {
  start(key);
  text_ += std::to_string(value);
}

void ObjectText::truth(std::string_view key, bool value) {
  start(key);
  text_ += value ? "true" : "false";
}

void ObjectText::money(std::string_view key, const Money& value) {
  ObjectText inside;
  inside.text("amount", format_amount(value));
  inside.text("currency", value.currency);
  json(key, inside.take());
}

void ObjectText::window(std::string_view key, const TimeWindow& value) {
  ObjectText inside;
  if (value.earliest) inside.text("earliest", format_time(*value.earliest));
  if (value.latest) inside.text("latest", format_time(*value.latest));
  json(key, inside.take());
}

void ObjectText::json(std::string_view key, std::string_view value) {
  if (value.empty()) return;
  start(key);
  text_ += value;
}

std::string ObjectText::take() {
  if (!text_.empty()) text_ += '}';
  return std::exchange(text_, {});
}

void add_text(std::string& object, std::string_view key, std::string_view value) {
  if (value.empty()) return;
  ObjectText added;
  added.text(key, value);
  std::string text = added.take();
  if (!object.empty()) {
    text.front() = ',';
    object.pop_back();
  }
  object += text;
}

void ListText::start() { text_ += text_.empty() ? '[' : ','; }

void ListText::text(std::string_view value) {
  start();
  append_json_string(text_, value);
}

void ListText::json(std::string_view value) {
  if (value.empty()) return;
  start();
  text_ += value;
}

std::string ListText::take() {
  if (!text_.empty()) text_ += ']';
  return std::exchange(text_, {});
}

}  // namespace marketplug::amazon
