#include "host/app/declared_shops.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <memory>
#include <set>
#include <system_error>
#include <utility>

#include "host/api/shop_references.hpp"
#include "host/app/shop_rules.hpp"
#include "host/config/plugin_settings.hpp"
#include "host/services/services.hpp"

namespace marketplug::app {
namespace {

config::Problem problem_of(const std::string& file, std::string message, std::string remedy) {
  config::Problem problem;
  problem.file = file;
  problem.message = std::move(message);
  problem.remedy = std::move(remedy);
  return problem;
}

/// File and line for a problem that only knows its pointer.
void place_one(config::Problem& problem, const config::ShopConfig& shop) {
  problem.file = shop.file;
  const auto line = shop.lines.find(problem.pointer);
  if (line != shop.lines.end()) problem.line = line->second;
}

void place_all(std::vector<config::Problem>& problems, const config::ShopConfig& shop) {
  for (auto& problem : problems) place_one(problem, shop);
}

/// Why a plugin cannot be had; config only knows that it cannot.
void explain_plugin(const Result<const loading::LoadedPlugin*>& plugin,
                    std::vector<config::Problem>& problems) {
  if (plugin) return;
  for (auto& problem : problems) {
    if (problem.pointer != "/plugin") continue;
    problem.message = plugin.failure().message;
    problem.remedy = plugin.failure().remedy;
    return;
  }
}

/// What is stored of a refused file: nothing that could hold a secret. The problems are in it so
/// that the revision moves with them: the engine looks at a shop again when that does.
std::string refused_document(const config::ShopConfig& shop,
                             const std::vector<config::Problem>& problems) {
  boost::json::object document{{"id", shop.id}};
  for (const auto* name : {"name", "plugin"}) {
    const auto* value = shop.document.if_contains(name);
    if (value != nullptr && value->is_string()) document[name] = *value;
  }
  boost::json::array texts;
  for (const auto& problem : problems) texts.emplace_back(config::to_text(problem));
  document["problems"] = std::move(texts);
  return boost::json::serialize(document);
}

using FileTimes = std::map<std::string, std::string>;

/// Inode, size and times, where the file is there.
void add_file(const std::string& path, FileTimes& files) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return;
  files[path] = fmt::format("{} {} {} {} {}", status.st_ino, status.st_size, status.st_mtim.tv_sec,
                            status.st_mtim.tv_nsec, status.st_ctim.tv_nsec);
}

/// Those of a folder that end so.
void add_files(const std::string& folder, std::string_view extension, FileTimes& files) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == extension) add_file(entry.path().string(), files);
  }
}

/// The plugins and their folder, whose permissions are judged too.
void add_plugins(const std::string& folder, FileTimes& files) {
  add_file(folder, files);
  add_files(folder, ".so", files);
}

/// The file of a reference to one.
std::optional<std::string> file_of(std::string_view reference) {
  constexpr std::string_view kFile = "${file:";
  if (!reference.starts_with(kFile) || !services::is_reference(reference)) return std::nullopt;
  return std::string(reference.substr(kFile.size(), reference.size() - kFile.size() - 1));
}

}  // namespace

/// What one load() learns. Each plugin is looked up once, however many shops name it.
struct DeclaredShops::Reading {
  explicit Reading(const PluginLookup& source) : lookup(source) {}

  const Result<const loading::LoadedPlugin*>& plugin(const std::string& id) {
    const auto found = plugins.find(id);
    return found != plugins.end() ? found->second : plugins.emplace(id, lookup(id)).first->second;
  }

  const config::PluginSettings& settings(const std::string& id) {
    auto& known = compiled[id];
    if (!known) {
      known = std::make_unique<config::PluginSettings>(plugin(id).value()->settings_schema());
    }
    return *known;
  }

  const PluginLookup& lookup;
  std::map<std::string, Result<const loading::LoadedPlugin*>> plugins;
  std::map<std::string, std::unique_ptr<config::PluginSettings>> compiled;
  std::map<std::string, std::string> files;  ///< shop -> file
  std::vector<api::ShopProblem> problems, unresolved;
  std::set<std::string> awaited;
  std::map<std::string, config::ShopConfig, std::less<>> places;
};

void DeclaredShops::load() {
  Reading reading(plugins_);
  loaded_.clear();
  add_files(host_.shops_folder, ".yaml", loaded_);
  FileTimes plugin_files;
  add_plugins(host_.plugins.folder, plugin_files);
  std::error_code error;
  const std::filesystem::directory_iterator folder(host_.shops_folder, error);
  const bool readable = !error;
  if (readable) {
    const auto schema = [&reading](std::string_view id) -> std::optional<std::string> {
      const auto& plugin = reading.plugin(std::string(id));
      if (!plugin) return std::nullopt;
      return std::string(plugin.value()->settings_schema());
    };
    for (auto& loaded : config::load_shops(host_.shops_folder, schema)) take(loaded, reading);
    disable_vanished(reading.files);
  } else if (host_.shops_folder_named || has_declared_shops()) {
    // Rather a mount that failed than a wish to stop every shop: they stay as they are.
    reading.problems.push_back(
        {"", problem_of(host_.shops_folder,
                        fmt::format("the shops' folder cannot be read: {}", error.message()),
                        "Create it, or correct `shops.folder` in the host's configuration.")});
  }
  watch_plugins_ = std::any_of(reading.problems.begin(), reading.problems.end(),
                               [](const auto& each) { return each.problem.pointer == "/plugin"; });
  if (watch_plugins_) loaded_.merge(plugin_files);
  awaited_ = std::move(reading.awaited);
  for (const auto& path : awaited_) add_file(path, loaded_);
  seen_ = loaded_;
  const std::lock_guard lock(mutex_);
  problems_ = std::move(reading.problems);
  unresolved_ = std::move(reading.unresolved);
  places_ = std::move(reading.places);
}

