#pragma once
// Fetches the archives of Amazon Custom (orders.fetch_customization) and turns them into properties
// of the order lines. An archive never keeps an order from being imported: what could not be had is
// told in the line's attribute "customization" ("present", "missing" and to be tried again,
// "unreadable" and given up) with "customization_reason", and its order waits in the connector's
// state to be asked for anew, which gives a new address as well. Addresses are personal and secret:
// they stay in the line, in no log and no state. One connector, one thread at a time.

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "marketplug/model/order.hpp"
#include "src/services.hpp"
#include "src/settings.hpp"

namespace marketplug::amazon {

/// Which orders wait, in the connector's state: "id tries time" a line, time in milliseconds.
inline constexpr std::string_view kWaitingCustomizations = "orders.customizations";
/// Of orders, so that the state has room; beyond it an order's archives are given up.
inline constexpr std::size_t kMostWaiting = 1000;
/// Archives that one step fetches.
inline constexpr int kArchivesInStep = 50;
/// An archive that is not there, or came damaged, is given up after so many tries: at once, after
/// ten minutes, one hour, six hours and a day. Where its store cannot be reached no try is counted.
inline constexpr std::uint32_t kArchiveTries = 5;

class Customizations {
 public:
  /// Both must outlive it.
  Customizations(const Settings& settings, const Services& services)
      : wanted_(settings.orders.fetch_customization), services_(services) {}

  bool wanted() const noexcept { return wanted_; }
  /// A step begins: reads who waits, and sets how long archives may be fetched.
  void begin(const StepContext& ctx);
  /// Ids of at most `most` orders whose next try is due, the longest waiting first.
  std::vector<std::string> due(std::size_t most) const;
  /// False: the step's number or time of archives is used up, or their store is out of reach.
  bool may_fetch() const;
  /// Each line with an address gets its properties or a reason, as time and number allow.
  void complete(Order& order, StepContext& ctx);
  /// The order could not be asked for; not before ten minutes again.
  void postpone(std::string_view order_id);
  /// The order is not to be asked for again.
  void forget(std::string_view order_id);
  /// The step ends: who waits is staged with its page.
  void end();

 private:
  struct Waiting {
    std::string id;
    std::uint32_t tries = 0;
    TimePoint next{};
  };
  /// In the order of what they mean for the whole order's next try.
  enum class Fate : std::uint8_t {
    kRead = 0,
    kFinal,      ///< no other try will do better
    kNotTried,   ///< as soon as may be
    kPostponed,  ///< after a pause, and the try does not count
    kAgain,      ///< after a pause, a limited number of times
  };
  struct Outcome {
    Fate fate = Fate::kRead;
    std::string problem;
    std::vector<LineProperty> properties;  ///< kRead
  };
  Waiting* find(std::string_view order_id);
  Outcome outcome_of(const OrderLine& line, const std::string& key, StepContext& ctx);
  void put(OrderLine& line, Outcome outcome, bool waits) const;
  Outcome fetch(const OrderLine& line, StepContext& ctx);
  Result<HttpResponse> download(std::string url, StepContext& ctx);
  Outcome failed_fetch(const Failure& failure);
  void remember(const std::string& key, const std::vector<LineProperty>& properties);
  void wait(std::string_view order_id, Fate fate, Waiting* before);

  bool wanted_;
  const Services& services_;
  std::vector<Waiting> waiting_;
  bool changed_ = false;
  TimePoint until_{};
  int left_ = 0;
  /// What was read lately, by order and line: an order comes again with each overlap of windows.
  std::map<std::string, std::vector<LineProperty>, std::less<>> known_;
  std::deque<std::string> known_order_;
};

}  // namespace marketplug::amazon
