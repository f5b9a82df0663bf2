#pragma once
// The simulator's inside, shared by its sources. Any thread.

#include <optional>
#include <variant>

#include "plugins/amazon/sandbox/simulator.hpp"
#include "plugins/amazon/sandbox/world.hpp"

namespace amazon_sandbox {

/// Whose request it is.
struct Admitted {
  Caller caller;
  SellerSpec seller;
};

struct Simulator::Impl {
  Impl(const marketplug::Clock& clock, std::uint64_t seed) : world(clock, seed) {}

  Response dispatch(const Request& request, const Route& route, const Target& target,
                    std::uint64_t& orders);
  /// Who calls, or why the request goes no further. Takes no quota.
  std::variant<Admitted, Response> admit(const Request& request, TimePoint now) const;
  Response serve(const Request& request, const Route& route, const Target& target,
                 const std::vector<Fault>& faults, std::uint64_t& orders);
  std::string request_id();

  /// The world's mutex is held by the caller of these.
  OrderStore& store(std::string_view seller_id) const;
  OrderStore& store_of_order(std::string_view order_id) const;

  /// How late a change is found: as given, else drawn as the settings say. Throws
  /// std::invalid_argument.
  std::chrono::milliseconds visibility(std::optional<std::chrono::milliseconds> given);

  World world;
};

/// A plain answer of the control interface; the caller's exceptions become 400 and 404.
Response handle_control(Simulator& simulator, const Request& request, TimePoint now);

}  // namespace amazon_sandbox
