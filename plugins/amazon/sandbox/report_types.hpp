#pragma once
// The report types that the simulator knows, and the words that reports use. Constant data; any
// thread.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace amazon_sandbox {

enum class ReportKind : std::uint8_t {
  kOrdersByUpdate,
  kOrdersByCreation,
  kReturnsXml,
  kReturnsFlat,
  kReturnsOfAmazon,
};

struct ReportType {
  std::string_view name;
  ReportKind kind;
  /// The longest time that one report covers; nullopt: none is known.
  std::optional<std::chrono::days> longest;
};

/// nullptr: the simulator makes no such report.
const ReportType* report_type_by_name(std::string_view name) noexcept;
/// Amazon has such a report, whether the simulator makes it or not.
bool is_amazons_report_type(std::string_view name) noexcept;

enum class Charset : std::uint8_t { kUtf8, kWindows1252 };
std::string_view charset_name(Charset charset) noexcept;
std::optional<Charset> charset_by_name(std::string_view name) noexcept;

/// Of the column names of GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE.
enum class HeaderLanguage : std::uint8_t { kEnglish, kGerman, kFrench, kDutch };
std::optional<HeaderLanguage> header_language_by_name(std::string_view name) noexcept;

}  // namespace amazon_sandbox
