#include "src/backlog_list.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "src/answers.hpp"
#include "src/report_table.hpp"
#include "src/sighting_rows.hpp"

namespace marketplug::amazon {
namespace {

using std::chrono::seconds;

constexpr std::size_t kMostIds = 200'000;
/// So many are read well within the life of a page token.
constexpr std::size_t kMostAtATime = 50'000;

bool waits_to_be_shipped(const OrderSighting& order) {
  return order.state == OrderState::kOpen || order.state == OrderState::kPartiallyShipped;
}

Failure no_list(std::string_view code, std::string message) {
  return failed(Failure::Kind::kRemote, code, std::move(message), {});
}

}  // namespace

Result<BacklogList> BacklogList::read(Documents& documents, const DocumentInfo& document,
                                      std::string_view type, const Settings& settings,
                                      TimePoint from, TimePoint until) {
  auto opened = ReportTable::open(documents, document, sighting_columns(), 0, type);
  if (!opened) return opened.failure();
  BacklogList list;
  std::unordered_map<std::string, std::size_t> known;
  for (;;) {
    const auto row = opened.value().next();
    if (!row) return row.failure();
    if (!row.value()) break;
    auto order = sighting_of(opened.value());
    if (!order || !order->changed_at) {
      return no_list("backlog_row", "A row of the report has no order id or no time of change.");
    }
    if (*order->changed_at < from || *order->changed_at > until ||
        (!is_outside_amazon(*order) && import_leaves_out(*order, settings, std::nullopt))) {
      continue;
    }
    const bool open = waits_to_be_shipped(*order), searchable = order->state.has_value();
    const auto [place, fresh] = known.try_emplace(order->id, list.entries_.size());
    if (fresh) {
      if (known.size() > kMostIds)
        return no_list("backlog_size", "The report has too many orders.");
      list.entries_.push_back(
          {std::move(order->id), *order->changed_at, open, searchable, State::kWaiting});
    } else if (Entry& entry = list.entries_[place->second]; *order->changed_at > entry.changed) {
      entry.changed = *order->changed_at;
      entry.open = open;
      entry.searchable = searchable;
    }
  }
  list.arrange(until);
  return list;
}

void BacklogList::arrange(TimePoint until) {
  until_ = until;
  if (entries_.size() > kMostAtATime) {
    std::nth_element(entries_.begin(), entries_.begin() + kMostAtATime, entries_.end(),
                     [](const Entry& a, const Entry& b) { return a.changed < b.changed; });
    until_ = entries_[kMostAtATime].changed - seconds(1);
    std::erase_if(entries_, [&](const Entry& entry) { return entry.changed > until_; });
  }
  std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    if (a.open != b.open) return a.open;
    return a.changed != b.changed ? a.changed > b.changed : a.id < b.id;
  });
  open_ = static_cast<std::size_t>(std::count_if(entries_.begin(), entries_.end(),
                                                 [](const Entry& entry) { return entry.open; }));
  for (std::size_t i = 0; i < entries_.size(); ++i) places_.emplace(entries_[i].id, i);
}

std::size_t BacklogList::size(Part part) const noexcept { return end_of(part) - begin_of(part); }

std::optional<std::string_view> BacklogList::next(Part part) const {
  for (std::size_t i = begin_of(part); i < end_of(part); ++i) {
    if (entries_[i].state == State::kWaiting) return entries_[i].id;
  }
  return std::nullopt;
}

std::size_t BacklogList::waiting(Part part) const {
  std::size_t count = 0;
  for (std::size_t i = begin_of(part); i < end_of(part); ++i) {
    if (entries_[i].state == State::kWaiting) ++count;
  }
  return count;
}

bool BacklogList::over(Part part, bool searched) const {
  for (std::size_t i = begin_of(part); i < end_of(part); ++i) {
    const State state = entries_[i].state;
    if (state == State::kWaiting || (state == State::kFailed && !searched)) return false;
  }
  return true;
}

std::size_t BacklogList::done_in_front(Part part) const {
  std::size_t count = 0;
  for (std::size_t i = begin_of(part); i < end_of(part); ++i, ++count) {
    if (entries_[i].state != State::kDone) break;
  }
  return count;
}

std::size_t BacklogList::done_in_all() const {
  return static_cast<std::size_t>(
      std::count_if(entries_.begin(), entries_.end(),
                    [](const Entry& entry) { return entry.state == State::kDone; }));
}

void BacklogList::done(std::string_view id) {
  const auto found = places_.find(id);
  if (found != places_.end()) entries_[found->second].state = State::kDone;
}

void BacklogList::failed(std::string_view id) {
  const auto found = places_.find(id);
  if (found != places_.end()) entries_[found->second].state = State::kFailed;
}

void BacklogList::restore(Part part, std::size_t fetched, std::optional<TimePoint> reached) {
  if (part == Part::kOthers) {
    for (std::size_t i = 0; i < open_; ++i) entries_[i].state = State::kDone;
  }
  for (std::size_t i = begin_of(part); i < end_of(part); ++i) {
    Entry& entry = entries_[i];
    const bool found = entry.searchable && reached && entry.changed + seconds(1) <= *reached;
    if (i < begin_of(part) + fetched || found) entry.state = State::kDone;
  }
}

}  // namespace marketplug::amazon
