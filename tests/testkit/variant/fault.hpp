#pragma once
// The fault of a variant: a mark in the file, patched in copies of it. "D3": it breaks what check
// D3 of the conformance kit is about, and as far as possible nothing else; "F6.state": F6, in
// another way; "none": it is sound, and so is "wider", a release that allows more. violations.py
// makes the copies. Any thread.

#include <marketplug/result.hpp>
#include <string>

namespace variant {

bool breaks(const char* id);

inline marketplug::Failure failure_of(marketplug::Failure::Kind kind, std::string code) {
  return {kind, "A variant fails.", "", std::move(code), "", {}};
}

}  // namespace variant
