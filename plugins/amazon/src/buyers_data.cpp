#include "src/buyers_data.hpp"

#include <chrono>

#include "src/answers.hpp"

namespace marketplug::amazon {
namespace {

/// A role that was granted works within hours; changed settings make a new connector at once.
constexpr std::chrono::hours kAllAgain{6};
/// What is refused for other reasons must not cost four requests each time.
constexpr std::chrono::hours kInnocent{1};

}  // namespace

BuyersData BuyersDataAccess::level(TimePoint now) {
  if (!wanted_) return BuyersData::kNone;
  // Also where the clock was set back by more than a try takes.
  const bool over = now >= all_again_at_ || now + kAllAgain < all_again_at_;
  if (narrowed() && over) {
    level_ = BuyersData::kAll;
  }
  return level_;
}

bool BuyersDataAccess::may_be_about(const Failure& failure, TimePoint now) const {
  const bool refused = failure.code == kCodeBadRequest || (failure.code == kCodeAccessDenied &&
                                                           failure.kind == Failure::Kind::kConfig);
  return wanted_ && refused && (now >= innocent_until_ || now + kInnocent < innocent_until_);
}

bool BuyersDataAccess::ask_for_less(const Failure& failure, TimePoint now) {
  if (level_ == BuyersData::kAll) first_failure_ = failure;
  // A denial has cost two requests already, one with a fresh token. Without an address somebody
  // must decide: most are denied for the buyer and tax data alone.
  const auto least = failure.code == kCodeAccessDenied ? BuyersData::kAddress : BuyersData::kNone;
  if (level_ >= least) {
    // Not even so: then it is not about these data, or a person must know.
    level_ = BuyersData::kAll;
    innocent_until_ = now + kInnocent;
    return false;
  }
  level_ = static_cast<BuyersData>(static_cast<int>(level_) + 1);
  all_again_at_ = now + kAllAgain;
  note(services_, Log::Level::kWarning, "orders.buyers_data_refused",
       "Amazon refuses buyers' data; less of it is asked for, and all again in six hours or after "
       "a change of the shop's settings. `marketplug check` names the role that lacks.",
       {});
  return true;
}

}  // namespace marketplug::amazon
