#include "host/config/references.hpp"

#include <algorithm>
#include <filesystem>

#include "host/json/pointer.hpp"

namespace marketplug::config {
namespace {

constexpr std::string_view kEnv = "${env:", kFile = "${file:";

bool is_env_name(std::string_view name) noexcept {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !name.empty() && letter(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

/// What stands between "${kind:" and "}"; empty: the text is no such reference.
std::string_view inner(std::string_view text, std::string_view start) noexcept {
  if (!text.starts_with(start) || !text.ends_with('}')) return {};
  const auto name = text.substr(start.size(), text.size() - start.size() - 1);
  return name.find_first_of("{}") == std::string_view::npos ? name : std::string_view();
}

class Placing {
 public:
  Placing(const std::string& folder, const MayRefer& may_refer, const Places& places,
          std::vector<Problem>& problems)
      : folder_(folder), may_refer_(may_refer), places_(places), problems_(problems) {}

  void walk(boost::json::value& value, const std::string& pointer) {
    if (auto* object = value.if_object()) {
      for (auto& member : *object) {
        walk(member.value(), json::join_pointer(pointer, member.key()));
      }
    } else if (auto* array = value.if_array()) {
      for (std::size_t i = 0; i < array->size(); ++i) {
        walk((*array)[i], json::join_pointer(pointer, i));
      }
    } else if (auto* text = value.if_string()) {
      place(*text, pointer);
    }
  }

 private:
  void place(boost::json::string& text, const std::string& pointer) {
    if (!means_reference(text)) return;
    if (!may_refer_(pointer)) {
      problems_.push_back(
          places_.problem(pointer, "a reference is not possible here", "write the value"));
      return;
    }
    if (!is_reference(text)) {
      problems_.push_back(places_.problem(
          pointer, "is not a reference that is understood",
          "the whole value must be ${env:NAME} or ${file:path}, nothing around it"));
      return;
    }
    const std::string path(inner(text, kFile));
    if (path.empty() || std::filesystem::path(path).is_absolute()) return;
    if (folder_.empty()) {
      problems_.push_back(places_.problem(pointer, "names a file by a relative path",
                                          "use an absolute path: there is no folder to start at"));
      return;
    }
    text = std::string(kFile) + absolute_path(folder_, path) + "}";
  }

  const std::string& folder_;
  const MayRefer& may_refer_;
  const Places& places_;
  std::vector<Problem>& problems_;
};

}  // namespace

bool is_reference(std::string_view text) noexcept {
  return is_env_name(inner(text, kEnv)) || !inner(text, kFile).empty();
}

bool means_reference(std::string_view text) noexcept {
  return text.find(kEnv) != std::string_view::npos || text.find(kFile) != std::string_view::npos ||
         (text.starts_with("${") && text.ends_with('}'));
}

std::string absolute_path(const std::string& folder, const std::string& path) {
  if (path.empty()) return path;
  auto whole = (std::filesystem::path(folder) / path).lexically_normal();
  // "./shops.d/" and "./shops.d" are one folder.
  if (!whole.has_filename() && whole.has_relative_path()) whole = whole.parent_path();
  return whole.string();
}

void place_references(boost::json::value& document, const std::string& folder,
                      const MayRefer& may_refer, const Places& places,
                      std::vector<Problem>& problems) {
  Placing(folder, may_refer, places, problems).walk(document, "");
}

}  // namespace marketplug::config
