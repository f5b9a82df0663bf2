#pragma once
// The store's interface: what sync, services and the API write and read. One implementation serves
// every engine (host/store/sql); opened by open_store(). Every member may be called from any
// thread. Failures are thrown as StoreError, and a thrown write has changed nothing.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/store/types.hpp"
#include "marketplug/services/clock.hpp"
#include "marketplug/services/random.hpp"

namespace marketplug::store {

/// All writes of one step of one shop: opens with the owner's fence, commits whole or not at all.
/// One thread. Destroyed without commit(): rolled back.
class ShopTransaction {
 public:
  virtual ~ShopTransaction() = default;
  virtual std::optional<OrderHead> order_head(std::string_view order_id) = 0;
  /// Guarded by change time: an older version never replaces a newer one; equal times with other
  /// content do (kUpdated).
  virtual UpsertOutcome upsert_order(const OrderRow& order) = 0;
  /// The lines of a stored order; nullopt: there is no such order.
  virtual std::optional<std::vector<LineRow>> order_lines(std::string_view order_id) = 0;
  /// Guarded by change time where both versions have one; else the one that was read last wins.
  /// The same return with other links is an update too.
  virtual UpsertOutcome upsert_return(const ReturnRow& buyer_return) = 0;
  /// Documents of returns whose order was not stored when they were, and is now; oldest first.
  virtual std::vector<std::string> returns_to_link(std::size_t limit) = 0;
  virtual void link_return(std::string_view id, std::span<const LineLink> links) = 0;
  /// Assigns the next gap-free sequence number of the shop and returns it.
  virtual std::int64_t append_event(std::string_view type, std::string_view object,
                                    std::string_view data) = 0;
  /// One open record per shop, kind and item id: the newer one replaces it and counts a try. Its
  /// document is kept for `keep_document` after the item's change, or after it was first parked.
  virtual void park(std::string_view kind, const ParkedItem& item,
                    std::chrono::seconds keep_document) = 0;
  /// The item was read well after all: its open record becomes "replayed".
  virtual void unpark(std::string_view kind, std::string_view item_id) = 0;
  /// Once per kind, item and code: true where it was not open yet. An open one gets the new words.
  virtual bool raise_alert(std::string_view kind, std::string_view item, const Alert& alert) = 0;
  /// Ends the item's open alerts but those with the code of one in `but`.
  virtual void clear_alerts(std::string_view kind, std::string_view item,
                            std::span<const Alert> but) = 0;
  virtual std::int64_t add_audit(const AuditRun& run) = 0;
  /// What changes in a run. One that has ended keeps only findings with a problem.
  virtual void save_audit(const AuditRun& run) = 0;
  /// False: the order was noted in this run before, and stays as it was.
  virtual bool note_finding(std::int64_t run, const AuditFinding& finding) = 0;
  /// Whether an audit of the last months fetched the order for the same word of the second source,
  /// and found nothing new.
  virtual bool was_unchanged(const AuditFinding& finding) = 0;
  /// Its outcome, time and message.
  virtual void settle_finding(std::int64_t run, const AuditFinding& finding) = 0;
  virtual void set_cursor(std::string_view capability, const Cursor& cursor) = 0;
  virtual void put_state(std::string_view key, std::string_view value) = 0;
  virtual void erase_state(std::string_view key) = 0;
  virtual void save_job(const JobRecord& job) = 0;
  virtual void set_shop_state(std::string_view state, std::string_view reason) = 0;
  virtual void clear_mark(std::string_view capability) = 0;
  virtual void commit() = 0;
};

class Shops {
 public:
  virtual ~Shops() = default;
  virtual std::vector<ShopRecord> list() = 0;
  virtual std::optional<ShopRecord> find(std::string_view id) = 0;
  /// Inserts or replaces document, source and enabled; bumps the revision when any of them changed.
  virtual ShopRecord put(const ShopRecord& shop) = 0;
  virtual void set_enabled(std::string_view id, bool enabled) = 0;
  virtual void set_state(std::string_view id, std::string_view state, std::string_view reason) = 0;
};

/// Which process may write which shop (leases with fencing). One process on SQLite takes them all.
class Ownership {
 public:
  virtual ~Ownership() = default;
  /// Makes this process known under a fresh epoch; drops what it owned before.
  virtual void register_node(std::string_view node, std::chrono::seconds lease) = 0;
  /// False: the lease had run out; register again and drop every token.
  virtual bool renew() = 0;
  /// Takes the fence of every unowned shop (at most `limit`), new shops included.
  virtual std::vector<OwnerToken> claim(std::size_t limit) = 0;
  virtual void release(const OwnerToken& token) = 0;
};

class Orders {
 public:
  virtual ~Orders() = default;
  virtual OrderPage list(const OrderFilter& filter) = 0;
  virtual std::vector<OrderCount> count(std::string_view shop) = 0;
  /// Without personal data.
  virtual std::optional<StoredOrder> find(std::string_view shop, std::string_view id) = 0;
  /// With personal data (and the raw document); writes an audit entry for `who` first.
  virtual std::optional<StoredOrder> find_personal(std::string_view shop, std::string_view id,
                                                   std::string_view who) = 0;
  /// Like list, with personal data; one audit entry per call.
  virtual OrderPage list_personal(const OrderFilter& filter, std::string_view who) = 0;
  /// Erases sealed personal data whose time has come (see look_at_clock()); returns how many
  /// orders.
  virtual std::size_t purge_personal(TimePoint now) = 0;
};

class Returns {
 public:
  virtual ~Returns() = default;
  /// Newest first.
  virtual std::vector<StoredReturn> list(const ReturnFilter& filter) = 0;
  virtual std::optional<StoredReturn> find(std::string_view shop, std::string_view id) = 0;
  /// With personal data; writes an audit entry for `who` first.
  virtual std::optional<StoredReturn> find_personal(std::string_view shop, std::string_view id,
                                                    std::string_view who) = 0;
  /// As Orders::purge_personal().
  virtual std::size_t purge_personal(TimePoint now) = 0;
};

class Events {
 public:
  virtual ~Events() = default;
  /// Events of a shop with seq > after, in order.
  virtual std::vector<Event> after(std::string_view shop, std::int64_t after,
                                   std::size_t limit) = 0;
  virtual std::int64_t last(std::string_view shop) = 0;
};

class Parked {
 public:
  virtual ~Parked() = default;
  virtual std::vector<ParkedRecord> list(std::string_view shop, bool open_only,
                                         std::size_t limit) = 0;
  /// The change times of those items that are parked and open, by id.
  virtual OpenParked open(std::string_view shop, std::string_view kind,
                          std::span<const std::string_view> ids) = 0;
  /// With the raw document; writes an audit entry for `who` first.
  virtual std::optional<ParkedRecord> find(std::int64_t id, std::string_view who) = 0;
  /// Erases documents whose time has come; returns how many.
  virtual std::size_t purge_documents(TimePoint now) = 0;
};

class Alerts {
 public:
  virtual ~Alerts() = default;
  /// Newest first. `shop` empty: of all.
  virtual std::vector<AlertRecord> list(std::string_view shop, bool open_only,
                                        std::size_t limit) = 0;
  /// Clears those whose time has come, and forgets those that were cleared `keep` ago; returns how
  /// many were cleared.
  virtual std::size_t expire(TimePoint now, std::chrono::seconds keep) = 0;
};

class OrderAudits {
 public:
  virtual ~OrderAudits() = default;
  /// Of a person, whoever owns the shop; returns its number.
  virtual std::int64_t add(const AuditRun& run) = 0;
  /// The shop's run that has not ended: a person's before the schedule's, then the oldest.
  virtual std::optional<AuditRun> next(std::string_view shop) = 0;
  virtual std::optional<AuditRun> find(std::int64_t id) = 0;
  /// Newest first. `shop` empty: of all.
  virtual std::vector<AuditRun> list(std::string_view shop, std::size_t limit) = 0;
  /// When the oldest run of the schedule was asked for that ended well and is still there.
  virtual std::optional<TimePoint> first_done(std::string_view shop) = 0;
  /// Those with a problem, missing ones first.
  virtual std::vector<AuditFinding> findings(std::int64_t run, bool open_only,
                                             std::size_t limit) = 0;
  /// Forgets runs that ended by then; returns how many.
  virtual std::size_t purge(TimePoint ended_before) = 0;
};

class Progress {
 public:
  virtual ~Progress() = default;
  virtual std::optional<Cursor> cursor(std::string_view shop, std::string_view capability) = 0;
  virtual std::optional<std::string> state(std::string_view shop, std::string_view key) = 0;
  virtual std::vector<JobRecord> jobs(std::string_view shop) = 0;
  /// Written before plugin code runs, in a transaction of its own with the owner's fence.
  virtual void mark_in_flight(const OwnerToken& token, const InFlightMark& mark) = 0;
  virtual std::vector<InFlightMark> marks() = 0;
  virtual void drop_mark(const InFlightMark& mark) = 0;
};

/// Levels that the store does not hold yet. `saved` is called once they are committed.
struct QuotaChanges {
  std::vector<QuotaLevel> levels;
  std::function<void()> saved;
};
/// Asked while the writer is held, so that an older level never replaces a newer one: it must not
/// use the store.
using QuotaSource = std::function<QuotaChanges()>;

/// What is remembered of plugins, whatever shops they serve.
class PluginHistory {
 public:
  virtual ~PluginHistory() = default;
  /// The same occasion again changes nothing.
  virtual void add_crash(const PluginCrash& crash) = 0;
  virtual std::vector<PluginCrash> crashes(std::string_view plugin, TimePoint since) = 0;
  /// A quarantine that there is already stays as it is.
  virtual void quarantine(const PluginQuarantine& quarantine) = 0;
  virtual std::vector<PluginQuarantine> quarantined() = 0;
  /// Ends it and forgets the plugin's crashes. False: there was none.
  virtual bool release(std::string_view plugin) = 0;
  /// The file that the plugin was last used from.
  virtual std::optional<PluginFileRecord> file(std::string_view plugin) = 0;
  virtual void put_file(const PluginFileRecord& file) = 0;
};

class QuotaLevels {
 public:
  virtual ~QuotaLevels() = default;
  virtual std::vector<QuotaLevel> load() = 0;
  /// In a transaction of its own; none where nothing changed.
  virtual void save(const QuotaSource& source) = 0;
  /// From now on each ShopTransaction saves in its commit what this source gives, for as long as it
  /// lives: what a step spent costs no write of its own.
  virtual void follow(std::weak_ptr<const QuotaSource> source) = 0;
};

/// Secrets that replaced a reference's value or were entered here; sealed on disk.
class SecretVault {
 public:
  virtual ~SecretVault() = default;
  virtual std::optional<SecretRecord> find(std::string_view shop, std::string_view name) = 0;
  virtual void put(const SecretRecord& secret) = 0;
  virtual void erase(std::string_view shop, std::string_view name) = 0;
};

struct StoredDocument {
  std::string handle, shop, content_type;
  std::uint64_t size = 0;
  TimePoint expires_at{};
};

/// Large downloads, sealed in chunks of 64 KiB; written chunk by chunk in bounded memory.
class DocumentVault {
 public:
  virtual ~DocumentVault() = default;
  virtual void begin(const StoredDocument& document) = 0;
  virtual void append(std::string_view handle, std::string_view bytes) = 0;
  /// Visible from now on; the size is what was appended.
  virtual StoredDocument finish(std::string_view handle, std::string_view content_type) = 0;
  virtual std::optional<StoredDocument> find(std::string_view shop, std::string_view handle) = 0;
  virtual std::string read(std::string_view handle, std::uint64_t offset, std::uint64_t max) = 0;
  virtual void erase(std::string_view handle) = 0;
  /// Erases expired and never finished ones; returns how many.
  virtual std::size_t purge(TimePoint now) = 0;
};

class AuditTrail {
 public:
  virtual ~AuditTrail() = default;
  virtual void append(const AuditEntry& entry) = 0;
  virtual std::vector<AuditEntry> list(std::string_view shop, std::int64_t after,
                                       std::size_t limit) = 0;
  /// The number of the first entry that was changed, removed or inserted; nullopt: none was. Reads
  /// everything.
  virtual std::optional<std::int64_t> first_broken() = 0;
};

class Store {
 public:
  virtual ~Store() = default;
  /// Throws StoreError kFenced where the token is no longer the owner's.
  virtual std::unique_ptr<ShopTransaction> begin(const OwnerToken& token) = 0;
  virtual Shops& shops() = 0;
  virtual Ownership& ownership() = 0;
  virtual Orders& orders() = 0;
  virtual Returns& returns() = 0;
  virtual Events& events() = 0;
  virtual Parked& parked() = 0;
  virtual Alerts& alerts() = 0;
  virtual OrderAudits& order_audits() = 0;
  virtual Progress& progress() = 0;
  virtual PluginHistory& plugins() = 0;
  virtual QuotaLevels& quota() = 0;
  virtual SecretVault& secrets() = 0;
  virtual DocumentVault& documents() = 0;
  virtual AuditTrail& audit() = 0;
  /// To be called about each hour: a time that is far from the last one does not erase anything
  /// before it has proven itself. The result tells a person about it; nullopt: nothing is strange.
  virtual std::optional<std::string> look_at_clock(TimePoint now) = 0;
};

struct StoreOptions {
  std::string url;             ///< "sqlite:<path>"; the path's folder is the state folder
  std::string encryption_key;  ///< base64 of 32 bytes; empty: marketplug.key in the state folder
  bool create = true;          ///< false: a missing database is an error
  /// Progress and notices of opening (check after an unclean stop, a key that was made) for a
  /// person.
  std::function<void(std::string_view)> notice;
  /// Asked while a check after an unclean stop runs, which may take minutes, from a thread of its
  /// own: true ends it with StoreError kStopped.
  std::function<bool()> stopped;
};

/// Takes the exclusive lock of the state folder, checks, migrates. Throws StoreError. `clock` and
/// `random` must outlive the store.
std::unique_ptr<Store> open_store(const StoreOptions& options, const Clock& clock, Random& random);

/// Called where the system could not bring written data to the disk (a failed fsync). The system
/// may have dropped that data and would report the next try as good, so nothing is tried again: the
/// program ends and reads at its next start what is really there. Without a handler the error is
/// only thrown. Any thread; set once, before a store is opened.
using LostWritesHandler = void (*)(const char* what) noexcept;
void set_lost_writes_handler(LostWritesHandler handler) noexcept;

/// The folder of the database file, where key, lock and socket live too. Throws StoreError.
std::string state_folder(std::string_view url);

}  // namespace marketplug::store
