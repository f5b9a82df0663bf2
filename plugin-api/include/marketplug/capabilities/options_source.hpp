#pragma once
// Live catalogues for settings, such as the marketplaces of the account (`x-options-from`).

#include <string>
#include <string_view>
#include <vector>

#include "marketplug/host.hpp"
#include "marketplug/result.hpp"

namespace marketplug {

struct Option {
  std::string value;  ///< what goes into the setting
  std::string label;  ///< what a person reads
  std::string group;  ///< heading to sort it under; may be empty
  bool usable = true;
  std::string note;  ///< why it is not usable, or what to know

  bool operator==(const Option&) const = default;
};

class OptionsSource {
 public:
  static constexpr std::string_view kId = "options-source/1";
  virtual ~OptionsSource() = default;
  /// The catalogue of that name ("marketplaces"). Unknown name: Failure kConfig, code
  /// "unknown_catalogue".
  virtual Result<std::vector<Option>> options(std::string_view catalogue, StepContext& ctx) = 0;
};

}  // namespace marketplug
