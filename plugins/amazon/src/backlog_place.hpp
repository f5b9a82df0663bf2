#pragma once
// Where the back-fill of one window of the order import stands, as a member of its cursor. Values,
// any thread.

#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "marketplug/result.hpp"
#include "src/report_place.hpp"

namespace marketplug::amazon {

struct BacklogPlace {
  enum class State : std::uint8_t {
    kNone = 0,  ///< not thought of yet
    kLeft,      ///< left out for this window
    kAsked,     ///< the report is on its way, the search goes on
    kOpen,      ///< what has to be shipped is read: searched for and fetched
    kOthers,    ///< then everything else
  };
  State state = State::kNone;
  TimePoint from{}, until{};  ///< of the report; from kOpen on `until` is the window's end
  bool searched = false;      ///< the search of this part has come to its end
  std::uint32_t fetched = 0;  ///< of this part's ids, in their order: so many are done
  std::uint32_t done = 0;     ///< of all ids: every page that brings some has another cursor
  std::uint32_t size = 0;     ///< ids of the list, as it was when the parts began
  ReportPlace report;

  bool operator==(const BacklogPlace&) const = default;

  /// The window is read in parts, by search and by id.
  bool filling() const noexcept { return state == State::kOpen || state == State::kOthers; }

  /// Appends the member "backlog"; nothing where there is none.
  void append_to(std::string& json) const;
  /// nullopt for everything that append_to() cannot have written.
  static std::optional<BacklogPlace> parse(const boost::json::value& root);
};

}  // namespace marketplug::amazon
