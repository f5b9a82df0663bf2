#include "src/order_reader.hpp"

#include <boost/json/serialize.hpp>
#include <charconv>
#include <cmath>
#include <iterator>
#include <optional>

namespace marketplug::amazon {
namespace json = boost::json;
namespace {

constexpr std::size_t kLongestText = 65536;
constexpr std::int64_t kLargestCount = 1'000'000'000;
constexpr double kLargestExact = 9007199254740992.0;  // 2^53

std::string escaped(std::string_view key) {
  std::string out;
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

std::string_view checked_text(const json::value& value, const Place& place) {
  if (value.is_null()) return {};
  const json::string* text = value.if_string();
  if (text == nullptr) reject(place, "wrong_type", "must be a text");
  if (text->size() > kLongestText) reject(place, "too_long", "is longer than 64 KiB");
  if (std::string_view(*text).find('\0') != std::string_view::npos) {
    reject(place, "bad_text", "contains a NUL character");
  }
  return *text;
}

}  // namespace

std::string pointer_to(const Place& place) {
  if (place.up == nullptr) return {};
  std::string out = pointer_to(*place.up);
  out += '/';
  out += place.key.data() != nullptr ? escaped(place.key) : std::to_string(place.index);
  return out;
}

void reject(const Place& place, std::string_view code, std::string_view what) {
  BadOrder bad{std::string(code), pointer_to(place), {}};
  bad.message = bad.pointer.empty() ? "The order " : bad.pointer + " ";
  bad.message.append(what).append(".");
  throw bad;
}

std::string read_text(const json::value& value, const Place& place) {
  return std::string(checked_text(value, place));
}

std::int64_t read_count(const json::value& value, const Place& place) {
  const std::int64_t* number = value.if_int64();
  if (number == nullptr) {
    reject(place, value.is_number() ? "bad_number" : "wrong_type", "must be a whole number");
  }
  if (*number < 0 || *number > kLargestCount) {
    reject(place, "bad_number", "must be from 0 to 1000000000");
  }
  return *number;
}

TimePoint read_time(const json::value& value, const Place& place) {
  const auto time = parse_time(checked_text(value, place));
  if (!time) reject(place, "bad_time", "is no time such as 2026-11-23T10:00:00Z");
  return *time;
}

TimeWindow read_window(const json::value& value, const Place& place, UnknownFields& unknown) {
  TimeWindow window;
  each_member(value, place, unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "earliestDateTime") {
                  window.earliest = read_time(inner, here);
                } else if (key == "latestDateTime") {
                  window.latest = read_time(inner, here);
                } else {
                  return false;
                }
                return true;
              });
  return window;
}

Money read_money(const json::value& value, const Place& place, UnknownFields& unknown) {
  std::optional<std::string_view> amount, currency;
  each_member(value, place, unknown,
              [&](std::string_view key, const json::value& inner, const Place& here) {
                if (key == "amount") {
                  amount = checked_text(inner, here);
                } else if (key == "currencyCode") {
                  currency = checked_text(inner, here);
                } else {
                  return false;
                }
                return true;
              });
  if (!amount || !currency) {
    reject(place, "missing_field", "must have amount and currencyCode");
  }
  const auto money = parse_money(*amount, *currency);
  if (!money) {
    reject(place, "bad_money",
           "must be a decimal amount with at most 9 decimals and a currency of three capitals");
  }
  return *money;
}

std::string read_number(const json::value& value, const Place& place) {
  if (!value.is_number()) reject(place, "wrong_type", "must be a number");
  const double* number = value.if_double();
  if (number == nullptr) return json::serialize(value);
  if (!std::isfinite(*number) || std::fabs(*number) >= kLargestExact) {
    reject(place, "bad_number", "is too large to be exact");
  }
  char text[32];
  const auto [end, error] = std::to_chars(std::begin(text), std::end(text), *number);
  return std::string(std::begin(text), error == std::errc() ? end : std::begin(text));
}

std::vector<std::string> read_texts(const json::value& value, const Place& place) {
  std::vector<std::string> texts;
  each_element(value, place, [&](const json::value& inner, const Place& here) {
    std::string text = read_text(inner, here);
    if (!text.empty()) texts.push_back(std::move(text));
  });
  return texts;
}

const json::object& read_object(const json::value& value, const Place& place) {
  const json::object* object = value.if_object();
  if (object == nullptr) reject(place, "wrong_type", "must be an object");
  return *object;
}

const json::array& read_array(const json::value& value, const Place& place) {
  const json::array* array = value.if_array();
  if (array == nullptr) reject(place, "wrong_type", "must be a list");
  return *array;
}

}  // namespace marketplug::amazon
