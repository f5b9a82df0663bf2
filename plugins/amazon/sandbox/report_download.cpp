#include "plugins/amazon/sandbox/report_download.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "marketplug/model/time.hpp"
#include "plugins/amazon/sandbox/page_token.hpp"
#include "plugins/amazon/sandbox/report_text.hpp"

namespace amazon_sandbox {
namespace {

using std::chrono::seconds;

constexpr seconds kUrlLife{300};
constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

/// "20261123T100000Z": a time as it stands in X-Amz-Date.
std::string compact_time(TimePoint time) {
  auto text = marketplug::format_time(std::chrono::floor<seconds>(time));
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

std::optional<TimePoint> parse_compact_time(std::string_view text) {
  if (text.size() != 16) return std::nullopt;
  std::string iso(text);
  for (const std::size_t at : {13u, 11u}) iso.insert(at, 1, ':');
  for (const std::size_t at : {6u, 4u}) iso.insert(at, 1, '-');
  return marketplug::parse_time(iso);
}

std::string signature(std::string_view key, std::string_view date, std::string_view encoding,
                      std::uint64_t secret) {
  const auto text = fmt::format("GET\n/report-documents/{}\n{}\n{}", key, date, encoding);
  std::string hex;
  for (std::uint64_t part = 0; part < 4; ++part) {
    hex += fmt::format("{:016x}", keyed_hash(text, secret ^ (part + 0x7333)));
  }
  return hex;
}

struct StoreError {
  int status = 403;
  std::string_view code;
  std::string message;
  std::string more{};  ///< further elements
};

Response store_error(const StoreError& error) {
  Response response;
  response.status = error.status;
  response.headers.emplace_back("Content-Type", "application/xml");
  response.body = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{}</Code><Message>{}</Message>{}"
      "<RequestId>4442587FB7D0A2F9</RequestId></Error>",
      error.code, xml_text(error.message), error.more);
  return response;
}

std::string element(std::string_view name, std::string_view value) {
  return fmt::format("<{0}>{1}</{0}>", name, xml_text(value));
}

/// What a presigned URL does not go together with: it is all the authority there is.
std::optional<StoreError> refuse_headers(const Headers& headers) {
  if (const auto value = find_header(headers, "authorization")) {
    return StoreError{400, "InvalidArgument",
                      "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, "
                      "Signature query string parameter or the Authorization header should be "
                      "specified",
                      element("ArgumentName", "Authorization") + element("ArgumentValue", *value)};
  }
  for (const auto& [name, value] : headers) {
    std::string lower(name);
    for (auto& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (!lower.starts_with("x-amz-")) continue;
    return StoreError{403, "AccessDenied",
                      "There were headers present in the request which were not signed",
                      element("HeadersNotSigned", lower)};
  }
  return std::nullopt;
}

using Query = std::map<std::string, std::string, std::less<>>;

std::optional<StoreError> refuse_url(const Query& query, std::string_view key, TimePoint now,
                                     std::uint64_t secret) {
  for (const auto* name : {"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires",
                           "X-Amz-SignedHeaders", "X-Amz-Signature"}) {
    if (!query.contains(name)) return StoreError{403, "AccessDenied", "Access Denied"};
  }
  const auto encoding = query.find("response-content-encoding");
  const auto date = query.find("X-Amz-Date")->second;
  const auto signed_at = parse_compact_time(date);
  const std::size_t known = encoding == query.end() ? 6 : 7;
  if (!signed_at || query.size() != known ||
      query.find("X-Amz-Expires")->second != std::to_string(kUrlLife.count()) ||
      query.find("X-Amz-Signature")->second !=
          signature(key, date, encoding == query.end() ? "" : encoding->second, secret)) {
    return StoreError{403, "SignatureDoesNotMatch",
                      "The request signature we calculated does not match the signature you "
                      "provided. Check your key and signing method."};
  }
  const auto expires = *signed_at + kUrlLife;
  if (now <= expires) return std::nullopt;
  return StoreError{403, "AccessDenied", "Request has expired",
                    element("X-Amz-Expires", std::to_string(kUrlLife.count())) +
                        element("Expires", marketplug::format_time(expires)) +
                        element("ServerTime", marketplug::format_time(now))};
}

std::string document_host(const World& world, const Request& request) {
  const std::shared_lock lock(world.mutex);
  const auto& given = world.settings.reports.document_host;
  return given.empty() ? host_of(request) : given;
}

}  // namespace

std::string presigned_url(const World& world, const Request& request, std::string_view document_key,
                          bool unpacked, TimePoint now) {
  const auto date = compact_time(now);
  return fmt::format(
      "https://{}/report-documents/{}?X-Amz-Algorithm={}&X-Amz-Date={}&X-Amz-SignedHeaders=host"
      "&X-Amz-Expires={}&X-Amz-Credential=SIMULATED%2F{}%2Feu-west-1%2Fs3%2Faws4_request{}"
      "&X-Amz-Signature={}",
      document_host(world, request), document_key, kAlgorithm, date, kUrlLife.count(),
      date.substr(0, 8), unpacked ? "&response-content-encoding=gzip" : "",
      signature(document_key, date, unpacked ? "gzip" : "", world.seed));
}

Response download_document(const World& world, const Request& request, const Target& target,
                           std::string_view document_key, TimePoint now) {
  const Query query(target.query.begin(), target.query.end());
  if (const auto refusal = refuse_headers(request.headers)) return store_error(*refusal);
  if (const auto refusal = refuse_url(query, document_key, now, world.seed)) {
    return store_error(*refusal);
  }
  const std::shared_lock lock(world.mutex);
  for (const auto& [seller, shelf] : world.reports) {
    const auto* document = shelf.document_by_key(document_key, now);
    if (document == nullptr) continue;
    Response response;
    response.headers.emplace_back("Content-Type", document->content_type);
    if (document->gzip) {
      const bool unpacked = query.contains("response-content-encoding");
      response.headers.emplace_back("Content-Encoding", unpacked ? "gzip" : "identity");
    }
    response.body = document->bytes;
    return response;
  }
  return store_error({404, "NoSuchKey", "The specified key does not exist.",
                      element("Key", std::string(document_key))});
}

Response download_fault(int status) {
  switch (status) {
    case 403:
      return store_error({403, "AccessDenied", "Access Denied"});
    case 404:
      return store_error({404, "NoSuchKey", "The specified key does not exist."});
    case 429:
    case 503:
      return store_error({status, "SlowDown", "Please reduce your request rate."});
    default:
      return store_error({status, "InternalError", "We encountered an internal error. Try again."});
  }
}

}  // namespace amazon_sandbox
