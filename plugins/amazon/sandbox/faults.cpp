#include "plugins/amazon/sandbox/faults.hpp"

#include <algorithm>
#include <stdexcept>

#include "plugins/amazon/sandbox/errors.hpp"
#include "plugins/amazon/sandbox/operations.hpp"

namespace amazon_sandbox {
namespace {

constexpr std::string_view kFaultNames[] = {"status",         "delay",        "reset",
                                            "truncated",      "malformed",    "wrong_content_type",
                                            "expired_token",  "invalid_utf8", "repeated_order",
                                            "repeated_token", "same_page",    "short_page"};

/// In a title if there is one, else in the first text.
void break_utf8(std::string& body) {
  constexpr std::string_view kTitle = "\"title\":\"", kText = "\":\"";
  const auto title = body.find(kTitle);
  const auto text = body.find(kText);
  if (title != std::string::npos) {
    body.insert(title + kTitle.size(), 1, static_cast<char>(0xff));
  } else if (text != std::string::npos) {
    body.insert(text + kText.size(), 1, static_cast<char>(0xff));
  }
}

bool needs_a_page(FaultKind kind) noexcept {
  return kind == FaultKind::kRepeatedOrder || kind == FaultKind::kRepeatedToken ||
         kind == FaultKind::kSamePage || kind == FaultKind::kShortPage;
}

void refuse(std::string_view problem) { throw std::invalid_argument(std::string(problem)); }

/// A fault that could never strike, or not as it was meant, would let a test pass for nothing.
void check(const Fault& fault) {
  if (fault.operation != "*" && operation_by_name(fault.operation) == nullptr) {
    std::string known = "*";
    for (const auto& operation : all_operations()) known.append(", ").append(operation.name);
    refuse("unknown operation \"" + fault.operation + "\"; use one of " + known);
  }
  if (fault.every == 0 || fault.next == 0u) refuse("\"next\" and \"every\" start at 1");
  if (fault.kind == FaultKind::kStatus && (fault.status < 200 || fault.status > 599)) {
    refuse("\"status\" is between 200 and 599");
  }
  if (fault.kind == FaultKind::kStatus && fault.status < 300 && fault.body.empty()) {
    refuse("\"status\" " + std::to_string(fault.status) +
           " is no failure: give the \"body\" that is to be sent, or a status from 300");
  }
  if (fault.kind != FaultKind::kStatus && !fault.body.empty()) {
    refuse("\"body\" goes with the kind status only");
  }
  if (fault.kind == FaultKind::kDelay && fault.delay.count() <= 0) {
    refuse("a fault of kind delay needs a \"delay\" above 0");
  }
  if (needs_a_page(fault.kind) && fault.operation != "searchOrders") {
    refuse(std::string(fault_name(fault.kind)) +
           " is about pages: use \"operation\": "
           "\"searchOrders\"");
  }
  if (fault.kind == FaultKind::kExpiredToken &&
      (fault.operation == "token" || fault.operation == kDownload ||
       fault.operation == kDownloadCustomization)) {
    refuse("expired_token is about the access token: name the operation that is called with it");
  }
}

}  // namespace

std::string_view fault_name(FaultKind kind) noexcept {
  return kFaultNames[static_cast<std::size_t>(kind)];
}

std::optional<FaultKind> fault_by_name(std::string_view name) noexcept {
  for (std::size_t i = 0; i < std::size(kFaultNames); ++i) {
    if (kFaultNames[i] == name) return static_cast<FaultKind>(i);
  }
  return std::nullopt;
}

void FaultBook::inject(Fault fault) {
  check(fault);
  const std::lock_guard lock(mutex_);
  faults_.push_back(std::move(fault));
}

void FaultBook::clear() {
  const std::lock_guard lock(mutex_);
  faults_.clear();
}

std::vector<Fault> FaultBook::active() const {
  const std::lock_guard lock(mutex_);
  return faults_;
}

std::vector<Fault> FaultBook::strike(std::string_view operation) {
  const std::lock_guard lock(mutex_);
  std::vector<Fault> striking;
  for (auto& fault : faults_) {
    if (fault.operation != "*" && fault.operation != operation) continue;
    if (++fault.seen % fault.every != 0) continue;
    if (fault.next) --*fault.next;
    striking.push_back(fault);
  }
  std::erase_if(faults_, [](const Fault& fault) { return fault.next == 0u; });
  return striking;
}

void spoil(Response& response, const Fault& fault) {
  switch (fault.kind) {
    case FaultKind::kDelay:
      response.delay += fault.delay;
      break;
    case FaultKind::kReset:
      response.fault = ConnectionFault::kReset;
      break;
    case FaultKind::kTruncated:
      response.fault = ConnectionFault::kTruncate;
      break;
    case FaultKind::kMalformed:
      response.body.resize(response.body.size() / 2);
      break;
    case FaultKind::kInvalidUtf8:
      break_utf8(response.body);
      break;
    case FaultKind::kWrongContentType:
      response.status = 200;
      for (auto& [name, value] : response.headers) {
        if (name == "Content-Type") value = "text/html;charset=UTF-8";
      }
      response.body = "<!DOCTYPE html><html><body><h1>We'll be back soon</h1></body></html>";
      break;
    default:
      break;
  }
}

}  // namespace amazon_sandbox
