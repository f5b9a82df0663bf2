#include "host/app/declared_shops.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <system_error>
#include <utility>

#include "host/app/shop_rules.hpp"

namespace marketplug::app {
namespace {

config::Problem problem_of(const std::string& file, std::string message, std::string remedy) {
  config::Problem problem;
  problem.file = file;
  problem.message = std::move(message);
  problem.remedy = std::move(remedy);
  return problem;
}

/// File and line for problems that only know their pointer.
void place(std::vector<config::Problem>& problems, const config::ShopConfig& shop) {
  for (auto& problem : problems) {
    problem.file = shop.file;
    const auto line = shop.lines.find(problem.pointer);
    if (line != shop.lines.end()) problem.line = line->second;
  }
}

/// A plugin that is there but refused says why; "no such plugin" alone would not help.
void explain_plugin(const PluginLookup& plugins, const std::string& plugin,
                    std::vector<config::Problem>& problems) {
  if (plugin.empty()) return;
  const auto found = plugins(plugin);
  if (found || found.failure().code == "no_such_plugin") return;
  for (auto& problem : problems) {
    if (problem.pointer != "/plugin") continue;
    problem.message = found.failure().message;
    problem.remedy = found.failure().remedy;
    return;
  }
}

}  // namespace

void DeclaredShops::load() {
  std::vector<api::ShopProblem> problems;
  std::map<std::string, std::string> files;  // shop -> file
  loaded_ = signature();
  seen_ = loaded_;
  std::error_code error;
  const std::filesystem::directory_iterator folder(host_.shops_folder, error);
  const bool readable = !error;
  if (readable) {
    const auto schema = [this](std::string_view plugin) {
      return settings_schema(plugins_, plugin);
    };
    for (const auto& loaded : config::load_shops(host_.shops_folder, schema)) {
      take(loaded, files, problems);
    }
    disable_vanished(files);
  } else if (host_.shops_folder_named || has_declared_shops()) {
    // Rather a mount that failed than a wish to stop every shop: they stay as they are.
    problems.push_back(
        {"", problem_of(host_.shops_folder,
                        fmt::format("the shops' folder cannot be read: {}", error.message()),
                        "Create it, or correct `shops.folder` in the host's configuration.")});
  }
  const std::lock_guard lock(mutex_);
  problems_ = std::move(problems);
}

bool DeclaredShops::has_declared_shops() {
  const auto shops = store_.shops().list();
  return std::any_of(shops.begin(), shops.end(), [](const store::ShopRecord& shop) {
    return shop.source.starts_with(kFileSource);
  });
}

void DeclaredShops::take(const config::LoadedShop& loaded,
                         std::map<std::string, std::string>& files,
                         std::vector<api::ShopProblem>& problems) {
  auto shop = loaded.shop;
  auto found = loaded.problems;
  if (found.empty()) {
    found = check_rules(shop.document, host_);
    place(found, shop);
  }
  explain_plugin(plugins_, shop.plugin, found);
  if (shop.id.empty()) {
    if (const auto known = shop_of_file(shop.file)) {
      shop.id = known->id;
      shop.enabled = known->enabled;
    }
  }
  std::string blamed = shop.id;
  const auto stored = shop.id.empty() ? std::nullopt : store_.shops().find(shop.id);
  if (stored && !stored->source.starts_with(kFileSource)) {
    found.push_back(problem_of(shop.file, fmt::format("a shop {} was made here already", shop.id),
                               "Give the file another `id`, or remove the file."));
    blamed.clear();
  } else if (!shop.id.empty() && !files.emplace(shop.id, shop.file).second) {
    blamed.clear();  // the first file of that id counts; this one only has problems
  } else if (!shop.id.empty()) {
    write(shop, found);
  }
  for (auto& problem : found) problems.push_back({blamed, std::move(problem)});
}

void DeclaredShops::write(const config::ShopConfig& shop,
                          const std::vector<config::Problem>& problems) {
  const auto before = store_.shops().find(shop.id);
  store::ShopRecord record;
  record.id = shop.id;
  record.source = std::string(kFileSource) + shop.file;
  record.enabled = shop.enabled;
  record.document = boost::json::serialize(shop.document);
  const auto after = store_.shops().put(record);
  if (!before || before->revision != after.revision) audit("shop.declared", shop.id, shop.file);
  if (!problems.empty() && shop.enabled) {
    store_.shops().set_state(shop.id, "not_running", config::to_text(problems.front()));
  }
}

void DeclaredShops::disable_vanished(const std::map<std::string, std::string>& files) {
  for (const auto& shop : store_.shops().list()) {
    if (!shop.source.starts_with(kFileSource) || files.contains(shop.id)) continue;
    const auto file = shop.source.substr(kFileSource.size());
    const auto reason = fmt::format("its file {} is gone", file);
    if (!shop.enabled && shop.state_reason == reason) continue;
    if (shop.enabled) audit("shop.vanished", shop.id, file);
    store_.shops().set_enabled(shop.id, false);
    store_.shops().set_state(shop.id, "disabled", reason);
  }
}

void DeclaredShops::audit(std::string_view action, std::string_view shop, std::string_view file) {
  store::AuditEntry entry;
  entry.at = clock_.now();
  entry.who = "host";
  entry.action = action;
  entry.shop = shop;
  entry.object = shop;
  entry.detail = boost::json::serialize(boost::json::object{{"file", file}});
  store_.audit().append(entry);
}

std::optional<store::ShopRecord> DeclaredShops::shop_of_file(const std::string& file) {
  for (auto& shop : store_.shops().list()) {
    if (shop.source == std::string(kFileSource) + file) return std::move(shop);
  }
  return std::nullopt;
}

DeclaredShops::Signature DeclaredShops::signature() const {
  Signature signature;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(host_.shops_folder, error)) {
    const auto path = entry.path().string();
    struct stat status {};
    if (entry.path().extension() != ".yaml" || ::stat(path.c_str(), &status) != 0) continue;
    signature[path] =
        fmt::format("{} {} {} {} {}", status.st_ino, status.st_size, status.st_mtim.tv_sec,
                    status.st_mtim.tv_nsec, status.st_ctim.tv_nsec);
  }
  return signature;
}

bool DeclaredShops::changed() {
  auto now = signature();
  const bool rests = now == seen_;
  seen_ = std::move(now);
  return rests && seen_ != loaded_;
}

std::vector<api::ShopProblem> DeclaredShops::problems() const {
  const std::lock_guard lock(mutex_);
  return problems_;
}

std::optional<config::Problem> DeclaredShops::first_problem(std::string_view shop) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(problems_.begin(), problems_.end(),
                                  [&](const auto& each) { return each.shop == shop; });
  if (found == problems_.end()) return std::nullopt;
  return found->problem;
}

}  // namespace marketplug::app
