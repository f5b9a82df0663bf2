#include "src/customization.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "plugins/amazon/sandbox/zip_maker.hpp"
#include "src/json.hpp"
#include "src/zip_archive.hpp"

namespace marketplug::amazon {
namespace {

using amazon_sandbox::make_zip;
using amazon_sandbox::ZipPart;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kLine = "40512345671";

std::vector<std::string> lines_of(const Customization& read) {
  std::vector<std::string> out;
  for (const LineProperty& one : read.properties) out.push_back(one.name + "=" + one.value);
  if (!read.problem.empty()) out.emplace_back(read.problem);
  return out;
}

/// "name=value" of each property; alone the problem, where there is one.
std::vector<std::string> of_document(const std::string& text) {
  std::string why;
  const auto document = JsonDocument::parse(text, why);
  EXPECT_TRUE(document) << why << text;
  return document ? lines_of(customization_of(document->root(), kLine))
                  : std::vector<std::string>();
}

std::vector<std::string> of_tree(const std::string& tree) {
  return of_document(R"({"customizationData":)" + tree + "}");
}

std::vector<std::string> of_zip(const std::vector<ZipPart>& parts) {
  return lines_of(read_customization(make_zip(parts), kLine));
}

std::string text_node(const std::string& label, const std::string& value) {
  return R"({"type":"TextCustomization","label":")" + label + R"(","inputValue":")" + value + "\"}";
}

std::string preview(const std::string& name, const std::string& children) {
  return R"({"type":"PreviewContainerCustomization","name":")" + name +
         R"(","label":"Choose","children":[{"type":"FlatContainerCustomization","children":[)" +
         children + "]}]}";
}

std::string page(const std::string& children) {
  return R"({"type":"PageContainerCustomization","children":[)" + children + "]}";
}

const std::string kDocument =
    R"({"orderItemId":"40512345671","customizationData":)" + text_node("Name", "Mila") + "}";

TEST(Customization, EachKindOfChoiceIsAProperty) {
  struct Case {
    const char *node, *expected;
  };
  for (const Case& one : std::initializer_list<Case>{
           {R"({"type":"TextCustomization","label":"Name","inputValue":" Mila\nB. "})",
            "Name=Mila\nB."},
           {R"({"type":"TextCustomization","name":"Text 1","inputValue":"Mila"})", "Text 1=Mila"},
           {R"({"type":"TextCustomization","inputValue":"Mila"})", "Text=Mila"},
           {R"({"type":"OptionCustomization","label":"Size","displayValue":"L","optionSelection":)"
            R"({"name":"Large"}})",
            "Size=Large"},
           {R"({"type":"OptionCustomization","label":"Size","optionSelection":"Large"})",
            "Size=Large"},
           {R"({"type":"OptionCustomization","label":"Size","displayValue":"Large"})",
            "Size=Large"},
           {R"({"type":"FontCustomization","label":"Font","fontSelection":{"family":"Pacifico"}})",
            "Font=Pacifico"},
           {R"({"type":"ColorCustomization","label":"Farbe","colorSelection":{"name":"Gold",)"
            R"("value":"#d4af37"}})",
            "Farbe=Gold (#d4af37)"},
           {R"({"type":"ColorCustomization","label":"Farbe","colorSelection":{"value":"#d4af37"}})",
            "Farbe=#d4af37"},
           {R"({"type":"ImageCustomization","label":"Photo","image":{"imageName":"1.jpg",)"
            R"("buyerFilename":"garden.jpg"}})",
            "Photo=1.jpg"},
           {R"({"type":"OfALaterYear","label":"Song","inputValue":"No. 5"})", "Song=No. 5"},
           {R"({"type":"NumberCustomization","label":"Year","inputValue":2026})", "Year=2026"}}) {
    EXPECT_THAT(of_tree(page(one.node)), ElementsAre(one.expected)) << one.node;
  }
}

TEST(Customization, WhatIsEmptyOrNoChoiceIsNone) {
  for (const char* node : {R"({"type":"TextCustomization","label":"Line 2","inputValue":" "})",
                           R"({"type":"TextCustomization","label":"Line 2"})",
                           R"({"type":"ImageCustomization","label":"Photo","image":null})",
                           R"({"type":"OptionCustomization","label":"Size","optionSelection":{}})",
                           R"({"label":"Name"})", "null", "7", "\"x\"", "[]"}) {
    EXPECT_THAT(of_tree(page(node)), ElementsAre(kCustomNone)) << node;
  }
  for (
      const char* document :
      {"{}", "[]", "null", R"({"customizationData":"x"})",
       R"({"customizationData":{"children":5}})",
       R"({"version3.0":{"customizationInfo":{"surfaces":[null,{"areas":null},{"areas":[1]}]}}})"}) {
    EXPECT_THAT(of_document(document), ElementsAre(kCustomNone)) << document;
  }
}

TEST(Customization, OneSurfaceHasNoPrefixAndSeveralHaveTheirNames) {
  const std::string front = preview("Front", text_node("Name", "Mila"));
  EXPECT_THAT(of_tree(page(front)), ElementsAre("Name=Mila"));
  EXPECT_THAT(of_tree(page(front + "," + preview("Back", text_node("Name", "2026")))),
              ElementsAre("Front / Name=Mila", "Back / Name=2026"));
  EXPECT_THAT(of_tree(R"({"children":[)" + page(front) + "," +
                      page(preview("", text_node("Name", "2026"))) + "]}"),
              ElementsAre("Front / Name=Mila", "Choose / Name=2026"));
  // Without previews each page is a surface; one without a name has its number.
  const std::string pages = page(text_node("Name", "Mila"));
  EXPECT_THAT(
      of_tree(R"({"type":"ProductCustomization","children":[)" + pages + "," + pages + "]}"),
      ElementsAre("1 / Name=Mila", "2 / Name=Mila"));
}

TEST(Customization, ALabelAroundSpeaksForWhatHasNone) {
  EXPECT_THAT(of_tree(page(R"({"type":"TextContainerCustomization","label":"Motto","children":[)"
                           R"({"type":"TextCustomization","inputValue":"Carpe diem"},)"
                           R"({"type":"FontCustomization","fontSelection":{"family":"Lato"}},)"
                           R"({"type":"ColorCustomization","label":"Ink","colorSelection":)"
                           R"({"name":"Blue"}}]})")),
              ElementsAre("Motto=Carpe diem", "Motto font=Lato", "Ink=Blue"));
}

TEST(Customization, TheListOfVersion3IsReadWhereTheTreeSaysNothing) {
  const std::string areas =
      R"("areas":[{"customizationType":"Options","label":"Size","optionValue":"Large"},)"
      R"({"customizationType":"TextPrinting","label":"Name","text":"Mila","fontFamily":"Lato",)"
      R"("colorName":"Gold","fill":"#d4af37","Dimensions":{"width":10}},)"
      R"({"customizationType":"ImagePrinting","label":"Photo","svgImage":"x.svg"}])";
  const std::string one = R"({"surfaces":[{"name":"Front",)" + areas + "}]}";
  const auto expected =
      ElementsAre("Size=Large", "Name=Mila", "Name font=Lato", "Name color=Gold (#d4af37)");
  EXPECT_THAT(of_document(R"({"customizationInfo":{"version3.0":)" + one + "}}"), expected);
  EXPECT_THAT(of_document(R"({"version3.0":{"customizationInfo":)" + one + "}}"), expected);
  EXPECT_THAT(
      of_document(R"({"customizationData":{},"version3.0":{"customizationInfo":)" + one + "}}"),
      expected);
  EXPECT_THAT(of_document(R"({"version3.0":{"customizationInfo":{"surfaces":[{"name":"Front",)"
                          R"("areas":[{"label":"Name","text":"Mila"}]},{"areas":[{"name":"Text 1",)"
                          R"("text":"2026"}]}]}}})"),
              ElementsAre("Front / Name=Mila", "2 / Text 1=2026"));
  // The buyer has moved the text: the list has a picture of it only.
  EXPECT_THAT(of_document(R"({"customizationData":)" + text_node("Name", "Mila") +
                          R"(,"version3.0":{"customizationInfo":)" + one + "}}"),
              ElementsAre("Name=Mila"));
}

TEST(Customization, OfAnotherLineItIsNotTaken) {
  const std::string rest = R"(,"customizationData":)" + text_node("Name", "Mila") + "}";
  EXPECT_THAT(of_document(R"({"orderItemId":"1")" + rest), ElementsAre(kCustomOther));
  EXPECT_THAT(of_document(R"({"orderItemId":40512345671)" + rest), ElementsAre("Name=Mila"));
}

TEST(Customization, ItsSizeHasALimit) {
  std::string many, large;
  for (std::size_t i = 0; i < kCustomProperties; ++i) {
    many += (i == 0 ? "" : ",") + text_node("Name", "x");
  }
  EXPECT_EQ(of_tree(page(many)).size(), kCustomProperties);
  EXPECT_THAT(of_tree(page(many + "," + text_node("Name", "x"))), ElementsAre(kCustomTooMuch));
  large = std::string(kCustomBytes - 4, 'x');
  EXPECT_EQ(of_tree(page(text_node("Name", large))).size(), 1u);
  EXPECT_THAT(of_tree(page(text_node("Name", large + "x"))), ElementsAre(kCustomTooMuch));
}

TEST(CustomizationArchive, TheLinesDocumentIsFoundAmongOthers) {
  const std::string other = R"({"customizationData":)" + text_node("Name", "Other") + "}";
  EXPECT_THAT(of_zip({{"photo.jpg", "\xff\xd8", false}, {"order.json", kDocument}}),
              ElementsAre("Name=Mila"));
  EXPECT_THAT(of_zip({{"fonts.json", other}, {"40512345671.JSON", kDocument}}),
              ElementsAre("Name=Mila"));
  EXPECT_THAT(of_zip({{"a.json", other}, {"b.json", kDocument}}), ElementsAre(kCustomNone));
  EXPECT_THAT(of_zip({{"photo.jpg", "\xff\xd8", false}}), ElementsAre(kCustomNone));
  EXPECT_THAT(of_zip({}), ElementsAre(kCustomNone));
  EXPECT_THAT(of_zip({{".json", "\xef\xbb\xbf" + kDocument}}), ElementsAre("Name=Mila"));
}

/// A name is compared, never opened: wherever it leads, only the archive is read.
TEST(CustomizationArchive, ANameThatClimbsOutReachesNothing) {
  for (const char* folder : {"../../../../etc/", "/etc/", "..\\..\\", "C:\\", "a/../../"}) {
    EXPECT_THAT(of_zip({{std::string(folder) + "passwd", "root"},
                        {std::string(folder) + kLine + ".json", kDocument}}),
                ElementsAre("Name=Mila"))
        << folder;
  }
  EXPECT_THAT(of_zip({{std::string("\0/\xff.json", 8), kDocument}}), ElementsAre("Name=Mila"));
}

TEST(CustomizationArchive, WhatIsWrongWithItHasACode) {
  EXPECT_THAT(lines_of(read_customization("", kLine)), ElementsAre(kZipNone));
  EXPECT_THAT(of_zip({{"a.json", std::string(8u << 20, ' ')}}), ElementsAre(kZipTooLarge));
  ZipPart part{"a.json", kDocument};
  part.flags = 1;
  EXPECT_THAT(of_zip({part}), ElementsAre(kZipEncrypted));
  EXPECT_THAT(of_zip({{"a.json", "{\"customizationData\":"}}), ElementsAre(kCustomBadJson));
  EXPECT_THAT(of_zip({{"a.json", "{\"a\":\"\xff\"}"}}), ElementsAre(kCustomBadJson));
  std::string deep;
  for (int i = 0; i < 400; ++i) deep += R"({"children":[)";
  EXPECT_THAT(of_zip({{"a.json", R"({"customizationData":)" + deep}}), ElementsAre(kCustomBadJson));
}

TEST(CustomizationArchive, NoTruncationGivesHalfAnAnswer) {
  const std::string zip = make_zip({{"photo.jpg", "\xff\xd8", false}, {"a.json", kDocument}});
  for (std::size_t size = 0; size < zip.size(); ++size) {
    const auto read = read_customization(std::string_view(zip).substr(0, size), kLine);
    EXPECT_FALSE(read.problem.empty()) << size;
    EXPECT_THAT(read.properties, IsEmpty()) << size;
  }
}

}  // namespace
}  // namespace marketplug::amazon
