#pragma once
// The orders of a report that are to be read, in memory: what has to be shipped first, then the
// newest change first, and what has become of each. One thread at a time.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "marketplug/result.hpp"
#include "marketplug/services/documents.hpp"
#include "src/settings.hpp"

namespace marketplug::amazon {

class BacklogList {
 public:
  /// What waits to be shipped, and everything else.
  enum class Part : std::uint8_t { kOpen = 0, kOthers };

  /// Those that changed from `from` until `until`; of very many the oldest, until() is earlier
  /// then. Not those that the import leaves out, but sales outside Amazon, which only the order
  /// itself tells the marketplace of. Failures: as ReportTable; kRemote, code "backlog_size": more
  /// than fits into memory, "backlog_row": an order without a time or an id that can be read.
  static Result<BacklogList> read(Documents& documents, const DocumentInfo& document,
                                  std::string_view type, const Settings& settings, TimePoint from,
                                  TimePoint until);
  BacklogList() = default;
  BacklogList(BacklogList&&) = default;
  BacklogList& operator=(BacklogList&&) = default;

  TimePoint until() const noexcept { return until_; }
  std::size_t size() const noexcept { return entries_.size(); }
  std::size_t size(Part part) const noexcept;
  bool has(std::string_view id) const { return places_.contains(id); }

  /// The next order that nobody has read and that can still be asked for by its id.
  std::optional<std::string_view> next(Part part) const;
  /// How many of these there are.
  std::size_t waiting(Part part) const;
  /// All of the part were read; those that failed do not count once `searched`.
  bool over(Part part, bool searched) const;
  /// So many of the part are done, up to the first that is not.
  std::size_t done_in_front(Part part) const;
  /// So many are done in all.
  std::size_t done_in_all() const;

  /// It was read, or Amazon knows it no more. Unknown ids are ignored.
  void done(std::string_view id);
  /// It cannot be read by its id: the search may find it.
  void failed(std::string_view id);
  /// After a restart: the part's first `fetched` were read, and what a search up to `reached` has
  /// found for sure. Times of the report are whole seconds.
  void restore(Part part, std::size_t fetched, std::optional<TimePoint> reached);

 private:
  enum class State : std::uint8_t { kWaiting = 0, kFailed, kDone };
  struct Entry {
    std::string id;
    TimePoint changed{};
    bool open = false;
    bool searchable = false;  ///< by a status that is known
    State state = State::kWaiting;
  };
  std::size_t begin_of(Part part) const noexcept { return part == Part::kOpen ? 0 : open_; }
  std::size_t end_of(Part part) const noexcept {
    return part == Part::kOpen ? open_ : entries_.size();
  }
  void arrange(TimePoint until);

  std::vector<Entry> entries_;
  std::unordered_map<std::string_view, std::size_t> places_;
  std::size_t open_ = 0;  ///< entries of the first part
  TimePoint until_{};
};

}  // namespace marketplug::amazon
