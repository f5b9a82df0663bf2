// host.http/1 and host.documents/1 on the wire.
#include <boost/json/array.hpp>
#include <cstdint>

#include "host/isolation/wire.hpp"

namespace marketplug::isolation::wire {
namespace {

boost::json::array headers(const HttpHeaders& headers) {
  boost::json::array list;
  for (const auto& [name, content] : headers) {
    list.push_back(boost::json::array{text(name), text(content)});
  }
  return list;
}

HttpHeaders headers_of(const boost::json::value& from) {
  HttpHeaders headers;
  for (const auto& each : from.as_array()) {
    const auto& pair = each.as_array();
    headers.emplace_back(text_of(pair.at(0)), text_of(pair.at(1)));
  }
  return headers;
}

}  // namespace

boost::json::object request(const HttpRequest& request) {
  return {{"method", text(request.method)},       {"url", text(request.url)},
          {"headers", headers(request.headers)},  {"body", text(request.body)},
          {"operation", text(request.operation)}, {"repeatable", request.repeatable},
          {"secret_url", request.secret_url}};
}

HttpRequest request_of(const boost::json::value& from) {
  const auto& members = from.as_object();
  HttpRequest request;
  request.method = text_at(members, "method");
  request.url = text_at(members, "url");
  request.headers = headers_of(members.at("headers"));
  request.body = text_at(members, "body");
  request.operation = text_at(members, "operation");
  request.repeatable = members.at("repeatable").as_bool();
  request.secret_url = members.at("secret_url").as_bool();
  return request;
}

boost::json::object response(const HttpResponse& response) {
  return {{"status", response.status},
          {"headers", headers(response.headers)},
          {"body", text(response.body)}};
}

HttpResponse response_of(const boost::json::value& from) {
  const auto& members = from.as_object();
  return {members.at("status").to_number<int>(), headers_of(members.at("headers")),
          text_at(members, "body")};
}

boost::json::object limits(const DownloadLimits& limits) {
  return {{"max_bytes", limits.max_bytes},
          {"max_inflated", limits.max_inflated},
          {"gunzip", limits.gunzip},
          {"lifetime", std::int64_t{limits.lifetime.count()}}};
}

DownloadLimits limits_of(const boost::json::value& from) {
  const auto& members = from.as_object();
  return {members.at("max_bytes").to_number<std::uint64_t>(),
          members.at("max_inflated").to_number<std::uint64_t>(), members.at("gunzip").as_bool(),
          std::chrono::seconds{members.at("lifetime").as_int64()}};
}

boost::json::object document(const DocumentInfo& info) {
  return {{"handle", text(info.handle)},
          {"size", info.size},
          {"content_type", text(info.content_type)},
          {"expires_at", time(info.expires_at)}};
}

DocumentInfo document_of(const boost::json::value& from) {
  const auto& members = from.as_object();
  return {text_at(members, "handle"), members.at("size").to_number<std::uint64_t>(),
          text_at(members, "content_type"), moment_at(members, "expires_at")};
}

}  // namespace marketplug::isolation::wire
