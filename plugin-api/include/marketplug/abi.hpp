#pragma once
// The facts a host reads from a plugin's file before it loads it: plain bytes in the ELF section
// "mplugabi", no pointers. Only ever grows at the end; struct_size tells. See
// docs/design/plugin-abi.md.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "marketplug/abi_headers.hpp"
#include "marketplug/capabilities/cancellation_sink.hpp"
#include "marketplug/capabilities/options_source.hpp"
#include "marketplug/capabilities/order_audit.hpp"
#include "marketplug/capabilities/order_source.hpp"
#include "marketplug/capabilities/price_sink.hpp"
#include "marketplug/capabilities/publish_sink.hpp"
#include "marketplug/capabilities/refund_sink.hpp"
#include "marketplug/capabilities/return_source.hpp"
#include "marketplug/capabilities/shipment_sink.hpp"
#include "marketplug/capabilities/stock_sink.hpp"
#include "marketplug/connector.hpp"
#include "marketplug/services/clock.hpp"
#include "marketplug/services/documents.hpp"
#include "marketplug/services/http.hpp"
#include "marketplug/services/log.hpp"
#include "marketplug/services/metrics.hpp"
#include "marketplug/services/quota.hpp"
#include "marketplug/services/random.hpp"
#include "marketplug/services/secrets.hpp"
#include "marketplug/services/state.hpp"
#include "marketplug/step.hpp"

namespace marketplug {

/// 0 while the interfaces still grow: layouts must be equal, nothing is promised. 1 freezes them.
inline constexpr std::uint32_t kAbiMajor = 0;
inline constexpr std::uint32_t kAbiMinor = 1;
inline constexpr char kAbiSection[] = "mplugabi";
inline constexpr std::string_view kAbiMagic{"MARKETPLUG-ABI\0\1", 16};

struct AbiInfo {
  char magic[16] = {};
  std::uint32_t struct_size = 0;
  std::uint32_t abi_major = 0;          // compared: equal
  std::uint32_t abi_minor = 0;          // compared: plugin <= host
  std::uint32_t pointer_bits = 0;       // compared
  std::uint32_t stdlib = 0;             // compared: 1 libstdc++, 2 libc++
  std::uint32_t cxx11_abi = 0;          // compared: _GLIBCXX_USE_CXX11_ABI
  std::uint32_t checked_iterators = 0;  // compared: _GLIBCXX_DEBUG, which changes layouts
  std::uint32_t sanitizers = 0;         // compared: bit 0 ASan, bit 1 TSan
  std::uint64_t layout_hash = 0;        // compared: FNV-1a over size and alignment of what crosses
  std::uint32_t cplusplus = 0;          // shown
  std::uint32_t stdlib_release = 0;     // shown
  char compiler[48] = {};               // shown
  char id[64] = {};
  char version[32] = {};
  char name[64] = {};
  char capabilities[256] = {};  // "order-source/1,options-source/1"
};

/// What a plugin says about itself: `static constexpr PluginInfo kInfo{...}` in the plugin's class.
struct PluginInfo {
  std::string_view id;       ///< [a-z][a-z0-9-]*, or a reverse domain
  std::string_view name;     ///< for people
  std::string_view version;  ///< semantic version
};

namespace detail {

template <class... Types>
consteval std::uint64_t layout_hash_of(std::uint64_t headers = 0) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  const auto mix = [&hash](std::uint64_t value) {
    for (int i = 0; i < 8; ++i, value >>= 8) hash = (hash ^ (value & 0xff)) * 0x100000001b3u;
  };
  ((mix(sizeof(Types)), mix(alignof(Types))), ...);
  if (headers != 0) mix(headers);
  return hash;
}

consteval std::uint32_t sanitizer_bits() {
  std::uint32_t bits = 0;
#if defined(__SANITIZE_ADDRESS__)
  bits |= 1u;
#endif
#if defined(__SANITIZE_THREAD__)
  bits |= 2u;
#endif
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
  bits |= 1u;
#endif
#if __has_feature(thread_sanitizer)
  bits |= 2u;
#endif
#endif
  return bits;
}

template <std::size_t N>
consteval void copy_text(char (&to)[N], std::string_view from) {
  if (from.size() >= N) throw "a text of the ABI block is too long";
  for (std::size_t i = 0; i < from.size(); ++i) to[i] = from[i];
}

/// For what is only shown: a compiler may have a long name.
template <std::size_t N>
consteval void copy_start(char (&to)[N], std::string_view from) {
  copy_text(to, from.substr(0, N - 1));
}

}  // namespace detail

