#include <charconv>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "host/json/order_codec.hpp"
#include "host/json/order_fields.hpp"
#include "host/json/pointer.hpp"
#include "host/json/scanner.hpp"

namespace marketplug::json {
namespace {

/// Reads one text straight into an order; `path()` names the place where it threw ScanError.
class Decoder {
 public:
  explicit Decoder(std::string_view text) : scan_(text) {}
  const std::string& path() const noexcept { return path_; }

  void document(Order& order) {
    members(order, Fields<Order>::kMembers);
    scan_.finish();
  }

  void personal(Order& order) {
    each_member([&](std::string_view name) {
      if (name == "lines") return lines(order);
      if (!any_member(order, Fields<Order>::kPersonal, name)) unknown();
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
    for (unsigned i = 0; i <= 5; ++i) {
      value = static_cast<T>(i);
      if (to_string(value) == name) return;
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

  void lines(Order& order) {
    std::map<std::string_view, OrderLine*> by_id;
    for (auto& line : order.lines) by_id.emplace(line.id, &line);
    each_member([&](std::string_view id) {
      const auto line = by_id.find(id);
      if (line == by_id.end()) scan_.fail("is not a line of the order");
      each_member([&](std::string_view name) {
        if (!any_member(*line->second, Fields<OrderLine>::kPersonal, name)) unknown();
      });
    });
  }

  Scanner scan_;
  std::string path_;
};

Failure not_readable(const char* which, const std::string& order, const std::string& pointer,
                     const char* why) {
  Failure failure;
  failure.kind = Failure::Kind::kInternal;
  failure.code = "order_document";
  failure.message = "The stored " + std::string(which) + " of order " +
                    (order.empty() ? "(unknown)" : order) + " cannot be read at \"" + pointer +
                    "\": " + why + ".";
  failure.remedy =
      "Resync the order from the marketplace. Where many orders are hit, the store was written by "
      "another version: run that version or restore a backup.";
  return failure;
}

}  // namespace

Result<Order> decode_order(std::string_view document, std::string_view personal) {
  Order order;
  Decoder from_document(document);
  try {
    from_document.document(order);
  } catch (const ScanError& error) {
    return not_readable("document", order.id, from_document.path(), error.what());
  }
  if (personal.empty()) return order;
  Decoder from_personal(personal);
  try {
    from_personal.personal(order);
  } catch (const ScanError& error) {
    return not_readable("personal data", order.id, from_personal.path(), error.what());
  }
  return order;
}

}  // namespace marketplug::json
