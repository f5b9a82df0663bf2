#pragma once
// For tests of what travels by a table of members: objects with something in every member, and
// whether a table has them all. Pure functions, any thread.

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "host/isolation/wire_fields.hpp"
#include "marketplug/testing/fakes.hpp"

namespace marketplug::isolation::test {

template <class T>
T arrived(const T& sent) {
  const auto text = boost::json::serialize(wire::fields(sent));
  return wire::fields_of<T>(boost::json::parse(text));
}

/// Fills every member that the tables know with something that is not its default; lists get some.
class Filler {
 public:
  explicit Filler(std::uint64_t seed) : random_(seed) {}

  template <class T>
  void fill(T& to) {
    if constexpr (json::HasFields<T>) {
      std::apply([&](const auto&... fields) { (fill(to.*fields.member), ...); },
                 json::Fields<T>::kMembers);
    } else if constexpr (json::kIsList<T>) {
      to.resize(1 + random_.next() % 3);
      for (auto& each : to) fill(each);
    } else if constexpr (json::kIsOptional<T>) {
      fill(to.emplace());
    } else if constexpr (std::is_enum_v<T>) {
      to = static_cast<T>(1 + random_.next() % (json::Words<T>::kAll.size() - 1));
    } else {
      leaf(to);
    }
  }

 private:
  void leaf(std::string& to) {
    to.clear();
    const auto length = 1 + random_.next() % 12;
    // All bytes: what is not UTF-8 has to arrive too.
    for (std::uint64_t i = 0; i < length; ++i) to += static_cast<char>(random_.next() & 0xff);
  }
  void leaf(std::int64_t& to) { to = static_cast<std::int64_t>(random_.next() | 1); }
  void leaf(TimePoint& to) {
    to = TimePoint{std::chrono::milliseconds{1 + random_.next() % 4'000'000'000'000}};
  }
  void leaf(Cursor& to) { leaf(to.value); }
  void leaf(Money& to) {
    leaf(to.units);
    to.scale = static_cast<std::uint8_t>(random_.next() % 10);
    leaf(to.currency);
  }

  marketplug::testing::SeededRandom random_;
};

template <class T>
void expect_faithful() {
  EXPECT_EQ(arrived(T()), T());
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    T sent;
    Filler(seed).fill(sent);
    ASSERT_EQ(arrived(sent), sent) << "seed " << seed;
  }
}

/// Anything that a member may be initialised with.
struct Anything {
  template <class T>
  operator T() const;
};
/// How many members an aggregate has.
template <class T, class... Members>
constexpr std::size_t members_of() {
  if constexpr (requires { T{Members()..., Anything()}; }) {
    return members_of<T, Members..., Anything>();
  } else {
    return sizeof...(Members);
  }
}
template <class T>
constexpr bool whole(const T&);
template <class T>
constexpr bool whole(const std::vector<T>&) {
  return whole(T());
}
template <class T>
constexpr bool whole(const std::optional<T>&) {
  return whole(T());
}
/// Whether its table has all its members, and so on downwards.
template <class T>
constexpr bool whole(const T& of) {
  if constexpr (json::HasFields<T>) {
    return std::apply(
        [&](const auto&... fields) {
          return sizeof...(fields) == members_of<T>() && (whole(of.*fields.member) && ...);
        },
        json::Fields<T>::kMembers);
  }
  return true;
}

}  // namespace marketplug::isolation::test
