#include <unistd.h>

#include <boost/json/array.hpp>

#include "host/api/operation.hpp"
#include "host/api/views.hpp"
#include "marketplug/model/time.hpp"

namespace marketplug::api {
namespace {

boost::json::value show_status(const Call& call) {
  boost::json::array shops, problems;
  for (const auto& status : call.parts.engine.status()) shops.push_back(view_of(status));
  for (const auto& [shop, problem] : call.parts.shop_problems()) {
    auto view = view_of(problem);
    view["shop"] = shop;
    problems.push_back(std::move(view));
  }
  return boost::json::object{{"version", call.parts.version},
                             {"pid", static_cast<std::int64_t>(::getpid())},
                             {"now", format_time(call.parts.clock.now())},
                             {"runs", call.parts.engine_runs},
                             {"config", call.parts.config.file},
                             {"shops", std::move(shops)},
                             {"problems", std::move(problems)}};
}

boost::json::value metrics_text(const Call& call) {
  return boost::json::object{{"text", call.parts.metrics()}};
}

}  // namespace

std::vector<Operation> status_operations() {
  return {{"status.show", {}, show_status}, {"metrics.text", {}, metrics_text}};
}

}  // namespace marketplug::api
