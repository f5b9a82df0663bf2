#include "tests/testkit/variant/schema.hpp"

#include <marketplug_settings_schema.hpp>
#include <string>

#include "tests/testkit/variant/fault.hpp"

namespace variant {
namespace {

void put(std::string& text, std::string_view before, std::string_view more) {
  text.insert(text.find(before), more);
}

}  // namespace

std::string_view schema() noexcept {
  static const std::string kText = [] {
    std::string text(embedded::settings_schema_json);
    constexpr std::string_view kFirst = "\"title\": \"Address of the API\"";
    if (breaks("B1")) put(text, kFirst, "\"readOnly\": false, ");
    if (breaks("B2")) text.replace(text.find(kFirst), kFirst.size(), "\"x-group\": \"a\"");
    constexpr std::string_view kApi = "\"api\": {";
    if (breaks("B3")) {
      put(text, kApi,
          "\"second_token\": {\"title\": \"T\", \"description\": \"D.\", \"type\": \"string\"}, ");
    }
    if (breaks("B3.nullable")) {
      put(text, kApi,
          "\"second_token\": {\"title\": \"T\", \"description\": \"D.\", \"type\": [\"string\", "
          "\"null\"]}, ");
    }
    if (breaks("B4")) {
      put(text, kApi,
          "\"days\": {\"title\": \"T\", \"description\": \"D.\", \"type\": \"integer\", "
          "\"maximum\": 5, \"default\": 9}, ");
    }
    if (breaks("B5")) put(text, kFirst, "\"maxLength\": 3, ");
    if (breaks("B6.const")) put(text, kFirst, "\"const\": \"https://api.example.com\", ");
    if (breaks("wider")) {
      constexpr std::string_view kType = "\"type\": \"string\"";
      text.replace(text.find(kType, text.find(kFirst)), kType.size(),
                   "\"type\": [\"string\", \"null\"]");
    }
    if (breaks("B6")) put(text, kFirst, "\"maxLength\": 300, ");
    return text;
  }();
  return kText;
}

}  // namespace variant
