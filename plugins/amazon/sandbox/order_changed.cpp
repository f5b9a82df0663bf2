#include "plugins/amazon/sandbox/order_changed.hpp"

#include <algorithm>
#include <stdexcept>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "marketplug/model/time.hpp"
#include "plugins/amazon/sandbox/json_writer.hpp"
#include "plugins/amazon/sandbox/order_maker.hpp"

namespace amazon_sandbox {
namespace {

/// RFC 7396.
void merge_patch(boost::json::value& target, const boost::json::value& patch) {
  if (!patch.is_object()) {
    target = patch;
    return;
  }
  if (!target.is_object()) target = boost::json::object{};
  auto& object = target.get_object();
  for (const auto& [name, value] : patch.get_object()) {
    if (value.is_null()) {
      object.erase(name);
    } else {
      merge_patch(object[name], value);
    }
  }
}

/// "~1" is a slash and "~0" a tilde (RFC 6901).
std::string member_name(std::string_view part) {
  std::string name;
  for (std::size_t i = 0; i < part.size(); ++i) {
    const bool escaped = part[i] == '~' && i + 1 < part.size();
    name += escaped ? (part[++i] == '1' ? '/' : '~') : part[i];
  }
  return name;
}

/// Puts the value where the pointer leads: a member, new or not, or an element that is there.
bool set_at(boost::json::value& order, std::string_view pointer, const boost::json::value& value) {
  const auto slash = pointer.rfind('/');
  boost::system::error_code error;
  auto* parent = order.find_pointer(pointer.substr(0, slash), error);
  if (parent == nullptr) return false;
  const auto last = pointer.substr(slash + 1);
  if (auto* object = parent->if_object()) {
    (*object)[member_name(last)] = value;
    return true;
  }
  auto* element = order.find_pointer(pointer, error);
  if (element != nullptr) *element = value;
  return element != nullptr;
}

void refuse_order_id(bool touched) {
  if (touched) throw std::invalid_argument("orderId cannot be changed");
}

OrderPatch read_pointers(std::string_view text) {
  OrderPatch patch{parse_object(text, "\"set\""), true};
  for (const auto& [pointer, value] : patch.members) {
    if (!pointer.starts_with('/')) {
      throw std::invalid_argument("\"set\": \"" + std::string(pointer) +
                                  "\" is no JSON pointer into an order; it starts with \"/\"");
    }
    refuse_order_id(pointer == "/orderId");
  }
  return patch;
}

}  // namespace

boost::json::object parse_object(std::string_view text, std::string_view what) {
  boost::system::error_code error;
  auto value = boost::json::parse({text.data(), text.size()}, error);
  if (error || !value.is_object()) {
    throw std::invalid_argument(std::string(what) + " is not a JSON object");
  }
  return std::move(value.get_object());
}

void apply_patch(boost::json::value& order, const OrderPatch& patch, bool strict) {
  if (!patch.pointers) {
    merge_patch(order, patch.members);
    return;
  }
  for (const auto& [pointer, value] : patch.members) {
    if (!set_at(order, pointer, value) && strict) {
      throw std::invalid_argument("\"set\": " + std::string(pointer) +
                                  " leads nowhere in the order; GET /orders/ID shows what it has");
    }
  }
}

/// The newest version's content with the change made to it; the version itself stays as it is.
OrderStore::Changed OrderStore::changed_by(std::uint32_t index, const OrderChange& change) const {
  const auto& before = records_[index].newest;
  Changed changed;
  if (before.changed) changed = *before.changed;
  changed.raw_text.clear();
  if (changed.raw) {
    if (change.cancel_request) {
      throw std::invalid_argument("order " + changed.raw_id +
                                  " was given as JSON: use \"merge\" or \"set\" for its items");
    }
    boost::json::object times{{"lastUpdatedTime", marketplug::format_time(change.at)}};
    if (change.status) {
      times["fulfillment"] = {{"fulfillmentStatus", status_name(*change.status)}};
    }
    changed.patches.push_back({std::move(times), false});
  } else {
    auto made = order(index, before);
    if (change.status) {
      set_status(made, *change.status, change.at, change.cancelled_by, change.cancel_reason);
    }
    if (change.cancel_request) {
      for (auto& line : made.lines) line.cancel_request = *change.cancel_request;
    }
    made.updated = change.at;
    changed.order = std::move(made);
  }
  if (!change.merge.empty()) {
    changed.patches.push_back({parse_object(change.merge, "the merge patch"), false});
    refuse_order_id(changed.patches.back().members.contains("orderId"));
  }
  if (!change.set.empty()) changed.patches.push_back(read_pointers(change.set));
  return changed;
}

void OrderStore::try_patches(std::uint32_t index, const Changed& changed,
                             const OrderChange& change) const {
  if (change.set.empty()) return;
  Version version = records_[index].newest;
  version.changed = std::make_shared<const Changed>([&] {
    Changed without = changed;
    without.patches.pop_back();
    return without;
  }());
  View everything;
  everything.pending_details = true;
  everything.now = change.at;
  std::string text;
  render(index, version, everything, text);
  auto whole = boost::json::parse(text);
  apply_patch(whole, changed.patches.back(), true);
}

void OrderStore::change(std::string_view id, const OrderChange& change, TimePoint now) {
  const auto index = find(id);
  if (!index) throw std::out_of_range("no order " + std::string(id));
  auto& record = records_[*index];
  if (change.at < record.newest.updated && !change.backwards) {
    throw std::invalid_argument(
        "order " + std::string(id) + " was changed at " +
        marketplug::format_time(record.newest.updated) + ", after " +
        marketplug::format_time(change.at) +
        ": give a smaller \"ago\", or \"backwards\": true to let its time go back");
  }
  auto changed = changed_by(*index, change);
  try_patches(*index, changed, change);

  Version next;
  next.updated = change.at;
  next.visible = change.at + change.visible_after.value_or(std::chrono::milliseconds(0));
  next.number = record.newest.number + 1;
  next.status = change.status.value_or(record.newest.status);
  next.changed = std::make_shared<const Changed>(std::move(changed));
  const Position key{next.updated, {*index, next.number}};
  by_updated_.insert(std::upper_bound(by_updated_.begin(), by_updated_.end(), key), key);
  if (!record.older) record.older = std::make_unique<std::vector<Version>>();
  record.older->push_back(std::move(record.newest));
  record.newest = std::move(next);
  prune(*index, now);
}

/// Drops what no search will ever show again: versions older than the visible one. That one's
/// predecessor goes with the next change, until then a page may still repeat it.
void OrderStore::prune(std::uint32_t index, TimePoint now) {
  auto& older = *records_[index].older;
  const auto* shown = visible_version(records_[index], now);
  if (shown == nullptr) return;
  const auto first_kept = std::find_if(older.begin(), older.end(), [&](const Version& version) {
    return version.number + 1 >= shown->number;
  });
  for (auto at = older.begin(); at != first_kept; ++at) {
    const Position key{at->updated, {index, at->number}};
    by_updated_.erase(std::lower_bound(by_updated_.begin(), by_updated_.end(), key));
  }
  older.erase(older.begin(), first_kept);
}

void OrderStore::render(const VersionRef& reference, const View& view, std::string& out) const {
  render(reference.index, version(reference), view, out);
}

void OrderStore::render(std::uint32_t index, const Version& version, const View& view,
                        std::string& out) const {
  const auto* changed = version.changed.get();
  if (changed == nullptr || (!changed->raw && changed->patches.empty())) {
    if (changed != nullptr && changed->order) {
      render_order(*changed->order, view, out);
    } else {
      render_order(order(index, version), view, out);
    }
    return;
  }
  if (!changed->raw_text.empty()) {
    JsonWriter(out).raw(changed->raw_text);
    return;
  }
  boost::json::value value;
  if (changed->raw) {
    value = *changed->raw;
  } else {
    std::string text;
    render_order(order(index, version), view, text);
    value = boost::json::parse(text);
  }
  for (const auto& patch : changed->patches) apply_patch(value, patch, false);
  restrict_order(value.get_object(), view);
  JsonWriter(out).raw(boost::json::serialize(value));
}

}  // namespace amazon_sandbox
