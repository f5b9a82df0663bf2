// The template's connector with one fault, chosen by a mark in the file: a copy whose mark says
// "D3" breaks what check D3 of the conformance kit is about, and as far as possible nothing else.
// With the mark "none" it is sound. violations.py makes the copies.
#include <sys/stat.h>
#include <unistd.h>
#include <marketplug/plugin.hpp>
#include <marketplug_settings_schema.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <set>
#include <stdexcept>

#include "src/connector.hpp"

#if defined(VARIANT_EXPORTS)
extern "C" __attribute__((visibility("default"))) int meets_others() { return 1; }
#endif

namespace {

using namespace marketplug;
using marketplug::market::Items;

__attribute__((used)) constinit volatile char mark[24] = "VIOLATION:none";

bool breaks(const char* id) {
  char now[sizeof(mark)] = {};
  std::copy(std::begin(mark), std::end(mark), now);
  return std::strcmp(now + std::strlen("VIOLATION:"), id) == 0;
}

/// Runs when the library is loaded.
struct AtLoading {
  AtLoading() {
    if (breaks("A7") && std::getenv("HOME") == nullptr) throw std::runtime_error("where is HOME?");
    if (breaks("A8")) {
      const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds{150};
      while (std::chrono::steady_clock::now() < until) {
      }
    }
  }
} const at_loading;

bool in_worker() {
  std::string name;
  std::ifstream("/proc/self/comm") >> name;
  return name.starts_with("marketplug-work");
}

Failure failure_of(Failure::Kind kind, std::string code) {
  return {kind, "A variant fails.", "", std::move(code), "", {}};
}

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

class OwnHost final : public Host {
 public:
  explicit OwnHost(Host& host) : host_(host), http_(host), quota_(host) {}
  void* query(std::string_view id) noexcept override {
    void* found = host_.query(id);
    if (found != nullptr && id == HttpClient::kId) return static_cast<HttpClient*>(&http_);
    if (found != nullptr && id == Quota::kId) return static_cast<Quota*>(&quota_);
    return found;
  }

