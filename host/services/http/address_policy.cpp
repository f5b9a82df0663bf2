#include "host/services/http/address_policy.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "host/services/ascii.hpp"

namespace marketplug::services::http {
namespace {

struct Range4 {
  std::uint32_t base;
  int bits;
};

constexpr std::uint32_t v4(unsigned a, unsigned b, unsigned c, unsigned d) {
  return (a << 24) | (b << 16) | (c << 8) | d;
}

constexpr std::array<Range4, 16> kSpecial4{{{v4(0, 0, 0, 0), 8},
                                            {v4(10, 0, 0, 0), 8},
                                            {v4(100, 64, 0, 0), 10},
                                            {v4(127, 0, 0, 0), 8},
                                            {v4(169, 254, 0, 0), 16},
                                            {v4(172, 16, 0, 0), 12},
                                            {v4(192, 0, 0, 0), 24},
                                            {v4(192, 0, 2, 0), 24},
                                            {v4(192, 88, 99, 0), 24},
                                            {v4(192, 168, 0, 0), 16},
                                            {v4(198, 18, 0, 0), 15},
                                            {v4(198, 51, 100, 0), 24},
                                            {v4(203, 0, 113, 0), 24},
                                            {v4(224, 0, 0, 0), 4},
                                            {v4(240, 0, 0, 0), 4},
                                            {v4(255, 255, 255, 255), 32}}};

bool public4(std::uint32_t address) {
  return std::none_of(kSpecial4.begin(), kSpecial4.end(), [&](const Range4& range) {
    return (address ^ range.base) >> (32 - range.bits) == 0;
  });
}

std::uint32_t read4(const unsigned char* bytes) {
  return v4(bytes[0], bytes[1], bytes[2], bytes[3]);
}

bool public6(const std::array<unsigned char, 16>& b) {
  static constexpr std::array<unsigned char, 12> kNat64{0x00, 0x64, 0xff, 0x9b};
  if (std::memcmp(b.data(), kNat64.data(), kNat64.size()) == 0) return public4(read4(&b[12]));
  if ((b[0] & 0xe0) != 0x20) return false;                         // not 2000::/3
  if (b[0] == 0x20 && b[1] == 0x02) return public4(read4(&b[2]));  // 6to4
  if (b[0] == 0x20 && b[1] == 0x01 && b[2] < 0x02) return false;   // 2001::/23, Teredo
  if (b[0] == 0x20 && b[1] == 0x01 && b[2] == 0x0d && b[3] == 0xb8) return false;
  return !(b[0] == 0x3f && b[1] == 0xff && (b[2] & 0xf0) == 0);  // 3fff::/20
}

}  // namespace

bool is_public(const Poco::Net::IPAddress& address) {
  if (address.family() == Poco::Net::IPAddress::IPv4) {
    return public4(read4(static_cast<const unsigned char*>(address.addr())));
  }
  std::array<unsigned char, 16> bytes{};
  std::memcpy(bytes.data(), address.addr(), bytes.size());
  return public6(bytes);
}

bool is_listed(const std::vector<std::string>& allow_private, std::string_view host_port) {
  return std::any_of(allow_private.begin(), allow_private.end(),
                     [&](const std::string& listed) { return ascii::same(listed, host_port); });
}

}  // namespace marketplug::services::http
