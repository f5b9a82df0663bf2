#include <openssl/evp.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <string>

#include "host/json/document_writer.hpp"
#include "host/json/fit_text.hpp"
#include "host/json/order_codec.hpp"
#include "host/json/order_fields.hpp"

namespace marketplug::json {
namespace {

/// Personal members find their line by its id: two lines of one id would mix them up.
void refuse_ambiguous(const DocumentWriter& to, const Order& order, const OrderLine& line) {
  const auto written = [](const OrderLine& one) { return fit_text(one.id, std::string::npos); };
  const bool fits = is_fit_key(line.id);
  for (const auto& other : order.lines) {
    if (&other == &line) continue;
    const bool same =
        fits && is_fit_key(other.id) ? other.id == line.id : written(other) == written(line);
    if (same) to.refuse("lines", "has one id twice");
  }
}

void personal_lines(DocumentWriter& to, const Order& order) {
  bool any = false;
  for (const auto& line : order.lines) {
    if (!DocumentWriter::has_any(line, Fields<OrderLine>::kPersonal)) continue;
    refuse_ambiguous(to, order, line);
    if (!any) {
      to.key("lines");
      to.open();
    }
    any = true;
    to.key(line.id);
    to.object(line, Fields<OrderLine>::kPersonal);
  }
  if (any) to.close();
}

}  // namespace

std::string encode_order(const Order& order) {
  DocumentWriter to("order", order.id, 1024 + order.lines.size() * 1024);
  to.object(order, Fields<Order>::kMembers);
  return to.take();
}

std::string encode_order_personal(const Order& order) {
  DocumentWriter to("order", order.id, 512);
  to.open();
  to.members(order, Fields<Order>::kPersonal);
  personal_lines(to, order);
  to.close();
  return to.take_filled();
}

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

std::string_view to_string(OrderState state) noexcept { return word_of(state); }
std::string_view to_string(FulfilledBy by) noexcept { return word_of(by); }
std::string_view to_string(PersonalData data) noexcept { return word_of(data); }

}  // namespace marketplug::json
