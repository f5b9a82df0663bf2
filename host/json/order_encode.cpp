#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "host/json/append_text.hpp"
#include "host/json/fit_text.hpp"
#include "host/json/order_codec.hpp"
#include "host/json/order_fields.hpp"
#include "host/json/strict_parse.hpp"

namespace marketplug::json {
namespace {

/// Room for what JSON nests around an `attributes` text, below strict_parse's default depth.
constexpr std::size_t kAttributesDepth = 48;

bool is_empty(const std::string& text) { return text.empty(); }
template <class T>
bool is_empty(const std::vector<T>& items) {
  return items.empty();
}
template <class T>
bool is_empty(const std::optional<T>& value) {
  return !value.has_value();
}
bool is_empty(const TimeWindow& window) { return !window.earliest && !window.latest; }
template <class T>
bool is_empty(const T&) {
  return false;
}

bool has_personal(const OrderLine& line) {
  return !line.gift_message.empty() || !line.customization_url.empty() ||
         !line.personal_attributes.empty();
}

/// Writes values of one order behind one another; throws std::invalid_argument naming the order.
class Encoder {
 public:
  Encoder(const Order& order, std::size_t expected) : order_(order), out_(expected) {}

  std::string document() {
    members(order_, Fields<Order>::kMembers);
    return out_.take();
  }

  std::string personal() {
    out_ << '{';
    append_members(order_, Fields<Order>::kPersonal);
    personal_lines();
    if (out_.size() == 1) return {};
    out_ << '}';
    return out_.take();
  }

 private:
  [[noreturn]] void refuse(std::string_view name, const char* what) const {
    throw std::invalid_argument("order " + order_.id + ": \"" + std::string(name) + "\" " + what);
  }

  void comma() {
    if (out_.back() != '{' && out_.back() != '[') out_ << ',';
  }

  template <class T, class List>
  void members(const T& value, const List& list) {
    out_ << '{';
    append_members(value, list);
    out_ << '}';
  }

  template <class T, class List>
  void append_members(const T& value, const List& list) {
    std::apply([&](const auto&... fields) { (member(value, fields), ...); }, list);
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
  void write(OrderState state) { name(to_string(state)); }
  void write(FulfilledBy by) { name(to_string(by)); }
  void write(PersonalData data) { name(to_string(data)); }
  void name(std::string_view text) { out_ << '"' << text << '"'; }

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
  void write(const T& value) { members(value, Fields<T>::kMembers); }

  void personal_lines() {
    bool any = false;
    for (const auto& line : order_.lines) {
      if (!has_personal(line)) continue;
      refuse_ambiguous(line);
      comma();
      if (!any) out_ << "\"lines\":{";
      any = true;
      append_text(out_, line.id);
      out_ << ':';
      members(line, Fields<OrderLine>::kPersonal);
    }
    if (any) out_ << '}';
  }

  /// Personal members find their line by its id: two lines of one id would mix them up.
  void refuse_ambiguous(const OrderLine& line) const {
    const auto written = [](const OrderLine& one) { return fit_text(one.id, std::string::npos); };
    const bool fits = is_fit_key(line.id);
    for (const auto& other : order_.lines) {
      if (&other == &line) continue;
      const bool same =
          fits && is_fit_key(other.id) ? other.id == line.id : written(other) == written(line);
      if (same) refuse("lines", "has one id twice");
    }
  }

  const Order& order_;
  TextBuilder out_;
};

}  // namespace

std::string encode_order(const Order& order) {
  return Encoder(order, 1024 + order.lines.size() * 1024).document();
}

std::string encode_order_personal(const Order& order) { return Encoder(order, 512).personal(); }

std::string content_hash(std::string_view document, std::string_view personal) {
  struct Free {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
  };
  // Looked up among OpenSSL's providers once, not for each order.
  static const EVP_MD* const kSha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  // The newline keeps the two texts apart: compact JSON holds none.
  if (!context || EVP_DigestInit_ex2(context.get(), kSha256, nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), document.data(), document.size()) != 1 ||
      EVP_DigestUpdate(context.get(), "\n", 1) != 1 ||
      EVP_DigestUpdate(context.get(), personal.data(), personal.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), digest.data(), &length) != 1) {
    throw std::runtime_error("content_hash: OpenSSL gives no SHA-256");
  }
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string hex;
  hex.reserve(std::size_t{2} * length);
  for (unsigned i = 0; i < length; ++i) {
    hex += kHex[digest[i] >> 4];
    hex += kHex[digest[i] & 15];
  }
  return hex;
}

std::string content_hash(const Order& order) {
  return content_hash(encode_order(order), encode_order_personal(order));
}

std::string_view to_string(OrderState state) noexcept {
  switch (state) {
    case OrderState::kPending:
      return "pending";
    case OrderState::kOpen:
      return "open";
    case OrderState::kPartiallyShipped:
      return "partially_shipped";
    case OrderState::kShipped:
      return "shipped";
    case OrderState::kCancelled:
      return "cancelled";
    case OrderState::kNeedsCorrection:
      break;
  }
  return "needs_correction";
}

std::string_view to_string(FulfilledBy by) noexcept {
  switch (by) {
    case FulfilledBy::kMerchant:
      return "merchant";
    case FulfilledBy::kMarketplace:
      return "marketplace";
    case FulfilledBy::kUnknown:
      break;
  }
  return "unknown";
}

std::string_view to_string(PersonalData data) noexcept {
  switch (data) {
    case PersonalData::kPresent:
      return "present";
    case PersonalData::kMissing:
      return "missing";
    case PersonalData::kNotAsked:
      break;
  }
  return "not_asked";
}

}  // namespace marketplug::json
