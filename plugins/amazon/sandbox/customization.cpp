#include "plugins/amazon/sandbox/customization.hpp"

#include <charconv>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "plugins/amazon/sandbox/errors.hpp"
#include "plugins/amazon/sandbox/zip_maker.hpp"

namespace amazon_sandbox {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view kKinds[] = {
    "surfaces", "surfaces",  "surfaces", "surfaces", "surfaces", "tree",     "tree",
    "tree",     "tree",      "tree",     "areas",    "areas",    "areas",    "late",
    "late",     "traversal", "broken",   "bomb",     "missing",  "encrypted"};

struct ArchiveName {
  std::string_view kind, line;
  std::uint64_t number = 0;
  TimePoint there{};
};

std::optional<ArchiveName> parse_name(std::string_view key) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = key.find('.');
    parts.push_back(key.substr(0, end));
    if (end == std::string_view::npos) break;
    key.remove_prefix(end + 1);
  }
  if (parts.size() != 4) return std::nullopt;
  ArchiveName name{parts[0], parts[2], 0, {}};
  for (const char c : parts[1]) name.number = name.number * 31 + static_cast<unsigned char>(c);
  std::int64_t there = 0;
  const auto [end, error] =
      std::from_chars(parts[3].data(), parts[3].data() + parts[3].size(), there);
  if (error != std::errc() || end != parts[3].data() + parts[3].size()) return std::nullopt;
  name.there = TimePoint(seconds(there));
  return name;
}

std::string text_block(std::string_view label, std::string_view words) {
  return fmt::format(
      R"({{"type":"PlacementContainerCustomization","identifier":"p","children":[)"
      R"({{"type":"TextCustomization","name":"Text 1","label":"{}","inputValue":"{}"}},)"
      R"({{"type":"FontCustomization","name":"Font 1","label":"Font","fontSelection":)"
      R"({{"family":"Pacifico","fontUrl":"https://fonts.example/p.ttf"}}}},)"
      R"({{"type":"ColorCustomization","name":"Color 1","label":"Color","colorSelection":)"
      R"({{"name":"Gold","value":"#d4af37","colorModel":"RGB"}}}}]}})",
      label, words);
}

std::string tree_surface(std::string_view name, std::string_view words) {
  return fmt::format(
      R"({{"type":"PreviewContainerCustomization","name":"{}","label":"Choose","baseImage":)"
      R"({{"imageUrl":"https://images.example/mug.jpg"}},"snapshot":{{"imageName":"preview.jpg"}},)"
      R"("children":[{{"type":"FlatContainerCustomization","children":[)"
      R"({{"type":"OptionCustomization","name":"Dropdown 1","label":"Size","displayValue":"Large",)"
      R"("optionSelection":{{"name":"Large","label":"Large","additionalCost":{{"amount":0,)"
      R"("currency":"EUR"}}}}}},{},{{"type":"ImageCustomization","name":"Image 1","label":"Photo",)"
      R"("image":{{"imageName":"photo.jpg","buyerFilename":"garden.jpg"}}}}]}}]}})",
      name, text_block("Name", words));
}

std::string flat_surface(std::string_view name, std::string_view words) {
  return fmt::format(
      R"({{"name":"{}","areas":[{{"customizationType":"Options","name":"Dropdown 1",)"
      R"("label":"Size","optionValue":"Large"}},{{"customizationType":"TextPrinting",)"
      R"("name":"Text 1","label":"Name","text":"{}","fontFamily":"Pacifico","colorName":"Gold",)"
      R"("fill":"#d4af37","Dimensions":{{"width":100,"height":40}}}}]}})",
      name, words);
}

std::string document_of(const ArchiveName& name) {
  static constexpr std::string_view kWords[] = {"For Mila \u2764", "J\u00f6rn & Pia", "Team Nord 7",
                                                "Best Dad"};
  const auto words = kWords[name.number % std::size(kWords)];
  const bool two = name.kind != "tree";
  const std::string_view line = name.kind == "other" ? "1" : name.line;
  std::string tree, flat = flat_surface("Front", words);
  if (two) flat += "," + flat_surface("Back", "2026");
  if (name.kind == "deep") {
    for (int i = 0; i < 400; ++i) tree += R"({"type":"FlatContainerCustomization","children":[)";
    tree += "null";
    for (int i = 0; i < 400; ++i) tree += "]}";
  } else if (name.kind != "areas" && name.kind != "empty") {
    tree = R"({"type":"PageContainerCustomization","children":[)" + tree_surface("Front", words);
    if (two) tree += "," + tree_surface("Back", "2026");
    tree += "]}";
  }
  std::string text = fmt::format(
      R"({{"orderItemId":"{}","merchantId":"A1EXAMPLE000","quantity":1,"title":"Mug")", line);
  if (!tree.empty()) text += ",\"customizationData\":" + tree;
  if (name.kind != "empty") {
    text += R"(,"customizationInfo":{"version3.0":{"surfaces":[)" + flat + "]}}";
  }
  return text + "}";
}

std::string archive_of(const ArchiveName& name) {
  std::string folder;
  if (name.kind == "traversal") folder = "../../../../etc/";
  ZipPart document{folder + std::string(name.line) + ".json", document_of(name)};
  if (name.kind == "bomb") document.bytes = std::string(16u << 20, ' ');
  if (name.kind == "encrypted") document.flags = 1;
  std::string archive = make_zip({{"preview.jpg", "\xff\xd8\xff\xe0 no picture", false},
                                  {"photo.jpg", "\xff\xd8\xff\xe0 none either", false},
                                  std::move(document),
                                  {folder + std::string(name.line) + ".xml", "<order/>"}});
  if (name.kind == "broken") archive.resize(archive.size() / 2);
  return archive;
}

Response refused(int status, std::string_view why) {
  Response response;
  response.status = status;
  response.headers.emplace_back("Content-Type", "text/html;charset=UTF-8");
  response.body = fmt::format("<html><body><h1>{}</h1></body></html>", why);
  return response;
}

}  // namespace

std::string custom_path(std::string_view drawn, std::string_view line_id, TimePoint created) {
  std::uint64_t sum = 0;
  for (const char c : drawn) sum = sum * 31 + static_cast<unsigned char>(c);
  const auto there = std::chrono::floor<seconds>(created + minutes(5));
  return fmt::format("/customizations/{}.{}.{}.{}", kKinds[sum % std::size(kKinds)], drawn, line_id,
                     there.time_since_epoch().count());
}

Response download_customization(const Request& request, std::string_view key, TimePoint now) {
  if (find_header(request.headers, "authorization") ||
      find_header(request.headers, "x-amz-access-token")) {
    return refused(400, "Credentials do not belong here");
  }
  const auto name = parse_name(key);
  if (!name || name->kind == "missing" || (name->kind == "late" && now < name->there)) {
    return refused(404, "Not found");
  }
  Response response;
  response.headers.emplace_back("Content-Type", "application/zip");
  response.headers.emplace_back("Content-Disposition",
                                fmt::format("attachment; filename=\"{}.zip\"", name->line));
  response.body = archive_of(*name);
  return response;
}

}  // namespace amazon_sandbox
