#include <algorithm>
#include <array>
#include <bitset>
#include <cstring>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include "host/services/secret_shapes.hpp"
#include "host/services/services.hpp"

namespace marketplug::services {
namespace {

constexpr std::size_t kShortest = 6;
constexpr std::size_t kShortestLine = 16;

/// The first six bytes as a number: the index of learnt values.
std::uint64_t prefix_of(const char* text) noexcept {
  std::uint64_t packed = 0;
  std::memcpy(&packed, text, kShortest);
  return packed;
}

std::string percent_encoded(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  return out;
}

/// Thousands of learnt values cost one hash and one bit per byte of text.
class LearningRedactor : public Redactor {
 public:
  void learn(std::string_view secret) override {
    add(secret);
    add(percent_encoded(secret));
    // A private key may be quoted line by line.
    for (std::size_t at = 0; secret.find('\n') != std::string_view::npos && at < secret.size();) {
      const auto end = std::min(secret.find('\n', at), secret.size());
      if (end - at >= kShortestLine) add(secret.substr(at, end - at));
      at = end + 1;
    }
  }

  std::string redact(std::string_view text) const override {
    std::string out;
    out.reserve(text.size());
    const std::shared_lock lock(mutex_);
    for (std::size_t at = 0; at < text.size();) {
      if (const auto learnt = learnt_at(text, at); learnt != 0) {
        out += kMask;
        at += learnt;
      } else if (const auto shape = secret_shape_at(text, at); shape.masked != 0) {
        // What introduces a token may itself hold learnt values, never the other way round.
        out.append(text.substr(at, shape.kept)).append(kMask);
        at += shape.kept + shape.masked;
      } else {
        out += text[at++];
      }
    }
    return out;
  }

 private:
  static constexpr std::string_view kMask = "***";
  static constexpr std::size_t kBits = 1u << 18;

  static std::size_t bit_of(std::uint64_t prefix) noexcept {
    return static_cast<std::size_t>((prefix * 0x9e3779b97f4a7c15u) >> 46);
  }

  void add(std::string_view value) {
    if (value.size() < kShortest) return;
    const auto prefix = prefix_of(value.data());
    const auto known = [&](const std::vector<std::string>& values) {
      return std::find(values.begin(), values.end(), value) != values.end();
    };
    {
      const std::shared_lock lock(mutex_);
      const auto found = values_.find(prefix);
      if (found != values_.end() && known(found->second)) return;
    }
    const std::unique_lock lock(mutex_);
    auto& values = values_[prefix];
    if (known(values)) return;
    values.emplace_back(value);
    // Longest first: a secret that begins with another one is masked whole.
    std::sort(values.begin(), values.end(),
              [](const auto& a, const auto& b) { return a.size() > b.size(); });
    bits_.set(bit_of(prefix));
  }

  std::size_t learnt_at(std::string_view text, std::size_t at) const {
    if (text.size() - at < kShortest) return 0;
    const auto prefix = prefix_of(text.data() + at);
    if (!bits_.test(bit_of(prefix))) return 0;
    const auto found = values_.find(prefix);
    if (found == values_.end()) return 0;
    for (const auto& value : found->second) {
      if (text.substr(at, value.size()) == value) return value.size();
    }
    return 0;
  }

  mutable std::shared_mutex mutex_;
  std::bitset<kBits> bits_;
  std::unordered_map<std::uint64_t, std::vector<std::string>> values_;
};

}  // namespace

std::unique_ptr<Redactor> make_redactor() { return std::make_unique<LearningRedactor>(); }

}  // namespace marketplug::services
