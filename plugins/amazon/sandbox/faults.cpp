#include "plugins/amazon/sandbox/faults.hpp"

#include <algorithm>
#include <stdexcept>

#include "plugins/amazon/sandbox/errors.hpp"
#include "plugins/amazon/sandbox/operations.hpp"

namespace amazon_sandbox {
namespace {

constexpr std::string_view kFaultNames[] = {"status",        "delay",        "reset",
                                            "truncated",     "malformed",    "wrong_content_type",
                                            "expired_token", "invalid_utf8", "repeated_order",
                                            "repeated_token"};

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
  if (fault.operation != "*" && operation_by_name(fault.operation) == nullptr) {
    std::string known = "*";
    for (const auto& operation : all_operations()) known.append(", ").append(operation.name);
    throw std::invalid_argument("unknown operation \"" + fault.operation + "\"; use one of " +
                                known);
  }
  if (fault.every == 0 || fault.next == 0u) {
    throw std::invalid_argument("\"next\" and \"every\" start at 1");
  }
  if (fault.kind == FaultKind::kStatus && (fault.status < 200 || fault.status > 599)) {
    throw std::invalid_argument("a status is between 200 and 599");
  }
  if (fault.kind == FaultKind::kDelay && fault.delay.count() <= 0) {
    throw std::invalid_argument("a delay needs milliseconds");
  }
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
