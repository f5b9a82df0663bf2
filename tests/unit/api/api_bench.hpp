#pragma once
// A real store in a temporary folder, a scripted engine, and the operations over both. One thread.

#include <stdlib.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "host/api/local_backend.hpp"
#include "host/json/order_codec.hpp"
#include "host/store/store.hpp"
#include "marketplug/testing/fakes.hpp"

namespace marketplug::api::testing {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = std::filesystem::temp_directory_path() / "api-test-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

class ScriptedEngine : public sync::Engine {
 public:
  void run() override {}
  bool run_due(std::string_view shop, bool until_idle,
               const std::function<void(const sync::ShopStatus&)>& progress) override {
    asked.emplace_back(std::string(shop) + (until_idle ? " until idle" : ""));
    if (on_run_due) on_run_due();
    for (const auto& status : steps) progress(status);
    return ends_well;
  }
  void stop() override { ++stops; }
  void reload() override { ++reloads; }
  void trigger(std::string_view shop) override {
    triggered.emplace_back(shop);
    if (on_trigger) on_trigger(shop);
  }
  std::vector<sync::ShopStatus> status() const override { return statuses; }
  Result<std::vector<Finding>> check(std::string_view shop) override {
    checked.emplace_back(shop);
    return check_result;
  }
  Result<std::vector<std::int64_t>> audit(std::string_view shop, std::string_view who,
                                          TimePoint from, TimePoint until) override {
    return on_audit(shop, who, from, until);
  }
  Result<store::UpsertOutcome> fetch_order(std::string_view, std::string_view id) override {
    fetched.emplace_back(id);
    return fetch_result;
  }

  std::vector<sync::ShopStatus> steps, statuses;
  bool ends_well = true;
  int stops = 0, reloads = 0;
  std::vector<std::string> asked, triggered, checked, fetched;
  std::function<void(std::string_view)> on_trigger;
  std::function<void()> on_run_due;
  std::function<Result<std::vector<std::int64_t>>(std::string_view shop, std::string_view who,
                                                  TimePoint from, TimePoint until)>
      on_audit;
  Result<std::vector<Finding>> check_result = std::vector<Finding>();
  Result<store::UpsertOutcome> fetch_result = store::UpsertOutcome::kInserted;
};

inline constexpr std::string_view kSettingsSchema = R"({
  "type": "object", "additionalProperties": false,
  "properties": {
    "token": {"type": "string", "writeOnly": true},
    "orders": {"type": "object", "additionalProperties": false, "properties": {
      "enabled": {"type": "boolean", "default": true},
      "import_new": {"type": "boolean", "default": true, "x-capability": "order-source"},
      "export_shipments": {"type": "boolean", "default": true, "x-capability": "shipment-sink"}}}}
})";

class Bench {
 public:
  Bench() {
    store::StoreOptions options;
    options.url = "sqlite:" + folder.path() + "/test.db";
    store = store::open_store(options, clock, random);
    config.file = folder.path() + "/marketplug.yaml";
    config.plugins.folder = "/plugins";
    config.order_statuses = {"pending", "open",      "in_picking",      "partially_shipped",
                             "shipped", "cancelled", "needs_correction"};
    parts = make_parts();
    backend = std::make_unique<LocalBackend>(*parts, "cli:somebody");
  }

  std::unique_ptr<LocalParts> make_parts() {
    return std::make_unique<LocalParts>(
        LocalParts{*store,
                   engine,
                   clock,
                   config,
                   "1.2.3",
                   [this] { return plugins; },
                   [](std::string_view plugin) -> std::optional<std::string> {
                     if (plugin != "fake") return std::nullopt;
                     return std::string(kSettingsSchema);
                   },
                   [this] { return problems; },
                   [] { return std::string("up 1\n"); },
                   [this] { return stopping; },
                   [this](std::chrono::milliseconds time) {
                     clock.advance(time);
                     if (on_pause) on_pause();
                   },
                   false,
                   {},
                   {},
                   [this] { return quota; }});
  }

