#include <algorithm>

#include "tests/unit/store/store_fixture.hpp"

namespace marketplug::store {
namespace {

using std::chrono::hours;

class DocumentsTest : public StoreFixture {
 protected:
  StoredDocument document(const std::string& handle) {
    return {handle, "shop-nl", "text/plain", 0, clock_.now() + hours(1)};
  }
  void write(const std::string& handle, const std::string& bytes, std::size_t piece = 10'000) {
    store().documents().begin(document(handle));
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      store().documents().append(handle, std::string_view(bytes).substr(at, piece));
    }
    store().documents().finish(handle, "text/csv");
  }
  static std::string pattern(std::size_t size) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 31 + i / 65536);
    return bytes;
  }
};

TEST_F(DocumentsTest, AnyPartReadsAsItWasWritten) {
  const std::string bytes = pattern(3 * 1024 * 1024 + 17);
  write("d1", bytes, 100'000);
  const auto found = store().documents().find("shop-nl", "d1");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->size, bytes.size());
  EXPECT_EQ(found->content_type, "text/csv");
  const std::size_t chunk = 64 * 1024;
  for (const std::size_t offset :
       {std::size_t{0}, chunk - 1, chunk, 20 * chunk + 5, bytes.size() - 1}) {
    for (const std::size_t size : {std::size_t{1}, chunk, 3 * chunk + 2}) {
      EXPECT_EQ(store().documents().read("d1", offset, size), bytes.substr(offset, size))
          << offset << "+" << size;
    }
  }
  EXPECT_EQ(store().documents().read("d1", bytes.size(), 10), "");
  EXPECT_EQ(store().documents().read("d1", 0, UINT64_MAX), bytes);
}

TEST_F(DocumentsTest, SmallAndEmptyOnesToo) {
  write("empty", "");
  write("small", "abc");
  EXPECT_EQ(store().documents().find("shop-nl", "empty")->size, 0u);
  EXPECT_EQ(store().documents().read("empty", 0, 10), "");
  EXPECT_EQ(store().documents().read("small", 1, 10), "bc");
}

TEST_F(DocumentsTest, UnfinishedOnesAreInvisibleAndGoAfterACrash) {
  store().documents().begin(document("half"));
  store().documents().append("half", pattern(2'000'000));
  EXPECT_FALSE(store().documents().find("shop-nl", "half").has_value());
  EXPECT_EQ(kind_of([&] { store().documents().read("half", 0, 1); }), StoreError::Kind::kNotFound);
  EXPECT_EQ(store().documents().purge(clock_.now()), 0u) << "its writer is still at it";
  reopen();
  EXPECT_EQ(kind_of([&] { store().documents().append("half", "x"); }), StoreError::Kind::kNotFound);
  store_.reset();
  EXPECT_TRUE(select_sql(db_path(), "SELECT handle FROM document_chunk").empty());
}

TEST_F(DocumentsTest, OnesThatNobodyFinishedGoWhenTheirTimeHasCome) {
  store().documents().begin(document("half"));
  clock_.advance(hours(1));
  EXPECT_EQ(store().documents().purge(clock_.now()), 1u);
  EXPECT_EQ(kind_of([&] { store().documents().append("half", "x"); }), StoreError::Kind::kNotFound);
}

TEST_F(DocumentsTest, OfAnotherShopOrExpiredOrErasedItIsNotThere) {
  write("d1", "abc");
  EXPECT_FALSE(store().documents().find("shop-de", "d1").has_value());
  clock_.advance(hours(1));
  EXPECT_FALSE(store().documents().find("shop-nl", "d1").has_value());
  EXPECT_EQ(kind_of([&] { store().documents().read("d1", 0, 1); }), StoreError::Kind::kNotFound);
  EXPECT_EQ(store().documents().purge(clock_.now()), 1u);
  write("d2", "abc");
  store().documents().erase("d2");
  store().documents().erase("never there");
  EXPECT_FALSE(store().documents().find("shop-nl", "d2").has_value());
}

TEST_F(DocumentsTest, SwappedOrMissingPartsAreNoticed) {
  write("d1", pattern(200'000));
  store_.reset();
  run_sql(db_path(),
          "UPDATE document_chunk SET number = 99 WHERE number = 0;"
          "UPDATE document_chunk SET number = 0 WHERE number = 1;"
          "UPDATE document_chunk SET number = 1 WHERE number = 99;"
          "DELETE FROM document_chunk WHERE number = 2");
  EXPECT_EQ(kind_of([&] { store().documents().read("d1", 0, 1); }), StoreError::Kind::kCorrupt);
  EXPECT_EQ(kind_of([&] { store().documents().read("d1", 150'000, 1); }),
            StoreError::Kind::kCorrupt);
}

TEST_F(DocumentsTest, AHandleIsGivenOnce) {
  write("d1", "abc");
  EXPECT_EQ(kind_of([&] { store().documents().begin(document("d1")); }),
            StoreError::Kind::kConstraint);
}

}  // namespace
}  // namespace marketplug::store
