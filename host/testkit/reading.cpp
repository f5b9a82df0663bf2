#include "host/testkit/reading.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <utility>

#include "host/isolation/wire_fields.hpp"
#include "host/json/audit_fields.hpp"
#include "host/json/order_codec.hpp"
#include "host/json/pointer.hpp"
#include "host/json/return_codec.hpp"
#include "host/loading/text.hpp"

namespace marketplug::testkit {
namespace {

using boost::json::value;

/// A text that differs where the item does.
std::string content_of(const Order& order) { return json::content_hash(order); }
std::string content_of(const BuyerReturn& one) {
  return json::join_return("", json::encode_return(one), json::encode_return_personal(one));
}
std::string content_of(const OrderSighting& sighting) {
  return boost::json::serialize(isolation::wire::fields(sighting));
}

template <class T>
std::string content_or_why(const T& item) {
  try {
    return content_of(item);
  } catch (const std::exception& error) {
    return std::string("unfit: ") + error.what();
  }
}

template <class T>
Reading::Step step_of(const Cursor& from, TimePoint at, const Page<T>& page) {
  Reading::Step step{from,  page.next,         at, {}, page.items.size(), page.caught_up, "",
                     false, page.look_again_at};
  for (const T& item : page.items) {
    step.nameless = step.nameless || item.id.empty();
    if (!step.found.emplace(item.id, content_or_why(item)).second) step.repeated = item.id;
  }
  for (const ParkedItem& item : page.parked) {
    if (!step.found.emplace(item.id, "parked").second && !item.id.empty()) step.repeated = item.id;
  }
  return step;
}

template <class Fetch, class Each>
Reading read_pages(Shop& shop, Cursor from, std::size_t most_steps, const Fetch& fetch,
                   const Each& each) {
  Reading reading;
  while (reading.steps.size() < most_steps && !reading.caught_up) {
    const TimePoint at = shop.clock.now();
    auto page = fetch(from);
    if (!page) {
      reading.failure = page.failure();
      break;
    }
    reading.steps.push_back(step_of(from, at, page.value()));
    for (const auto& item : page.value().items) {
      if (each) each(item);
    }
    reading.caught_up = page.value().caught_up;
    from = page.value().next;
    if (!reading.caught_up) shop.go_on_at(page.value().look_again_at);
  }
  return reading;
}

/// The first page from there that is no waiting.
Reading first_page(Shop& shop, Cursor from, const PageReader& read) {
  constexpr int kMost = 20;
  auto got = read(shop, from, 1);
  for (int i = 0; i < kMost && !got.steps.empty() && got.steps[0].waits(); ++i) {
    from = got.steps[0].next;
    got = read(shop, from, 1);
  }
  return got;
}

}  // namespace

std::map<std::string, std::string> Reading::since(std::size_t first) const {
  std::map<std::string, std::string> found;
  for (std::size_t i = first; i < steps.size(); ++i) {
    for (const auto& [id, content] : steps[i].found) found.insert_or_assign(id, content);
  }
  return found;
}

std::map<std::string, std::string> Reading::all() const { return since(0); }

Reading read_orders(Shop& shop, Cursor from, std::size_t most_steps) {
  return read_pages(
      shop, std::move(from), most_steps, [&](const Cursor& at) { return shop.fetch(at); },
      std::function<void(const Order&)>());
}

Reading read_returns(Shop& shop, Cursor from, std::size_t most_steps,
                     const std::function<void(const BuyerReturn&)>& each) {
  return read_pages(
      shop, std::move(from), most_steps, [&](const Cursor& at) { return shop.fetch_returns(at); },
      each);
}

void need_orders(const Cases& cases) {
  if (cases.has_orders) return;
  throw CannotGoOn(cases.file +
                   " has no \"orders\", and the plugin offers order-source/1: name what must come "
                   "of the exchanges");
}

void need_returns(const Cases& cases) {
  if (cases.has_returns) return;
  throw CannotGoOn(cases.file +
                   " has no \"returns\", and the plugin offers return-source/1: name what must "
                   "come of the exchanges");
}

std::string no_audit(const Cases& cases) {
  return cases.file +
         " has no \"audit\", and the plugin offers order-audit/1: name a window and its orders";
}

AuditWindow audit_window(const Cases& cases, AuditWindow::By by) {
  if (!cases.audit) throw CannotGoOn(no_audit(cases));
  return {by, cases.audit->from, cases.audit->until};
}

Reading read_audit(Shop& shop, AuditWindow::By by, Cursor from, std::size_t most_steps,
                   const std::function<void(const OrderSighting&)>& each) {
  const AuditWindow window = audit_window(shop.trial.cases, by);
  return read_pages(
      shop, std::move(from), most_steps,
      [&](const Cursor& at) { return shop.fetch_sightings(window, at); }, each);
}

Reading whole_of(Shop& shop, std::string_view what, const PageReader& read) {
  constexpr std::size_t kMost = 200;
  auto reading = read(shop, {}, kMost);
  shop.expect_recorded(fmt::format("reading all {}", what));
  if (reading.failure) {
    throw CannotGoOn(fmt::format("reading all {}: {}", what, shown(*reading.failure)));
  }
  if (!reading.caught_up) {
    throw CannotGoOn(
        fmt::format("reading all {}: not caught up after {} steps", what, reading.steps.size()));
  }
  return reading;
}

void judge_places(Trial& trial, std::string_view what, const Reading& whole,
                  const PageReader& read) {
  for (std::size_t i = 0; i < whole.steps.size(); ++i) {
    const auto& step = whole.steps[i];
    Shop shop(trial);
    shop.go_on_at(step.at);
    for (const char* time : {"first", "second"}) {
      if (step.waits()) break;
      const auto again = first_page(shop, step.from, read);
      auto differs = missing(step.found, again.all());
      if (differs.empty()) differs = missing(again.all(), step.found);
      trial.expect(
          differs.empty(),
          fmt::format("{}: the place before step {} gives another page the {} time: {}{}", what,
                      i + 1, time, differs, again.failure ? ": " + shown(*again.failure) : ""));
    }
    Shop other(trial);
    other.go_on_at(step.at);
    const auto rest = read(other, step.from, 2 * whole.steps.size() + 20);
    const auto lost = missing(whole.since(i), rest.all());
    trial.expect(lost.empty(),
                 fmt::format("{}: going on from the place before step {} loses {}{}", what, i + 1,
                             lost, rest.failure ? ": " + shown(*rest.failure) : ""));
  }
}

std::string missing(const std::map<std::string, std::string>& from,
                    const std::map<std::string, std::string>& in) {
  std::string text;
  for (const auto& [id, content] : from) {
    const auto found = in.find(id);
    if (found != in.end() && found->second == content) continue;
    text += (text.empty() ? "" : ", ") + (id.empty() ? "one without an id" : id) +
            (found == in.end() ? "" : " (as it was)");
  }
  return text;
}

std::optional<std::string> difference(const value& has, const value& wanted,
                                      const std::string& pointer) {
  if (const auto* members = wanted.if_object()) {
    const auto* object = has.if_object();
    for (const auto& each : *members) {
      const auto at = json::join_pointer(pointer, each.key());
      const auto* found = object == nullptr ? nullptr : object->if_contains(each.key());
      if (found == nullptr) return at;
      if (auto inner = difference(*found, each.value(), at)) return inner;
    }
    return std::nullopt;
  }
  if (const auto* list = wanted.if_array()) {
    const auto* array = has.if_array();
    if (array == nullptr || array->size() != list->size()) return pointer;
    for (std::size_t i = 0; i < list->size(); ++i) {
      if (auto inner = difference((*array)[i], (*list)[i], json::join_pointer(pointer, i))) {
        return inner;
      }
    }
    return std::nullopt;
  }
  if (has == wanted) return std::nullopt;
  return pointer;
}

std::string shown_at(const value& document, const std::string& pointer) {
  const auto* found = json::find_value(document, pointer);
  return loading::printable(boost::json::serialize(found == nullptr ? value("absent") : *found));
}

}  // namespace marketplug::testkit
