#include "host/json/uri.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <optional>

namespace marketplug::json {
namespace {

struct Parts {
  std::optional<std::string_view> scheme, authority, query, fragment;
  std::string_view path;
};

bool is_alpha(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit_char(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_hex(char c) noexcept {
  return is_digit_char(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_scheme(std::string_view text) noexcept {
  return !text.empty() && is_alpha(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_alpha(c) || is_digit_char(c) || c == '+' || c == '-' || c == '.';
         });
}

Parts split(std::string_view text) noexcept {
  Parts parts;
  if (const auto hash = text.find('#'); hash != std::string_view::npos) {
    parts.fragment = text.substr(hash + 1);
    text = text.substr(0, hash);
  }
  if (const auto mark = text.find('?'); mark != std::string_view::npos) {
    parts.query = text.substr(mark + 1);
    text = text.substr(0, mark);
  }
  const auto colon = text.find(':');
  if (colon != std::string_view::npos && is_scheme(text.substr(0, colon))) {
    parts.scheme = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  if (text.substr(0, 2) == "//") {
    text.remove_prefix(2);
    const auto slash = std::min(text.find('/'), text.size());
    parts.authority = text.substr(0, slash);
    text.remove_prefix(slash);
  }
  parts.path = text;
  return parts;
}

/// RFC 3986, 5.2.4.
std::string without_dots(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    if (path.substr(0, 3) == "../") {
      path.remove_prefix(3);
    } else if (path.substr(0, 2) == "./" || path.substr(0, 3) == "/./") {
      path.remove_prefix(2);
    } else if (path == "/.") {
      path = "/";
    } else if (path.substr(0, 4) == "/../" || path == "/..") {
      path = path.size() > 3 ? path.substr(3) : "/";
      const auto slash = out.rfind('/');
      out.resize(slash == std::string::npos ? 0 : slash);
    } else if (path == "." || path == "..") {
      path = {};
    } else {
      const auto next = std::min(path.find('/', 1), path.size());
      out.append(path.substr(0, next));
      path.remove_prefix(next);
    }
  }
  return out;
}

std::string merged(const Parts& base, std::string_view path) {
  if (base.authority && base.path.empty()) return std::string("/").append(path);
  const auto slash = base.path.rfind('/');
  const auto folder = slash == std::string_view::npos ? "" : base.path.substr(0, slash + 1);
  return std::string(folder) + std::string(path);
}

/// Characters of `extra` and RFC 3986's "unreserved" and "sub-delims", or percent encoded.
bool allowed(std::string_view text, std::string_view extra, bool unicode) noexcept {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) return false;
      i += 2;
      continue;
    }
    if (is_alpha(c) || is_digit_char(c)) continue;
    if (static_cast<unsigned char>(c) >= 0x80) {
      if (!unicode) return false;
      continue;
    }
    if (std::string_view("-._~!$&'()*+,;=").find(c) == std::string_view::npos &&
        extra.find(c) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

bool is_host(std::string_view host, bool unicode) {
  if (host.empty() || host.front() != '[') return allowed(host, "", unicode);
  if (host.size() < 3 || host.back() != ']') return false;
  const std::string inner(host.substr(1, host.size() - 2));
  std::array<unsigned char, 16> address{};
  return inet_pton(AF_INET6, inner.c_str(), address.data()) == 1;
}

bool is_authority(std::string_view text, bool unicode) {
  if (const auto at = text.rfind('@'); at != std::string_view::npos) {
    if (!allowed(text.substr(0, at), ":", unicode)) return false;
    text.remove_prefix(at + 1);
  }
  const auto bracket = text.rfind(']');
  const auto colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon != std::string_view::npos) {
    const auto port = text.substr(colon + 1);
    if (!std::all_of(port.begin(), port.end(), is_digit_char)) return false;
    text = text.substr(0, colon);
  }
  return is_host(text, unicode);
}

}  // namespace

std::string resolve_uri(std::string_view base, std::string_view reference) {
  const Parts from = split(base), to = split(reference);
  auto scheme = to.scheme ? to.scheme : from.scheme;
  auto authority = to.authority;
  auto query = to.query;
  std::string path;
  if (to.scheme || to.authority) {
    path = without_dots(to.path);
  } else {
    authority = from.authority;
    if (to.path.empty()) {
      path = from.path;
      if (!to.query) query = from.query;
    } else {
      path = without_dots(to.path.front() == '/' ? std::string(to.path) : merged(from, to.path));
    }
  }
  std::string out;
  if (scheme) out.append(*scheme).append(":");
  if (authority) out.append("//").append(*authority);
  out.append(path);
  if (query) out.append("?").append(*query);
  if (to.fragment) out.append("#").append(*to.fragment);
  return out;
}

std::string percent_decoded(std::string_view text) {
  const auto digit = [](char c) { return is_digit_char(c) ? c - '0' : (c | 0x20) - 'a' + 10; };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2])) {
      out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

bool is_uri(std::string_view text, UriForm form, bool unicode) noexcept {
  const Parts parts = split(text);
  if (form == UriForm::kAbsolute && !parts.scheme) return false;
  if (parts.authority && !is_authority(*parts.authority, unicode)) return false;
  // Without a scheme, a colon in the first segment would have meant one.
  if (!parts.scheme && !parts.authority) {
    const auto colon = parts.path.find(':');
    if (colon != std::string_view::npos && colon < parts.path.find('/')) return false;
  }
  return allowed(parts.path, ":@/", unicode) &&
         (!parts.query || allowed(*parts.query, ":@/?", unicode)) &&
         (!parts.fragment || allowed(*parts.fragment, ":@/?", unicode));
}

}  // namespace marketplug::json
