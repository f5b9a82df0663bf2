#pragma once
// What goes into the store and comes out. Plain values, no engine, no JSON library: documents cross
// as text. Any thread; owned by whoever holds them.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "marketplug/capabilities/order_audit.hpp"
#include "marketplug/model/order.hpp"
#include "marketplug/model/return.hpp"
#include "marketplug/result.hpp"
#include "marketplug/step.hpp"

namespace marketplug::store {

/// What a store can run into; `what()` names place, cause and remedy.
class StoreError : public std::runtime_error {
 public:
  enum class Kind : std::uint8_t {
    kOther = 0,
    kFenced,  ///< another process owns the shop now: drop everything of it
    kLocked,  ///< another process holds the state folder
    kBusy,    ///< try again later
    kDiskFull,
    kReadOnly,
    kCorrupt,
    kNewerSchema,  ///< written by a newer version of this program
    kWrongKey,     ///< the encryption key does not open this store
    kConstraint,
    kNotFound,
    kIo,       ///< the disk, its driver or the memory failed: nothing about what was written
    kStopped,  ///< opening was told to end; nothing was changed
  };
  StoreError(Kind kind, const std::string& what) : std::runtime_error(what), kind_(kind) {}
  Kind kind() const noexcept { return kind_; }

 private:
  Kind kind_;
};

/// The right to write a shop's data: every data transaction opens with it (fencing).
struct OwnerToken {
  std::string shop;
  std::string node;
  std::int64_t fence = 0;
};

/// A shop as the store knows it.
struct ShopRecord {
  std::string id;
  std::string source;  ///< "file:<path>" for a declared shop, "store" for one made here
  std::int64_t revision = 0;
  bool enabled = false;
  std::string document;  ///< the shop's configuration as JSON text, secrets as references
  std::string
      state;  ///< "ok", "disabled", "needs_attention", "needs_reauthorization", "not_running"
  std::string state_reason;  ///< for a person; empty when ok
  TimePoint updated_at{};
};

/// What the importer needs to know of a stored order before it writes a newer one.
struct OrderHead {
  OrderState state = OrderState::kNeedsCorrection;
  TimePoint changed_at{};
  std::string content_hash;
};

enum class UpsertOutcome : std::uint8_t {
  kInserted,
  kUpdated,
  kUnchanged,  ///< same change time, same content
  kStale,      ///< older than what is stored: dropped
};

struct LineRow {
  std::string id;
  std::string sku;
  std::string product_id;
  std::int64_t quantity = 0;
};

/// One order, ready to be written. `document` holds nothing personal; `personal` and `raw` are
/// sealed by the store before they touch the disk.
struct OrderRow {
  std::string id;
  std::string marketplace;
  OrderState state = OrderState::kNeedsCorrection;
  std::string status;  ///< the operator's own order status
  std::string marketplace_status;
  int priority = 0;  ///< in the operator's warehouse: higher is sooner
  FulfilledBy fulfilled_by = FulfilledBy::kUnknown;
  PersonalData personal_data = PersonalData::kNotAsked;
  TimePoint placed_at{};
  TimePoint changed_at{};
  std::optional<TimePoint> keep_personal_until;  ///< purged after it
  std::string content_hash;  ///< over everything the marketplace said; 32 bytes or hex text
  std::string document;      ///< canonical order without personal data, JSON text
  std::string personal;      ///< its personal members, JSON text; empty: none
  std::string raw;           ///< the marketplace's own document; empty: not kept
  std::vector<LineRow> lines;
};

struct StoredOrder {
  std::string shop;
  std::string id;
  OrderState state = OrderState::kNeedsCorrection;
  std::string status;
  std::string marketplace;
  std::string marketplace_status;
  int priority = 0;
  TimePoint placed_at{}, changed_at{}, imported_at{}, updated_at{};
  std::string document;
  std::string personal;  ///< only when asked for
  std::string raw;       ///< only when asked for
};

struct OrderFilter {
  std::string shop;         ///< empty: all
  std::string marketplace;  ///< empty: all
  std::string status;       ///< the operator's own status; empty: all
  std::optional<OrderState> state;
  std::optional<TimePoint> placed_from, placed_until;
  std::string after;  ///< paging: the last page's `next`
  std::size_t limit = 100;
  bool newest_first = true;
};

struct OrderPage {
  std::vector<StoredOrder> orders;
  std::string next;  ///< empty: no more
};

struct OrderCount {
  std::string shop, marketplace, status;
  std::int64_t count = 0;
};

/// What a line of a return is to the stored order.
enum class ReturnLink : std::uint8_t {
  kNoOrder = 0,  ///< the order is not stored (yet)
  kNoLine,       ///< no line of it fits
  kAmbiguous,    ///< several fit, and their quantities do not tell which
  kLinked,
};

struct LineLink {
  ReturnLink link = ReturnLink::kNoOrder;
  std::string order_line;  ///< id of the order's line; empty: not linked

