#include <algorithm>
#include <boost/json/array.hpp>

#include "host/api/operation.hpp"
#include "host/api/views.hpp"
#include "marketplug/model/time.hpp"

namespace marketplug::api {
namespace {

using View = services::QuotaGovernor::View;

boost::json::object view_of_bucket(const View& bucket) {
  boost::json::object view{{"account", bucket.account},       {"operation", bucket.operation},
                           {"left", bucket.tokens},           {"burst", bucket.burst},
                           {"per_second", bucket.per_second}, {"reserve", bucket.reserve},
                           {"spent", bucket.spent},           {"refused", bucket.refused}};
  if (bucket.cool_until) view["cool_until"] = format_time(*bucket.cool_until);
  return view;
}

/// Of a bucket that nothing has asked for since the start: its plan is not known yet.
boost::json::object view_of_level(const store::QuotaLevel& level) {
  boost::json::object view{{"account", level.account},
                           {"operation", level.operation},
                           {"left", level.tokens},
                           {"as_of", format_time(level.at)}};
  if (level.observed_rate > 0) view["per_second"] = level.observed_rate;
  if (level.cool_until) view["cool_until"] = format_time(*level.cool_until);
  return view;
}

boost::json::value show_quota(const Call& call) {
  const auto live = call.parts.quota ? call.parts.quota() : std::vector<View>();
  boost::json::array buckets;
  for (const auto& bucket : live) buckets.push_back(view_of_bucket(bucket));
  for (const auto& level : call.parts.store.quota().load()) {
    const bool known = std::any_of(live.begin(), live.end(), [&](const View& bucket) {
      return bucket.account == level.account && bucket.operation == level.operation;
    });
    if (!known) buckets.push_back(view_of_level(level));
  }
  return boost::json::object{{"buckets", std::move(buckets)}};
}

}  // namespace

std::vector<Operation> quota_operations() { return {{"quota.show", {}, show_quota}}; }

}  // namespace marketplug::api
