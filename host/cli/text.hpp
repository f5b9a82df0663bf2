#pragma once
// Text for a terminal: whatever comes from outside is made harmless first, widths count columns.
// Pure functions, any thread.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace marketplug::cli {

/// Control characters, escape sequences, direction overrides and bytes that are not UTF-8 become
/// visible text ("\x1b", "\u{202e}", "\n"), so that data cannot steer the terminal.
std::string harmless(std::string_view text);
/// As harmless(), for text that is JSON already: what JSON leaves as it is becomes "\u009b".
std::string harmless_json(std::string_view json);

/// Columns of harmless text: 2 for wide East Asian characters and emoji, 0 for combining ones.
std::size_t display_width(std::string_view text);
/// Cut to that many columns, the last one an ellipsis.
std::string fitted(std::string_view text, std::size_t columns);

enum class Align : unsigned char { kLeft = 0, kRight };

/// Rows aligned by display width, two blanks between columns; cells are made harmless.
class Table {
 public:
  struct Column {
    std::string title;
    Align align = Align::kLeft;
  };
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  void add(std::vector<std::string> cells);
  bool empty() const noexcept { return rows_.empty(); }
  /// With the titles, a line each; `indent` blanks before every line.
  std::string text(std::size_t indent = 0) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace marketplug::cli
