// The zoo: one animal a build, chosen by ZOO_<name>. What a patch of another one's bytes can make
// is made by the tests.
#include "zoo.hpp"
#if defined(ZOO_uses_services)
#include "uses_services.hpp"
#elif defined(ZOO_all_sinks)
#include "all_sinks.hpp"
#elif defined(ZOO_all_sources)
#include "all_sources.hpp"
#endif

#include <dlfcn.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace {

/// Runs when the library is loaded.
struct AtLoading {
  AtLoading() {
#if defined(ZOO_init_throws)
    throw std::runtime_error("thrown while it is loaded");
#elif defined(ZOO_init_aborts)
    std::abort();
#elif defined(ZOO_init_crashes)
    std::raise(SIGSEGV);
#elif defined(ZOO_init_sleeps)
    for (;;) ::pause();
#elif defined(ZOO_init_exits)
    ::_exit(0);
#elif defined(ZOO_init_waits)
    // As on a machine that is overloaded: for as long as there is such a file beside it.
    Dl_info own{};
    if (::dladdr(this, &own) == 0) std::abort();
    const std::string self = own.dli_fname;
    std::ofstream(self + ".waits") << "";
    while (::access((self + ".busy").c_str(), F_OK) == 0) ::usleep(1000);
#elif defined(ZOO_crashes_in_host)
    // The trial cannot see it.
    std::ifstream program("/proc/self/comm");
    std::string name;
    std::getline(program, name);
    if (!name.starts_with("marketplug-work")) std::raise(SIGSEGV);
#endif
  }
} const at_loading;

/// Known to this plugin alone.
class Private : public std::exception {
 public:
  const char* what() const noexcept override { return "text of a private type"; }
};

[[maybe_unused]] marketplug::Page<marketplug::Order> page_of(std::size_t count) {
  auto page = zoo::three_orders();
  page.items.clear();
  for (std::size_t i = 0; i < count; ++i) {
    page.items.push_back(zoo::make_order(std::to_string(i)));
  }
  return page;
}

}  // namespace

#if defined(ZOO_sound)
namespace {
class Sound final : public zoo::Animal {
 public:
  using Animal::Animal;
  static constexpr marketplug::PluginInfo kInfo{"sound", "Sound plugin", "1.0.0"};
};
}  // namespace
MARKETPLUG_PLUGIN(Sound)
#elif defined(ZOO_all_sinks)
MARKETPLUG_PLUGIN(zoo::AllSinks)
#elif defined(ZOO_all_sources)
MARKETPLUG_PLUGIN(zoo::AllSources)
#elif defined(ZOO_ctor_throws)
ZOO_ANIMAL(Bad(marketplug::Host& host, std::string_view settings)
           : Animal(host, settings) { throw Private(); })
#elif defined(ZOO_ctor_refuses)
ZOO_ANIMAL(Bad(marketplug::Host& host, std::string_view settings)
           : Animal(host, settings) { throw std::invalid_argument("NL is not of this region"); })
#elif defined(ZOO_ctor_crashes)
ZOO_ANIMAL(Bad(marketplug::Host& host, std::string_view settings)
           : Animal(host, settings) { std::raise(SIGSEGV); })
#elif defined(ZOO_asks_for_more)
ZOO_ANIMAL(Bad(marketplug::Host& host, std::string_view settings)
           : Animal(host, settings) {
             if (host.query("host.time-machine/1") != nullptr) throw Private();
             if (host.query("") != nullptr) throw Private();
           })
#elif defined(ZOO_bad_schema)
ZOO_ANIMAL(static std::string_view settings_schema() noexcept { return R"({"allOf": [{}]})"; })
#elif defined(ZOO_schema_no_json)
ZOO_ANIMAL(static std::string_view settings_schema() noexcept { return "{\"type\": \xff"; })
#elif defined(ZOO_throws_private)
ZOO_STEP(throw Private();)
#elif defined(ZOO_throws_int)
ZOO_STEP(throw 42;)
#elif defined(ZOO_leaks_thread)
ZOO_STEP(std::thread([] {
           for (;;) ::pause();
         }).detach();
         return zoo::three_orders();)
