// create() throws what its settings name; check() throws always.
#include <stdexcept>
#include <string>

#include "test_connector.hpp"

namespace {

class Private : public std::exception {
 public:
  explicit Private(std::string text) : text_(std::move(text)) {}
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  std::string text_;
};

class Throwing final : public test_plugins::EmptyConnector {
 public:
  static constexpr marketplug::PluginInfo kInfo{"throwing", "Throwing plugin", "0.1.0"};
  Throwing(marketplug::Host&, std::string_view settings) {
    if (settings == "std") throw std::runtime_error("no such region");
    if (settings == "senseless") throw std::invalid_argument("NL is not of region\nFE");
    if (settings == "private") throw Private("text of a private type");
    if (settings == "int") throw 42;
  }
  std::vector<marketplug::Finding> check(marketplug::StepContext&) override {
    throw Private("thrown in check");
  }
};

}  // namespace

MARKETPLUG_PLUGIN(Throwing)
