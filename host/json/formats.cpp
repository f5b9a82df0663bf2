#include "host/json/formats.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include "host/json/pattern.hpp"
#include "host/json/pointer.hpp"
#include "host/json/uri.hpp"
#include "marketplug/model/time.hpp"

namespace marketplug::json {
namespace {

bool letter_or_digit(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool date_time(std::string_view text) { return parse_time(text).has_value(); }
bool date(std::string_view text) {
  return text.size() == 10 && date_time(std::string(text) + "T00:00:00Z");
}
bool time_of_day(std::string_view text) {
  return text.size() >= 9 && date_time("2000-01-01T" + std::string(text));
}

bool hostname(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  while (true) {
    const auto dot = std::min(text.find('.'), text.size());
    const auto label = text.substr(0, dot);
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-' ||
        !std::all_of(label.begin(), label.end(),
                     [](char c) { return letter_or_digit(c) || c == '-'; })) {
      return false;
    }
    if (dot == text.size()) return true;
    text.remove_prefix(dot + 1);
  }
}

/// One @, something printable before it, a host name behind it.
bool mailbox(std::string_view text, bool unicode) {
  const auto at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || at > 64) return false;
  const auto local = text.substr(0, at), domain = text.substr(at + 1);
  const auto beyond_ascii = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
  const bool local_ok = std::all_of(local.begin(), local.end(), [&](char c) {
    return letter_or_digit(c) || (unicode && beyond_ascii(c)) ||
           std::string_view(".!#$%&'*+/=?^_`{|}~-").find(c) != std::string_view::npos;
  });
  if (!local_ok || local.front() == '.' || local.back() == '.') return false;
  if (unicode && std::any_of(domain.begin(), domain.end(), beyond_ascii)) return true;
  return hostname(domain);
}
bool email(std::string_view text) { return mailbox(text, false); }
bool idn_email(std::string_view text) { return mailbox(text, true); }

bool ip_address(int family, std::string_view text) {
  std::array<unsigned char, 16> address{};
  return text.find('\0') == std::string_view::npos &&
         inet_pton(family, std::string(text).c_str(), address.data()) == 1;
}
bool ipv4(std::string_view text) { return ip_address(AF_INET, text); }
bool ipv6(std::string_view text) { return ip_address(AF_INET6, text); }

bool uri(std::string_view text) { return is_uri(text, UriForm::kAbsolute, false); }
bool uri_reference(std::string_view text) { return is_uri(text, UriForm::kReference, false); }
bool iri(std::string_view text) { return is_uri(text, UriForm::kAbsolute, true); }
bool iri_reference(std::string_view text) { return is_uri(text, UriForm::kReference, true); }

/// Braces are paired and not nested, and hold something.
bool uri_template(std::string_view text) {
  std::size_t open = std::string_view::npos;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool inside = open != std::string_view::npos;
    if (text[i] == '{') {
      if (inside) return false;
      open = i;
    } else if (text[i] == '}') {
      if (!inside || i == open + 1) return false;
      open = std::string_view::npos;
    } else if (std::string_view(" \"<>\\^`|").find(text[i]) != std::string_view::npos) {
      return false;
    }
  }
  return open == std::string_view::npos;
}

bool json_pointer(std::string_view text) { return split_pointer(text).has_value(); }
bool relative_json_pointer(std::string_view text) {
  const auto digits =
      std::find_if(text.begin(), text.end(), [](char c) { return c < '0' || c > '9'; });
  const auto count = static_cast<std::size_t>(digits - text.begin());
  if (!array_index(text.substr(0, count))) return false;
  return text.substr(count) == "#" || json_pointer(text.substr(count));
}

bool regex(std::string_view text) {
  try {
    const Pattern pattern(text);
    return true;
  } catch (const std::invalid_argument&) {
    return false;
  }
}

constexpr std::array<Format, 16> kFormats{{
    {"date", date, "must be a date such as 2026-01-31"},
    {"date-time", date_time, "must be a moment such as 2026-01-31T12:00:00Z"},
    {"email", email, "must be an e-mail address"},
    {"hostname", hostname, "must be a host name"},
    {"idn-email", idn_email, "must be an e-mail address"},
    {"ipv4", ipv4, "must be an IPv4 address"},
    {"ipv6", ipv6, "must be an IPv6 address"},
    {"iri", iri, "must be a URI such as https://example.com/path"},
    {"iri-reference", iri_reference, "must be a URI or a relative reference"},
    {"json-pointer", json_pointer, "must be a JSON pointer such as /a/0"},
    {"regex", regex, "must be a regular expression"},
    {"relative-json-pointer", relative_json_pointer, "must be a relative JSON pointer"},
    {"time", time_of_day, "must be a time of day such as 12:00:00Z"},
    {"uri", uri, "must be a URI such as https://example.com/path"},
    {"uri-reference", uri_reference, "must be a URI or a relative reference"},
    {"uri-template", uri_template, "must be a URI template"},
}};

}  // namespace

const Format* find_format(std::string_view name) noexcept {
  const auto* const found = std::find_if(kFormats.begin(), kFormats.end(),
                                         [name](const Format& f) { return f.name == name; });
  return found == kFormats.end() ? nullptr : &*found;
}

}  // namespace marketplug::json
