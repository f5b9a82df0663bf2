#pragma once
// The orders of one seller: facts and times of each, the whole order only where it was changed; the
// rest is made anew from its seed when it is asked for, so that 300,000 orders need some 30 MB.
// Reading from several threads at once is fine, writing needs the caller's lock.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "plugins/amazon/sandbox/order.hpp"
#include "plugins/amazon/sandbox/order_json.hpp"
#include "plugins/amazon/sandbox/order_maker.hpp"

namespace amazon_sandbox {

/// Orders spread evenly over `span`, the last created shortly before `until`.
struct SeedPlan {
  std::size_t count = 0;
  std::vector<const Marketplace*> marketplaces;
  TimePoint until{};
  std::chrono::milliseconds span = std::chrono::days(14);
};

/// What is not given is drawn.
struct NewOrder {
  std::optional<std::uint64_t> seed;
  const Marketplace* marketplace = nullptr;
  std::optional<Status> status;
  std::optional<FulfilledBy> fulfilled_by;
  TimePoint created{}, updated{};
  std::chrono::milliseconds visible_after{0};  ///< searches find it so long after `updated`
};

struct OrderChange {
  std::optional<Status> status;
  std::string cancelled_by, cancel_reason;    ///< with Status::kCancelled
  std::optional<std::string> cancel_request;  ///< the buyer's wish, on every line; "" withdraws it
  std::string merge;  ///< JSON merge patch (RFC 7396) over what is rendered; searches ignore it
  TimePoint at{};     ///< the new lastUpdatedTime
  std::chrono::milliseconds visible_after{0};
};

struct OrderSummary {
  std::string id;
  TimePoint created{}, updated{};
  const Marketplace* marketplace = nullptr;
  Status status = Status::kPending;
  FulfilledBy fulfilled_by = FulfilledBy::kMerchant;
};

/// A place in the order of a search: by time, then by age.
struct Position {
  TimePoint time{};
  std::uint32_t index = 0;
  auto operator<=>(const Position&) const = default;
};

struct Search {
  bool by_created = false;  ///< else by lastUpdatedTime
  TimePoint from{}, to{};   ///< both included
  std::uint32_t marketplaces = ~0u, statuses = ~0u, fulfilled_by = ~0u;  ///< a bit per index
  std::optional<Position> after;  ///< the last order of the page before
  std::size_t limit = 100;
  TimePoint now{};
};

struct Found {
  std::vector<Position> orders;
  bool more = false;
};

class OrderStore {
 public:
  /// `first_number` keeps the order ids of different sellers apart.
  OrderStore(std::uint64_t seed, std::uint64_t first_number)
      : seed_(seed), first_number_(first_number) {}

  void seed(const SeedPlan& plan);
  std::string add(const NewOrder& order);
  /// An order of the model as it is. Throws std::invalid_argument naming what it lacks.
  std::string add_raw(std::string_view json);
  /// Throws std::out_of_range for an unknown id, std::invalid_argument for an impossible change.
  void change(std::string_view id, const OrderChange& change);

  std::size_t size() const noexcept { return records_.size(); }
  Found search(const Search& search) const;
  std::optional<std::uint32_t> find(std::string_view id) const;
  /// Older than two years (Japan, Australia, Singapore: before 2016): Amazon shows it no more.
  bool expired(std::uint32_t index, TimePoint now) const noexcept;
  OrderSummary summary(std::uint32_t index) const;
  void render(std::uint32_t index, const View& view, std::string& out) const;

 private:
  struct Changed;
  struct Record {
    std::uint64_t seed = 0;
    TimePoint created{}, updated{}, visible{};
    std::uint8_t marketplace = 0;
    Status status = Status::kPending;
    FulfilledBy fulfilled_by = FulfilledBy::kMerchant;
    std::shared_ptr<Changed> changed;
  };

  std::uint32_t append(Record record);
  Record draw_record(std::uint64_t seed, const SeedPlan& plan, std::size_t number) const;
  std::string id_of(std::uint32_t index) const;
  std::string original_of(std::uint32_t index) const;
  Order order(std::uint32_t index) const;
  void change_order(Record& record, std::uint32_t index, const OrderChange& change);
  void move(std::uint32_t index, TimePoint to);

  std::uint64_t seed_, first_number_;
  std::vector<Record> records_;
  std::vector<Position> by_created_, by_updated_;  // sorted
  std::unordered_map<std::string, std::uint32_t> raw_ids_;
};

}  // namespace amazon_sandbox
