#include "host/testkit/allocations.hpp"

#include <cstdlib>
#include <new>

namespace marketplug::testkit {
namespace {

thread_local constinit AllocationPlan* followed = nullptr;

bool fails_now() noexcept { return followed != nullptr && ++followed->seen == followed->fails_at; }

}  // namespace

AllocationWatch::AllocationWatch(AllocationPlan& plan) noexcept { followed = &plan; }
AllocationWatch::~AllocationWatch() { followed = nullptr; }

AllocationPause::AllocationPause() noexcept : paused_(followed) { followed = nullptr; }
AllocationPause::~AllocationPause() { followed = paused_; }

void* allocate(std::size_t size) {
  void* const made = fails_now() ? nullptr : std::malloc(size == 0 ? 1 : size);
  if (made == nullptr) throw std::bad_alloc();
  return made;
}

}  // namespace marketplug::testkit

// Those that the others of the standard library come down to, and those that give back.
void* operator new(std::size_t size) { return marketplug::testkit::allocate(size); }
void* operator new[](std::size_t size) { return marketplug::testkit::allocate(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return std::malloc(size == 0 ? 1 : size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return std::malloc(size == 0 ? 1 : size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
