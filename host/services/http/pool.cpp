#include "host/services/http/pool.hpp"

#include <algorithm>
#include <iterator>

namespace marketplug::services::http {
namespace {

constexpr std::size_t kMostKept = 256;
/// No request takes one that has been idle for longer.
constexpr std::chrono::seconds kLongestIdle{15};

}  // namespace

std::unique_ptr<Connection> Pool::take(const std::string& key, std::chrono::milliseconds max_idle,
                                       bool private_allowed) {
  Kept dropped;
  std::unique_ptr<Connection> taken;
  const auto now = now_();
  {
    const std::lock_guard lock(mutex_);
    dropped = expired(now);
    const auto found = kept_.find(key);
    if (found == kept_.end()) return taken;
    auto& list = found->second;
    for (std::size_t i = list.size(); i-- > 0 && taken == nullptr;) {
      auto& candidate = *list[i];
      if (candidate.to_private() && !private_allowed) continue;
      // Idle for too long for this request, perhaps not for the next one.
      if (now - candidate.kept_since > max_idle) continue;
      (candidate.stale() ? dropped.emplace_back() : taken) = std::move(list[i]);
      list.erase(list.begin() + static_cast<std::ptrdiff_t>(i));
      --size_;
    }
    if (list.empty()) kept_.erase(found);
  }
  return taken;
}

void Pool::close_idle() {
  Kept dropped;
  const std::lock_guard lock(mutex_);
  dropped = expired(now_());
}

void Pool::put(std::unique_ptr<Connection> connection) {
  const auto now = now_();
  connection->kept_since = now;
  connection->kept = true;
  Kept dropped;
  {
    const std::lock_guard lock(mutex_);
    dropped = expired(now);
    if (size_ >= kMostKept) {
      dropped.push_back(std::move(connection));
    } else {
      auto& list = kept_[connection->key()];
      list.push_back(std::move(connection));
      ++size_;
    }
  }
}

Pool::Kept Pool::expired(std::chrono::steady_clock::time_point now) {
  Kept old;
  for (auto entry = kept_.begin(); entry != kept_.end();) {
    auto& list = entry->second;
    const auto fresh = std::stable_partition(list.begin(), list.end(), [&](const auto& c) {
      return now - c->kept_since > kLongestIdle;
    });
    size_ -= static_cast<std::size_t>(fresh - list.begin());
    std::move(list.begin(), fresh, std::back_inserter(old));
    list.erase(list.begin(), fresh);
    entry = list.empty() ? kept_.erase(entry) : std::next(entry);
  }
  return old;
}

}  // namespace marketplug::services::http
