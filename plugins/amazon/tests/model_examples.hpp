#pragma once
// The example orders that Amazon's Orders model carries: the static answers of its sandbox
// (x-amzn-api-sandbox) and its `examples`. Reads the model only.

#include <boost/json/value.hpp>
#include <string>
#include <vector>

namespace marketplug::amazon::tests {

struct ExampleAnswer {
  std::string operation;    ///< "searchOrders" or "getOrder"
  boost::json::value body;  ///< the whole answer
  std::vector<boost::json::value> orders;
};

/// Every example of a 200 answer.
inline std::vector<ExampleAnswer> example_answers(const boost::json::value& model) {
  std::vector<ExampleAnswer> out;
  const auto add = [&](const boost::json::value& operation, const boost::json::value& body) {
    ExampleAnswer answer{std::string(operation.at("operationId").as_string()), body, {}};
    if (const auto* order = body.as_object().if_contains("order")) {
      answer.orders.push_back(*order);
    } else {
      for (const auto& one : body.at("orders").as_array()) answer.orders.push_back(one);
    }
    out.push_back(std::move(answer));
  };
  for (const auto& [path, operations] : model.at("paths").as_object()) {
    const auto& operation = operations.at("get");
    const auto& good = operation.at("responses").at("200");
    for (const auto& entry : good.at("x-amzn-api-sandbox").at("static").as_array()) {
      add(operation, entry.at("response"));
    }
    for (const auto& [type, body] : good.at("examples").as_object()) add(operation, body);
  }
  return out;
}

}  // namespace marketplug::amazon::tests
