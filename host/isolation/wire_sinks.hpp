#pragma once
// What sinks take and give on the wire, by the tables of host/json/sink_fields.hpp. Pure functions,
// any thread.

#include <set>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "host/isolation/wire_fields.hpp"
#include "host/json/sink_fields.hpp"

namespace marketplug::isolation::wire {

inline const std::vector<ItemOutcome>& said_in(const SinkStep& step) { return step.outcomes; }
inline const std::vector<ItemVerdict>& said_in(const VerifyStep& step) { return step.verdicts; }

/// A SinkStep or VerifyStep about these items. Throws as well where it is about others, or decides
/// on one of them twice.
template <class Step, class Item>
Step answer_of(const boost::json::value& from, std::span<const Item> items) {
  auto step = fields_of<Step>(from);
  std::set<std::string_view> given, decided;
  for (const Item& item : items) given.insert(item.key);
  for (const auto& said : said_in(step)) {
    if (!given.contains(said.key)) throw std::invalid_argument("a key was not given");
    const bool decides = said.kind != decltype(said.kind){};
    if (decides && !decided.insert(said.key).second) {
      throw std::invalid_argument("an item is decided twice");
    }
  }
  return step;
}

}  // namespace marketplug::isolation::wire
