#include "src/report_text.hpp"

#include <array>

#include "src/answers.hpp"
#include "src/text.hpp"

namespace marketplug::amazon {
namespace {

constexpr std::size_t kLinePiece = 256u << 10;
constexpr std::size_t kLongestLine = 1u << 20;

/// What windows-1252 has where ISO-8859-1 has control characters (0x80 to 0x9f); 0: nothing.
constexpr std::array<char16_t, 32> kWindowsSigns = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

void append_utf8(std::string& out, char16_t sign) {
  if (sign < 0x800) {
    out += static_cast<char>(0xc0 | (sign >> 6));
  } else {
    out += static_cast<char>(0xe0 | (sign >> 12));
    out += static_cast<char>(0x80 | ((sign >> 6) & 0x3f));
  }
  out += static_cast<char>(0x80 | (sign & 0x3f));
}

std::string from_windows_1252(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
      continue;
    }
    const char16_t sign = byte < 0xa0 ? kWindowsSigns[byte - 0x80] : byte;
    append_utf8(out, sign == 0 ? char16_t{0xfffd} : sign);
  }
  return out;
}

}  // namespace

Charset charset_by_name(std::string_view name) {
  static constexpr std::array<std::string_view, 10> kWestern = {
      "windows-1252", "cp1252",    "cp-1252", "iso-8859-1", "iso8859-1",
      "iso_8859-1",   "iso8859_1", "latin1",  "latin-1",    "us-ascii"};
  const std::string small = lower(name);
  for (const std::string_view western : kWestern) {
    if (small == western) return Charset::kWindows1252;
  }
  return Charset::kUtf8;
}

Charset charset_of(std::string_view content_type) {
  const std::string small = lower(content_type);
  const std::size_t at = small.find("charset=");
  if (at == std::string::npos) return Charset::kUtf8;
  std::string_view name = std::string_view(small).substr(at + 8);
  if (name.starts_with('"')) name.remove_prefix(1);
  return charset_by_name(name.substr(0, name.find_first_of("\"; \t,")));
}

std::string decoded(std::string_view text, Charset charset) {
  return charset == Charset::kWindows1252 ? from_windows_1252(text) : to_utf8(text);
}

Result<std::optional<std::string_view>> DocumentLines::next() {
  std::size_t searched = at_;
  for (;;) {
    const std::size_t end = buffer_.find('\n', searched);
    const bool last = end == std::string::npos && fetched_ >= document_.size;
    if (end != std::string::npos || last) {
      const std::size_t stop = last ? buffer_.size() : end;
      if (last && stop == at_) return std::optional<std::string_view>();
      std::string_view line = std::string_view(buffer_).substr(at_, stop - at_);
      offset_ += line.size() + (last ? 0 : 1);
      at_ = stop + (last ? 0 : 1);
      if (line.ends_with('\r')) line.remove_suffix(1);
      return std::optional(line);
    }
    buffer_.erase(0, at_);
    at_ = 0;
    searched = buffer_.size();
    if (searched > kLongestLine) {
      return failed(Failure::Kind::kRemote, "report_line",
                    "A report of Amazon has a line of more than 1 MiB: it is no table.",
                    "Marketplug asks for a new report by itself. If it stays, tell Amazon's "
                    "developer support.");
    }
    auto piece = documents_->read(document_.handle, fetched_, kLinePiece);
    if (!piece) return piece.failure();
    // Shorter than it said of itself: what is there is all.
    if (piece.value().empty()) document_.size = fetched_;
    fetched_ += piece.value().size();
    buffer_ += piece.value();
  }
}

}  // namespace marketplug::amazon
