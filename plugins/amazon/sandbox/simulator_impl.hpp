#pragma once
// The simulator's inside, shared by its sources. Any thread.

#include <optional>

#include "plugins/amazon/sandbox/simulator.hpp"
#include "plugins/amazon/sandbox/world.hpp"

namespace amazon_sandbox {

struct Simulator::Impl {
  Impl(const marketplug::Clock& clock, std::uint64_t seed) : world(clock, seed) {}

  Response dispatch(const Request& request, const Route& route, const Target& target,
                    std::uint64_t& orders);
  Response serve(const Request& request, const Route& route, const Target& target,
                 const std::vector<Fault>& faults, std::uint64_t& orders);
  std::string request_id();

  /// The world's mutex is held by the caller of these two.
  OrderStore& store(std::string_view seller_id) const;
  OrderStore& store_of_order(std::string_view order_id) const;

  std::chrono::milliseconds draw_visibility();

  World world;
};

/// A plain answer of the control interface; the caller's exceptions become 400 and 404.
Response handle_control(Simulator& simulator, const Request& request, TimePoint now);

}  // namespace amazon_sandbox
