#pragma once
// The parts of a FakeStore that stand for themselves: quota levels, secrets, documents, audit. In
// memory, plain; one thread at a time.

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/store/store.hpp"

namespace marketplug::testing {

class FakePluginHistory final : public store::PluginHistory {
 public:
  void add_crash(const store::PluginCrash& crash) override {
    crashes_.emplace(std::pair(crash.plugin, crash.occasion), crash);
  }
  std::vector<store::PluginCrash> crashes(std::string_view plugin, TimePoint since) override {
    std::vector<store::PluginCrash> found;
    for (const auto& [key, crash] : crashes_) {
      if (crash.plugin == plugin && crash.at >= since) found.push_back(crash);
    }
    return found;
  }
  void quarantine(const store::PluginQuarantine& quarantine) override {
    quarantined_.emplace(quarantine.plugin, quarantine);
  }
  std::vector<store::PluginQuarantine> quarantined() override {
    std::vector<store::PluginQuarantine> found;
    for (const auto& [plugin, quarantine] : quarantined_) found.push_back(quarantine);
    return found;
  }
  bool release(std::string_view plugin) override {
    std::erase_if(crashes_, [&](const auto& each) { return each.second.plugin == plugin; });
    return quarantined_.erase(std::string(plugin)) != 0;
  }
  std::optional<store::PluginFileRecord> file(std::string_view plugin) override {
    const auto found = files_.find(std::string(plugin));
    if (found == files_.end()) return std::nullopt;
    return found->second;
  }
  void put_file(const store::PluginFileRecord& file) override { files_[file.plugin] = file; }

 private:
  std::map<std::pair<std::string, std::string>, store::PluginCrash> crashes_;
  std::map<std::string, store::PluginQuarantine> quarantined_;
  std::map<std::string, store::PluginFileRecord> files_;
};

class FakeQuotaLevels final : public store::QuotaLevels {
 public:
  std::vector<store::QuotaLevel> load() override { return levels; }
  void save(const store::QuotaSource& source) override {
    const auto changes = source();
    if (changes.levels.empty()) return;
    levels = changes.levels;
    changes.saved();
  }
  void follow(std::weak_ptr<const store::QuotaSource>) override {}
  std::vector<store::QuotaLevel> levels;
};

class FakeSecretVault final : public store::SecretVault {
 public:
  std::optional<store::SecretRecord> find(std::string_view shop, std::string_view name) override {
    const auto found = records_.find({std::string(shop), std::string(name)});
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }
  void put(const store::SecretRecord& secret) override {
    records_[{secret.shop, secret.name}] = secret;
  }
  void erase(std::string_view shop, std::string_view name) override {
    records_.erase({std::string(shop), std::string(name)});
  }

 private:
  std::map<std::pair<std::string, std::string>, store::SecretRecord> records_;
};

class FakeDocumentVault final : public store::DocumentVault {
 public:
  void begin(const store::StoredDocument& document) override {
    documents_[document.handle] = {document, {}, false};
  }
  void append(std::string_view handle, std::string_view bytes) override {
    documents_.find(handle)->second.bytes.append(bytes);
  }
  store::StoredDocument finish(std::string_view handle, std::string_view content_type) override {
    Entry& entry = documents_.find(handle)->second;
    entry.document.content_type = content_type;
    entry.document.size = entry.bytes.size();
    entry.finished = true;
    return entry.document;
  }
  std::optional<store::StoredDocument> find(std::string_view shop,
                                            std::string_view handle) override {
    const auto found = documents_.find(handle);
    if (found == documents_.end() || !found->second.finished ||
        found->second.document.shop != shop) {
      return std::nullopt;
    }
    return found->second.document;
  }
  std::string read(std::string_view handle, std::uint64_t offset, std::uint64_t max) override {
    const std::string& bytes = documents_.find(handle)->second.bytes;
    return offset >= bytes.size() ? std::string() : bytes.substr(offset, max);
  }
  void erase(std::string_view handle) override { documents_.erase(std::string(handle)); }
  std::size_t purge(TimePoint now) override {
    return std::erase_if(documents_, [now](const auto& item) {
      return item.second.document.expires_at <= now || !item.second.finished;
    });
  }

 private:
  struct Entry {
    store::StoredDocument document;
    std::string bytes;
    bool finished = false;
  };
  std::map<std::string, Entry, std::less<>> documents_;
};

class FakeAuditTrail final : public store::AuditTrail {
 public:
  void append(const store::AuditEntry& entry) override { entries.push_back(entry); }
  std::vector<store::AuditEntry> list(std::string_view shop, std::int64_t after,
                                      std::size_t limit) override {
    std::vector<store::AuditEntry> found;
    for (const auto& entry : entries) {
      if ((shop.empty() || entry.shop == shop) && entry.seq > after && found.size() < limit) {
        found.push_back(entry);
      }
    }
    return found;
  }
  std::optional<std::int64_t> first_broken() override { return std::nullopt; }
  std::vector<store::AuditEntry> entries;
};

}  // namespace marketplug::testing
