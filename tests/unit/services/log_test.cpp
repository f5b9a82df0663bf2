#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

#include "host/services/log_line.hpp"
#include "host/services/services.hpp"
#include "marketplug/testing/fakes.hpp"
#include "tls_server.hpp"

namespace marketplug::services {
namespace {

using ::testing::HasSubstr;
using testing::TempFolder;

class LogTest : public ::testing::Test {
 protected:
  std::string text(std::string_view message, std::vector<LogField> fields = {}) {
    return text_line({clock_.now(), Log::Level::kInfo, "orders.page", message, fields}, *redactor_);
  }
  std::string json(std::string_view message, std::vector<LogField> fields = {}) {
    return json_line({clock_.now(), Log::Level::kWarning, "orders.page", message, fields},
                     *redactor_);
  }
  static std::string content(const std::string& path) {
    std::ifstream file(path);
    std::ostringstream all;
    all << file.rdbuf();
    return all.str();
  }
  LogOptions into(const std::string& file, bool as_json = false) const {
    LogOptions options;
    options.file = file;
    options.json = as_json;
    return options;
  }

  TempFolder folder_;
  marketplug::testing::FakeClock clock_;
  std::unique_ptr<Redactor> redactor_ = make_redactor();
};

TEST_F(LogTest, TextHasTimeLevelShopEventMessageAndFields) {
  EXPECT_EQ(text("12 orders read", {{"shop", "shop-nl"}, {"orders", "12"}, {"note", "a b"}}),
            "2026-11-23T10:00:00.000Z info  shop-nl orders.page 12 orders read orders=12 "
            "note=\"a b\"");
  EXPECT_EQ(text("hello"), "2026-11-23T10:00:00.000Z info  - orders.page hello");
}

TEST_F(LogTest, APipeThatNobodyReadsStopsNothing) {
  const std::string path = folder_.file("pipe");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const int reader = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  ASSERT_GE(reader, 0);
  const auto log = make_log(into(path), *redactor_, clock_);
  const std::string page(4000, 'x');
  for (int n = 0; n < 100; ++n) log->write(Log::Level::kInfo, "a.line", page, {});
  std::string got(1u << 20, ' ');
  while (::read(reader, got.data(), got.size()) > 0) {
  }
  log->write(Log::Level::kInfo, "after", "room again", {});
  const auto size = ::read(reader, got.data(), got.size());
  ASSERT_GT(size, 0);
  got.resize(static_cast<std::size_t>(size));
  EXPECT_THAT(got, HasSubstr("room again"));
  EXPECT_THAT(got, HasSubstr("log.dropped"));
  ::close(reader);
}

TEST_F(LogTest, NoValueCanForgeALine) {
  const auto line =
      text("a\nb", {{"shop", "x\ny"}, {"k\n", "1\r\n2026 error forged"}, {"esc", "\x1b[31m"}});
  EXPECT_EQ(line.find_first_of("\r\n\x1b"), std::string::npos);
  EXPECT_THAT(line, HasSubstr("a\\nb"));
  EXPECT_THAT(line, HasSubstr("\\u001b[31m"));
  EXPECT_THAT(text("x", {{"k",
                          "\xe2\x80\xae"
                          "abc"},
                         {"c1",
                          "\xc2\x9b"
                          "31m"},
                         {"bad", "\xff"}}),
              HasSubstr("k=\\u202eabc c1=\\u009b31m bad=\\xff"));
}

TEST_F(LogTest, JsonIsOneWholeObjectWhateverTheValues) {
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  const auto line = json(all, {{"shop", "é€😀\"\\"}, {"level", "x"}, {"shop", "second"}});
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto parsed = boost::json::parse(line).as_object();
  EXPECT_EQ(parsed.at("ts"), "2026-11-23T10:00:00.000Z");
  EXPECT_EQ(parsed.at("level"), "warning");
  EXPECT_EQ(parsed.at("event"), "orders.page");
  EXPECT_EQ(parsed.at("shop"), "é€😀\"\\");
  EXPECT_EQ(parsed.at("level_"), "x");
  const std::string message(parsed.at("message").as_string());
  EXPECT_EQ(message.substr(0, 128), all.substr(0, 128));
}

TEST_F(LogTest, SecretsAreMaskedEverywhere) {
  redactor_->learn("canary\"secret");
  const std::vector<LogField> fields{{"canary\"secret", "x"},
                                     {"k", "a canary\"secret"},
                                     {"authorization", "whatever"},
                                     {"shop", "canary\"secret"}};
  for (const auto& line :
       {text("canary\"secret", fields), json("canary\"secret", fields),
        text_line({clock_.now(), Log::Level::kInfo, "canary\"secret", "", {}}, *redactor_)}) {
    EXPECT_EQ(line.find("canary"), std::string::npos) << line;
    EXPECT_EQ(line.find("whatever"), std::string::npos) << line;
  }
}

TEST_F(LogTest, LongValuesAreCutBetweenCharacters) {
  std::string value;
  for (int i = 0; i < 10'000; ++i) value += "€";
  const auto parsed = boost::json::parse(json(value)).as_object();
  EXPECT_LT(parsed.at("message").as_string().size(), 8300u);
}

TEST_F(LogTest, WritesLinesFromItsLevelUp) {
  const TempFolder folder;
  const auto path = folder.file("log");
  {
    const auto log = make_log(into(path), *redactor_, clock_);
    log->write(Log::Level::kDebug, "a", "unseen", {});
    log->write(Log::Level::kInfo, "b", "seen {}", {});
  }
  EXPECT_EQ(content(path), "2026-11-23T10:00:00.000Z info  - b seen {}\n");
}

TEST_F(LogTest, ThreadsDoNotMixTheirLines) {
  const TempFolder folder;
  const auto path = folder.file("log");
  const auto log = make_log(into(path, true), *redactor_, clock_);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) log->write(Log::Level::kInfo, "e", "message", {});
    });
  }
  for (auto& thread : threads) thread.join();
  std::istringstream lines(content(path));
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    EXPECT_NO_THROW(boost::json::parse(line));
  }
  EXPECT_EQ(count, 400);
}

