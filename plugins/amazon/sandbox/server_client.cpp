#include "plugins/amazon/sandbox/server_client.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace amazon_sandbox {
namespace {

std::string text_member(const std::string& json, const char* name) {
  boost::system::error_code error;
  const auto value = boost::json::parse(json, error);
  if (error || !value.is_object()) return {};
  const auto* member = value.get_object().if_contains(name);
  return member != nullptr && member->is_string() ? std::string(member->get_string())
                                                  : std::string();
}

std::string find_url(const std::filesystem::path& data) {
  if (data.empty()) {
    throw std::runtime_error(
        "say which simulator: --data FOLDER (the one given to serve) or --admin URL");
  }
  std::ifstream file(data / "ready.json");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  auto url = text_member(text, "admin");
  if (url.empty()) {
    throw std::runtime_error("no simulator runs with " + data.string() +
                             ": it has no ready.json; start one with amazon-sandbox serve");
  }
  return url;
}

}  // namespace

ControlClient::ControlClient(const std::string& url, const std::filesystem::path& data) {
  const Poco::URI uri(url.empty() ? find_url(data) : url);
  if (uri.getScheme() != "http") throw std::runtime_error("--admin takes an http:// URL");
  host_ = uri.getHost();
  port_ = uri.getPort();
}

std::string ControlClient::call(const std::string& method, const std::string& path,
                                const std::string& body) const {
  std::string answer;
  Poco::Net::HTTPResponse response;
  try {
    Poco::Net::HTTPClientSession session(host_, port_);
    session.setTimeout(Poco::Timespan(30, 0));
    Poco::Net::HTTPRequest request(method, path, Poco::Net::HTTPMessage::HTTP_1_1);
    request.setContentType("application/json");
    request.setContentLength(static_cast<std::streamsize>(body.size()));
    session.sendRequest(request) << body;
    Poco::StreamCopier::copyToString(session.receiveResponse(response), answer);
  } catch (const Poco::Exception& problem) {
    throw std::runtime_error("the simulator at " + host_ + ":" + std::to_string(port_) +
                             " does not answer: " + problem.displayText() +
                             "; is it still running?");
  }
  if (response.getStatus() / 100 != 2) {
    const auto told = text_member(answer, "error");
    throw std::runtime_error(told.empty() ? "the simulator answered " +
                                                std::to_string(response.getStatus()) +
                                                " without saying why; is that its control port?"
                                          : told);
  }
  return answer;
}

}  // namespace amazon_sandbox
