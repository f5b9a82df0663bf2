#pragma once
// The orders of one seller, eventually consistent as Amazon's are: a search finds a change only
// when its time has come, and shows the version before it until then. Facts and times of each
// order, the whole order only where it was changed; the rest is made anew from its seed when it is
// asked for, so that 300,000 orders need some 35 MB.
// Reading from several threads at once is fine, writing needs the caller's lock.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "plugins/amazon/sandbox/order.hpp"
#include "plugins/amazon/sandbox/order_inputs.hpp"
#include "plugins/amazon/sandbox/order_json.hpp"
#include "plugins/amazon/sandbox/reported_order.hpp"

namespace amazon_sandbox {

struct OrderSummary {
  std::string id;
  TimePoint created{}, updated{};
  const Marketplace* marketplace = nullptr;
  Status status = Status::kPending;
  FulfilledBy fulfilled_by = FulfilledBy::kMerchant;
  bool hidden = false;  ///< from searches, for ever
};

/// An order as it was after a change; 0: as it was made.
struct VersionRef {
  std::uint32_t index = 0;    ///< of the order
  std::uint32_t version = 0;  ///< counted per order
  bool operator==(const VersionRef&) const = default;
  bool operator<(const VersionRef& other) const noexcept {
    return std::tie(index, version) < std::tie(other.index, other.version);
  }
};

/// A place in the order of a search: by time, then by age.
struct Position {
  TimePoint time{};
  VersionRef order;
  bool operator==(const Position&) const = default;
  bool operator<(const Position& other) const noexcept {
    return std::tie(time, order) < std::tie(other.time, other.order);
  }
};

struct Search {
  bool by_created = false;  ///< else by lastUpdatedTime
  TimePoint from{}, to{};   ///< both included
  std::uint32_t marketplaces = ~0u, statuses = ~0u, fulfilled_by = ~0u;  ///< a bit per index
  std::optional<Position> after;  ///< the last order of the page before
  std::size_t limit = 100;
  TimePoint now{};
  bool stale_reads = true;  ///< false: an order is not found at all until its newest version is
};

struct Found {
  std::vector<Position> orders;  ///< in a search by creation `version` is the one to show
  bool more = false;
};

/// What searches do not show yet.
struct Unsettled {
  std::size_t hidden = 0;      ///< orders whose newest version is not found
  TimePoint all_visible_at{};  ///< when the last of them will be
};

class OrderStore {
 public:
  /// `first_number` keeps the order ids of different sellers apart.
  OrderStore(std::uint64_t seed, std::uint64_t first_number)
      : seed_(seed), first_number_(first_number) {}

  void seed(const SeedPlan& plan);
  std::string add(const NewOrder& order);
  /// Throws std::invalid_argument naming what the order lacks.
  std::string add_raw(const RawOrder& order);
  /// Throws std::out_of_range for an unknown id, std::invalid_argument for an impossible change.
  void change(std::string_view id, const OrderChange& change, TimePoint now);
  /// Makes every version visible.
  void settle(TimePoint now);
  Unsettled unsettled(TimePoint now) const;

  std::size_t size() const noexcept { return records_.size(); }
  Found search(const Search& search) const;
  /// The version before a found one, where it is still known and fits the search as well.
  std::optional<VersionRef> previous(const VersionRef& found, const Search& search) const;
  std::optional<std::uint32_t> find(std::string_view id) const;
  /// The version that exists, visible or not.
  VersionRef newest(std::uint32_t index) const;
  /// The version that searches find; nullopt: none yet.
  std::optional<VersionRef> visible(std::uint32_t index, TimePoint now) const;
  /// Older than two years (Japan, Australia, Singapore: before 2016): Amazon shows it no more.
  bool expired(std::uint32_t index, TimePoint now) const noexcept;
  OrderSummary summary(std::uint32_t index) const;
  /// The newest version, however late or hidden it is for searches.
  ReportedOrder reported(std::uint32_t index) const;
  /// Orders whose creation or last change lies between the two, both included, oldest first. Late
  /// and hidden ones are among them; `marketplaces` has a bit per index.
  std::vector<std::uint32_t> within(bool by_created, TimePoint from, TimePoint to,
                                    std::uint32_t marketplaces, TimePoint now) const;
  void render(const VersionRef& version, const View& view, std::string& out) const;

 private:
  struct Changed;
  struct Version {
    TimePoint updated{}, visible{};
    std::uint32_t number = 0;
    Status status = Status::kPending;
    std::shared_ptr<const Changed> changed;  ///< null: follows from the seed
  };
  struct Record {
    std::uint64_t seed = 0;
    TimePoint created{};
    std::uint8_t marketplace = 0;
    FulfilledBy fulfilled_by = FulfilledBy::kMerchant;
    bool hidden = false;
    Version newest;
    std::unique_ptr<std::vector<Version>> older;  ///< oldest first; null while there is none
  };

  std::uint32_t append(Record record);
  Record draw_record(std::uint64_t seed, const SeedPlan& plan, std::size_t number) const;
  std::string id_of(std::uint32_t index) const;
  std::string original_of(std::uint32_t index) const;
  Order order(std::uint32_t index, const Version& version) const;
  Changed changed_by(std::uint32_t index, const OrderChange& change) const;
  void try_patches(std::uint32_t index, const Changed& changed, const OrderChange& change) const;
  void prune(std::uint32_t index, TimePoint now);
  const Version* visible_version(const Record& record, TimePoint now) const noexcept;
  const Version& version(const VersionRef& reference) const;
  bool matches(const Record& record, const Version& version, const Search& search) const noexcept;
  void render(std::uint32_t index, const Version& version, const View& view,
              std::string& out) const;

  std::uint64_t seed_, first_number_;
  std::vector<Record> records_;
  std::vector<Position> by_created_, by_updated_;  ///< sorted; one entry per order, per version
  std::unordered_map<std::string, std::uint32_t> raw_ids_;
};

}  // namespace amazon_sandbox
