// marketplug without a safety net: CURSOR_FIRST and NO_GUARD are true or false.

#include "host/app/program.hpp"
#include "tests/crash/altered_store.hpp"

int main(int argc, char** argv) {
  using marketplug::store::Store;
  return marketplug::app::run_program(argc, argv, [](std::unique_ptr<Store> store) {
    return marketplug::crash::alter(
        std::move(store), {.no_overlap = true, .cursor_first = CURSOR_FIRST, .no_guard = NO_GUARD});
  });
}
