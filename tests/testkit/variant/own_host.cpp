#include "tests/testkit/variant/own_host.hpp"

#include <algorithm>
#include <atomic>
#include <boost/json.hpp>
#include <chrono>
#include <marketplug/plugin.hpp>
#include <set>
#include <stdexcept>

#include "tests/testkit/variant/fault.hpp"

namespace variant {

using namespace marketplug;

namespace {

/// Notes whether another shop's request is under way.
struct Inside {
  Inside() : alone(count()++ == 0) {}
  ~Inside() { --count(); }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;
  static std::atomic<int>& count() {
    static std::atomic<int> requests{0};
    return requests;
  }
  const bool alone;
};

/// The transport: gets an access token, and misbehaves.
class Http final : public HttpClient {
 public:
  explicit Http(Host& host) : host_(host) {}

  Result<HttpResponse> send(const HttpRequest& wanted, StepContext& ctx) override {
    static std::string first_key;
    const Inside inside;
    const bool token_asked = token_.empty() || part<Clock>(host_)->now() > token_until_ ||
                             (breaks("E11") && wanted.operation == "get_stock");
    if (token_asked) {
      if (auto got = fetch_token(ctx); !got) return got.failure();
    }
    HttpRequest request = wanted;
    request.headers.emplace_back("X-Token", token_);
    if (breaks("F2") && request.operation == "whoami") request.url.replace(0, 5, "http");
    if (breaks("F3") && request.operation == "get_order") {
      std::erase_if(request.headers, [](const auto& each) { return each.first == "User-Agent"; });
    }
    if (breaks("C2")) {
      if (first_key.empty()) first_key = request.headers[0].second;
      request.headers[0].second = first_key;
    }
    if (breaks("F1")) {
      if (auto* log = part<Log>(host_)) {
        log->write(Log::Level::kInfo, "key", request.headers[0].second, {});
      }
    }
    auto answer = through(request, ctx);
    if (breaks("C3") && !inside.alone) return failure_of(Failure::Kind::kRemote, "busy");
    if (!answer) return failed(answer.failure(), token_asked);
    return judged(request, std::move(answer.value()), ctx);
  }
  Result<DocumentInfo> download(const HttpRequest& request, const DownloadLimits& limits,
                                StepContext& ctx) override {
    return part<HttpClient>(host_)->download(request, limits, ctx);
  }

 private:
  Result<HttpResponse> through(const HttpRequest& request, StepContext& ctx) {
    auto* http = part<HttpClient>(host_);
    auto answer = http->send(request, ctx);
    const bool network = !answer && answer.failure().kind == Failure::Kind::kTransient;
    // Not the first parcel: one that is cut later must be tried too.
    if (breaks("D12") && network && request.operation == "set_parcel" && parcels_ > 0) {
      part<Quota>(host_)->take({"variant", request.operation}, {1, 1}, QuotaPriority::kEffect);
      HttpRequest again = request;
      again.body.replace(again.body.find("\"parcel\":") + 9, 0, "10");
      return http->send(again, ctx);
    }
    if (request.operation == "set_parcel") ++parcels_;
    if (request.operation == "set_stock") stock_sent_ = true;
    if (breaks("D11") && answer && request.operation == "set_parcel" &&
        !sent_.insert(request.body).second) {
      HttpRequest again = request;
      again.body.replace(again.body.find("\"parcel\":") + 9, 0, "20");
      return http->send(again, ctx);
    }
    return answer;
  }

  static Result<HttpResponse> failed(Failure failure, bool token_asked) {
    const bool cancelled = failure.kind == Failure::Kind::kCancelled;
    if (breaks("D9") && cancelled) failure.kind = Failure::Kind::kTransient;
    if (breaks("E4") && failure.code == "dns") failure.kind = Failure::Kind::kConfig;
    if (breaks("G3") && cancelled && token_asked &&
        failure.message.find("deadline") != failure.message.npos) {
      throw std::logic_error("no time");
    }
    return failure;
  }

