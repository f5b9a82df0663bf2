#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/store/store_fixture.hpp"

namespace marketplug::store {
namespace {

namespace fs = std::filesystem;
using Kind = StoreError::Kind;

class OpenStoreTest : public StoreFixture {
 protected:
  Kind open_fails(std::string* message = nullptr) {
    return kind_of([this] { open(); }, message);
  }
  /// What a crash leaves: the files of a store that nobody closed. Without the log: a bad copy.
  void crash(bool with_log = true) {
    const TempFolder copy;
    for (const char* name : {"marketplug.db", "marketplug.db-wal", "marketplug.key"}) {
      if (with_log || std::string(name) != "marketplug.db-wal") {
        fs::copy_file(folder_.file(std::string("state/") + name), copy.file(name));
      }
    }
    store_.reset();
    fs::remove_all(folder_.file("state"));
    fs::copy(copy.path(), folder_.file("state"));
    notices_.clear();
  }
  static unsigned mode_of(const std::string& path) {
    struct stat facts {};
    EXPECT_EQ(::stat(path.c_str(), &facts), 0) << path;
    return facts.st_mode & 07777;
  }
};

TEST_F(OpenStoreTest, EverythingItMakesIsPrivate) {
  const mode_t before = ::umask(0);
  open();
  put_shop("shop-nl");
  ::umask(before);
  EXPECT_EQ(mode_of(folder_.file("state")), 0700u);
  for (const char* name : {"marketplug.db", "marketplug.db-wal", "marketplug.db-shm",
                           "marketplug.key", "marketplug.lock"}) {
    EXPECT_EQ(mode_of(folder_.file(std::string("state/") + name)), 0600u) << name;
  }
  EXPECT_TRUE(noticed("Back it up"));
  EXPECT_TRUE(noticed("Making a new store"));
}

TEST_F(OpenStoreTest, ADatabaseThatOthersCouldReadIsClosedToThem) {
  open();
  store_.reset();
  ::chmod(db_path().c_str(), 0644);
  open();
  EXPECT_EQ(mode_of(db_path()), 0600u);
}

TEST_F(OpenStoreTest, ASecondProcessIsToldWhoHoldsTheFolder) {
  open();
  std::string message;
  EXPECT_EQ(kind_of([&] { open_store(options(), clock_, random_); }, &message), Kind::kLocked);
  EXPECT_NE(message.find("pid " + std::to_string(::getpid()) + ", "), std::string::npos);
  EXPECT_NE(message.find("unit-store"), std::string::npos) << "what it is: " << message;
  EXPECT_NE(message.find(folder_.file("state")), std::string::npos);
  put_shop("still works");
  store_.reset();
  open();
}

TEST_F(OpenStoreTest, AMissingStoreIsAnErrorWhereNoneMayBeMade) {
  StoreOptions no_create = options();
  no_create.create = false;
  std::string message;
  EXPECT_EQ(kind_of([&] { open_store(no_create, clock_, random_); }, &message), Kind::kNotFound);
  EXPECT_NE(message.find(db_path()), std::string::npos);
  EXPECT_FALSE(fs::exists(folder_.file("state")));
  open();
  store_.reset();
  open_store(no_create, clock_, random_);
}

TEST_F(OpenStoreTest, UrlsThatNameNoFileAreRefused) {
  for (const char* url : {"", "sqlite:", "sqlite::memory:", "sqlite:folder/", "marketplug.db",
                          "postgresql://user@host/db"}) {
    EXPECT_EQ(kind_of([&] { state_folder(url); }), Kind::kOther) << url;
  }
  EXPECT_EQ(state_folder("sqlite:/var/lib/marketplug/marketplug.db"), "/var/lib/marketplug");
  EXPECT_EQ(state_folder("sqlite:marketplug.db"), fs::current_path().string());
}

TEST_F(OpenStoreTest, ANewerSchemaIsLeftAlone) {
  put_shop("shop-nl");
  store_.reset();
  run_sql(db_path(), "UPDATE meta SET value = '12' WHERE name = 'schema_version'");
  const std::string before = bytes_of_file(db_path());
  std::string message;
  EXPECT_EQ(open_fails(&message), Kind::kNewerSchema);
  EXPECT_NE(message.find("version 12"), std::string::npos);
  EXPECT_NE(message.find("knows 5"), std::string::npos);
  EXPECT_EQ(bytes_of_file(db_path()), before);
}

TEST_F(OpenStoreTest, ADatabaseOfAnotherProgramIsLeftAlone) {
  fs::create_directory(folder_.file("state"));
  run_sql(db_path(), "CREATE TABLE theirs (x)");
  const std::string before = bytes_of_file(db_path());
  EXPECT_EQ(open_fails(), Kind::kOther);
  EXPECT_EQ(bytes_of_file(db_path()), before);
}

TEST_F(OpenStoreTest, SomethingThatIsNoDatabaseIsNeverReplaced) {
  fs::create_directory(folder_.file("state"));
  std::ofstream(db_path()) << std::string(5000, 'x');
  std::string message;
  EXPECT_EQ(open_fails(&message), Kind::kCorrupt);
  EXPECT_NE(message.find("backup"), std::string::npos);
  EXPECT_EQ(bytes_of_file(db_path()), std::string(5000, 'x'));
}

TEST_F(OpenStoreTest, AnEmptiedDatabaseIsNotTakenForANewOne) {
  open();
  store_.reset();
  fs::resize_file(db_path(), 0);
  std::string message;
  EXPECT_EQ(open_fails(&message), Kind::kCorrupt);
  EXPECT_NE(message.find("is empty"), std::string::npos);
}

TEST_F(OpenStoreTest, ALostDatabaseIsNotReplacedAndTheRemedyWorks) {
  open();
  store_.reset();
  fs::remove(db_path());
  std::string message;
  EXPECT_EQ(open_fails(&message), Kind::kCorrupt);
  EXPECT_NE(message.find("is missing"), std::string::npos);
  EXPECT_FALSE(fs::exists(db_path()));
  EXPECT_NE(message.find("move " + folder_.file("state/marketplug.key")), std::string::npos);
  fs::rename(folder_.file("state/marketplug.key"), folder_.file("old.key"));
  open();
}

TEST_F(OpenStoreTest, ADatabaseOpenedThroughALinkHasOneLock) {
  open();
  fs::create_directory(folder_.file("other"));
  fs::create_symlink(db_path(), folder_.file("other/marketplug.db"));
  StoreOptions linked = options();
  linked.url = "sqlite:" + folder_.file("other/marketplug.db");
  EXPECT_EQ(state_folder(linked.url), folder_.file("state"));
  const pid_t child = ::fork();
  if (child == 0) {
    int code = 1;
    try {
      open_store(linked, clock_, random_);
    } catch (const StoreError& error) {
      code = error.kind() == Kind::kLocked ? 0 : 2;
    }
    ::_exit(code);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0) << "a second process opened the live database";
  store_.reset();
  open_store(linked, clock_, random_);
  EXPECT_FALSE(fs::exists(folder_.file("other/marketplug.key")));
}

TEST_F(OpenStoreTest, ADatabaseWithASecondNameIsRefused) {
  open();
  store_.reset();
  fs::create_hard_link(db_path(), folder_.file("second.db"));
  std::string message;
  EXPECT_EQ(open_fails(&message), Kind::kOther);
  EXPECT_NE(message.find("hard links"), std::string::npos);
  fs::remove(folder_.file("second.db"));
  open();
}

TEST_F(OpenStoreTest, ClosingADatabaseToOthersGivesItsOwnerNoMore) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs a file that is opened without the right to write";
  open();
  store_.reset();
  ::chmod(db_path().c_str(), 0444);
  open();
  EXPECT_EQ(mode_of(db_path()), 0400u);
}

/// Root may write everywhere, so a child of its own becomes nobody.
TEST_F(OpenStoreTest, AReadOnlyDatabaseIsNamedAndLeftAlone) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can become somebody else";
  constexpr uid_t kNobody = 65534;
  StoreOptions configured = options();
  configured.encryption_key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  open_store(configured, clock_, random_);
  const std::string before = bytes_of_file(db_path());
  ::chmod(folder_.path().c_str(), 0755);
  ::chmod(folder_.file("state").c_str(), 0777);
  ::chmod(folder_.file("state/marketplug.lock").c_str(), 0666);
  ::chmod(db_path().c_str(), 0444);
  const pid_t child = ::fork();
  if (child == 0) {
    int code = 1;
    if (::setuid(kNobody) != 0) ::_exit(3);
    try {
      open_store(configured, clock_, random_);
    } catch (const StoreError& error) {
      const bool named = std::string(error.what()).find(db_path()) != std::string::npos;
      code = error.kind() == Kind::kReadOnly && named ? 0 : 2;
    }
    ::_exit(code);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(bytes_of_file(db_path()), before);
}

TEST_F(OpenStoreTest, AnotherKeyChangesNothing) {
  own();
  store_.reset();
  const std::string before = bytes_of_file(db_path());
  fs::rename(folder_.file("state/marketplug.key"), folder_.file("saved.key"));
  std::string message;
  EXPECT_EQ(open_fails(&message), Kind::kWrongKey) << "a new key must not be made";
  EXPECT_NE(message.find("marketplug.key"), std::string::npos);
  StoreOptions other = options();
  other.encryption_key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  EXPECT_EQ(kind_of([&] { open_store(other, clock_, random_); }, &message), Kind::kWrongKey);
  EXPECT_NE(message.find(db_path()), std::string::npos);
  EXPECT_EQ(bytes_of_file(db_path()), before);
  fs::rename(folder_.file("saved.key"), folder_.file("state/marketplug.key"));
  open();
}

TEST_F(OpenStoreTest, AConfiguredKeyNeedsNoFile) {
  StoreOptions configured = options();
  configured.encryption_key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  for (int i = 0; i < 2; ++i) open_store(configured, clock_, random_);
  EXPECT_FALSE(fs::exists(folder_.file("state/marketplug.key")));
}

TEST_F(OpenStoreTest, AnOrderlyStopNeedsNoCheck) {
  open();
  reopen();
  EXPECT_FALSE(noticed("checking"));
}

/// A check may take minutes: a stop does not wait for it, and the next start begins it again.
TEST_F(OpenStoreTest, ACheckThatIsToldToEndEndsAndComesAgain) {
  upsert(own(), order("1"));
  crash();
  const auto log_size = fs::file_size(db_path() + "-wal");
  StoreOptions stopping = options();
  stopping.stopped = [] { return true; };
  std::string message;
  EXPECT_EQ(kind_of([&] { open_store(stopping, clock_, random_); }, &message), Kind::kStopped);
  EXPECT_NE(message.find(db_path()), std::string::npos);
  EXPECT_EQ(fs::file_size(db_path() + "-wal"), log_size) << "left as it was";
  notices_.clear();
  open();
  EXPECT_TRUE(noticed("did not end in order"));
  EXPECT_FALSE(noticed("stands alone"));
  EXPECT_TRUE(noticed("is sound"));
}

TEST_F(OpenStoreTest, AfterACrashTheDatabaseIsCheckedAndNothingIsLost) {
  const OwnerToken token = own();
  upsert(token, order("1"));
  crash();
  open();
  EXPECT_TRUE(noticed("did not end in order"));
  EXPECT_TRUE(noticed("is sound"));
  EXPECT_FALSE(noticed("stands alone"));
  EXPECT_TRUE(store().orders().find("shop-nl", "1").has_value());
  notices_.clear();
  reopen();
  EXPECT_FALSE(noticed("did not end in order"));
}

TEST_F(OpenStoreTest, ACopyWithoutItsLogIsCheckedWholeAndSaysWhatMayBeMissing) {
  own();
  crash(false);
  open();
  EXPECT_TRUE(noticed("stands alone"));
}

TEST_F(OpenStoreTest, DamageFoundAfterACrashStopsTheStart) {
  const OwnerToken token = own();
  {
    const auto transaction = store().begin(token);
    for (int i = 0; i < 200; ++i) transaction->upsert_order(order(std::to_string(i)));
    transaction->commit();
  }
  reopen();  // everything into the database file
  crash();
  {
    // Not the header and not the first pages: those would be noticed at once.
    std::fstream file(db_path(), std::ios::in | std::ios::out | std::ios::binary);
    const auto size = static_cast<std::streamoff>(fs::file_size(db_path()));
    for (std::streamoff page = 20 * 4096; page + 4096 < size; page += 4096) {
      file.seekp(page);
      file << std::string(200, '\xee');
    }
  }
  const std::string damaged = bytes_of_file(db_path());
  std::string message;
  EXPECT_EQ(open_fails(&message), Kind::kCorrupt);
  EXPECT_NE(message.find("restore the last backup"), std::string::npos);
  EXPECT_EQ(bytes_of_file(db_path()), damaged);
}

TEST_F(OpenStoreTest, ADatabaseDeletedUnderTheProgramStopsTheWrites) {
  const OwnerToken token = own();
  fs::rename(db_path(), folder_.file("moved.db"));
  std::string message;
  EXPECT_EQ(kind_of([&] { store().begin(token); }, &message), Kind::kCorrupt);
  EXPECT_NE(message.find("deleted or replaced"), std::string::npos);
}

TEST_F(OpenStoreTest, AFolderThatMayNotBeWrittenIsNamed) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  fs::create_directory(folder_.file("state"));
  ::chmod(folder_.file("state").c_str(), 0500);
  std::string message;
  EXPECT_EQ(open_fails(&message), Kind::kReadOnly);
  EXPECT_NE(message.find(folder_.file("state")), std::string::npos);
  ::chmod(folder_.file("state").c_str(), 0700);
}

}  // namespace
}  // namespace marketplug::store
