#include "src/customization.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "src/json.hpp"
#include "src/text.hpp"
#include "src/zip_archive.hpp"

namespace marketplug::amazon {
namespace json = boost::json;
namespace {

constexpr std::string_view kPreview = "PreviewContainerCustomization";
constexpr std::string_view kPage = "PageContainerCustomization";
constexpr std::string_view kFlatShape = "version3.0";

std::string without_blanks(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(kBlanks) - first + 1));
}

/// A text or a number, empty where there is neither.
std::string said(const json::value& of, std::string_view name) {
  const json::value* found = member(of, name);
  if (found == nullptr) return {};
  if (found->is_number()) return to_text(*found);
  return without_blanks(text_member(of, name));
}

/// The first of these members that says something.
std::string first_said(const json::value& of, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (std::string found = said(of, name); !found.empty()) return found;
  }
  return {};
}

/// A choice, an object in one shape and a text in another.
std::string choice(const json::value& node, std::string_view name,
                   std::initializer_list<std::string_view> inside) {
  const json::value* found = member(node, name);
  return found != nullptr && found->is_object() ? first_said(*found, inside) : said(node, name);
}

std::string color_of(const json::value& node) {
  const json::value* chosen = member(node, "colorSelection");
  const bool apart = chosen != nullptr && chosen->is_object();
  const std::string name = apart ? said(*chosen, "name") : said(node, "colorName");
  const std::string code =
      apart ? said(*chosen, "value") : first_said(node, {"colorSelection", "fill", "color"});
  if (name.empty() || code.empty() || name == code) return name.empty() ? code : name;
  return name + " (" + code + ")";
}

/// What the buyer read beside it, else what the seller called it.
std::string label_of(const json::value& node) { return first_said(node, {"label", "name"}); }

class Collector {
 public:
  void surface(std::string name) { surface_ = std::move(name); }

  /// All that one node of the tree, or one area of the list, says. `outer`: the label of what it
  /// lies in.
  void take(const json::value& node, const std::string& outer) {
    const std::string_view type = text_member(node, "type");
    const std::string own = label_of(node), label = own.empty() ? outer : own;
    add(label, "Text", first_said(node, {"inputValue", "text"}));
    std::string option = choice(node, "optionSelection", {"name", "label", "value"});
    if (option.empty()) option = first_said(node, {"optionValue", "displayValue"});
    add(label, "Option", std::move(option));
    std::string font = choice(node, "fontSelection", {"family", "name"});
    if (font.empty()) font = said(node, "fontFamily");
    const bool named =
        !own.empty() && (type == "FontCustomization" || type == "ColorCustomization");
    add(named ? own : aspect(label, "font"), "Font", std::move(font));
    add(named ? own : aspect(label, "color"), "Color", color_of(node));
    std::string picture = choice(node, "image", {"imageName", "buyerFilename"});
    if (picture.empty()) picture = said(node, "imageName");
    add(label, "Image", std::move(picture));
  }

  Customization result() {
    if (too_much_) return {kCustomTooMuch, {}};
    if (found_.empty()) return {kCustomNone, {}};
    return {{}, std::move(found_)};
  }
  bool empty() const noexcept { return found_.empty(); }

 private:
  /// Of what goes with a text, such as its font.
  static std::string aspect(const std::string& label, std::string_view what) {
    return label.empty() ? std::string() : label + " " + std::string(what);
  }

  void add(std::string name, std::string_view otherwise, std::string value) {
    if (value.empty() || too_much_) return;
    if (name.empty()) name = otherwise;
    if (!surface_.empty()) name = surface_ + " / " + name;
    bytes_ += name.size() + value.size();
    too_much_ = bytes_ > kCustomBytes || found_.size() == kCustomProperties;
    if (!too_much_) found_.push_back({std::move(name), std::move(value)});
  }

  std::vector<LineProperty> found_;
  std::string surface_;
  std::size_t bytes_ = 0;
  bool too_much_ = false;
};

/// How many nodes of that type there are.
std::size_t count_type(const json::value& node, std::string_view type) {
  std::size_t count = text_member(node, "type") == type ? 1 : 0;
  if (const json::array* children = array_member(node, "children")) {
    for (const json::value& child : *children) count += count_type(child, type);
  }
  return count;
}

