#pragma once
// Builds the JSON texts of `attributes` without a tree in between. Empty values are left out, so
// that an object without anything to say is an empty text. One thread, owned by the builder's
// scope.

#include <cstdint>
#include <string>
#include <string_view>

#include "marketplug/model/money.hpp"
#include "marketplug/model/time.hpp"

namespace marketplug::amazon {

class ListText;

class ObjectText {
 public:
  void text(std::string_view key, std::string_view value);  ///< empty: left out
  void integer(std::string_view key, std::int64_t value);
  void truth(std::string_view key, bool value);
  void money(std::string_view key, const Money& value);
  void window(std::string_view key, const TimeWindow& value);  ///< {"earliest", "latest"}
  void json(std::string_view key, std::string_view value);     ///< JSON text; empty: left out
  /// "{…}", or empty where nothing was put in.
  std::string take();

 private:
  void start(std::string_view key);
  std::string text_;
};

/// Puts a text into an object that take() has given, or begins one.
void add_text(std::string& object, std::string_view key, std::string_view value);

class ListText {
 public:
  void text(std::string_view value);
  void json(std::string_view value);  ///< JSON text; empty: left out
  /// "[…]", or empty where nothing was put in.
  std::string take();

 private:
  void start();
  std::string text_;
};

}  // namespace marketplug::amazon