bool DeclaredShops::has_declared_shops() {
  const auto shops = store_.shops().list();
  return std::any_of(shops.begin(), shops.end(), [](const store::ShopRecord& shop) {
    return shop.source.starts_with(kFileSource);
  });
}

void DeclaredShops::take(config::LoadedShop& loaded, Reading& reading) {
  auto& shop = loaded.shop;
  auto& found = loaded.problems;
  if (found.empty()) {
    found = check_rules(shop.document, host_);
    place_all(found, shop);
  }
  if (!shop.plugin.empty()) explain_plugin(reading.plugin(shop.plugin), found);
  if (shop.id.empty()) {
    if (const auto known = shop_of_file(shop.file)) {
      shop.id = known->id;
      shop.enabled = known->enabled;
    }
  }
  if (stops(shop, reading)) return;
  std::string blamed = shop.id;
  const auto stored = shop.id.empty() ? std::nullopt : store_.shops().find(shop.id);
  if (stored && !stored->source.starts_with(kFileSource)) {
    found.push_back(problem_of(shop.file, fmt::format("a shop {} was made here already", shop.id),
                               "Give the file another `id`, or remove the file."));
    blamed.clear();
  } else if (!shop.id.empty() && !reading.files.emplace(shop.id, shop.file).second) {
    blamed.clear();  // the first file of that id counts; this one only has problems
  } else if (!shop.id.empty()) {
    std::vector<config::Problem> unresolved;
    if (found.empty() && shop.enabled) unresolved = unresolved_of(shop, reading);
    write(shop, found, unresolved.empty());
    for (auto& problem : unresolved) reading.unresolved.push_back({shop.id, std::move(problem)});
    shop.document.clear();
    reading.places.emplace(shop.id, shop);
  }
  for (auto& problem : found) reading.problems.push_back({blamed, std::move(problem)});
}

/// The program stops and does not try plugins any more: that says nothing against the shop, which
/// stays as it is in the store.
bool DeclaredShops::stops(const config::ShopConfig& shop, Reading& reading) {
  if (shop.plugin.empty()) return false;
  const auto& plugin = reading.plugin(shop.plugin);
  if (plugin || plugin.failure().kind != Failure::Kind::kCancelled) return false;
  if (!shop.id.empty()) reading.files.emplace(shop.id, shop.file);
  return true;
}

std::vector<config::Problem> DeclaredShops::unresolved_of(const config::ShopConfig& shop,
                                                          Reading& reading) {
  const auto* settings = shop.document.if_contains("settings");
  if (settings == nullptr || !settings->is_object()) return {};
  const auto& typed = reading.settings(shop.plugin);
  auto problems = api::check_references(settings->get_object(), typed);
  if (!problems.empty()) {
    auto references = typed.references(settings->get_object());
    references.merge(typed.secrets(settings->get_object()));
    for (const auto& [pointer, reference] : references) {
      auto path = file_of(reference);
      if (path && !services::resolve_reference(reference)) reading.awaited.insert(*path);
    }
  }
  place_all(problems, shop);
  std::stable_sort(problems.begin(), problems.end(),
                   [](const auto& a, const auto& b) { return a.line < b.line; });
  return problems;
}

void DeclaredShops::write(const config::ShopConfig& shop,
                          const std::vector<config::Problem>& problems, bool resolves) {
  const auto before = store_.shops().find(shop.id);
  store::ShopRecord record;
  record.id = shop.id;
  record.source = std::string(kFileSource) + shop.file;
  record.enabled = shop.enabled;
  record.document =
      problems.empty() ? boost::json::serialize(shop.document) : refused_document(shop, problems);
  const auto after = store_.shops().put(record);
  if (!before || before->revision != after.revision) audit("shop.declared", shop.id, shop.file);
  if (!problems.empty() && shop.enabled) {
    store_.shops().set_state(shop.id, "not_running", config::to_text(problems.front()));
  } else if (problems.empty() && resolves && after.state == "not_running" &&
             after.state_reason.starts_with(shop.file)) {
    // The file is mended: until it was tried, nothing is known against the shop.
    store_.shops().set_state(shop.id, after.state, "");
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
  add_files(host_.shops_folder, ".yaml", signature);
  if (watch_plugins_) add_plugins(host_.plugins.folder, signature);
  for (const auto& path : awaited_) add_file(path, signature);
  return signature;
}

bool DeclaredShops::changed() {
  auto now = signature();
  const bool rests = now == seen_;
  seen_ = std::move(now);
  if (!rests) return false;
  return seen_ != loaded_ || (plugins_due_ && plugins_due_());
}

std::vector<api::ShopProblem> DeclaredShops::problems() const {
  const std::lock_guard lock(mutex_);
  auto all = problems_;
  all.insert(all.end(), unresolved_.begin(), unresolved_.end());
  return all;
}

void DeclaredShops::place(std::string_view shop, config::Problem& problem) const {
  const std::lock_guard lock(mutex_);
  const auto found = places_.find(shop);
  if (found != places_.end()) place_one(problem, found->second);
}

std::optional<config::Problem> DeclaredShops::first_problem(std::string_view shop) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(problems_.begin(), problems_.end(),
                                  [&](const auto& each) { return each.shop == shop; });
  if (found == problems_.end()) return std::nullopt;
  return found->problem;
}

}  // namespace marketplug::app
