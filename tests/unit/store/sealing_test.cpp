// What reaches the disk: no name, street, e-mail, secret or document in clear, anywhere.
#include "tests/unit/store/store_fixture.hpp"

namespace marketplug::store {
namespace {

class SealingTest : public StoreFixture {
 protected:
  OwnerToken token_ = own();

  std::string every_byte_on_disk() {
    std::string all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
      if (entry.is_regular_file()) all += bytes_of_file(entry.path().string());
    }
    return all;
  }
  OrderRow personal_order(const std::string& id, const std::string& personal) {
    OrderRow row = order(id);
    row.personal_data = PersonalData::kPresent;
    row.personal = personal;
    row.raw = "raw of " + personal;
    return row;
  }
};

TEST_F(SealingTest, NoCanaryIsFoundInAnyFile) {
  const std::vector<std::string> canaries = {
      "Canary Nightingale", "Canarystraat 17",  "canary@example.invalid", "Atzr|canary-token",
      "canary-fingerprint", "canary in parked", "canary in document"};
  {
    const auto transaction = store().begin(token_);
    transaction->upsert_order(
        personal_order("1", canaries[0] + " " + canaries[1] + " " + canaries[2]));
    transaction->park("order", {"2", "code", "", "message", "remedy", canaries[5], {}},
                      std::chrono::hours(24));
    transaction->park("order", {"", "code", "", "message", "remedy", canaries[5], {}},
                      std::chrono::hours(24));
    transaction->commit();
  }
  store().secrets().put({"shop-nl", "/refresh_token", canaries[3], canaries[4], {}});
  store().documents().begin(
      {"d", "shop-nl", "text/plain", 0, clock_.now() + std::chrono::hours(1)});
  store().documents().append("d", canaries[6]);
  store().documents().finish("d", "text/plain");

  for (const bool still_open : {true, false}) {
    if (!still_open) store_.reset();
    const std::string bytes = every_byte_on_disk();
    ASSERT_NE(bytes.find("SKU-1"), std::string::npos) << "the search itself must work";
    for (const std::string& canary : canaries) {
      EXPECT_EQ(bytes.find(canary), std::string::npos) << canary;
    }
  }
  EXPECT_NE(store().orders().find_personal("shop-nl", "1", "me")->personal.find(canaries[0]),
            std::string::npos);
}

TEST_F(SealingTest, PersonalDataSwappedBetweenOrdersDoesNotOpen) {
  upsert(token_, personal_order("1", "Ada"));
  upsert(token_, personal_order("2", "Grace"));
  store_.reset();
  run_sql(db_path(),
          "UPDATE orders SET personal = (SELECT o.personal FROM orders o WHERE o.id = '2') "
          "WHERE id = '1'");
  std::string message;
  EXPECT_EQ(kind_of([&] { store().orders().find_personal("shop-nl", "1", "me"); }, &message),
            StoreError::Kind::kCorrupt);
  EXPECT_EQ(message.find("Grace"), std::string::npos);
  EXPECT_EQ(kind_of([&] { store().orders().list_personal({}, "me"); }), StoreError::Kind::kCorrupt);
  EXPECT_EQ(store().orders().find_personal("shop-nl", "2", "me")->personal, "Grace");
  EXPECT_TRUE(store().orders().find("shop-nl", "1").has_value());
}

TEST_F(SealingTest, RawInThePlaceOfPersonalDoesNotOpen) {
  upsert(token_, personal_order("1", "Ada"));
  store_.reset();
  run_sql(db_path(), "UPDATE orders SET personal = raw");
  EXPECT_EQ(kind_of([&] { store().orders().find_personal("shop-nl", "1", "me"); }),
            StoreError::Kind::kCorrupt);
}

TEST_F(SealingTest, EveryShopHasAKeyOfItsOwn) {
  put_shop("shop-de");
  store_.reset();
  EXPECT_EQ(select_sql(db_path(), "SELECT count(DISTINCT shop) || '/' || count(*) FROM data_key"),
            std::vector<std::string>{"2/2"});
  // A destroyed key makes its shop's data unreadable for good, and only its.
  upsert(own(), personal_order("1", "Ada"));
  store_.reset();
  run_sql(db_path(), "DELETE FROM data_key WHERE shop = 'shop-nl'");
  EXPECT_EQ(kind_of([&] { store().orders().find_personal("shop-nl", "1", "me"); }),
            StoreError::Kind::kCorrupt);
  EXPECT_TRUE(store().orders().find("shop-nl", "1").has_value());
}

TEST_F(SealingTest, AnAlteredDataKeyIsNotUsed) {
  upsert(token_, personal_order("1", "Ada"));
  store_.reset();
  run_sql(db_path(), "UPDATE data_key SET wrapped = zeroblob(65)");
  EXPECT_EQ(kind_of([&] { store().orders().find_personal("shop-nl", "1", "me"); }),
            StoreError::Kind::kCorrupt);
}

}  // namespace
}  // namespace marketplug::store