  void add_shop(const std::string& id, const std::string& source = "store", bool enabled = true,
                const std::string& document = "") {
    store::ShopRecord shop;
    shop.id = id;
    shop.source = source;
    shop.enabled = enabled;
    shop.document = document.empty() ? R"({"id":")" + id + R"(","name":"Shop )" + id +
                                           R"(","plugin":"fake","settings":{"token":"${env:T}"}})"
                                     : document;
    store->shops().put(shop);
    store->ownership().register_node("node", std::chrono::seconds(60));
    tokens.clear();
    for (auto& token : store->ownership().claim(100)) tokens.push_back(std::move(token));
  }

  /// One transaction of the shop.
  void write(const std::string& shop, const std::function<void(store::ShopTransaction&)>& work) {
    for (const auto& token : tokens) {
      if (token.shop != shop) continue;
      const auto transaction = store->begin(token);
      work(*transaction);
      transaction->commit();
      return;
    }
    throw std::runtime_error("no token for " + shop);
  }

  void add_order(const std::string& shop, const std::string& id, const std::string& status = "open",
                 int minutes_ago = 0) {
    write(shop, [&](store::ShopTransaction& transaction) {
      transaction.upsert_order(row(id, status, minutes_ago));
    });
  }

  store::OrderRow row(const std::string& id, const std::string& status, int minutes_ago) const {
    Order order;
    order.id = id;
    order.marketplace = "NL";
    order.state = OrderState::kOpen;
    order.marketplace_status = "UNSHIPPED";
    order.placed_at = clock.now() - std::chrono::minutes(minutes_ago);
    order.changed_at = order.placed_at;
    order.total = parse_money("12.30", "EUR");
    order.personal_data = PersonalData::kPresent;
    OrderLine line;
    line.id = "1";
    line.sku = "SKU-1";
    line.quantity = 2;
    order.lines.push_back(line);
    order.recipient.emplace();
    order.recipient->name = "Juno Voorbeeld";
    store::OrderRow made;
    made.id = order.id;
    made.marketplace = order.marketplace;
    made.state = order.state;
    made.status = status;
    made.marketplace_status = order.marketplace_status;
    made.priority = 70;
    made.placed_at = order.placed_at;
    made.changed_at = order.changed_at;
    made.personal_data = order.personal_data;
    made.content_hash = json::content_hash(order);
    made.document = json::encode_order(order);
    made.personal = json::encode_order_personal(order);
    made.lines.push_back({"1", "SKU-1", "", 2});
    return made;
  }

  boost::json::value call(std::string_view operation, boost::json::object parameters = {}) {
    emitted.clear();
    return backend->call(operation, parameters, [this](const boost::json::value& each) {
      if (!each.is_null()) emitted.push_back(each);
    });
  }

  /// The problem that the call ends with.
  OperationError problem(std::string_view operation, boost::json::object parameters = {}) {
    try {
      call(operation, std::move(parameters));
    } catch (const OperationError& error) {
      return error;
    }
    return {0, "none", "no problem", ""};
  }

  std::size_t audited(const std::string& action) {
    std::size_t count = 0;
    for (const auto& entry : store->audit().list("", 0, 1000)) {
      if (entry.action == action && entry.who == "cli:somebody") ++count;
    }
    return count;
  }

  TemporaryFolder folder;
  marketplug::testing::FakeClock clock;
  marketplug::testing::SeededRandom random;
  std::unique_ptr<store::Store> store;
  std::vector<store::OwnerToken> tokens;
  ScriptedEngine engine;
  config::HostConfig config;
  std::vector<loading::PluginFile> plugins;
  std::vector<ShopProblem> problems;
  bool stopping = false;
  std::function<void()> on_pause;
  std::vector<services::QuotaGovernor::View> quota;
  std::unique_ptr<LocalParts> parts;
  std::unique_ptr<LocalBackend> backend;
  std::vector<boost::json::value> emitted;
};

}  // namespace marketplug::api::testing
