#include "tests/unit/store/store_fixture.hpp"

namespace marketplug::store {
namespace {

class SecretsTest : public StoreFixture {
 protected:
  void put(const std::string& shop, const std::string& name, const std::string& value) {
    store().secrets().put({shop, name, value, "print", {}});
  }
};

TEST_F(SecretsTest, AReplacedSecretIsThereAfterARestart) {
  put("shop-nl", "/refresh_token", "first-token");
  put("shop-nl", "/refresh_token", "second-token");
  put("shop-nl", "/empty", "");
  reopen();
  const auto secret = store().secrets().find("shop-nl", "/refresh_token");
  ASSERT_TRUE(secret.has_value());
  EXPECT_EQ(secret->value, "second-token");
  EXPECT_EQ(secret->fingerprint, "print");
  EXPECT_EQ(secret->updated_at, clock_.now());
  EXPECT_EQ(store().secrets().find("shop-nl", "/empty")->value, "");
  EXPECT_FALSE(store().secrets().find("shop-de", "/refresh_token").has_value());
}

TEST_F(SecretsTest, ErasedOnesAreGone) {
  put("shop-nl", "/refresh_token", "token");
  store().secrets().erase("shop-nl", "/refresh_token");
  store().secrets().erase("shop-nl", "/never there");
  EXPECT_FALSE(store().secrets().find("shop-nl", "/refresh_token").has_value());
}

TEST_F(SecretsTest, ASecretCopiedToAnotherPlaceDoesNotOpen) {
  put("shop-nl", "/refresh_token", "token");
  put("shop-nl", "/client_secret", "secret");
  store_.reset();
  run_sql(db_path(),
          "UPDATE secret SET value_sealed = (SELECT value_sealed FROM secret WHERE name = "
          "'/refresh_token') WHERE name = '/client_secret'");
  std::string message;
  EXPECT_EQ(kind_of([&] { store().secrets().find("shop-nl", "/client_secret"); }, &message),
            StoreError::Kind::kCorrupt);
  EXPECT_NE(message.find("/client_secret"), std::string::npos);
  EXPECT_EQ(store().secrets().find("shop-nl", "/refresh_token")->value, "token");
}

}  // namespace
}  // namespace marketplug::store
