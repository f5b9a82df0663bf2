#pragma once
// Which of the buyers' data an account is given. Amazon does not say whether a role that lacks
// makes it refuse the whole request (403, 400) or leave fields out. Where it refuses, less is asked
// for: after a 403 the address alone, after a 400 at last nothing; and all again after a while. One
// connector, one thread at a time; a new connector begins with all.

#include "marketplug/result.hpp"
#include "src/orders_client.hpp"
#include "src/services.hpp"

namespace marketplug::amazon {

class BuyersDataAccess {
 public:
  /// `wanted`: orders.pii_access. `services` must outlive it.
  BuyersDataAccess(bool wanted, const Services& services) : wanted_(wanted), services_(services) {}

  /// What to ask for now.
  BuyersData level(TimePoint now);
  /// Less than the shop wants.
  bool narrowed() const noexcept { return wanted_ && level_ != BuyersData::kAll; }
  /// Whether the failure of a request with level() may come from asking for buyers' data.
  /// Amazon's words do not tell. No for an hour after ask_for_less() gave up.
  bool may_be_about(const Failure& failure, TimePoint now) const;
  /// After such a failure. True: ask again, for less. False: it is about something else, and
  /// first_failure() is the one to tell.
  bool ask_for_less(const Failure& failure, TimePoint now);
  const Failure& first_failure() const noexcept { return first_failure_; }

 private:
  bool wanted_;
  const Services& services_;
  BuyersData level_ = BuyersData::kAll;
  TimePoint all_again_at_{}, innocent_until_{};
  Failure first_failure_;
};

}  // namespace marketplug::amazon
