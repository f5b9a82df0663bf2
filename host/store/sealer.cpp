#include "host/store/sealer.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <array>

#include "host/store/types.hpp"

namespace marketplug::store {
namespace {

constexpr char kLayout = 1;
constexpr std::size_t kIvBytes = 12, kTagBytes = 16;
constexpr std::size_t kHeaderBytes = 1 + 4 + kIvBytes;

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};
using ContextPtr = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

unsigned char* bytes_of(std::string& text, std::size_t at = 0) {
  return reinterpret_cast<unsigned char*>(text.data() + at);
}
const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

/// Lengths in front, so that no two places give the same text.
std::string associated_data(const SealLabel& label, std::uint32_t key_id) {
  std::string out;
  out.reserve(label.shop.size() + label.object.size() + label.kind.size() + 32);
  for (const std::string_view part : {label.shop, label.object, label.kind}) {
    out.append(std::to_string(part.size())).append(1, ':').append(part).append(1, '|');
  }
  return out.append(std::to_string(key_id));
}

[[noreturn]] void raise_crypto(std::string_view doing) {
  throw StoreError(StoreError::Kind::kOther,
                   "OpenSSL failed while " + std::string(doing) +
                       ". Check the system's OpenSSL 3 installation; nothing was written.");
}

}  // namespace

void Sealer::FreeCipher::operator()(evp_cipher_st* cipher) const noexcept {
  EVP_CIPHER_free(cipher);
}

Sealer::Sealer() : cipher_(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr)) {
  if (!cipher_) raise_crypto("looking for AES-256-GCM");
}
Sealer::~Sealer() = default;

std::string Sealer::seal(const SealKey& key, const SealLabel& label, std::string_view text) const {
  const std::string aad = associated_data(label, key.id());
  std::string out(kHeaderBytes + text.size() + kTagBytes, '\0');
  out[0] = kLayout;
  for (std::size_t i = 0; i < 4; ++i) {
    out[1 + i] = static_cast<char>(key.id() >> (24 - 8 * i) & 0xff);
  }
  unsigned char* const iv = bytes_of(out, 5);
  unsigned char* const body = bytes_of(out, kHeaderBytes);
  const ContextPtr context(EVP_CIPHER_CTX_new());
  int size = 0;
  if (!context || RAND_bytes(iv, kIvBytes) != 1 ||
      EVP_EncryptInit_ex2(context.get(), cipher_.get(), key.bytes().data(), iv, nullptr) != 1 ||
      EVP_EncryptUpdate(context.get(), nullptr, &size, bytes_of(aad),
                        static_cast<int>(aad.size())) != 1 ||
      EVP_EncryptUpdate(context.get(), body, &size, bytes_of(text),
                        static_cast<int>(text.size())) != 1 ||
      EVP_EncryptFinal_ex(context.get(), body + text.size(), &size) != 1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kTagBytes, body + text.size()) !=
          1) {
    raise_crypto("sealing a value");
  }
  return out;
}

std::optional<std::string> Sealer::open(const SealKey& key, const SealLabel& label,
                                        std::string_view sealed) const {
  if (key_id(sealed) != key.id()) return std::nullopt;
  const std::string aad = associated_data(label, key.id());
  const std::string_view iv = sealed.substr(5, kIvBytes);
  const std::string_view body =
      sealed.substr(kHeaderBytes, sealed.size() - kHeaderBytes - kTagBytes);
  std::array<unsigned char, kTagBytes> tag{};
  const std::string_view stored_tag = sealed.substr(sealed.size() - kTagBytes);
  std::copy(stored_tag.begin(), stored_tag.end(), tag.begin());
  std::string out(body.size(), '\0');
  const ContextPtr context(EVP_CIPHER_CTX_new());
  int size = 0;
  if (!context ||
      EVP_DecryptInit_ex2(context.get(), cipher_.get(), key.bytes().data(), bytes_of(iv),
                          nullptr) != 1 ||
      EVP_DecryptUpdate(context.get(), nullptr, &size, bytes_of(aad),
                        static_cast<int>(aad.size())) != 1 ||
      EVP_DecryptUpdate(context.get(), bytes_of(out), &size, bytes_of(body),
                        static_cast<int>(body.size())) != 1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kTagBytes, tag.data()) != 1) {
    raise_crypto("opening a sealed value");
  }
  if (EVP_DecryptFinal_ex(context.get(), bytes_of(out, out.size()), &size) != 1) {
    wipe(out);
    return std::nullopt;
  }
  return out;
}

std::optional<std::uint32_t> Sealer::key_id(std::string_view sealed) noexcept {
  if (sealed.size() < kHeaderBytes + kTagBytes || sealed[0] != kLayout) return std::nullopt;
  std::uint32_t id = 0;
  for (std::size_t i = 1; i <= 4; ++i) id = id << 8 | static_cast<unsigned char>(sealed[i]);
  return id;
}

std::string sha256(std::string_view bytes) {
  std::string out(SHA256_DIGEST_LENGTH, '\0');
  if (EVP_Q_digest(nullptr, "SHA256", nullptr, bytes.data(), bytes.size(), bytes_of(out),
                   nullptr) != 1) {
    raise_crypto("hashing");
  }
  return out;
}

std::string keyed_hash(const SealKey& key, std::string_view bytes) {
  std::string out(SHA256_DIGEST_LENGTH, '\0');
  if (HMAC(EVP_sha256(), key.bytes().data(), static_cast<int>(SealKey::kBytes), bytes_of(bytes),
           bytes.size(), bytes_of(out), nullptr) == nullptr) {
    raise_crypto("hashing");
  }
  return out;
}

std::string to_hex(std::string_view bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

std::optional<std::string> from_hex(std::string_view text) {
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  if (text.size() % 2 != 0) return std::nullopt;
  std::string out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = digit(text[i]), low = digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
  }
  return out;
}

}  // namespace marketplug::store
