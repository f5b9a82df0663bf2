#pragma once
// A report that is a table: a line of headers, then rows of fields between tabs. Columns are found
// by their names, whatever their order; unknown ones are left alone. One thread at a time.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "marketplug/result.hpp"
#include "marketplug/services/documents.hpp"
#include "src/report_text.hpp"

namespace marketplug::amazon {

/// A column by its names. They are compared without case, and "-", "_" and blanks are one.
struct ReportColumn {
  std::span<const std::string_view> names;  ///< the first is Amazon's English one
  bool needed = false;
};

class ReportTable {
 public:
  /// Reads the headers; rows begin at `offset`, at the first one where it is 0. Failures: as
  /// DocumentLines; kRemote, code "report_column": a needed column lacks, the message names it.
  static Result<ReportTable> open(Documents& documents, const DocumentInfo& document,
                                  std::span<const ReportColumn> columns, std::uint64_t offset,
                                  std::string_view type);

  /// Moves to the next row that is not blank. False: there is none.
  Result<bool> next();
  /// A field of this row, by the column's place in `columns`: UTF-8, without blanks and quotes
  /// around it. Empty where the column or the field lacks.
  std::string field(std::size_t column) const;
  /// Where this row begins; behind the last row the end.
  std::uint64_t row_offset() const noexcept { return row_offset_; }

 private:
  ReportTable(DocumentLines lines, Charset charset, std::vector<std::optional<std::size_t>> places)
      : lines_(std::move(lines)), charset_(charset), places_(std::move(places)) {}

  DocumentLines lines_;
  Charset charset_;
  std::vector<std::optional<std::size_t>> places_;  ///< of each column among the fields
  std::vector<std::string_view> fields_;
  std::uint64_t row_offset_ = 0;
};

}  // namespace marketplug::amazon
