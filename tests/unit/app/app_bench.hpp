#pragma once
// A real store in a temporary folder, files of shops, and a plugin made of nothing. One thread.

#include <stdlib.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "host/app/plugin_catalogue.hpp"
#include "host/config/config.hpp"
#include "host/loading/plugin.hpp"
#include "host/store/store.hpp"
#include "marketplug/testing/fakes.hpp"

namespace marketplug::app::testing {

class FakePlugin : public loading::LoadedPlugin {
 public:
  FakePlugin() { std::strncpy(file_.abi.id, "fake", sizeof(file_.abi.id) - 1); }
  const loading::PluginFile& file() const noexcept override { return file_; }
  std::string_view settings_schema() const noexcept override {
    return R"({"type": "object", "additionalProperties": false, "properties": {
      "token": {"type": "string", "writeOnly": true},
      "api": {"type": "string", "format": "uri"},
      "orders": {"type": "object", "additionalProperties": false, "default": {}, "properties": {
        "enabled": {"type": "boolean", "default": true},
        "import_new": {"type": "boolean", "default": true, "x-capability": "order-source"}}}}})";
  }
  Result<loading::ConnectorPtr> create(Host& host, std::string_view settings) const override {
    host_ = &host;
    settings_ = settings;
    if (failure) return *failure;
    return loading::ConnectorPtr(new Nothing, {[](Connector* each) noexcept { delete each; }});
  }

  std::optional<Failure> failure;
  mutable Host* host_ = nullptr;
  mutable std::string settings_;

 private:
  class Nothing : public Connector {
   public:
    std::vector<Finding> check(StepContext&) override { return {}; }
    void* query(std::string_view) noexcept override { return nullptr; }
  };
  loading::PluginFile file_;
};

class Bench {
 public:
  Bench() {
    std::string pattern = std::filesystem::temp_directory_path() / "app-test-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder = pattern;
    config.folder = folder;
    config.file = folder + "/marketplug.yaml";
    config.shops_folder = folder + "/shops.d";
    config.shops_folder_named = true;
    config.order_statuses = {
        "pending", "open",      "in_picking",       "partially_shipped",
        "shipped", "cancelled", "needs_correction", "fulfilled_by_marketplace"};
    config.carrier_accounts = {"postnl"};
    std::filesystem::create_directory(config.shops_folder);
    store::StoreOptions options;
    options.url = "sqlite:" + folder + "/test.db";
    store = store::open_store(options, clock, random);
  }
  ~Bench() {
    store.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  PluginLookup lookup() {
    return [this](std::string_view id) -> Result<const loading::LoadedPlugin*> {
      ++lookups;
      if (id == "fake") return &plugin;
      Failure failure;
      failure.kind = Failure::Kind::kConfig;
      failure.code = id == "broken" ? "abi_layout" : "no_such_plugin";
      failure.message = "plugin " + std::string(id) + " cannot be used";
      failure.remedy = "rebuild it";
      return failure;
    };
  }

  PluginSource source() {
    return [this](std::string_view id, Isolation how) {
      asked_for = how;
      return lookup()(id);
    };
  }

  void write(const std::string& file, const std::string& text) {
    std::ofstream(config.shops_folder + "/" + file) << text;
  }
  void write_shop(const std::string& id, const std::string& more = "") {
    write(id + ".yaml", "id: " + id + "\nplugin: fake\nenabled: true\n" + more);
  }
  std::string path(const std::string& file) const { return config.shops_folder + "/" + file; }

  std::string folder;
  int lookups = 0;
  Isolation asked_for = Isolation::kNone;
  config::HostConfig config;
  marketplug::testing::FakeClock clock;
  marketplug::testing::SeededRandom random;
  FakePlugin plugin;
  std::unique_ptr<store::Store> store;
};

}  // namespace marketplug::app::testing
