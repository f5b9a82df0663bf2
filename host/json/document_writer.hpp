#pragma once
// Structs with a table of members (Fields) as compact JSON text: what the codecs of the canonical
// documents have in common. One thread. Internal to host/json.

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "host/json/append_text.hpp"
#include "host/json/order_fields.hpp"
#include "host/json/strict_parse.hpp"

namespace marketplug::json {

/// Writes values of one document behind one another; throws std::invalid_argument naming it where
/// something cannot be kept. The views must outlive it.
class DocumentWriter {
 public:
  /// `what` it is ("order") and which; `expected` is the room it starts with.
  DocumentWriter(std::string_view what, std::string_view id, std::size_t expected)
      : what_(what), id_(id), out_(expected) {}

  [[noreturn]] void refuse(std::string_view name, std::string_view why) const {
    std::string text(what_);
    text.append(" ").append(id_).append(": \"").append(name).append("\" ").append(why);
    throw std::invalid_argument(text);
  }

  template <class T, class List>
  void object(const T& value, const List& list) {
    out_ << '{';
    members(value, list);
    out_ << '}';
  }
  /// Without the braces.
  template <class T, class List>
  void members(const T& value, const List& list) {
    std::apply([&](const auto&... fields) { (member(value, fields), ...); }, list);
  }

  /// Braces that the caller fills: open(), then key() and a value for each member, then close().
  void open() { out_ << '{'; }
  void key(std::string_view name) {
    comma();
    append_text(out_, name);
    out_ << ':';
  }
  void close() { out_ << '}'; }

  /// The text; empty where it is an empty object.
  std::string take_filled() { return out_.size() == 2 ? std::string() : take(); }
  std::string take() { return out_.take(); }

  /// Whether any member of the list would be written.
  template <class T, class List>
  static bool has_any(const T& value, const List& list) {
    return std::apply(
        [&](const auto&... fields) { return (!is_empty(value.*fields.member) || ...); }, list);
  }

 private:
  /// Room for what JSON nests around an `attributes` text, below strict_parse's default depth.
  static constexpr std::size_t kAttributesDepth = 48;

  static bool is_empty(const std::string& text) { return text.empty(); }
  template <class T>
  static bool is_empty(const std::vector<T>& items) {
    return items.empty();
  }
  template <class T>
  static bool is_empty(const std::optional<T>& value) {
    return !value.has_value();
  }
  static bool is_empty(const TimeWindow& window) { return !window.earliest && !window.latest; }
  template <class T>
  static bool is_empty(const T&) {
    return false;
  }

  void comma() {
    if (out_.back() != '{' && out_.back() != '[') out_ << ',';
  }

  template <class T, class M, Form F>
  void member(const T& value, const Field<T, M, F>& field) {
    const M& content = value.*field.member;
    if (!field.required && is_empty(content)) return;
    comma();
    out_ << '"' << field.name << "\":";
    if constexpr (F == Form::kJson) {
      if (!append_compact_object(out_, content, kAttributesDepth)) {
        refuse(field.name, "is not a JSON object that can be kept");
      }
    } else {
      write(content);
    }
  }

  void write(const std::string& text) { append_text(out_, text); }
  void write(std::int64_t number) {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out_ << std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data()));
  }
  void write(TimePoint time) { out_ << '"' << format_time(time) << '"'; }
  template <class T>
  requires std::is_enum_v<T>
  void write(T word) { out_ << '"' << word_of(word) << '"'; }

  void write(const Money& money) {
    // What parse_money() would refuse could never be read back.
    const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    const auto& currency = money.currency;
    if (currency.size() != 3 || !upper(currency[0]) || !upper(currency[1]) || !upper(currency[2])) {
      refuse("currency", "of an amount is not an ISO 4217 code");
    }
    if (money.scale > detail::kMaxScale) refuse("amount", "has more than 9 decimal digits");
    out_ << R"({"amount":")" << format_amount(money) << R"(","currency":")" << currency << R"("})";
  }

  template <class T>
  void write(const std::optional<T>& value) {
    write(*value);
  }
  template <class T>
  void write(const std::vector<T>& items) {
    out_ << '[';
    for (const auto& item : items) {
      comma();
      write(item);
    }
    out_ << ']';
  }
  template <class T>
  requires requires { Fields<T>::kMembers; }
  void write(const T& value) { object(value, Fields<T>::kMembers); }

  std::string_view what_, id_;
  TextBuilder out_;
};

}  // namespace marketplug::json
