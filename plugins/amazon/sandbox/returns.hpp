#pragma once
// What buyers send back: requests of theirs, and what becomes of them. The simulator's truth behind
// the returns reports. Plain values and one book per seller; reading from several threads at once
// is fine, writing needs the caller's lock.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/amazon/sandbox/reported_order.hpp"

namespace amazon_sandbox {

struct CustomerReturn {
  std::string rma_id, merchant_rma_id;
  std::string order_id, line_id, sku, asin, title;
  const Marketplace* marketplace = nullptr;
  FulfilledBy fulfilled_by = FulfilledBy::kMerchant;
  bool prime = false;
  TimePoint ordered{}, requested{};
  std::optional<TimePoint> delivered;  ///< back at the merchant
  std::int64_t quantity = 1;
  std::int64_t order_amount = 0, order_quantity = 0;
  std::string reason, comment, status, resolution, carrier, tracking_number;
  std::string disposition;  ///< Amazon's only, as its licence plate is
  std::string licence_plate;
  std::int64_t refunded = 0;
  bool in_policy = true, a_to_z_claim = false;
};

/// What is not given is drawn, or usual.
struct NewReturn {
  std::string order_id;
  std::string line_id;  ///< empty: by `sku`
  std::string sku;      ///< empty too: the first line that has units left
  std::int64_t quantity = 1;
  TimePoint requested{};
  std::string rma_id, merchant_rma_id, reason, comment, status, resolution, carrier;
  std::string tracking_number, disposition;
  std::string refunded_amount;  ///< "12.34"; empty: nothing yet
  std::optional<TimePoint> delivered;
  bool in_policy = true, a_to_z_claim = false;
};

struct ReturnChange {
  std::optional<std::string> status, resolution, carrier, tracking_number, refunded_amount;
  std::optional<TimePoint> delivered;
};

class ReturnBook {
 public:
  /// Throws std::invalid_argument where the order has no such line, or not so many units that were
  /// shipped and not sent back yet. Lines of one order may share a return's id.
  const CustomerReturn& add(const NewReturn& given, const ReportedOrder& order, std::uint64_t seed);
  /// All lines of the return. Throws std::out_of_range for an unknown id.
  void change(std::string_view rma_id, const ReturnChange& change);
  bool contains(std::string_view rma_id) const noexcept;
  /// In the order in which they were added.
  const std::vector<CustomerReturn>& all() const noexcept { return returns_; }

 private:
  const ReportedLine& line_for(const NewReturn& given, const ReportedOrder& order) const;
  std::int64_t units_left(const ReportedOrder& order, const ReportedLine& line) const noexcept;

  std::vector<CustomerReturn> returns_;
};

}  // namespace amazon_sandbox
