#include "plugins/amazon/sandbox/simulator.hpp"

#include <stdexcept>

#include <fmt/format.h>

#include "plugins/amazon/sandbox/customization.hpp"
#include "plugins/amazon/sandbox/errors.hpp"
#include "plugins/amazon/sandbox/lwa.hpp"
#include "plugins/amazon/sandbox/report_download.hpp"
#include "plugins/amazon/sandbox/simulator_impl.hpp"

namespace amazon_sandbox {
namespace {

constexpr std::size_t kMaxUserAgent = 500;

std::optional<Region> region_of(HostKind host) noexcept {
  switch (host) {
    case HostKind::kNorthAmerica:
      return Region::kNorthAmerica;
    case HostKind::kEurope:
      return Region::kEurope;
    case HostKind::kFarEast:
      return Region::kFarEast;
    default:
      return std::nullopt;
  }
}

bool served_by(HostKind host, const Operation& operation) noexcept {
  const bool login = operation.path == kTokenPath;
  return host == HostKind::kLocal || login == (host == HostKind::kLwa);
}

bool has(const std::vector<Fault>& faults, FaultKind kind) noexcept {
  for (const auto& fault : faults) {
    if (fault.kind == kind) return true;
  }
  return false;
}

/// How often the fault has struck until now; 0: it does not.
std::uint64_t strikes(const std::vector<Fault>& faults, FaultKind kind) noexcept {
  for (const auto& fault : faults) {
    if (fault.kind == kind) return fault.seen / fault.every;
  }
  return 0;
}

/// The answer that a fault puts in the place of the operation's; the request has no effect.
std::optional<Response> injected_failure(const std::vector<Fault>& faults,
                                         const Operation& operation) {
  for (const auto& fault : faults) {
    if (fault.kind != FaultKind::kStatus && fault.kind != FaultKind::kReset) continue;
    auto response = operation.name == kDownload
                        ? download_fault(fault.status)
                        : fault_status(fault.status, operation.path == kTokenPath);
    if (!fault.body.empty()) response.body = fault.body;
    return response;
  }
  return std::nullopt;
}

std::string_view problem_text(TokenProblem problem) noexcept {
  switch (problem) {
    case TokenProblem::kExpired:
      return "The access token you provided has expired.";
    case TokenProblem::kRevoked:
    case TokenProblem::kInvalid:
      break;
  }
  return "The access token you provided is revoked, malformed or invalid.";
}

Answer call_operation(World& world, const Operation& operation, const Call& call) {
  if (operation.name == "searchOrders") return search_orders(world, call);
  if (operation.name == "getOrder") return get_order(world, call);
  if (operation.name == "getAccount") return get_account(world, call);
  if (operation.name == "createReport") return create_report(world, call);
  if (operation.name == "getReport") return get_report(world, call);
  if (operation.name == "getReports") return get_reports(world, call);
  if (operation.name == "cancelReport") return cancel_report(world, call);
  if (operation.name == "getReportDocument") return get_report_document(world, call);
  return get_marketplace_participations(world, call);
}

}  // namespace

std::string Simulator::Impl::request_id() {
  Draw draw(world.seed ^ mix(world.requests++));
  const auto high = draw.next(), low = draw.next();
  return fmt::format("{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}", high >> 32, high >> 16 & 0xffff,
                     high & 0xfff, low >> 48 & 0xfff, low & 0xffffffffffff);
}

std::chrono::milliseconds Simulator::Impl::visibility(
    std::optional<std::chrono::milliseconds> given) {
  if (given) {
    check_lateness(*given, world.settings.beyond_overlap);
    return *given;
  }
  const auto low = world.settings.visible_after_min, high = world.settings.visible_after_max;
  if (high <= low) return low;
  return std::chrono::milliseconds(
      Draw(mix(world.seed) ^ world.changes++).between(low.count(), high.count()));
}

std::variant<Admitted, Response> Simulator::Impl::admit(const Request& request,
                                                        TimePoint now) const {
  const auto token = find_header(request.headers, "x-amz-access-token");
  const auto agent = find_header(request.headers, "user-agent");
  if (!token || token->empty()) {
    return access_denied("Access token is missing in the request header.");
  }
  if (!agent || agent->empty()) {
    return access_denied("User agent is missing in the request header.");
  }
  if (agent->size() > kMaxUserAgent) return invalid_input("The user agent is too long.");
  auto checked = world.accounts.check(*token, now);
  if (const auto* problem = std::get_if<TokenProblem>(&checked)) {
    return access_denied(problem_text(*problem));
  }
  auto& caller = std::get<Caller>(checked);
  auto seller = world.accounts.seller(caller.seller_id);
  if (!seller) return access_denied("The operation needs the authorization of a selling partner.");
  auto region = region_of(request.host);
  if (!region) {
    const std::shared_lock lock(world.mutex);
    region = world.settings.served_region;
  }
  if (region && *region != seller->region) {
    return access_denied("The selling partner has no account in this region.");
  }
  if (seller->roles.empty()) return access_denied("The application has no role for the operation.");
  return Admitted{std::move(caller), std::move(*seller)};
}

Response Simulator::Impl::serve(const Request& request, const Route& route, const Target& target,
                                const std::vector<Fault>& faults, std::uint64_t& orders) {
  const auto now = world.clock.now();
  const auto& operation = *route.operation;
  const bool login = operation.path == kTokenPath;
  const auto failure = injected_failure(faults, operation);
  if (operation.name == kDownload) {
    return failure ? *failure : download_document(world, request, target, route.argument, now);
  }
  if (operation.name == kDownloadCustomization) {
    return failure ? *failure : download_customization(request, route.argument, now);
  }
  // What the front door refuses reaches neither the quota nor the operation.
  if (failure && (login || failure->status == 403 || failure->status == 429)) return *failure;
  if (login) return handle_token_request(world.accounts, request, target, now);
  const auto admitted = admit(request, now);
  if (const auto* refusal = std::get_if<Response>(&admitted)) return failure ? *failure : *refusal;
  const auto& [caller, seller] = std::get<Admitted>(admitted);
  if (!world.quotas.take(caller.client_id, caller.seller_id, operation, now)) {
    return quota_exceeded();
  }
  if (failure) return *failure;
  Call call{request, target, route.argument, caller, seller, now};
  call.repeat_order = has(faults, FaultKind::kRepeatedOrder);
  call.repeat_token = has(faults, FaultKind::kRepeatedToken);
  call.same_page = has(faults, FaultKind::kSamePage);
  call.short_page = strikes(faults, FaultKind::kShortPage);
  call.number = world.requests;
  auto answer = call_operation(world, operation, call);
  orders = answer.orders;
  return std::move(answer.response);
}

Response Simulator::Impl::dispatch(const Request& request, const Route& route, const Target& target,
                                   std::uint64_t& orders) {
  const auto& operation = *route.operation;
  const auto faults = world.faults.strike(operation.name);
  if (has(faults, FaultKind::kExpiredToken)) {
    world.accounts.expire(find_header(request.headers, "x-amz-access-token").value_or(""));
  }
  auto response = serve(request, route, target, faults, orders);
  const int status = response.status;
  if (operation.burst != 0 && (status / 100 == 2 || status == 400 || status == 404)) {
    response.headers.emplace_back("x-amzn-RateLimit-Limit", world.quotas.rate_header(operation));
  }
  for (const auto& fault : faults) spoil(response, fault);
  return response;
}

Response Simulator::handle(const Request& request) {
  auto& world = impl_->world;
  const auto target = parse_target(request.target);
  const auto segments = target ? path_segments(target->path) : std::nullopt;
  Response response;
  std::string_view operation = "unknown";
  std::uint64_t orders = 0;
  if (!segments) {
    response = malformed_request_response();
  } else {
    const auto route = find_route(request.method, *segments);
    if (!route || (route->operation != nullptr && !served_by(request.host, *route->operation))) {
      response = not_found("The requested resource does not exist.");
    } else if (route->operation == nullptr) {
      response = api_error(405, "MethodNotAllowed", "The method is not allowed for the resource.");
      response.headers.emplace_back("Allow", route->allowed_methods);
    } else {
      operation = route->operation->name;
      response = impl_->dispatch(request, *route, *target, orders);
    }
  }
  response.headers.emplace_back(operation == kDownload ? "x-amz-request-id" : "x-amzn-RequestId",
                                impl_->request_id());
  response.headers.emplace_back("Date", http_date(world.clock.now()));
  const int status = response.fault == ConnectionFault::kReset ? 0 : response.status;
  world.statistics.count(operation, status, orders, response.body.size());
  return response;
}

Response Simulator::handle_admin(const Request& request) {
  return handle_control(*this, request, impl_->world.clock.now());
}

}  // namespace amazon_sandbox