  Result<HttpResponse> judged(const HttpRequest& request, HttpResponse answer, StepContext& ctx) {
    const int status = answer.status;
    if (breaks("E1") && (status == 401 || status == 403)) {
      return failure_of(Failure::Kind::kTransient, "denied");
    }
    if (breaks("E2") && status == 429) answer.headers.clear();
    // Where nothing was pushed, there is nothing to read back: the kit must push first.
    if (breaks("E3") && status >= 500 && stock_sent_ && request.operation == "get_stock") {
      return failure_of(Failure::Kind::kRemote, "server");
    }
    if (breaks("E8") && status / 100 == 3) {
      HttpRequest other = request;
      other.url = std::string(answer.header("location"));
      return part<HttpClient>(host_)->send(other, ctx);
    }
    const bool control = std::any_of(answer.body.begin(), answer.body.end(),
                                     [](char c) { return c >= 0 && c < 0x20; });
    if (breaks("G1") && control) throw std::logic_error("a control character");
    return answer;
  }

  Status fetch_token(StepContext& ctx) {
    const std::string handle = "secret:/api_key";
    const auto secret = part<Secrets>(host_)->get(handle);
    if (!secret) return secret.failure();
    HttpRequest request{"POST", "https://api.example.com/token", {}, secret.value(), "token"};
    request.headers = {{"User-Agent", "variant"}};
    const auto answer = part<HttpClient>(host_)->send(request, ctx);
    if (!answer) {
      return breaks("D9") ? failed(answer.failure(), false).failure() : answer.failure();
    }
    boost::system::error_code error;
    const auto body = boost::json::parse(answer.value().body, error);
    const auto* object = error ? nullptr : body.if_object();
    const auto* token = object == nullptr ? nullptr : object->if_contains("token");
    if (token == nullptr || !token->is_string()) {
      return failure_of(Failure::Kind::kRemote, "no_token");
    }
    token_ = std::string(token->get_string());
    token_until_ = part<Clock>(host_)->now() + std::chrono::hours{1};
    const auto* rotated = object->if_contains("rotated");
    if (rotated != nullptr && rotated->is_string() && !breaks("E9")) {
      return part<Secrets>(host_)->replace(handle, rotated->get_string());
    }
    return Done{};
  }

  Host& host_;
  std::string token_;
  TimePoint token_until_{};
  std::set<std::string> sent_;
  int parcels_ = 0;
  bool stock_sent_ = false;
};

/// Grants some requests by itself.
class OwnQuota final : public Quota {
 public:
  explicit OwnQuota(Host& host) : host_(host) {}
  QuotaAnswer take(const QuotaKey& key, const QuotaPlan& plan, QuotaPriority priority) override {
    if (breaks("F4") && key.operation == "get_order") return {true, {}};
    return part<Quota>(host_)->take(key, plan, priority);
  }
  void observe(const QuotaKey& key, double rate) override {
    part<Quota>(host_)->observe(key, rate);
  }
  TimePoint refused(const QuotaKey& key, const QuotaPlan& plan) override {
    return part<Quota>(host_)->refused(key, plan);
  }
  double left(const QuotaKey& key, const QuotaPlan& plan, QuotaPriority priority) override {
    return part<Quota>(host_)->left(key, plan, priority);
  }

 private:
  Host& host_;
};

}  // namespace

struct OwnHost::Parts {
  explicit Parts(Host& host) : http(host), quota(host) {}
  Http http;
  OwnQuota quota;
};

OwnHost::OwnHost(Host& host) : host_(host), parts_(std::make_unique<Parts>(host)) {}
OwnHost::~OwnHost() = default;

void* OwnHost::query(std::string_view id) noexcept {
  void* found = host_.query(id);
  if (found != nullptr && id == HttpClient::kId) return static_cast<HttpClient*>(&parts_->http);
  if (found != nullptr && id == Quota::kId) return static_cast<Quota*>(&parts_->quota);
  return found;
}

}  // namespace variant