/// Size and alignment of every type that crosses, in a fixed order. While nothing is frozen, the
/// headers' texts as well: the order of virtual functions has no size.
inline constexpr std::uint64_t kLayoutHash = detail::layout_hash_of<
    std::string, std::string_view, std::vector<std::string>, std::optional<TimePoint>,
    std::optional<std::string>, std::pair<std::string, std::string>, TimePoint, Failure, Done,
    Status, Cursor, ParkedItem, ItemOutcome, SinkStep, FindingScope, Finding, Option, TimeWindow,
    Money, Address, Charge, Payment, TaxRegistration, Cancellation, LineProperty, OrderLine,
    ParcelItem, Parcel, RelatedOrder, Buyer, Order, Page<Order>, Result<Page<Order>>,
    Result<std::vector<Option>>, HttpRequest, HttpResponse, DownloadLimits, DocumentInfo,
    Result<HttpResponse>, Result<DocumentInfo>, Result<std::string>, QuotaKey, QuotaPlan,
    QuotaAnswer, std::span<const LogField>, Shipment, CancelLine, CancelOrder, RefundLine, Refund,
    StockLevel, SalePrice, OfferPrice, Publication, ItemVerdict, VerifyStep, Result<SinkStep>,
    Result<VerifyStep>, AuditWindow, OrderSighting, Page<OrderSighting>,
    Result<Page<OrderSighting>>, ReturnLine, BuyerReturn, Page<BuyerReturn>,
    Result<Page<BuyerReturn>>, Connector, Host, StepContext>(kAbiMajor == 0 ? kHeaderDigest : 0);

/// This build's side of the comparison, without the plugin's own texts.
consteval AbiInfo abi_of_this_build() {
  AbiInfo info;
  for (std::size_t i = 0; i < kAbiMagic.size(); ++i) info.magic[i] = kAbiMagic[i];
  info.struct_size = sizeof(AbiInfo);
  info.abi_major = kAbiMajor;
  info.abi_minor = kAbiMinor;
  info.pointer_bits = sizeof(void*) * 8;
#if defined(_LIBCPP_VERSION)
  info.stdlib = 2;
  info.stdlib_release = _LIBCPP_VERSION;
#elif defined(_GLIBCXX_RELEASE)
  info.stdlib = 1;
  info.stdlib_release = _GLIBCXX_RELEASE;
#endif
#if defined(_GLIBCXX_USE_CXX11_ABI)
  info.cxx11_abi = _GLIBCXX_USE_CXX11_ABI;
#endif
#if defined(_GLIBCXX_DEBUG)
  info.checked_iterators = 1;
#endif
  info.sanitizers = detail::sanitizer_bits();
  info.layout_hash = kLayoutHash;
  info.cplusplus = static_cast<std::uint32_t>(__cplusplus);
#if defined(__clang__)
  detail::copy_start(info.compiler, "Clang " __clang_version__);
#else
  detail::copy_start(info.compiler, "GCC " __VERSION__);
#endif
  return info;
}

/// The block of a plugin; its capabilities come from the class, so list and code cannot differ.
template <class Plugin>
consteval AbiInfo abi_info() {
  AbiInfo info = abi_of_this_build();
  detail::copy_text(info.id, Plugin::kInfo.id);
  detail::copy_text(info.version, Plugin::kInfo.version);
  detail::copy_text(info.name, Plugin::kInfo.name);
  std::size_t at = 0;
  for (const std::string_view capability : Plugin::kCapabilities) {
    if (at != 0) info.capabilities[at++] = ',';
    if (at + capability.size() + 1 >= sizeof(info.capabilities)) {
      throw "too many capabilities for the ABI block";
    }
    for (const char c : capability) info.capabilities[at++] = c;
  }
  return info;
}

}  // namespace marketplug
