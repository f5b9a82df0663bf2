#include "src/report_table.hpp"

#include <algorithm>
#include <utility>

#include "src/answers.hpp"
#include "src/text.hpp"

namespace marketplug::amazon {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::size_t kMostFields = 500;
constexpr std::size_t kMostForeignHeaders = 12;

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  while (fields.size() < kMostFields) {
    const std::size_t tab = line.find('\t');
    fields.push_back(line.substr(0, tab));
    if (tab == std::string_view::npos) break;
    line.remove_prefix(tab + 1);
  }
  return fields;
}

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\r')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

/// Some marketplaces put fields between quotes, and double those inside.
std::string bare(std::string_view text) {
  text = without_blanks(text);
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
  text = text.substr(1, text.size() - 2);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    if (text[i] == '"' && i + 1 < text.size() && text[i + 1] == '"') ++i;
  }
  return std::string(without_blanks(out));
}

std::string header_key(std::string_view header) {
  std::string key = lower(header);
  std::replace(key.begin(), key.end(), '_', '-');
  std::replace(key.begin(), key.end(), ' ', '-');
  return key;
}

/// Of a line with known headers the others are headers too, and may be shown.
std::string foreign_headers(const std::vector<std::string>& headers,
                            const std::vector<bool>& known) {
  if (std::none_of(known.begin(), known.end(), [](bool is) { return is; })) {
    return " None of the report's columns is known.";
  }
  std::string out;
  std::size_t count = 0;
  for (std::size_t i = 0; i < headers.size() && count < kMostForeignHeaders; ++i) {
    if (known[i] || headers[i].empty()) continue;
    out.append(count++ == 0 ? " It has these unknown ones: " : ", ").append(shown(headers[i], 60));
  }
  return out.empty() ? out : out + ".";
}

Failure column_lacks(std::string_view type, const std::string& lacking, const std::string& others) {
  return failed(
      Failure::Kind::kRemote, "report_column",
      "Amazon's report " + std::string(type) + " lacks the column " + lacking + "." + others,
      "Marketplug asks for a new report by itself. If it stays, Amazon has renamed the "
      "column or tells it in another language: look for a newer version of Marketplug, "
      "or report the message.");
}

}  // namespace

Result<ReportTable> ReportTable::open(Documents& documents, const DocumentInfo& document,
                                      std::span<const ReportColumn> columns, std::uint64_t offset,
                                      std::string_view type) {
  DocumentLines lines(documents, document, 0);
  const auto first = lines.next();
  if (!first) return first.failure();
  std::string_view line = first.value().value_or(std::string_view());
  if (line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  const Charset charset = charset_of(document.content_type);
  std::vector<std::string> headers, keys;
  for (const std::string_view header : fields_of(line)) {
    headers.push_back(bare(decoded(header, charset)));
    keys.push_back(header_key(headers.back()));
  }
  std::vector<std::optional<std::size_t>> places;
  std::vector<bool> known(headers.size());
  std::string lacking;
  for (const ReportColumn& column : columns) {
    std::optional<std::size_t> place;
    for (const std::string_view name : column.names) {
      const auto found = std::find(keys.begin(), keys.end(), header_key(name));
      if (found == keys.end()) continue;
      place = static_cast<std::size_t>(found - keys.begin());
      known[*place] = true;
      break;
    }
    if (!place && column.needed) {
      lacking.append(lacking.empty() ? "" : ", ").append(column.names.front());
    }
    places.push_back(place);
  }
  if (!lacking.empty()) return column_lacks(type, lacking, foreign_headers(headers, known));
  if (offset > lines.offset()) lines = DocumentLines(documents, document, offset);
  return ReportTable(std::move(lines), charset, std::move(places));
}

Result<bool> ReportTable::next() {
  for (;;) {
    row_offset_ = lines_.offset();
    const auto line = lines_.next();
    if (!line) return line.failure();
    if (!line.value()) return false;
    if (without_blanks(*line.value()).empty()) continue;
    fields_ = fields_of(*line.value());
    return true;
  }
}

std::string ReportTable::field(std::size_t column) const {
  const auto place = places_[column];
  if (!place || *place >= fields_.size()) return {};
  return bare(decoded(fields_[*place], charset_));
}

}  // namespace marketplug::amazon
