#include "host/services/secret_shapes.hpp"

#include <algorithm>
#include <array>

#include "host/services/ascii.hpp"
namespace marketplug::services {
namespace {

constexpr std::size_t kTokenLength = 8;       ///< shorter words after "Bearer" are prose
constexpr std::size_t kBareValueLength = 16;  ///< likewise after "client_secret: "

bool token_char(char c) noexcept {
  return ascii::letter_or_digit(c) ||
         std::string_view("-_.~+/=|%").find(c) != std::string_view::npos;
}

std::size_t token_length(std::string_view text) noexcept {
  std::size_t length = 0;
  while (length < text.size() && token_char(text[length])) ++length;
  return length;
}

/// LWA's tokens and client secrets tell themselves by their first letters.
SecretShape amazon_token(std::string_view rest) noexcept {
  static constexpr std::array<std::string_view, 7> kPrefixes{
      "Atza|", "Atzr|", "Atz.sprdt|", "Atza%7C", "Atzr%7C", "Atz.sprdt%7C", "amzn1.oa2-cs."};
  for (const auto prefix : kPrefixes) {
    if (rest.starts_with(prefix)) return {prefix.size(), token_length(rest.substr(prefix.size()))};
  }
  return {};
}

/// "Bearer eyJ…", "Basic dXNl…", and an AWS signature up to the end of its line.
SecretShape credentials(std::string_view rest) noexcept {
  if (ascii::starts_with(rest, "aws4-hmac-sha256 ")) {
    const auto end = std::min(rest.find_first_of("\r\n\"'"), rest.size());
    return {17, end - 17};
  }
  for (const std::string_view scheme : {"bearer ", "basic "}) {
    if (!ascii::starts_with(rest, scheme)) continue;
    const auto length = token_length(rest.substr(scheme.size()));
    if (length >= kTokenLength) return {scheme.size(), length};
  }
  return {};
}

constexpr std::array<std::string_view, 9> kSecretNames{
    "x-amz-signature",    "x-amz-credential", "x-amz-security-token",
    "x-amz-access-token", "authorization",    "access_token",
    "refresh_token",      "client_secret",    "password"};

/// name=value, "name":"value", name: value.
SecretShape named_value(std::string_view rest) noexcept {
  const auto name = std::find_if(kSecretNames.begin(), kSecretNames.end(),
                                 [&](auto n) { return ascii::starts_with(rest, n); });
  if (name == kSecretNames.end()) return {};
  std::size_t at = name->size();
  const auto skip = [&](std::string_view any) {
    const auto before = at;
    while (at < rest.size() && any.find(rest[at]) != std::string_view::npos) ++at;
    return at - before;
  };
  skip("\"'\\");
  skip(" ");
  const bool equals = at < rest.size() && rest[at] == '=';
  if (!equals && (at >= rest.size() || rest[at] != ':')) return {};
  ++at;
  skip(" ");
  const bool quoted = skip("\"'\\") != 0;
  const auto value = rest.substr(at);
  const auto length = quoted ? std::min(value.find_first_of("\"'\\\r\n"), value.size())
                             : std::min(value.find_first_of("& \t\r\n\"',;}"), value.size());
  // "refresh_token: is required" is prose; a bare value after a colon must look like a secret.
  const bool prose = !equals && !quoted && length < kBareValueLength;
  return prose ? SecretShape{} : SecretShape{at, length};
}

SecretShape url_credentials(std::string_view rest) noexcept {
  if (!rest.starts_with("://")) return {};
  const auto authority = rest.substr(3);
  const auto end = std::min(authority.find_first_of("/?# \t\r\n\"'<>"), authority.size());
  const auto at_sign = authority.substr(0, end).rfind('@');
  if (at_sign == std::string_view::npos) return {};
  return {3, at_sign};
}

}  // namespace

SecretShape secret_shape_at(std::string_view text, std::size_t at) noexcept {
  const auto rest = text.substr(at);
  switch (rest.front()) {
    case ':':
      return url_credentials(rest);
    case 'A':
    case 'a':
    case 'B':
    case 'b':
    case 'C':
    case 'c':
    case 'P':
    case 'p':
    case 'R':
    case 'r':
    case 'X':
    case 'x':
      break;
    default:
      return {};
  }
  if (const auto token = amazon_token(rest); token.masked != 0) return token;
  if (at != 0 && ascii::letter_or_digit(text[at - 1])) return {};  // "reauthorization: …"
  if (const auto found = credentials(rest); found.masked != 0) return found;
  return named_value(rest);
}

bool secret_name(std::string_view name) noexcept {
  return std::any_of(kSecretNames.begin(), kSecretNames.end(),
                     [&](auto secret) { return ascii::same(name, secret); });
}

}  // namespace marketplug::services
