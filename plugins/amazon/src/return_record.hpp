#pragma once
// A return as Amazon's reports write it, whichever of them: texts by name. What they mean is
// decided once, here. Values and pure functions, any thread.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "marketplug/model/return.hpp"
#include "marketplug/step.hpp"
#include "src/settings.hpp"

namespace marketplug::amazon {

/// By the names of Amazon's XML report ("return_request_date"); those of the FBA report with "_"
/// for "-". Names that are not there have no text.
using ReturnTexts = std::map<std::string, std::string, std::less<>>;

struct ReturnRecord {
  ReturnTexts texts;
  std::vector<ReturnTexts> items;
};

/// Announced to the seller, who fulfils the order himself.
void add_merchant_return(const ReturnRecord& record, const Settings& settings,
                         Page<BuyerReturn>& page);
/// Arrived at Amazon, which fulfilled the order. Each unit is a return.
void add_fba_return(const ReturnRecord& record, const Settings& settings, Page<BuyerReturn>& page);

/// What the marketplace's word means; kUnknown where that is not sure.
ReturnState state_of_return_word(std::string_view word);
/// ISO 8601, "2026-11-23" or "23-Nov-2026" (both as 00:00 UTC); nullopt for anything else.
std::optional<TimePoint> return_time(std::string_view text);

}  // namespace marketplug::amazon
