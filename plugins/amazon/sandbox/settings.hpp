#pragma once
// What can be set about the simulator, at its start and while it runs. Plain values.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "plugins/amazon/sandbox/marketplaces.hpp"
#include "plugins/amazon/sandbox/report_types.hpp"

namespace amazon_sandbox {

/// What becomes of a request for a data set that the account has no role for. Amazon does not say
/// which it is, so a client must live with all three.
enum class MissingRole : std::uint8_t { kOmit, kForbidden, kBadRequest };

/// How the orders lie within a page. The pages themselves always go from old to new.
enum class PageOrder : std::uint8_t { kOldest, kNewest, kShuffled };
std::optional<PageOrder> page_order_by_name(std::string_view name) noexcept;

/// A usage plan: requests per second, and how many at once.
struct Plan {
  double rate = 0;
  int burst = 0;
};
using Plans = std::map<std::string, Plan, std::less<>>;  ///< by operation

/// Later than that, no client looks back: it must be asked for in words.
inline constexpr std::chrono::minutes kMostLateness{10};

/// Of the reports that are asked for from now on.
struct ReportSettings {
  std::chrono::milliseconds duration = std::chrono::seconds(30);  ///< until a report is done
  bool empty_cancelled = true;   ///< one without data is CANCELLED, else DONE with a header
  std::uint64_t fatal_next = 0;  ///< so many of the next end FATAL; counts down
  bool fatal_document = true;    ///< and have a document that says why
  std::uint64_t stuck_next = 0;  ///< so many of the next stay IN_PROGRESS; counts down
  bool gzip = true;
  Charset charset = Charset::kUtf8;
  HeaderLanguage header_language = HeaderLanguage::kEnglish;  ///< of the flat file of returns
  bool fba_daily = true;      ///< returns to Amazon appear at midnight UTC only
  std::string document_host;  ///< of download URLs; empty: the one that the request was sent to
};

struct Settings {
  std::optional<double> quota_factor = 1.0;  ///< multiplies the rates; nullopt: no limits
  Plans quotas;                              ///< instead of the published plans
  /// An order that was added or changed is found by searches only so long after its change; drawn
  /// anew for every change between the two.
  std::chrono::milliseconds visible_after_min{0}, visible_after_max{0};
  bool beyond_overlap = false;  ///< more than kMostLateness is meant
  bool stale_reads = true;      ///< until then searches show the version before; else nothing of it
  bool get_order_late = false;  ///< getOrder is as late as searches
  PageOrder page_order = PageOrder::kOldest;
  unsigned repeat_per_mille = 0;  ///< so many of a thousand places of a page hold an order again
  std::optional<Region> served_region;  ///< which region's host the one port is; nullopt: all
  bool pending_details = false;         ///< prices and addresses of pending orders
  MissingRole missing_role = MissingRole::kOmit;
  bool rotate_refresh_tokens = false;  ///< every refresh gives a new one and ends the old
  ReportSettings reports;
};

/// Throws std::invalid_argument with what to do, where the settings cannot be.
void check_settings(const Settings& settings);

/// Throws std::invalid_argument where a delay is more than is allowed.
void check_lateness(std::chrono::milliseconds delay, bool beyond_overlap);

}  // namespace amazon_sandbox
