#include "tests/integration/world.hpp"

#include <stdlib.h>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "host/isolation/remote_plugin.hpp"
#include "host/json/order_codec.hpp"
#include "plugins/amazon/sandbox/marketplaces.hpp"

namespace marketplug::testing {
namespace {

std::filesystem::path temporary_folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "marketplug-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  return pattern;
}

/// MARKETPLUG_ISOLATION=process: the whole suite with the plugin in workers.
bool isolated() {
  const char* how = std::getenv("MARKETPLUG_ISOLATION");
  return how != nullptr && std::string_view(how) == "process";
}

/// Of all worlds, which come and go while the plugin stays.
const isolation::IsolationParts& workers() {
  static isolation::Spawner spawner;
  static const isolation::IsolationParts parts = [] {
    isolation::IsolationParts made{spawner, {}};
    made.options.program = WORKER_PROGRAM;
    return made;
  }();
  return parts;
}

std::unique_ptr<isolation::RemotePlugin> remote(loading::PluginFile file) {
  auto schema = isolation::probe(workers().spawner, workers().options, file);
  if (!schema) throw std::runtime_error(schema.failure().message);
  return std::make_unique<isolation::RemotePlugin>(std::move(file), std::move(schema).value(),
                                                   workers());
}

/// amazon.so as it was built, loaded the way the program does it.
const loading::LoadedPlugin& amazon_plugin() {
  for (auto& file : loading::scan({PLUGINS_DIR, {}})) {
    if (file.id() != "amazon") continue;
    if (isolated()) {
      static const auto plugin = remote(std::move(file));
      return *plugin;
    }
    auto loaded = loading::load(std::move(file));
    if (!loaded) throw std::runtime_error(loaded.failure().message);
    return *loaded.value();
  }
  throw std::runtime_error("no amazon plugin in " PLUGINS_DIR);
}

/// Everything that a connector needs to stay alive, destroyed in the right order.
struct LiveConnector {
  std::unique_ptr<services::ConnectorHost> host;
  loading::ConnectorPtr connector;
};

}  // namespace

World::World(WorldOptions options)
    : clock(options.now),
      random(options.seed),
      amazon_clock(clock, options.amazon_ahead),
      simulator(amazon_clock, options.seed, options.region),
      options_(std::move(options)),
      folder_(temporary_folder()),
      executor_(clock, options_.seed),
      redactor_(services::make_redactor()) {
  open();
}