#elif defined(ZOO_thread_throws)
ZOO_STEP(std::thread([] { throw 42; }).join(); return zoo::three_orders();)
#elif defined(ZOO_hangs)
ZOO_STEP(for (;;)::pause();)
#elif defined(ZOO_crashes)
ZOO_STEP(std::raise(SIGSEGV); return zoo::three_orders();)
#elif defined(ZOO_aborts)
ZOO_STEP(std::abort();)
#elif defined(ZOO_exits)
ZOO_STEP(::_exit(3);)
#elif defined(ZOO_exits_orderly)
ZOO_STEP(std::exit(0);)
#elif defined(ZOO_exits_quickly)
ZOO_STEP(std::quick_exit(0);)
#elif defined(ZOO_alarms)
ZOO_STEP(std::raise(SIGALRM); return zoo::three_orders();)
#elif defined(ZOO_dtor_crashes)
ZOO_ANIMAL(~Bad() override { std::raise(SIGSEGV); })
#elif defined(ZOO_dtor_hangs)
ZOO_ANIMAL(~Bad() override {
  for (;;) ::pause();
})
#elif defined(ZOO_floods)
ZOO_STEP(for (int i = 0; i < 10'000; ++i)::dprintf(2, "line %d\n", i); return zoo::three_orders();)
#elif defined(ZOO_eats_memory)
ZOO_STEP(std::vector<std::string> eaten; for (;;) eaten.emplace_back().reserve(64u << 20);)
#elif defined(ZOO_twice)
ZOO_STEP(auto page = zoo::three_orders(); const auto again = page.items;
         page.items.insert(page.items.end(), again.begin(), again.end()); return page;)
#elif defined(ZOO_duplicate_ids)
ZOO_STEP(auto page = zoo::three_orders(); for (auto& order
                                               : page.items) order.id = "1";
         return page;)
#elif defined(ZOO_no_ids)
ZOO_STEP(auto page = zoo::three_orders(); for (auto& order
                                               : page.items) order.id.clear();
         return page;)
#elif defined(ZOO_huge_page)
ZOO_STEP(return page_of(3000);)
#elif defined(ZOO_huge_text)
ZOO_STEP(auto page = zoo::three_orders(); page.items[0].sales_channel.assign(80u << 20, 'x');
         return page;)
#elif defined(ZOO_invalid_utf8)
ZOO_STEP(auto page = zoo::three_orders(); page.items[0].sales_channel = "\xff\xfe"; return page;)
#elif defined(ZOO_garbled_failure)
ZOO_STEP(marketplug::Failure failure; failure.kind = marketplug::Failure::Kind::kConfig;
         failure.code = zoo::kGarbage;
         failure.message = "it is so " + std::string(5'000'000, 'x') + zoo::kGarbage;
         failure.remedy = failure.detail = zoo::kGarbage; return failure;)
#elif defined(ZOO_garbled_order)
ZOO_STEP(auto page = zoo::three_orders(); auto& order = page.items[0];
         order.marketplace = order.marketplace_status = zoo::kGarbage;
         auto& line = order.lines.emplace_back(); line.id = line.sku = zoo::kGarbage;
         line.product_id = zoo::kGarbage; auto& parked = page.parked.emplace_back();
         parked.code = parked.pointer = parked.message = parked.remedy = zoo::kGarbage;
         parked.id = parked.raw = zoo::kGarbage; return page;)
#elif defined(ZOO_garbled_id)
ZOO_STEP(auto page = zoo::three_orders(); page.items[0].id = zoo::kGarbage; return page;)
#elif defined(ZOO_other_order)
ZOO_ANIMAL(marketplug::Result<marketplug::Page<marketplug::Order> > fetch_order(
    std::string_view, marketplug::StepContext&) override { return zoo::three_orders(); })
#elif defined(ZOO_unfit_money)
ZOO_STEP(auto page = zoo::three_orders(); page.items[0].total = marketplug::Money{1, 2, "?"};
         return page;)
#elif defined(ZOO_same_cursor)
ZOO_STEP(auto page = zoo::three_orders(); page.caught_up = false; page.next = cursor; return page;)
#elif defined(ZOO_chatters)
ZOO_STEP(const std::string text = "said on standard output\n";
         if (::write(STDOUT_FILENO, text.data(), text.size()) < 0) throw Private();
         return zoo::three_orders();)
#elif defined(ZOO_uses_services)
ZOO_ANIMAL(
    Bad(marketplug::Host& host, std::string_view settings)
    : Animal(host, settings),
      host_(host) {} marketplug::Result<marketplug::Page<marketplug::Order> > fetch_orders(
          const marketplug::Cursor& cursor, marketplug::StepContext& ctx) override {
        marketplug::Page<marketplug::Order> page;
        page.next.value = zoo::use_services(host_, cursor.value, ctx);
        page.caught_up = true;
        return page;
      } marketplug::Host& host_;)
#else
ZOO_ANIMAL()
#endif