  bool operator==(const LineLink&) const = default;
};

/// One return, ready to be written; `document` and `personal` as in OrderRow.
struct ReturnRow {
  std::string id;
  std::string order_id;
  std::string marketplace;
  ReturnState state = ReturnState::kUnknown;
  FulfilledBy fulfilled_by = FulfilledBy::kUnknown;
  TimePoint begun_at{};  ///< asked for, else arrived, else read
  std::optional<TimePoint> changed_at;
  std::optional<TimePoint> keep_personal_until;
  std::string content_hash;
  std::string document, personal;
  std::vector<LineLink> links;  ///< one for each of its lines
};

struct StoredReturn {
  std::string shop, id, order_id, marketplace;
  ReturnState state = ReturnState::kUnknown;
  FulfilledBy fulfilled_by = FulfilledBy::kUnknown;
  TimePoint begun_at{}, imported_at{}, updated_at{};
  std::string document;
  std::string personal;  ///< only when asked for
  std::vector<LineLink> links;
};

struct ReturnFilter {
  std::string shop;      ///< empty: all
  std::string order_id;  ///< the marketplace's; empty: all
  std::optional<ReturnState> state;
  bool unlinked = false;  ///< only those with a line that is not linked
  std::size_t limit = 100;
};

/// Written in the same transaction as its cause; `seq` is gap-free per shop, given by the store.
struct Event {
  std::string shop;
  std::int64_t seq = 0;
  std::string type;    ///< a name of schemas/events
  std::string object;  ///< what it is about: an order id, …
  TimePoint at{};
  std::string data;  ///< JSON object text without personal data
};

/// Something that could not be processed, kept with its reason until replayed or discarded.
struct ParkedRecord {
  std::int64_t id = 0;
  std::string shop, kind;  ///< kind: "order", "return"
  ParkedItem item;         ///< raw only when asked for
  std::int64_t tries = 0;
  TimePoint first_at{}, last_at{};
  std::string state;  ///< "open", "replayed", "discarded"
};

/// What a person should know of. No personal data.
struct Alert {
  std::string code;                  ///< "buyer_cancel_requested" …
  std::string message, remedy;       ///< for a person
  std::optional<TimePoint> due_at;   ///< until when somebody must decide
  std::optional<TimePoint> ends_at;  ///< when it is over by itself at the latest
};

struct AlertRecord {
  std::int64_t id = 0;
  std::string shop, kind, item;  ///< kind: "order"; item: the order's id
  Alert alert;
  TimePoint raised_at{};
  std::optional<TimePoint> cleared_at;  ///< empty: open
};

/// A comparison of a window of orders with what a second source of the marketplace knows.
struct AuditRun {
  std::int64_t id = 0;
  std::string shop;
  std::string asked_by;  ///< "cli:<user>"; empty: the schedule
  TimePoint asked_at{};
  AuditWindow window;
  std::string state;  ///< "waiting", "reading", "fetching", "done", "failed"
  std::optional<TimePoint> started_at, ended_at;
  Cursor place;                         ///< in the second source's answer
  std::int64_t known = 0;               ///< orders that it named
  std::int64_t held = 0;                ///< of those, the ones that were stored, or parked
  std::int64_t missing = 0, stale = 0;  ///< of those, before any was fetched
  std::int64_t later = 0;               ///< left out: they changed after what was imported so far
  std::int64_t unsettled = 0;           ///< missing or stale ones that could not be fetched
  std::optional<TimePoint> failing_since;
  std::string message, remedy;  ///< why it failed, or is failing
};

/// What a second source says of an order, and what became of it.
struct AuditFinding {
  std::string order;
  std::string problem;  ///< "missing", "stale"; empty: none
  std::string marketplace, marketplace_status;
  std::optional<TimePoint> placed_at, changed_at;
  /// "open", then "imported", "updated", "unchanged", "parked", "unknown" or "failed".
  std::string outcome;
  std::optional<TimePoint> settled_at;
  std::string message;  ///< why it failed
};

/// Ids of open parked items, with the change time of what could not be read.
using OpenParked = std::map<std::string, std::optional<TimePoint>, std::less<>>;

/// One periodic piece of work of a shop and how it went last time.
struct JobRecord {
  std::string shop, kind;  ///< kind: a capability id or a host job's name
  std::string state;       ///< "queued", "running", "succeeded", "dead"
  TimePoint due_at{};
  std::int64_t failures = 0;  ///< in a row
  std::optional<TimePoint> last_started, last_succeeded;
  std::optional<TimePoint> complete_until;           ///< freshness, see Page::complete_until
  std::string last_code, last_message, last_remedy;  ///< of the last failure; empty after a success
};

/// Set before plugin code runs, cleared after: one found at start blames the plugin for a crash.
struct InFlightMark {
  std::string shop, plugin, capability;
  TimePoint started_at{};
  std::string node;
};

/// One time that a plugin took its process down, or had to be ended.
struct PluginCrash {
  std::string plugin;
  std::string occasion;  ///< the same crash has the same one, whoever finds it
  std::string shop;      ///< empty: not known
  TimePoint at{};
  std::string cause;  ///< for a person
};

/// A plugin that is not started until a person says so.
struct PluginQuarantine {
  std::string plugin;
  TimePoint since{};
  std::string reason;  ///< for a person
};

struct PluginFileRecord {
  std::string plugin, path, sha256;
  std::int64_t inode = 0;
  TimePoint seen_at{};
};

struct QuotaLevel {
  std::string account, operation;
  double tokens = 0;
  double observed_rate = 0;  ///< 0: as published
  TimePoint at{};
  std::optional<TimePoint> cool_until;
};

struct SecretRecord {
  std::string shop, name;   ///< name: the JSON pointer of the setting
  std::string value;        ///< opened; only in memory
  std::string fingerprint;  ///< of the reference's value that this one replaces; empty: none
  TimePoint updated_at{};
};

struct AuditEntry {
  std::int64_t seq = 0;
  TimePoint at{};
  std::string who;     ///< "cli:<user>", "api:<token id>", "host"
  std::string action;  ///< "order.personal_read", "shop.enabled" …
  std::string shop, object;
  std::string detail;  ///< JSON object text, no secrets, no personal data
};

}  // namespace marketplug::store
