#pragma once
// What the checks do with a shop again and again: push a batch to its end, read it
// back, call everything once. One thread.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "host/testkit/reading.hpp"
#include "host/testkit/shop.hpp"

namespace marketplug::testkit {

/// The batch with keys "kit-1", "kit-2" …
boost::json::array with_keys(const boost::json::array& items, int first = 1);

struct Pushed {
  std::vector<ItemOutcome> outcomes;
  std::optional<Failure> failure;
  bool ended = false;  ///< the last continuation was empty
  const ItemOutcome* of(std::string_view key) const;
};
/// From an empty continuation until there is none; the clock goes on to each resume_at.
Pushed push_all(Shop& shop, const Sink& sink, const boost::json::array& items);

struct Verified {
  std::vector<ItemVerdict> verdicts;
  std::optional<Failure> failure;
  bool ended = false;
  /// kUnknown where nothing is said.
  ItemVerdict::Kind of(std::string_view key) const;
};
Verified verify_all(Shop& shop, const Sink& sink, const boost::json::array& items);

/// The sinks that the plugin offers and the cases have. Fails the trial for one that the cases
/// lack.
std::vector<const Sink*> sinks_of(Trial& trial);
const SinkCases& cases_of(const Trial& trial, const Sink& sink);

/// One call that makes requests: the first that the plugin offers. Its failure; nullopt: it went
/// well.
std::optional<Failure> one_call(Shop& shop);

/// One call of the host, and the name to tell it by.
struct Deed {
  std::string name;
  /// Its failure; nullopt: it went well.
  std::function<std::optional<Failure>(Shop&)> run;
};

/// Everything that the plugin offers and the cases have, one call each.
std::vector<Deed> deeds_of(Trial& trial);

/// Calls everything once, as far as plugin and cases have it, whatever comes of it: the failures.
std::vector<Failure> tour(Shop& shop);

}  // namespace marketplug::testkit
