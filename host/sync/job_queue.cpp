#include "host/sync/job_queue.hpp"

#include <utility>

namespace marketplug::sync {

void JobQueue::put(std::string_view shop, TimePoint due, JobPriority priority) {
  erase(shop);
  Entry entry{due, priority, ++arrivals_, std::string(shop)};
  order_.insert(entry);
  by_shop_.emplace(std::string(shop), std::move(entry));
}

void JobQueue::erase(std::string_view shop) {
  const auto found = by_shop_.find(shop);
  if (found == by_shop_.end()) return;
  order_.erase(found->second);
  by_shop_.erase(found);
}

std::optional<std::string> JobQueue::take_due(TimePoint now, std::string_view only) {
  const auto due = next_due(only);
  if (!due || *due > now) return std::nullopt;
  std::string shop = only.empty() ? std::get<3>(*order_.begin()) : std::string(only);
  erase(shop);
  return shop;
}

std::optional<TimePoint> JobQueue::next_due(std::string_view only) const {
  if (only.empty()) {
    if (order_.empty()) return std::nullopt;
    return std::get<0>(*order_.begin());
  }
  const auto found = by_shop_.find(only);
  if (found == by_shop_.end()) return std::nullopt;
  return std::get<0>(found->second);
}

void JobQueue::shift(std::chrono::milliseconds by) {
  std::set<Entry> moved;
  for (auto& [shop, entry] : by_shop_) {
    std::get<0>(entry) += by;
    moved.insert(entry);
  }
  order_ = std::move(moved);
}

}  // namespace marketplug::sync
