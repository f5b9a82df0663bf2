#pragma once
// Where the reading of one report stands: asked for, downloaded, read up to here. Part of the
// cursors that read reports, kept as members of their JSON; helpers for these members. Values, any
// thread.

#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "marketplug/result.hpp"

namespace marketplug::amazon {

struct ReportPlace {
  std::string report;                 ///< Amazon's id; empty: not asked for yet
  std::optional<TimePoint> asked_at;  ///< when it was asked for; always with `report`
  std::string document;               ///< the host's handle; empty: not downloaded
  std::uint64_t size = 0;             ///< of the document, bytes
  std::uint64_t offset = 0;           ///< what was read of it: bytes of a table, records of XML
  std::uint32_t tries = 0;            ///< reports that came to nothing
  std::uint32_t cancelled = 0;        ///< reports that Amazon ended without a document

  bool operator==(const ReportPlace&) const = default;

  /// Appends its members, each with a comma before it.
  void append_to(std::string& json) const;
  /// nullopt for everything that append_to() cannot have written.
  static std::optional<ReportPlace> parse(const boost::json::value& root);
};

/// `,"name":"text"`.
void append_member(std::string& json, std::string_view name, std::string_view text);
void append_member(std::string& json, std::string_view name, TimePoint time);
void append_member(std::string& json, std::string_view name, std::uint64_t number);
/// A whole number up to `largest`; 0 where the member is absent, nullopt where it is anything else.
std::optional<std::uint64_t> count_member(const boost::json::value& root, std::string_view name,
                                          std::uint64_t largest);
/// A moment; nullopt where it is absent or none.
std::optional<TimePoint> time_member(const boost::json::value& root, std::string_view name);

}  // namespace marketplug::amazon
