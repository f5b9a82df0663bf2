#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <string>
#include <utility>

#include "host/api/operation.hpp"
#include "host/api/socket_path.hpp"
#include "host/api/views.hpp"
#include "host/json/fit_text.hpp"
#include "host/sync/importer.hpp"
#include "host/sync/order_row.hpp"

namespace marketplug::api {
namespace {

constexpr std::size_t kMostReplayed = 10'000;

std::vector<store::ParkedRecord> open_records(const Call& call, const std::string& shop,
                                              bool open_only, std::size_t limit) {
  std::vector<store::ParkedRecord> records;
  const auto add = [&](const std::string& id) {
    if (records.size() >= limit) return;
    for (auto& record : call.parts.store.parked().list(id, open_only, limit - records.size())) {
      records.push_back(std::move(record));
    }
  };
  if (!shop.empty()) {
    add(require_shop(call.parts.store, shop).id);
  } else {
    for (const auto& each : call.parts.store.shops().list()) add(each.id);
  }
  return records;
}

boost::json::value list_parked(const Call& call) {
  const auto limit = static_cast<std::size_t>(call.arguments.integer("limit", 100));
  boost::json::array parked;
  for (const auto& record :
       open_records(call, call.arguments.text("shop"), !call.arguments.flag("all"), limit)) {
    parked.push_back(view_of(record));
  }
  return boost::json::object{{"parked", std::move(parked)}};
}

store::ParkedRecord require_parked(const Call& call, std::int64_t id) {
  if (auto record = call.parts.store.parked().find(id, call.who)) return *std::move(record);
  throw OperationError(404, "no_such_parked", fmt::format("there is no parked record {}", id),
                       "Look it up with `marketplug parked list`.");
}

boost::json::value show_parked(const Call& call) {
  const auto record = require_parked(call, call.arguments.integer("parked", 0));
  auto view = view_of(record);
  if (!call.arguments.flag("personal") || record.item.raw.empty()) return view;
  boost::json::parse_options options;
  options.max_depth = kDeepestJson;
  boost::system::error_code error;
  auto raw = boost::json::parse(record.item.raw, error, {}, options);
  // What is no JSON may be no text either.
  view["raw"] = error ? boost::json::value(json::fit_text(record.item.raw, std::string::npos))
                      : std::move(raw);
  return view;
}

boost::json::object outcome_of(const Call& call, const store::ParkedRecord& record) {
  boost::json::object outcome{
      {"id", record.id}, {"shop", record.shop}, {"item", record.item.id}, {"ok", false}};
  if (record.state != "open") {
    outcome["message"] = fmt::format("it is {} already", record.state);
    outcome["ok"] = true;
    return outcome;
  }
  if (record.kind != sync::kOrderKind) {
    outcome["message"] = "a return cannot be asked for by itself";
    outcome["remedy"] =
        "It is read again by itself as long as the marketplace tells of it, and this record is "
        "settled then.";
    return outcome;
  }
  if (record.item.id.empty() || record.item.id.starts_with(sync::kUnknownId)) {
    outcome["message"] = "its id could not be read, so it cannot be asked for by itself";
    outcome["remedy"] = fmt::format(
        "Find the order's id with `marketplug parked show {} --personal`, if its document was "
        "kept, "
        "or at the marketplace, and see with `marketplug orders show` whether it is here. When it "
        "changes at the marketplace it is read again by itself; this record stays as a reminder.",
        record.id);
    return outcome;
  }
  const auto result = call.parts.engine.fetch_order(record.shop, record.item.id);
  if (result) {
    outcome["ok"] = true;
    outcome["message"] = text_of(result.value());
  } else {
    outcome["message"] = result.failure().message;
    outcome["remedy"] = result.failure().remedy;
  }
  return outcome;
}

boost::json::value replay_parked(const Call& call) {
  std::vector<store::ParkedRecord> records;
  if (call.arguments.has("parked")) {
    const auto id = call.arguments.integer("parked", 0);
    records.push_back(require_parked(call, id));
  } else if (call.arguments.flag("all") || call.arguments.has("shop")) {
    records = open_records(call, call.arguments.text("shop"), true, kMostReplayed);
  } else {
    throw OperationError(400, "bad_parameter", "parked.replay: it is not said what to replay",
                         "Give the number of a parked record, a shop, or all.");
  }
  std::int64_t replayed = 0, failed = 0;
  for (const auto& record : records) {
    if (call.parts.stopping()) {
      throw OperationError(503, "stopping", "the service stopped before every record was replayed",
                           "Run the replay again; what was replayed stays so.");
    }
    auto outcome = outcome_of(call, record);
    ++(outcome["ok"].get_bool() ? replayed : failed);
    call.emit(outcome);
  }
  return boost::json::object{{"replayed", replayed}, {"failed", failed}};
}

}  // namespace

std::vector<Operation> parked_operations() {
  using Type = Parameter::Type;
  return {{"parked.list",
           {{"shop"}, {"all", Type::kFlag}, {"limit", Type::kInteger, false, 1, 10'000}},
           list_parked},
          {"parked.show",
           {{"parked", Type::kInteger, true, 1}, {"personal", Type::kFlag}},
           show_parked},
          {"parked.replay",
           {{"parked", Type::kInteger, false, 1}, {"shop"}, {"all", Type::kFlag}},
           replay_parked}};
}

}  // namespace marketplug::api
