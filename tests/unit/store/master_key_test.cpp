#include "host/store/master_key.hpp"

#include <sys/stat.h>

#include "tests/unit/store/store_fixture.hpp"

namespace marketplug::store {
namespace {

constexpr std::string_view kKeyText = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";  // 0, 1 … 31

TEST(MasterKeyTest, ReadsTheUsualBase64) {
  const SealKey key = master_key_from_text(kKeyText);
  EXPECT_EQ(key.bytes()[0], 0);
  EXPECT_EQ(key.bytes()[31], 31);
  EXPECT_EQ(master_key_from_text(std::string(kKeyText) + "\n").text(), key.text());
}

TEST(MasterKeyTest, RefusesEverythingElseWithARemedyAndWithoutTheKey) {
  const std::string all(kKeyText);
  for (const std::string& text :
       {std::string(), std::string("secret-phrase"), all.substr(0, 43), all + "AAAA",
        "*" + all.substr(1), all.substr(0, 42) + "==", std::string(44, 'A')}) {
    std::string message;
    EXPECT_EQ(kind_of([&] { master_key_from_text(text); }, &message), StoreError::Kind::kWrongKey)
        << text;
    EXPECT_NE(message.find("openssl rand -base64 32"), std::string::npos);
    if (!text.empty()) {
      EXPECT_EQ(message.find(text), std::string::npos);
    }
  }
}

TEST(MasterKeyTest, AMadeKeyIsPrivateAnnouncedAndReadBack) {
  const TempFolder folder;
  std::string notice;
  const SealKey made =
      make_master_key(folder.path(), [&](std::string_view text) { notice = text; });
  EXPECT_NE(notice.find("Back it up"), std::string::npos);
  EXPECT_NE(notice.find(folder.file("marketplug.key")), std::string::npos);
  struct stat facts {};
  ASSERT_EQ(::stat(folder.file("marketplug.key").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07777, 0600u);
  EXPECT_EQ(read_master_key(folder.path())->text(), made.text());
  EXPECT_EQ(bytes_of_file(folder.file("marketplug.key")).size(), 45u);
  EXPECT_FALSE(std::filesystem::exists(folder.file("marketplug.key.new")));
}

TEST(MasterKeyTest, AKeyThatOthersMayReadIsRefused) {
  const TempFolder folder;
  make_master_key(folder.path(), nullptr);
  for (const mode_t mode : {0640, 0604, 0644}) {
    ::chmod(folder.file("marketplug.key").c_str(), mode);
    std::string message;
    EXPECT_EQ(kind_of([&] { read_master_key(folder.path()); }, &message),
              StoreError::Kind::kWrongKey);
    EXPECT_NE(message.find("chmod 600"), std::string::npos);
  }
  ::chmod(folder.file("marketplug.key").c_str(), 0400);
  EXPECT_TRUE(read_master_key(folder.path()).has_value());
}

TEST(MasterKeyTest, ABrokenOrMissingFileIsTold) {
  const TempFolder folder;
  EXPECT_FALSE(read_master_key(folder.path()).has_value());
  std::ofstream(folder.file("marketplug.key")) << "half a k";
  ::chmod(folder.file("marketplug.key").c_str(), 0600);
  std::string message;
  EXPECT_EQ(kind_of([&] { read_master_key(folder.path()); }, &message),
            StoreError::Kind::kWrongKey);
  EXPECT_NE(message.find(folder.file("marketplug.key")), std::string::npos);
  std::filesystem::remove(folder.file("marketplug.key"));
  std::filesystem::create_directory(folder.file("marketplug.key"));
  ::chmod(folder.file("marketplug.key").c_str(), 0700);
  EXPECT_EQ(kind_of([&] { read_master_key(folder.path()); }), StoreError::Kind::kWrongKey);
}

TEST(MasterKeyTest, AFolderThatIsNotThereIsNamed) {
  std::string message;
  EXPECT_NE(kind_of([] { make_master_key("/nonexistent", nullptr); }, &message),
            StoreError::Kind::kFenced);
  EXPECT_NE(message.find("/nonexistent"), std::string::npos);
}

}  // namespace
}  // namespace marketplug::store
