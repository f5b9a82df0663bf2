#pragma once
// Implementation of time.hpp: inline, so that the SDK needs no library of its own.

namespace marketplug {
namespace detail {

inline bool read_digits(std::string_view text, std::size_t at, std::size_t count,
                        int& out) noexcept {
  if (at + count > text.size()) return false;
  out = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    out = out * 10 + (text[i] - '0');
  }
  return true;
}

inline void write_digits(char* out, int width, unsigned value) noexcept {
  for (int i = width - 1; i >= 0; --i, value /= 10) out[i] = static_cast<char>('0' + value % 10);
}

/// The part after the seconds: fraction and zone. False where it is malformed.
inline bool read_fraction_and_zone(std::string_view rest, int& millis,
                                   int& offset_minutes) noexcept {
  millis = 0;
  offset_minutes = 0;
  if (!rest.empty() && rest[0] == '.') {
    std::size_t digits = 0;
    int scale = 100;
    while (digits + 1 < rest.size() && rest[digits + 1] >= '0' && rest[digits + 1] <= '9') {
      millis += (rest[digits + 1] - '0') * scale;
      scale /= 10;
      ++digits;
    }
    if (digits == 0) return false;
    rest.remove_prefix(digits + 1);
  }
  if (rest == "Z" || rest == "z") return true;
  int hours = 0, minutes = 0;
  if (rest.size() != 6 || (rest[0] != '+' && rest[0] != '-') || rest[3] != ':' ||
      !read_digits(rest, 1, 2, hours) || !read_digits(rest, 4, 2, minutes) || hours > 23 ||
      minutes > 59) {
    return false;
  }
  offset_minutes = (rest[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
  return true;
}

}  // namespace detail

inline std::optional<TimePoint> parse_time(std::string_view text) noexcept {
  using namespace std::chrono;
  int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0, millis = 0, offset = 0;
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' ||
      (text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':' ||
      !detail::read_digits(text, 0, 4, y) || !detail::read_digits(text, 5, 2, mo) ||
      !detail::read_digits(text, 8, 2, d) || !detail::read_digits(text, 11, 2, h) ||
      !detail::read_digits(text, 14, 2, mi) || !detail::read_digits(text, 17, 2, s) || h > 23 ||
      mi > 59 || s > 60 || !detail::read_fraction_and_zone(text.substr(19), millis, offset)) {
    return std::nullopt;
  }
  const year_month_day day{year{y}, month{static_cast<unsigned>(mo)},
                           std::chrono::day{static_cast<unsigned>(d)}};
  if (!day.ok()) return std::nullopt;
  const TimePoint time{sys_days{day} + hours{h} + minutes{mi} + seconds{s} + milliseconds{millis} -
                       minutes{offset}};
  // In UTC, because that is how it is written again.
  const year_month_day utc{floor<days>(time)};
  if (utc.year() < year{1} || utc.year() > year{9999}) return std::nullopt;
  return time;
}

inline std::string format_time(TimePoint time) {
  using namespace std::chrono;
  const auto midnight = floor<days>(time);
  const year_month_day day{midnight};
  const auto in_day = static_cast<unsigned>((time - midnight).count());
  std::string text = "0000-00-00T00:00:00.000Z";
  // Years beyond 9999 do not occur in a marketplace's documents; they would wrap, not overflow.
  detail::write_digits(text.data(), 4, static_cast<unsigned>(static_cast<int>(day.year())) % 10000);
  detail::write_digits(text.data() + 5, 2, static_cast<unsigned>(day.month()));
  detail::write_digits(text.data() + 8, 2, static_cast<unsigned>(day.day()));
  detail::write_digits(text.data() + 11, 2, in_day / 3'600'000);
  detail::write_digits(text.data() + 14, 2, in_day / 60'000 % 60);
  detail::write_digits(text.data() + 17, 2, in_day / 1000 % 60);
  const unsigned millis = in_day % 1000;
  if (millis == 0) {
    text.resize(19);
    text += 'Z';
  } else {
    detail::write_digits(text.data() + 20, 3, millis);
  }
  return text;
}

}  // namespace marketplug
