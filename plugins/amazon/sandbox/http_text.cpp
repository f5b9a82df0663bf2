#include "plugins/amazon/sandbox/http_text.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace amazon_sandbox {
namespace {

char lower_ascii(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower_ascii(x) == lower_ascii(y); });
}

/// A "token" of RFC 7230, 3.2.6.
bool is_token(std::string_view text) noexcept {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (lower_ascii(c) >= 'a' && lower_ascii(c) <= 'z') ||
           kOthers.find(c) != std::string_view::npos;
  });
}

bool is_field_value(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
  });
}

std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Takes one line off the front; false when there is no CRLF any more.
bool take_line(std::string_view& text, std::string_view& line) noexcept {
  const auto end = text.find("\r\n");
  if (end == std::string_view::npos) return false;
  line = text.substr(0, end);
  text.remove_prefix(end + 2);
  return true;
}

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  const char low = lower_ascii(c);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

bool is_target_text(std::string_view target) noexcept {
  return !target.empty() && target[0] == '/' &&
         std::all_of(target.begin(), target.end(), [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte > 0x20 && byte < 0x7f && c != '"' && c != '<' && c != '>' && c != '\\' &&
                  c != '^' && c != '`' && c != '{' && c != '}' && c != '#';
         });
}

bool read_request_line(std::string_view line, RequestHead& head) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return false;
  const auto version = line.substr(last + 1);
  head.request.method = line.substr(0, first);
  head.request.target = line.substr(first + 1, last - first - 1);
  head.keep_alive = version == "HTTP/1.1";
  return (version == "HTTP/1.1" || version == "HTTP/1.0") && is_token(head.request.method) &&
         is_target_text(head.request.target);
}

/// What the headers say about body and connection. False where they contradict themselves.
bool read_framing(RequestHead& head) {
  bool has_length = false;
  int hosts = 0;
  for (const auto& [name, value] : head.request.headers) {
    if (equal_ignoring_case(name, "content-length")) {
      const auto* end = value.data() + value.size();
      const auto read = std::from_chars(value.data(), end, head.content_length);
      if (has_length || read.ec != std::errc{} || read.ptr != end) return false;
      has_length = true;
    } else if (equal_ignoring_case(name, "transfer-encoding")) {
      if (!equal_ignoring_case(value, "chunked") || head.chunked) return false;
      head.chunked = true;
    } else if (equal_ignoring_case(name, "connection")) {
      if (equal_ignoring_case(value, "close")) head.keep_alive = false;
    } else if (equal_ignoring_case(name, "host")) {
      ++hosts;
    }
  }
  return !(has_length && head.chunked) && hosts == 1;
}

}  // namespace

std::string host_of(const Request& request) {
  if (const auto host = find_header(request.headers, "host")) return std::string(*host);
  switch (request.host) {
    case HostKind::kNorthAmerica:
      return "sellingpartnerapi-na.amazon.com";
    case HostKind::kEurope:
      return "sellingpartnerapi-eu.amazon.com";
    case HostKind::kFarEast:
      return "sellingpartnerapi-fe.amazon.com";
    default:
      return "localhost";
  }
}

std::optional<std::string_view> find_header(const Headers& headers,
                                            std::string_view name) noexcept {
  for (const auto& [key, value] : headers) {
    if (equal_ignoring_case(key, name)) return value;
  }
  return std::nullopt;
}

std::optional<RequestHead> parse_request_head(std::string_view text) {
  RequestHead head;
  std::string_view line;
  if (!take_line(text, line) || !read_request_line(line, head)) return std::nullopt;
  while (take_line(text, line) && !line.empty()) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || head.request.headers.size() >= 100) return std::nullopt;
    const auto name = line.substr(0, colon);
    const auto value = trim(line.substr(colon + 1));
    if (!is_token(name) || !is_field_value(value)) return std::nullopt;
    head.request.headers.emplace_back(name, value);
  }
  if (!line.empty() || !read_framing(head)) return std::nullopt;
  return head;
}

std::string write_response_head(const Response& response, bool keep_alive) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " ";
  head += reason_phrase(response.status);
  head += "\r\n";
  for (const auto& [name, value] : response.headers) {
    head.append(name).append(": ").append(value).append("\r\n");
  }
  if (response.status != 204) {
    head.append("Content-Length: ").append(std::to_string(response.body.size())).append("\r\n");
  }
  head.append("Connection: ").append(keep_alive ? "keep-alive" : "close").append("\r\n\r\n");
  return head;
}

Response malformed_request_response() {
  Response response;
  response.status = 400;
  response.headers.emplace_back("Content-Type", "text/html");
  response.body =
      "<html>\r\n<head><title>400 Bad Request</title></head>\r\n<body>\r\n"
      "<center><h1>400 Bad Request</h1></center>\r\n</body>\r\n</html>\r\n";
  return response;
}

std::optional<std::string> percent_decode(std::string_view text, bool form) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && form) {
      c = ' ';
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return std::nullopt;
    out += c;
  }
  return out;
}

std::optional<Parameters> parse_form(std::string_view text) {
  Parameters result;
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    const auto part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto equals = std::min(part.find('='), part.size());
    auto name = percent_decode(part.substr(0, equals), true);
    auto value = percent_decode(part.substr(std::min(equals + 1, part.size())), true);
    if (!name || !value || name->empty()) return std::nullopt;
    result.emplace_back(std::move(*name), std::move(*value));
  }
  return result;
}

std::optional<Target> parse_target(std::string_view target) {
  if (!is_target_text(target)) return std::nullopt;
  const auto question = target.find('?');
  Target result;
  result.path = target.substr(0, question);
  if (question == std::string_view::npos) return result;
  auto query = parse_form(target.substr(question + 1));
  if (!query) return std::nullopt;
  result.query = std::move(*query);
  return result;
}

std::optional<std::vector<std::string>> path_segments(std::string_view path) {
  std::vector<std::string> result;
  if (path.empty() || path[0] != '/') return std::nullopt;
  path.remove_prefix(1);
  for (;;) {
    const auto end = path.find('/');
    auto segment = percent_decode(path.substr(0, end), false);
    if (!segment) return std::nullopt;
    result.push_back(std::move(*segment));
    if (end == std::string_view::npos) return result;
    path.remove_prefix(end + 1);
  }
}

std::string http_date(std::chrono::sys_time<std::chrono::milliseconds> time) {
  using namespace std::chrono;
  static constexpr std::string_view kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<seconds>(time - day));
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()),
                     kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

std::string_view reason_phrase(int status) noexcept {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 413:
      return "Request Entity Too Large";
    case 415:
      return "Unsupported Media Type";
    case 429:
      return "Too Many Requests";
    case 500:
      return "Internal Server Error";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Unknown";
  }
}

}  // namespace amazon_sandbox
