#include "host/api/shop_references.hpp"

#include <fmt/format.h>

#include <boost/json/value.hpp>
#include <string>
#include <utility>

#include "host/json/pointer.hpp"
#include "host/services/services.hpp"

namespace marketplug::api {
namespace {

config::Problem problem_at(const std::string& pointer, std::string message, std::string remedy) {
  config::Problem problem;
  problem.pointer = "/settings" + pointer;
  problem.message = std::move(message);
  problem.remedy = std::move(remedy);
  return problem;
}

}  // namespace

std::vector<config::Problem> resolve_settings(boost::json::object& settings,
                                              const config::PluginSettings& typed) {
  std::vector<config::Problem> problems;
  const auto references = typed.references(settings);
  if (references.empty()) return problems;
  boost::json::value whole(settings);
  for (const auto& [pointer, reference] : references) {
    auto value = services::resolve_reference(reference);
    if (!value) {
      problems.push_back(problem_at(pointer, value.failure().message, value.failure().remedy));
    } else if (auto* place = json::find_value(whole, pointer)) {
      *place = value.value();
    }
  }
  // What a reference looks like says nothing of its value: only now the schema can judge.
  for (const auto& error : typed.schema().validate(whole)) {
    const auto reference = references.find(error.pointer);
    if (reference == references.end()) continue;
    const auto* value = json::find_value(whole, error.pointer);
    if (value == nullptr || *value == boost::json::string(reference->second)) continue;
    problems.push_back(problem_at(
        error.pointer, fmt::format("the value of {} {}", reference->second, error.message),
        "Correct what it refers to."));
  }
  settings = std::move(whole.get_object());
  return problems;
}

std::vector<config::Problem> check_references(const boost::json::object& settings,
                                              const config::PluginSettings& typed) {
  std::vector<config::Problem> problems;
  for (const auto& [pointer, secret] : typed.secrets(settings)) {
    if (!services::is_reference(secret)) continue;
    const auto value = services::resolve_reference(secret);
    if (value) continue;
    problems.push_back(problem_at(pointer, value.failure().message, value.failure().remedy));
  }
  auto copy = settings;
  for (auto& problem : resolve_settings(copy, typed)) problems.push_back(std::move(problem));
  return problems;
}

}  // namespace marketplug::api
