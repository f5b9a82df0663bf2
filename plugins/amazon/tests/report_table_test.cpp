#include "src/report_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "marketplug/testing/fakes.hpp"

namespace marketplug::amazon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::array<std::string_view, 2> kIdNames{"order-id", "Bestellnummer"};
constexpr std::array<std::string_view, 1> kTitleNames{"item name"};
constexpr std::array<std::string_view, 1> kRareNames{"rare"};
constexpr std::array<ReportColumn, 3> kColumns{
    {{kIdNames, true}, {kTitleNames, true}, {kRareNames, false}}};

class ReportTableTest : public ::testing::Test {
 protected:
  Result<ReportTable> open(std::string text, const std::string& type = "text/plain",
                           std::uint64_t offset = 0) {
    return ReportTable::open(documents, documents.add(std::move(text), type), kColumns, offset,
                             "GET_X");
  }
  /// "id|title|rare" of each row.
  static std::vector<std::string> rows(Result<ReportTable> table) {
    std::vector<std::string> out;
    if (!table) return {table.failure().code};
    for (;;) {
      const auto more = table.value().next();
      if (!more) return {more.failure().code};
      if (!more.value()) return out;
      out.push_back(table.value().field(0) + "|" + table.value().field(1) + "|" +
                    table.value().field(2));
    }
  }
  testing::FakeDocuments documents;
};

TEST_F(ReportTableTest, FindsColumnsByNameInAnyOrderAndCase) {
  EXPECT_THAT(rows(open("new\tITEM_NAME\tOrder ID\n1\tMug\t1-2-3\n2\tCup\t4-5-6\n")),
              ElementsAre("1-2-3|Mug|", "4-5-6|Cup|"));
  EXPECT_THAT(rows(open("Rare\titem-name\tBESTELLNUMMER\nr\tMug\t1-2-3")),
              ElementsAre("1-2-3|Mug|r"));
}

TEST_F(ReportTableTest, LineEndsBlankLinesQuotesAndShortRows) {
  EXPECT_THAT(rows(open("\xef\xbb\xbf\"order-id\"\t\"item-name\"\trare\r\n\r\n"
                        "\"1-2-3\"\t\"The \"\"big\"\" mug\"\tr\r\n4-5-6\r\n\t\tx\n\n")),
              ElementsAre("1-2-3|The \"big\" mug|r", "4-5-6||", "||x"));
}

TEST_F(ReportTableTest, TheCharsetIsTheContentTypes) {
  const std::string western = "order-id\titem-name\n1\tCaf\xe9 \x80 \x81\n";
  for (const char* type : {"text/plain; charset=Cp1252", "text/plain;charset=\"ISO-8859-1\"",
                           "text/tab-separated-values; CHARSET=windows-1252; x=y"}) {
    EXPECT_THAT(rows(open(western, type)), ElementsAre("1|Café € \xef\xbf\xbd|")) << type;
  }
  for (const char* type : {"text/plain", "", "text/plain; charset=utf-8", "x; charset=klingon"}) {
    EXPECT_THAT(rows(open("order-id\titem-name\n1\tCafé \xe9!\n", type)),
                ElementsAre("1|Café \xef\xbf\xbd!|"))
        << type;
  }
}

TEST_F(ReportTableTest, AMissingColumnIsNamedWithTheUnknownHeaders) {
  const auto failure = open("order-id\tArtikelname\trare\n1-2-3\tGeheim\t\n").failure();
  EXPECT_EQ(failure.kind, Failure::Kind::kRemote);
  EXPECT_EQ(failure.code, "report_column");
  EXPECT_THAT(failure.message, HasSubstr("item name"));
  EXPECT_THAT(failure.message, HasSubstr("Artikelname"));
  EXPECT_THAT(failure.message, HasSubstr("GET_X"));
  EXPECT_THAT(failure.message, Not(HasSubstr("Geheim")));
}

TEST_F(ReportTableTest, ATableWithoutHeadersShowsNothingOfItsFirstRow) {
  for (const char* text : {"Jane Sample\tSample Street\n", "", "<html>Jane Sample</html>"}) {
    const auto failure = open(text).failure();
    EXPECT_EQ(failure.code, "report_column");
    EXPECT_THAT(failure.message, Not(HasSubstr("Sample")));
  }
}

TEST_F(ReportTableTest, GoesOnFromAnOffsetOverAnyPieceOfTheDocument) {
  std::string text = "order-id\titem-name\n";
  for (int i = 0; i < 20000; ++i) {
    text += std::to_string(i) + "\tA mug with a name that is long enough to fill the pieces\n";
  }
  auto all = open(text);
  ASSERT_TRUE(all);
  std::vector<std::uint64_t> offsets;
  for (int i = 0; all.value().next().value(); ++i) {
    ASSERT_EQ(all.value().field(0), std::to_string(i));
    offsets.push_back(all.value().row_offset());
  }
  ASSERT_EQ(offsets.size(), 20000u);
  EXPECT_EQ(all.value().row_offset(), text.size());
  for (const int i : {0, 1, 4242, 19999}) {
    auto later = open(text, "text/plain", offsets[static_cast<std::size_t>(i)]);
    ASSERT_TRUE(later.value().next().value());
    EXPECT_EQ(later.value().field(0), std::to_string(i));
  }
  auto end = open(text, "text/plain", text.size());
  EXPECT_FALSE(end.value().next().value());
}

TEST_F(ReportTableTest, ALineWithoutEndIsRefusedInBoundedMemory) {
  EXPECT_THAT(rows(open("order-id\titem-name\n" + std::string(3 << 20, 'x'))),
              ElementsAre("report_line"));
}

TEST_F(ReportTableTest, ADocumentThatIsGoneIsTheHostsFailure) {
  DocumentInfo info = documents.add("order-id\titem-name\n1\tMug\n");
  documents.drop(info.handle);
  EXPECT_EQ(ReportTable::open(documents, info, kColumns, 0, "GET_X").failure().code,
            "document_gone");
}

}  // namespace
}  // namespace marketplug::amazon
