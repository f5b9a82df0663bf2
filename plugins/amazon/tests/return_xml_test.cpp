#include "src/return_xml.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "marketplug/testing/fakes.hpp"

namespace marketplug::amazon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string envelope_of(const std::string& returns) {
  return "<AmazonEnvelope><Header><DocumentVersion>1.01"
         "</DocumentVersion></Header><Message>" +
         returns + "</Message></AmazonEnvelope>";
}

std::string envelope(const std::string& returns) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + envelope_of(returns);
}

std::string one_return(const std::string& id, const std::string& title = "Mug") {
  return "<return_details><item_details><item_name>" + title +
         "</item_name><merchant_sku>MUG-1</merchant_sku></item_details><order_id>" + id +
         "</order_id><label_details><tracking_id> 1Z9 </tracking_id><label_cost/></label_details>"
         "</return_details>";
}

class ReturnXmlTest : public ::testing::Test {
 protected:
  /// The orders of the returns; the last is the failure's code, where there is one.
  std::vector<std::string> read(std::string text, std::uint64_t skip = 0, std::size_t most = 100,
                                const std::string& type = "text/xml") {
    records.clear();
    const auto done =
        read_return_xml(documents, documents.add(std::move(text), type), skip, most,
                        [&](const ReturnRecord& record) { records.push_back(record); });
    std::vector<std::string> out;
    for (const ReturnRecord& record : records) {
      const auto id = record.texts.find("order_id");
      out.push_back(id == record.texts.end() ? "none" : id->second);
    }
    failure = done ? Failure() : done.failure();
    more = done && done.value();
    if (!done) out.push_back(failure.code);
    return out;
  }
  testing::FakeDocuments documents;
  std::vector<ReturnRecord> records;
  Failure failure;
  bool more = false;
};

TEST_F(ReturnXmlTest, GathersTextsOfReturnsAndItems) {
  EXPECT_THAT(read(envelope(one_return("1-1-1", "Mug &amp; saucer &lt;new&gt; &#233;") +
                            one_return("2-2-2", "<![CDATA[Tea & pot]]>"))),
              ElementsAre("1-1-1", "2-2-2"));
  EXPECT_EQ(records[0].items.at(0).at("item_name"), "Mug & saucer <new> é");
  EXPECT_EQ(records[1].items.at(0).at("item_name"), "Tea & pot");
  EXPECT_EQ(records[0].texts.at("tracking_id"), "1Z9");
  EXPECT_EQ(records[0].texts.count("label_cost"), 0u) << "empty ones are none";
  EXPECT_FALSE(more);
  EXPECT_THAT(read(envelope("")), IsEmpty()) << "no returns are no failure";
}

TEST_F(ReturnXmlTest, SkipsWhatWasReadAndSaysWhetherThereIsMore) {
  const std::string text =
      envelope(one_return("1-1-1") + one_return("2-2-2") + one_return("3-3-3"));
  EXPECT_THAT(read(text, 0, 2), ElementsAre("1-1-1", "2-2-2"));
  EXPECT_TRUE(more);
  EXPECT_THAT(read(text, 2, 2), ElementsAre("3-3-3"));
  EXPECT_FALSE(more);
  EXPECT_THAT(read(text, 0, 3), ElementsAre("1-1-1", "2-2-2", "3-3-3"));
  EXPECT_FALSE(more);
  EXPECT_THAT(read(text, 9, 2), IsEmpty());
}

TEST_F(ReturnXmlTest, ReadsEveryCharset) {
  const std::string western = envelope(one_return("1-1-1", "Caf\xe9"));
  read(western, 0, 9, "text/xml; charset=ISO-8859-1");
  EXPECT_EQ(records.at(0).items.at(0).at("item_name"), "Café");
  std::string declared = western;
  declared.replace(declared.find("UTF-8"), 5, "windows-1252");
  read(declared);
  EXPECT_EQ(records.at(0).items.at(0).at("item_name"), "Café");
  read(western);
  EXPECT_EQ(records.at(0).items.at(0).at("item_name"), "Caf\xef\xbf\xbd");
  read(envelope(one_return("1-1-1", std::string("a\x1a\x01") + "b")));
  EXPECT_EQ(records.at(0).items.at(0).at("item_name"), "a  b") << "signs that XML forbids";
}

TEST_F(ReturnXmlTest, PiecesCutNoCharacter) {
  std::string title;
  for (int i = 0; i < 300; ++i) title += "ß茶🍵";
  std::string many;
  for (int i = 0; i < 300; ++i) many += one_return(std::to_string(i), title);
  for (const char* shift : {"", " ", "  ", "   "}) {
    ASSERT_EQ(read(envelope(shift + many), 0, 5000).size(), 300u);
    for (const ReturnRecord& record : records) {
      ASSERT_EQ(record.items.at(0).at("item_name"), title);
    }
  }
}

TEST_F(ReturnXmlTest, EntitiesAreNotExpanded) {
  const std::string bomb =
      "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY x \"xxxxxxxxxx\"><!ENTITY y \"&x;&x;&x;\">"
      "<!ENTITY f SYSTEM \"file:///etc/hostname\">]><AmazonEnvelope>" +
      one_return("1-1-1", "&y;&f;") + "</AmazonEnvelope>";
  EXPECT_THAT(read(bomb), ElementsAre("report_xml"));
  EXPECT_THAT(failure.message, HasSubstr("document type"));
  EXPECT_THAT(read("<!DOCTYPE AmazonEnvelope>" + envelope_of(one_return("1-1-1"))),
              ElementsAre("report_xml"))
      << "also where none is used";
  EXPECT_THAT(read(envelope(one_return("1-1-1", "&unknown;"))), ElementsAre("report_xml"));
}

TEST_F(ReturnXmlTest, DamageIsNamedByItsLineAndShowsNothing) {
  std::string cut = envelope(one_return("1-1-1", "Jane's mug"));
  cut.resize(cut.size() - 20);
  EXPECT_THAT(read(cut), ElementsAre("1-1-1", "report_xml"));
  EXPECT_EQ(failure.kind, Failure::Kind::kRemote);
  EXPECT_EQ(failure.detail, "line 2");
  for (const char* text :
       {"", "no XML, Jane", "<a>Jane", "<html><body>Jane</body></html>", "order-id\tJane\n"}) {
    EXPECT_THAT(read(text), ElementsAre("report_xml")) << text;
    EXPECT_THAT(failure.message + failure.detail, Not(HasSubstr("Jane"))) << text;
  }
}

TEST_F(ReturnXmlTest, AReturnWithoutEndIsRefusedInBoundedMemory) {
  EXPECT_THAT(read(envelope(one_return("1-1-1", std::string(2 << 20, 'x')))),
              ElementsAre("report_xml"));
  std::string items = "<return_details>";
  for (int i = 0; i < 2000; ++i) items += "<item_details><asin>B1</asin></item_details>";
  EXPECT_THAT(read(envelope(items + "</return_details>")), ElementsAre("report_xml"));
}

TEST_F(ReturnXmlTest, ADocumentThatIsGoneIsTheHostsFailure) {
  const DocumentInfo info = documents.add(envelope(one_return("1-1-1")));
  documents.drop(info.handle);
  const auto done = read_return_xml(documents, info, 0, 9, [](const ReturnRecord&) {});
  EXPECT_EQ(done.failure().code, "document_gone");
}

}  // namespace
}  // namespace marketplug::amazon
