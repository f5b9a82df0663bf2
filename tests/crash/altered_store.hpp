#pragma once
// The host's store with a safety net taken away, for programs that the crash test must see fail.
// Compiled into those programs only. One thread per transaction, as the store itself.

#include <memory>

#include "host/store/store.hpp"

namespace marketplug::crash {

struct Alterations {
  /// The window of the next poll begins where the last one ended, not ten minutes before. This net
  /// would catch what the two below lose.
  bool no_overlap = false;
  bool cursor_first = false;  ///< the cursor is committed before the page's orders
  bool no_guard = false;      ///< an older version of an order replaces a newer one
};

std::unique_ptr<store::Store> alter(std::unique_ptr<store::Store> store,
                                    const Alterations& alterations);

}  // namespace marketplug::crash
