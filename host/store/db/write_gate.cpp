#include "host/store/db/write_gate.hpp"

#include "host/store/types.hpp"

namespace marketplug::store::db {

void WriteGate::enter() {
  std::unique_lock lock(mutex_);
  if (inside_ == std::this_thread::get_id()) {
    throw StoreError(StoreError::Kind::kOther,
                     "This thread holds an open transaction of the store; it must end before the "
                     "thread writes anything else.");
  }
  const std::uint64_t ticket = next_ticket_++;
  moved_.wait(lock, [&] { return serving_ == ticket; });
  inside_ = std::this_thread::get_id();
}

void WriteGate::leave() noexcept {
  {
    const std::lock_guard lock(mutex_);
    inside_ = {};
    ++serving_;
  }
  moved_.notify_all();
}

}  // namespace marketplug::store::db
