#pragma once
// Faults that a test asks for: which operation, what goes wrong, how often.
// Any thread: every function locks.

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/amazon/sandbox/request.hpp"

namespace amazon_sandbox {

enum class FaultKind : std::uint8_t {
  kStatus,            ///< `status` with Amazon's error body, or `body`; the request has no effect
  kDelay,             ///< the answer comes `delay` later
  kReset,             ///< the connection is reset instead of an answer
  kTruncated,         ///< half of the answer, then the connection closes
  kMalformed,         ///< the JSON ends in the middle, Content-Length is right
  kWrongContentType,  ///< HTML with status 200
  kExpiredToken,      ///< the access token's hour is over
  kInvalidUtf8,       ///< a byte of the answer is no UTF-8
  kRepeatedOrder,     ///< searchOrders: the first order of the page comes twice
  kRepeatedToken,     ///< searchOrders: nextToken is the token of the request once more
  kSamePage,          ///< searchOrders: nextToken is a new text and leads to the same page again
  kShortPage,         ///< searchOrders: an empty page or half of one, with a nextToken
};
std::string_view fault_name(FaultKind kind) noexcept;
std::optional<FaultKind> fault_by_name(std::string_view name) noexcept;

struct Fault {
  std::string operation = "*";  ///< as in operations.cpp; "*": all
  FaultKind kind = FaultKind::kStatus;
  int status = 500;                    ///< with kStatus
  std::string body;                    ///< with kStatus; empty: Amazon's words
  std::chrono::milliseconds delay{0};  ///< with kDelay
  std::optional<std::uint64_t> next;   ///< only the next so many requests
  std::uint64_t every = 1;             ///< every so manieth request
  std::uint64_t seen = 0;              ///< requests since the fault was set
};

class FaultBook {
 public:
  /// Throws std::invalid_argument for an unknown operation or a fault that could never happen.
  void inject(Fault fault);
  void clear();
  std::vector<Fault> active() const;
  /// The faults that strike this request, in the order they were set; counts the request.
  std::vector<Fault> strike(std::string_view operation);

 private:
  mutable std::mutex mutex_;
  std::vector<Fault> faults_;
};

/// Spoils a finished answer. What concerns the token or the page is not its matter.
void spoil(Response& response, const Fault& fault);

}  // namespace amazon_sandbox