World::~World() {
  engine_.reset();
  quota_.reset();
  store_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void World::open() {
  store::StoreOptions options;
  options.url = "sqlite:" + (folder_ / "test.db").string();
  store_ = store::open_store(options, clock, random);
  store::ShopRecord shop;
  shop.id = kShop;
  shop.source = "store";
  shop.enabled = true;
  shop.document = plugin_settings();
  store_->shops().put(shop);
  quota_ = services::make_quota({}, clock, random, store_->quota());
  sync::EngineOptions engine_options;
  engine_options.node = "test";
  engine_options.lease = options_.lease;
  engine_ = sync::make_engine(engine_options,
                              {*store_, clock, random, executor_, *this, log, metrics, {}});
}

void World::restart() {
  engine_.reset();
  quota_->persist();
  quota_.reset();
  store_.reset();
  open();
}

std::string World::plugin_settings() const {
  namespace bj = boost::json;
  static constexpr const char* kRegions[] = {"NA", "EU", "FE"};
  const amazon_sandbox::Credentials credentials;
  bj::array marketplaces;
  for (const auto& code : options_.marketplaces) marketplaces.emplace_back(code);
  const bj::value settings = {
      {"account",
       {{"region", kRegions[static_cast<int>(options_.region)]},
        {"marketplaces", marketplaces},
        {"authorization",
         {{"kind", "self"},
          {"seller_id", credentials.seller_id},
          {"lwa_client_id", credentials.client_id},
          {"lwa_client_secret", "secret:/account/authorization/lwa_client_secret"},
          {"refresh_token", "secret:/account/authorization/refresh_token"}}},
        {"endpoints", {{"api", options_.api}, {"lwa", "https://localhost:8443/auth/o2/token"}}}}},
      {"orders",
       {{"pii_access", options_.pii_access},
        {"fetch_customization", options_.fetch_customization},
        {"start_date", options_.start_date}}}};
  return bj::serialize(settings);
}

Result<sync::ShopConnector> World::connect(const store::ShopRecord& shop) {
  auto live = std::make_shared<LiveConnector>();
  live->host = services::make_connector_host(
      {.shop = shop.id,
       .plugin = "amazon",
       .secrets = {{"/account/authorization/lwa_client_secret", entered.client_secret},
                   {"/account/authorization/refresh_token", entered.refresh_token}},
       .allow_private = {"localhost:8443"},
       .clock = clock,
       .random = random,
       .http = transport,
       .log = log,
       .metrics = metrics,
       .quota = *quota_,
       .redactor = *redactor_,
       .store = *store_});
  auto connector = amazon_plugin().create(*live->host, shop.document);
  if (!connector) return std::move(connector).failure();
  live->connector = std::move(connector).value();
  sync::ShopConnector made;
  made.plugin = "amazon";
  made.connector = live->connector.get();
  made.host = live->host.get();
  made.rules.id = shop.id;
  made.rules.poll = options_.poll;
  made.rules.start_date = parse_time(options_.start_date + "T00:00:00Z");
  made.rules.own_status = [](const Order& order) {
    return std::string(json::to_string(order.state));
  };
  made.rules.priority = [](const Order&) { return 50; };
  made.rules.keep_raw =
      options_.keep_raw ? sync::ShopRules::KeepRaw::kAlways : sync::ShopRules::KeepRaw::kParked;
  made.limit_priority = [host = live->host.get()](QuotaPriority most) {
    host->limit_priority(most);
  };
  made.take_staged_state = [host = live->host.get()] {
    std::vector<std::pair<std::string, std::optional<std::string>>> writes;
    for (auto& [key, value] : host->take_staged_state().writes) writes.emplace_back(key, value);
    return writes;
  };
  made.keep_alive = live;
  return made;
}

void World::switch_off_and_on() {
  for (const bool enabled : {false, true}) {
    store_->shops().set_enabled(kShop, enabled);
    engine_->reload();
    sync();
  }
}

void World::run_until(TimePoint until) {
  executor_.on_time = [this, until](TimePoint now) {
    if (now >= until) engine_->stop();
  };
  engine_->run();
  executor_.on_time = nullptr;
  restart();
}

std::vector<store::AuditRun> World::audit(TimePoint from) {
  const auto ids = engine_->audit(kShop, "test", from, clock.now()).value();
  std::vector<store::AuditRun> runs;
  for (int minute = 0; minute < 120; ++minute) {
    sync();
    runs.clear();
    bool open = false;
    for (const auto id : ids) {
      runs.push_back(store_->order_audits().find(id).value());
      open = open || !runs.back().ended_at;
    }
    if (!open) break;
    clock.advance(std::chrono::minutes{1});
  }
  return runs;
}

bool World::sync() { return engine_->run_due(kShop, true, {}); }

std::optional<std::string> World::order(const std::string& id) {
  const auto found = store_->orders().find_personal(kShop, id, "test");
  if (!found) return std::nullopt;
  return json::join_order("", found->document, found->personal);
}

std::vector<store::StoredOrder> World::orders() {
  std::vector<store::StoredOrder> all;
  store::OrderFilter filter;
  filter.shop = kShop;
  do {
    auto page = store_->orders().list(filter);
    for (auto& order : page.orders) all.push_back(std::move(order));
    filter.after = page.next;
  } while (!filter.after.empty());
  return all;
}

std::vector<store::Event> World::events() {
  std::vector<store::Event> all;
  for (;;) {
    auto page = store_->events().after(kShop, all.empty() ? 0 : all.back().seq, 1000);
    if (page.empty()) return all;
    for (auto& event : page) all.push_back(std::move(event));
  }
}

}  // namespace marketplug::testing
