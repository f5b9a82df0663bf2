#pragma once
// An HTTPS client for tests that answers from a script: for each operation a queue of answers,
// given in order, written in the test or recorded before. It keeps every request. One thread; owned
// by the test.

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "marketplug/services/http.hpp"
#include "marketplug/testing/fakes.hpp"

namespace marketplug::testing {

/// An answer with a JSON body, and more headers where given.
inline HttpResponse json_answer(int status, std::string body, HttpHeaders more = {}) {
  HttpResponse response;
  response.status = status;
  response.headers = std::move(more);
  response.headers.emplace_back("Content-Type", "application/json");
  response.body = std::move(body);
  return response;
}

inline HttpResponse html_answer(int status, std::string body = "<html><h1>Sorry</h1></html>") {
  HttpResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "text/html; charset=utf-8"}};
  response.body = std::move(body);
  return response;
}

class ScriptedHttp : public HttpClient {
 public:
  /// With documents, an answer of status 200 can be downloaded into them.
  explicit ScriptedHttp(FakeDocuments* documents = nullptr) : documents_(documents) {}

  /// The next answer to that operation.
  ScriptedHttp& answer(const std::string& operation, Result<HttpResponse> result) {
    script_[operation].push_back(std::move(result));
    return *this;
  }
  ScriptedHttp& fail(const std::string& operation, Failure::Kind kind, std::string code) {
    Failure failure;
    failure.kind = kind;
    failure.code = std::move(code);
    failure.message = "scripted failure of " + operation;
    return answer(operation, std::move(failure));
  }
  /// Answers that operation whenever its queue is empty.
  void otherwise(const std::string& operation, Result<HttpResponse> result) {
    fallback_.insert_or_assign(operation, std::move(result));
  }

  /// Without an answer left: Failure kInternal, code "unscripted".
  Result<HttpResponse> send(const HttpRequest& request, StepContext&) override {
    requests.push_back(request);
    if (inspect) inspect(request);
    return next(request);
  }
  /// As the host does: other statuses than 200 are kRemote, code "status_NNN".
  Result<DocumentInfo> download(const HttpRequest& request, const DownloadLimits& limits,
                                StepContext&) override {
    requests.push_back(request);
    if (inspect) inspect(request);
    auto answer = next(request);
    if (!answer) return answer.failure();
    HttpResponse& response = answer.value();
    if (documents_ == nullptr) return unscripted(request);
    if (response.status != 200) {
      return download_failure("status_" + std::to_string(response.status), request);
    }
    if (response.body.size() > limits.max_bytes) return download_failure("too_large", request);
    return documents_->add(std::move(response.body), std::string(response.header("content-type")));
  }

  /// Answers that were not asked for; a finished test has none.
  std::size_t left() const {
    std::size_t count = 0;
    for (const auto& [operation, queue] : script_) count += queue.size();
    return count;
  }
  std::vector<HttpRequest> requests_of(const std::string& operation) const {
    std::vector<HttpRequest> found;
    for (const HttpRequest& request : requests) {
      if (request.operation == operation) found.push_back(request);
    }
    return found;
  }

  std::vector<HttpRequest> requests;
  std::function<void(const HttpRequest&)> inspect;  ///< called with every request

 private:
  Result<HttpResponse> next(const HttpRequest& request) {
    auto& queue = script_[request.operation];
    if (!queue.empty()) {
      Result<HttpResponse> first = std::move(queue.front());
      queue.pop_front();
      return first;
    }
    const auto fallback = fallback_.find(request.operation);
    if (fallback != fallback_.end()) return fallback->second;
    return unscripted(request);
  }
  static Failure download_failure(std::string code, const HttpRequest& request) {
    Failure failure;
    failure.kind = Failure::Kind::kRemote;
    failure.code = std::move(code);
    failure.message = request.operation + " gave no document";
    return failure;
  }
  static Failure unscripted(const HttpRequest& request) {
    Failure failure;
    failure.code = "unscripted";
    failure.message = "the test has no answer to " + request.operation;
    return failure;
  }
  FakeDocuments* documents_;
  std::map<std::string, std::deque<Result<HttpResponse>>> script_;
  std::map<std::string, Result<HttpResponse>> fallback_;
};

}  // namespace marketplug::testing
