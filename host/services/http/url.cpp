#include "host/services/http/url.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>

#include "host/services/ascii.hpp"

namespace marketplug::services::http {
namespace {

bool visible(char c) noexcept { return c > 0x20 && c < 0x7f; }

bool host_char(char c) noexcept {
  return ascii::letter_or_digit(c) || c == '-' || c == '.' || c == '_';
}

struct HostPort {
  std::string host;
  std::optional<std::uint16_t> port;
};

/// "host", "host:port", "[::1]:port"; nullopt for anything else.
std::optional<HostPort> split_authority(std::string_view text) {
  HostPort found;
  std::string_view rest;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    found.host = text.substr(1, end - 1);
    rest = text.substr(end + 1);
    const auto address_char = [](char c) {
      return ascii::letter_or_digit(c) || c == ':' || c == '.';
    };
    if (!std::all_of(found.host.begin(), found.host.end(), address_char)) return std::nullopt;
  } else {
    const auto end = std::min(text.find(':'), text.size());
    found.host = text.substr(0, end);
    rest = text.substr(end);
    if (!std::all_of(found.host.begin(), found.host.end(), host_char)) return std::nullopt;
  }
  if (found.host.empty() || found.host.size() > 253 || found.host.ends_with('.')) {
    return std::nullopt;
  }
  std::transform(found.host.begin(), found.host.end(), found.host.begin(), ascii::lower);
  if (rest.empty()) return found;
  rest.remove_prefix(1);
  unsigned port = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), port);
  if (error != std::errc{} || end != rest.data() + rest.size() || port == 0 || port > 65535) {
    return std::nullopt;
  }
  found.port = static_cast<std::uint16_t>(port);
  return found;
}

std::string join(const std::string& host, std::uint16_t port) {
  const bool literal6 = host.find(':') != std::string::npos;
  return (literal6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    unsigned value = 0;
    if (i + 2 >= text.size()) return std::nullopt;
    const auto* begin = text.data() + i + 1;
    if (std::from_chars(begin, begin + 2, value, 16).ptr != begin + 2) return std::nullopt;
    out += static_cast<char>(value);
    i += 2;
  }
  return out;
}

}  // namespace

std::string_view Url::path() const noexcept {
  return std::string_view(target).substr(0, target.find('?'));
}

std::string Url::host_port() const { return join(host, port); }

std::string Url::authority() const {
  const auto text = host_port();
  return port == 443 ? text.substr(0, text.size() - 4) : text;
}

Url parse_url(std::string_view text, const Place& place) {
  static constexpr std::string_view kRemedy = "correct the endpoint in the shop's settings";
  if (!ascii::starts_with(text, "https://")) {
    throw wrong_config(place, "not_https", "the address does not begin with https://",
                       "use an https address: nothing is sent unencrypted");
  }
  if (!std::all_of(text.begin(), text.end(), visible)) {
    throw wrong_config(place, "invalid_request",
                       "the address holds a blank, a control or a non-ASCII character", kRemedy);
  }
  text.remove_prefix(8);
  const auto end = std::min(text.find_first_of("/?#"), text.size());
  const auto authority = split_authority(text.substr(0, end));
  if (!authority || text.find('#') != std::string_view::npos) {
    throw wrong_config(place, "invalid_request",
                       "the address is not of the form https://host[:port]/path", kRemedy);
  }
  Url url;
  url.host = authority->host;
  url.port = authority->port.value_or(std::uint16_t{443});
  url.target = text.substr(end);
  if (!url.target.starts_with('/')) url.target.insert(0, "/");
  return url;
}

std::string ProxyAddress::host_port() const { return join(host, port); }

ProxyAddress parse_proxy(std::string_view text) {
  const auto malformed = [] {
    return std::runtime_error(
        "http.proxy is not of the form http://user:password@host:port (user and password optional, "
        "percent-encoded)");
  };
  if (!ascii::starts_with(text, "http://")) throw malformed();
  text.remove_prefix(7);
  if (text.ends_with('/')) text.remove_suffix(1);
  ProxyAddress proxy;
  if (const auto at = text.rfind('@'); at != std::string_view::npos) {
    const auto info = text.substr(0, at);
    const auto colon = std::min(info.find(':'), info.size());
    const auto user = percent_decoded(info.substr(0, colon));
    const auto password =
        percent_decoded(colon < info.size() ? info.substr(colon + 1) : std::string_view());
    if (!user || !password) throw malformed();
    proxy.user = *user;
    proxy.password = *password;
    text.remove_prefix(at + 1);
  }
  const auto authority = split_authority(text);
  if (!authority || !authority->port) throw malformed();
  proxy.host = authority->host;
  proxy.port = *authority->port;
  return proxy;
}

}  // namespace marketplug::services::http