/// How the surfaces of one document are told apart.
struct Surfaces {
  std::string_view type;
  bool several = false;
  std::size_t passed = 0;

  /// The name of the next one, empty where there is only one.
  std::string next(const json::value& node) {
    ++passed;
    if (!several) return {};
    std::string name = first_said(node, {"name", "label"});
    return name.empty() ? std::to_string(passed) : name;
  }
};

void walk(const json::value& node, std::string outer, Surfaces& surfaces, Collector& found) {
  if (!node.is_object()) return;
  if (text_member(node, "type") == surfaces.type) {
    found.surface(surfaces.next(node));
    outer.clear();
  } else {
    found.take(node, outer);
    if (std::string own = label_of(node); !own.empty()) outer = std::move(own);
  }
  if (const json::array* children = array_member(node, "children")) {
    for (const json::value& child : *children) walk(child, outer, surfaces, found);
  }
}

void read_tree(const json::value& root, Collector& found) {
  Surfaces surfaces;
  const std::size_t previews = count_type(root, kPreview);
  surfaces.type = previews != 0 ? kPreview : kPage;
  surfaces.several = (previews != 0 ? previews : count_type(root, kPage)) > 1;
  walk(root, {}, surfaces, found);
}

/// `customizationInfo` holds the version in some archives, and is held by it in others.
const json::array* flat_surfaces(const json::value& document) {
  for (const auto& [outer, inner] :
       {std::pair{std::string_view("customizationInfo"), kFlatShape},
        std::pair{kFlatShape, std::string_view("customizationInfo")}}) {
    const json::value* first = member(document, outer);
    const json::value* second = first != nullptr ? member(*first, inner) : nullptr;
    if (second == nullptr) continue;
    if (const json::array* surfaces = array_member(*second, "surfaces")) return surfaces;
  }
  return nullptr;
}

void read_list(const json::array& list, Collector& found) {
  Surfaces surfaces;
  surfaces.several = list.size() > 1;
  for (const json::value& surface : list) {
    found.surface(surfaces.next(surface));
    const json::array* areas = array_member(surface, "areas");
    if (areas == nullptr) continue;
    for (const json::value& area : *areas) found.take(area, {});
  }
}

bool ends_with_json(std::string_view name) { return lower(name).ends_with(".json"); }

/// The line's document, else the only one there is.
const ZipEntry* find_document(const std::vector<ZipEntry>& entries, std::string_view line_id) {
  const ZipEntry* only = nullptr;
  std::size_t count = 0;
  for (const ZipEntry& entry : entries) {
    if (!ends_with_json(entry.name)) continue;
    const std::string_view name = entry.name;
    const std::string_view base = name.substr(name.find_last_of("/\\") + 1);
    if (base.substr(0, base.size() - 5) == line_id) return &entry;
    only = &entry;
    ++count;
  }
  return count == 1 ? only : nullptr;
}

}  // namespace

Customization customization_of(const json::value& document, std::string_view line_id) {
  const std::string of = said(document, "orderItemId");
  if (!of.empty() && of != line_id) return {kCustomOther, {}};
  Collector found;
  if (const json::value* tree = member(document, "customizationData")) read_tree(*tree, found);
  const json::array* list = found.empty() ? flat_surfaces(document) : nullptr;
  if (list != nullptr) read_list(*list, found);
  return found.result();
}

Customization read_customization(std::string_view archive, std::string_view line_id) {
  const ZipArchive zip(archive);
  if (!zip.problem().empty()) return {zip.problem(), {}};
  const ZipEntry* entry = find_document(zip.entries(), line_id);
  if (entry == nullptr) return {kCustomNone, {}};
  const ZipText text = zip.unpack(*entry);
  if (!text.problem.empty()) return {text.problem, {}};
  constexpr std::string_view kByteOrder = "\xef\xbb\xbf";
  std::string_view bytes = text.text;
  if (bytes.starts_with(kByteOrder)) bytes.remove_prefix(kByteOrder.size());
  std::string why;
  const auto document = JsonDocument::parse(bytes, why);
  if (!document) return {kCustomBadJson, {}};
  return customization_of(document->root(), line_id);
}

}  // namespace marketplug::amazon
