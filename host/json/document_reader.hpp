#pragma once
// JSON text of this program's own codecs straight into structs with a table of members (Fields):
// what the codecs of the canonical documents have in common. One thread. Internal to host/json.

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "host/json/order_fields.hpp"
#include "host/json/pointer.hpp"
#include "host/json/scanner.hpp"

namespace marketplug::json {

/// Reads one text, which must outlive it; `path()` names the place where it threw ScanError.
class DocumentReader {
 public:
  explicit DocumentReader(std::string_view text) : scan_(text) {}
  const std::string& path() const noexcept { return path_; }

  /// The whole text is that object.
  template <class T, class List>
  void document(T& value, const List& list) {
    members(value, list);
    scan_.finish();
  }

  /// The whole text is personal members: those of the list, which may all be missing, and "lines",
  /// an object by whatever names a line: `line(name)` gives its pointer, nullptr: there is none.
  template <class Line, class T, class List, class Find>
  void personal(T& value, const List& list, const Find& line) {
    each_member([&](std::string_view name) {
      if (name == "lines") return lines<Line>(line);
      if (!any_member(value, list, name)) unknown();
    });
    scan_.finish();
  }

 private:
  [[noreturn]] void unknown() const { scan_.fail("is not a member that this version knows"); }

  /// Calls `read` at the value of each member, which it must consume.
  template <class Read>
  void each_member(const Read& read) {
    scan_.open('{');
    for (bool first = true; scan_.member('}', first);) {
      const std::string name = scan_.key().text();
      const std::size_t length = path_.size();
      path_.append("/").append(escape_token(name));
      read(std::string_view(name));
      path_.resize(length);
    }
  }

  template <class T, class List>
  void members(T& value, const List& list) {
    std::uint64_t seen = 0;
    each_member([&](std::string_view name) {
      const bool known = std::apply(
          [&](const auto&... fields) {
            std::uint64_t bit = 1;
            return ((member(value, fields, name, seen, std::exchange(bit, bit << 1))) || ...);
          },
          list);
      if (!known) unknown();
    });
    std::apply(
        [&](const auto&... fields) {
          std::uint64_t bit = 1;
          (miss(fields, seen, std::exchange(bit, bit << 1)), ...);
        },
        list);
  }

  template <class T, class List>
  bool any_member(T& value, const List& list, std::string_view name) {
    std::uint64_t ignored = 0;
    return std::apply(
        [&](const auto&... fields) { return (member(value, fields, name, ignored, 0) || ...); },
        list);
  }

  template <class T, class M, Form F>
  bool member(T& value, const Field<T, M, F>& field, std::string_view name, std::uint64_t& seen,
              std::uint64_t bit) {
    if (field.name != name) return false;
    seen |= bit;
    if constexpr (F == Form::kJson) {
      if (scan_.peek() != '{') scan_.fail("must be an object");
      value.*field.member = scan_.skip_value();
    } else {
      read(value.*field.member);
    }
    return true;
  }

  template <class T, class M, Form F>
  void miss(const Field<T, M, F>& field, std::uint64_t seen, std::uint64_t bit) {
    if (!field.required || (seen & bit) != 0) return;
    path_.append("/").append(field.name);
    scan_.fail("is missing");
  }

  void read(std::string& text) { text = scan_.string().text(); }
  void read(std::int64_t& number) {
    const auto scanned = scan_.number();
    const auto result =
        std::from_chars(scanned.raw.data(), scanned.raw.data() + scanned.raw.size(), number);
    if (!scanned.integer || result.ec != std::errc()) scan_.fail("must be a whole number");
  }
  void read(TimePoint& time) {
    const auto parsed = parse_time(scan_.string().raw);
    if (!parsed) scan_.fail("must be a moment in UTC");
    time = *parsed;
  }
  void read(Money& money) {
    std::string amount, currency;
    each_member([&](std::string_view name) {
      if (name != "amount" && name != "currency") unknown();
      read(name == "amount" ? amount : currency);
    });
    auto parsed = parse_money(amount, currency);
    if (!parsed) scan_.fail("must be an amount with a currency");
    money = std::move(*parsed);
  }
  template <class T>
  requires std::is_enum_v<T>
  void read(T& value) {
    const auto name = scan_.string().raw;
    const auto& words = Words<T>::kAll;
    for (std::size_t i = 0; i < words.size(); ++i) {
      value = static_cast<T>(i);
      if (words[i] == name) return;
    }
    scan_.fail("is not a value that this version knows");
  }
  template <class T>
  void read(std::optional<T>& value) {
    read(value.emplace());
  }
  template <class T>
  void read(std::vector<T>& items) {
    scan_.open('[');
    for (bool first = true; scan_.member(']', first);) {
      const std::size_t length = path_.size();
      path_.append("/").append(std::to_string(items.size()));
      read(items.emplace_back());
      path_.resize(length);
    }
  }
  template <class T>
  requires requires { Fields<T>::kMembers; }
  void read(T& value) { members(value, Fields<T>::kMembers); }

  template <class Line, class Find>
  void lines(const Find& find) {
    each_member([&](std::string_view of) {
      Line* const line = find(of);
      if (line == nullptr) scan_.fail("is not a line of the document");
      each_member([&](std::string_view name) {
        if (!any_member(*line, Fields<Line>::kPersonal, name)) unknown();
      });
    });
  }

  Scanner scan_;
  std::string path_;
};

}  // namespace marketplug::json
