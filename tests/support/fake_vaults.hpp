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