 private:
  Host& host_;
  Http http_;
  OwnQuota quota_;
};

const char* checked(std::string_view settings) {
  if (breaks("C4") && settings.empty()) std::raise(SIGSEGV);
  if (breaks("C1")) new char[64];
  return "";
}

class Variant final : public Connector,
                      public OrderSource,
                      public OptionsSource,
                      public StockSink,
                      public ShipmentSink {
 public:
  static constexpr PluginInfo kInfo{"variant", "Variant", "1.2.3"};
  static constexpr std::array kCapabilities{OrderSource::kId, OptionsSource::kId, StockSink::kId,
                                            ShipmentSink::kId};
  static std::string_view settings_schema() noexcept;

  Variant(Host& host, std::string_view settings)
      : settings_ok_(checked(settings)), real_(host), host_(host), inner_(host_, settings) {
    if (breaks("C7")) part<Log>(host)->write(Log::Level::kDebug, "made", "Made.", {});
  }

  void* query(std::string_view id) noexcept override {
    if (id == OrderSource::kId) return static_cast<OrderSource*>(this);
    if (id == OptionsSource::kId) return static_cast<OptionsSource*>(this);
    if (id == StockSink::kId) return static_cast<StockSink*>(this);
    if (id == ShipmentSink::kId) return static_cast<ShipmentSink*>(this);
    return breaks("B7") ? this : nullptr;
  }

  std::vector<Finding> check(StepContext& ctx) override { return inner_.check(ctx); }

  Result<Page<Order>> fetch_orders(const Cursor& cursor, StepContext& ctx) override;
  Result<Page<Order>> fetch_order(std::string_view id, StepContext& ctx) override {
    auto page = inner_.fetch_order(id, ctx);
    if (page) spoil(page.value());
    return page;
  }

  Result<std::vector<Option>> options(std::string_view catalogue, StepContext& ctx) override {
    if (catalogue != "colours") {
      if (breaks("D13")) return std::vector<Option>{};
      return failure_of(Failure::Kind::kConfig, "unknown_catalogue");
    }
    if (breaks("G2") && in_worker()) return failure_of(Failure::Kind::kRemote, "in_worker");
    const auto asked = inner_.fetch_order("A1", ctx);
    if (!asked) return asked.failure();
    return std::vector<Option>{{"red", "Red", "", true, ""}, {"blue", "Blue", "", true, ""}};
  }

  Result<SinkStep> push_stock(Items<StockLevel> items, const Cursor& at,
                              StepContext& ctx) override {
    return pushed(items.empty(), inner_.push_stock(items, at, ctx));
  }
  Result<VerifyStep> verify_stock(Items<StockLevel> items, const Cursor& at,
                                  StepContext& ctx) override {
    auto step = judged(inner_.verify_stock(items, at, ctx));
    for (std::size_t i = 0; breaks("V5") && step && i < step.value().verdicts.size(); ++i) {
      if (step.value().verdicts[i].kind != ItemVerdict::Kind::kDifferent) continue;
      const auto mended = inner_.push_stock(items.subspan(i, 1), {}, ctx);
      if (!mended) return mended.failure();
    }
    return step;
  }
  Result<SinkStep> push_shipments(Items<Shipment> items, const Cursor& at,
                                  StepContext& ctx) override {
    return pushed(items.empty(), inner_.push_shipments(items, at, ctx));
  }
  Result<VerifyStep> verify_shipments(Items<Shipment> items, const Cursor& at,
                                      StepContext& ctx) override {
    return judged(inner_.verify_shipments(items, at, ctx));
  }

 private:
  static void spoil(Page<Order>& page) {
    for (Order& order : page.items) {
      if (breaks("F5")) order.lines.at(0).unit_price->units += 1;
      if (breaks("F6")) order.sales_channel = order.recipient->name;
    }
  }

  static Result<SinkStep> pushed(bool empty, Result<SinkStep> step) {
    if (breaks("D8") && empty) return failure_of(Failure::Kind::kRemote, "empty");
    if (!step) return step;
    auto& outcomes = step.value().outcomes;
    if (breaks("D6") && outcomes.size() == 2) outcomes.push_back(ItemOutcome(outcomes.front()));
    for (auto& outcome : outcomes) {
      if (breaks("D7") && outcome.kind == ItemOutcome::Kind::kRejected) outcome.message.clear();
    }
    return step;
  }

  static Result<VerifyStep> judged(Result<VerifyStep> step) {
    using Kind = ItemVerdict::Kind;
    if (!step) return step;
    for (auto& verdict : step.value().verdicts) {
      const Kind was = verdict.kind;
      if (breaks("V1") && was == Kind::kApplied) verdict.kind = Kind::kUnknown;
      if (breaks("V2") && was == Kind::kAbsent) verdict.kind = Kind::kApplied;
      if (breaks("V3") && was == Kind::kDifferent) verdict.kind = Kind::kApplied;
      if (breaks("V4") && was == Kind::kUnknown) verdict.kind = Kind::kAbsent;
    }
    return step;
  }

  const char* settings_ok_;
  Host& real_;
  OwnHost host_;
  market::Connector inner_;
  std::set<std::string> read_;  ///< cursors
};

/// Promises not to throw, and allocates.
void name_cursor(const Cursor& cursor) noexcept {
  [[maybe_unused]] const volatile std::size_t length =
      ("the cursor of the last step: " + cursor.value).size();
}

Result<Page<Order>> Variant::fetch_orders(const Cursor& cursor, StepContext& ctx) {
  static bool begun = false;
  if (cursor.value.empty()) begun = true;
  if (breaks("C5")) ::umask(0);
  if (breaks("C6") && ::write(STDOUT_FILENO, "said\n", 5) < 0) throw std::runtime_error("closed");
  if (breaks("G5")) name_cursor(cursor);
  Page<Order> nothing;
  nothing.next = cursor;
  nothing.caught_up = true;
  if (breaks("D4") && !begun) return nothing;
  auto got = inner_.fetch_orders(cursor, ctx);
  if (!got) {
    const Failure& failure = got.failure();
    const bool repeats = failure.message.find("repeats") != std::string::npos;
    if (breaks("D5") && failure.code == "refused") return nothing;
    if (breaks("E5") && failure.code == "status_200") return nothing;
    if (breaks("E6") && failure.code == "unreadable" && !repeats) throw std::logic_error("odd");
    if (breaks("E10") && repeats) {
      nothing.caught_up = false;
      return nothing;
    }
    return got;
  }
  Page<Order>& page = got.value();
  if (breaks("D1") && !page.items.empty()) page.items.push_back(Order(page.items.front()));
  if (breaks("D2") && read_.empty() && page.next.value == "c2") page.next.value = "c3";
  if (!read_.insert(cursor.value).second && breaks("D3")) page.items.clear();
  for (int i = 0; breaks("D10") && page.items.empty() && i < 100; ++i) {
    if (const auto again = inner_.fetch_orders(cursor, ctx); !again) return again.failure();
  }
  if (breaks("E7") && page.parked.size() > 1) return failure_of(Failure::Kind::kRemote, "bad");
  if (breaks("G4") && page.items.size() + page.parked.size() > 5000)
    throw std::length_error("page");
  if (auto* log = part<Log>(real_)) {
    const char* event = breaks("F7") ? "Got a page of orders" : "orders.page";
    log->write(Log::Level::kInfo, event, "Got a page.", {});
  }
  spoil(page);
  return got;
}

void put(std::string& text, std::string_view before, std::string_view more) {
  text.insert(text.find(before), more);
}

std::string_view Variant::settings_schema() noexcept {
  static const std::string kText = [] {
    std::string text(embedded::settings_schema_json);
    constexpr std::string_view kFirst = "\"title\": \"Address of the API\"";
    if (breaks("B1")) put(text, kFirst, "\"readOnly\": false, ");
    if (breaks("B2")) text.replace(text.find(kFirst), kFirst.size(), "\"x-group\": \"a\"");
    constexpr std::string_view kApi = "\"api\": {";
    if (breaks("B3")) {
      put(text, kApi,
          "\"second_token\": {\"title\": \"T\", \"description\": \"D.\", \"type\": \"string\"}, ");
    }
    if (breaks("B4")) {
      put(text, kApi,
          "\"days\": {\"title\": \"T\", \"description\": \"D.\", \"type\": \"integer\", "
          "\"maximum\": 5, \"default\": 9}, ");
    }
    if (breaks("B5")) put(text, kFirst, "\"maxLength\": 3, ");
    if (breaks("B6")) put(text, kFirst, "\"maxLength\": 300, ");
    return text;
  }();
  return kText;
}

}  // namespace

std::string_view marketplug::market::Connector::settings_schema() noexcept { return ""; }

MARKETPLUG_PLUGIN(Variant)
