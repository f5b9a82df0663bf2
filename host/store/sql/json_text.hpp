#pragma once
// Writes a flat JSON object of texts: the detail of an audit entry. The store reads no JSON, so it
// needs no library for it. One thread.

#include <string>
#include <string_view>

namespace marketplug::store::sql {

class JsonText {
 public:
  /// Empty values are left out.
  void add(std::string_view name, std::string_view value);
  std::string take();

 private:
  std::string text_ = "{";
};

}  // namespace marketplug::store::sql