TEST_F(LogTest, AFileThatCannotBeOpenedIsNamed) {
  EXPECT_THROW(make_log(into("/nowhere/at/all"), *redactor_, clock_), std::runtime_error);
}

TEST_F(LogTest, AFullDiskNeverThrows) {
  const auto log = make_log(into("/dev/full"), *redactor_, clock_);
  for (int i = 0; i < 10; ++i) log->write(Log::Level::kError, "e", "lost", {});
}

TEST_F(LogTest, WhatAFullDiskLostIsCountedOnceThereIsRoom) {
  const TempFolder folder;
  const auto path = folder.file("log");
  const auto log = make_log(into(path), *redactor_, clock_);
  log->write(Log::Level::kInfo, "e", "before", {});

  rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
  const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit full{content(path).size() + 10, old.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &full), 0);
  for (int i = 0; i < 3; ++i) log->write(Log::Level::kInfo, "e", "lost", {});
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &old), 0);
  std::signal(SIGXFSZ, ignored);
  log->write(Log::Level::kInfo, "e", "after", {});

  const auto all = content(path);
  EXPECT_THAT(all, HasSubstr("\n2026-11-23T10:00:00.000Z info  - e after\n"));
  EXPECT_THAT(all, HasSubstr("log.dropped"));
  EXPECT_THAT(all, HasSubstr("lines=3\n"));
}

TEST_F(LogTest, TheCountOfLostLinesOutlivesALineThatHadNoRoomForIt) {
  const TempFolder folder;
  const auto path = folder.file("log");
  const auto log = make_log(into(path), *redactor_, clock_);
  const auto write = [&](std::string_view message, std::size_t room) {
    rlimit old{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit full{content(path).size() + room, old.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &full), 0);
    log->write(Log::Level::kInfo, "e", message, {});
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &old), 0);
    std::signal(SIGXFSZ, handler);
  };
  for (int i = 0; i < 3; ++i) write("lost", 0);
  const auto line = text_line({clock_.now(), Log::Level::kInfo, "e", "fits", {}}, *redactor_);
  write("fits", line.size() + 1 + 20);  // and 20 bytes of the line that tells the count
  EXPECT_THAT(content(path), HasSubstr("e fits\n"));
  log->write(Log::Level::kInfo, "e", "after", {});
  EXPECT_THAT(content(path), HasSubstr("\n2026-11-23T10:00:00.000Z info  - e after\n"));
  EXPECT_THAT(content(path), HasSubstr("lines=3\n"));
}

}  // namespace
}  // namespace marketplug::services
