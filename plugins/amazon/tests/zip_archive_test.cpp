#include "src/zip_archive.hpp"

#include <gtest/gtest.h>

#include <string>

#include "plugins/amazon/sandbox/zip_maker.hpp"

namespace marketplug::amazon {
namespace {

using amazon_sandbox::make_zip;
using amazon_sandbox::ZipPart;

/// What is wrong with the archive, else with its first entry, else empty.
std::string_view problem_of(std::string_view bytes) {
  const ZipArchive zip(bytes);
  if (!zip.problem().empty()) return zip.problem();
  return zip.entries().empty() ? std::string_view("no entry")
                               : zip.unpack(zip.entries()[0]).problem;
}

std::string from_base64(std::string_view text) {
  static constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    if (c == '=') break;
    bits = bits << 6 | static_cast<std::uint32_t>(kLetters.find(c));
    if ((count += 6) < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xff);
  }
  return out;
}

TEST(ZipArchive, ListsAndUnpacksWhatIsThere) {
  const std::string bytes = make_zip({{"a.json", "{\"a\": 1}"},
                                      {"b/c.jpg", std::string("\xff\xd8\0\1", 4), false},
                                      {"empty", "", false},
                                      {"nothing", ""}},
                                     "a comment");
  const ZipArchive zip(bytes);
  ASSERT_EQ(zip.problem(), "");
  const auto& entries = zip.entries();
  ASSERT_EQ(entries.size(), 4u);
  EXPECT_EQ(entries[0].name, "a.json");
  EXPECT_EQ(zip.unpack(entries[0]).text, "{\"a\": 1}");
  EXPECT_EQ(entries[1].name, "b/c.jpg");
  EXPECT_EQ(zip.unpack(entries[1]).text, std::string("\xff\xd8\0\1", 4));
  EXPECT_EQ(zip.unpack(entries[2]).problem, "");
  EXPECT_EQ(zip.unpack(entries[3]).problem, "");
  const std::string empty = make_zip({});
  const ZipArchive nothing(empty);
  EXPECT_TRUE(nothing.problem().empty() && nothing.entries().empty());
}

/// Made by Python's zipfile, at once and as a stream, where sizes come behind the bytes.
TEST(ZipArchive, ReadsWhatOthersWrite) {
  const std::string streamed = from_base64(
      "UEsDBBQACAAIAABAdF0AAAAAAAAAAAAAAAAGAAAAMS5qc29uq1ZKLi0uyc/NrEosyczPc0ksSVSyqlYqqSxIVbJSCkmt"
      "KHFGllfSUcpJTErNAcr5JeamArmZeQWlJWGJOaUg9b6ZOYlKtbUAUEsHCPF/lQFIAAAAVQAAAFBLAQIUAxQACAAIAABA"
      "dF3xf5UBSAAAAFUAAAAGAAAAAAAAAAAAAACAAQAAAAAxLmpzb25QSwUGAAAAAAEAAQA0AAAAfAAAAAAA");
  const ZipArchive zip(streamed);
  ASSERT_EQ(zip.problem(), "");
  ASSERT_EQ(zip.entries().size(), 1u);
  EXPECT_EQ(zip.entries()[0].name, "1.json");
  EXPECT_EQ(
      zip.unpack(zip.entries()[0]).text,
      R"({"customizationData":{"type":"TextCustomization","label":"Name","inputValue":"Mila"}})");
}

TEST(ZipArchive, ABombIsNotUnpacked) {
  const std::string blanks(8u << 20, ' ');
  EXPECT_EQ(problem_of(make_zip({{"a.json", blanks}})), kZipTooLarge) << "8 MiB";
  EXPECT_EQ(problem_of(make_zip({{"a.json", blanks.substr(0, 1u << 20)}})), kZipTooLarge)
      << "a thousand to one";
  EXPECT_EQ(problem_of(make_zip({{"a.json", blanks.substr(0, 60000)}})), "") << "small";
  ZipPart modest{"a.json", blanks};
  modest.size = 1000;
  EXPECT_EQ(problem_of(make_zip({modest})), kZipDamaged) << "no more than it announces";
  ZipPart boastful{"a.json", "x"};
  boastful.size = 200u << 20;
  ZipPart another = boastful;
  another.name = "b.json";
  EXPECT_EQ(problem_of(make_zip({boastful, another})), kZipTooLarge) << "in all";
  std::vector<ZipPart> many;
  for (std::size_t i = 0; i < kZipEntries; ++i) many.push_back({std::to_string(i), ""});
  EXPECT_EQ(problem_of(make_zip(many)), "");
  many.push_back({"one more", ""});
  EXPECT_EQ(problem_of(make_zip(many)), kZipTooLarge);
}

TEST(ZipArchive, WhatItCannotReadHasACode) {
  EXPECT_EQ(problem_of(""), kZipNone);
  EXPECT_EQ(problem_of("<html><h1>Sorry</h1></html>"), kZipNone);
  ZipPart part{"a.json", "{}"};
  part.flags = 1;
  EXPECT_EQ(problem_of(make_zip({part})), kZipEncrypted);
  part.flags = 0;
  part.method = std::uint16_t{14};
  EXPECT_EQ(problem_of(make_zip({part})), kZipUnknown) << "LZMA";
  part.method.reset();
  part.size = 0xffffffff;
  EXPECT_EQ(problem_of(make_zip({part})), kZipDamaged) << "Zip64 without its sizes";
  part.size.reset();
  part.checksum = 1;
  EXPECT_EQ(problem_of(make_zip({part})), kZipDamaged) << "checksum";
  part.checksum.reset();
  part.size = 3;
  EXPECT_EQ(problem_of(make_zip({part})), kZipDamaged) << "shorter than it says";
}

TEST(ZipArchive, NoTruncationAndNoOddByteDoesHarm) {
  const std::string zip = make_zip({{"a.json", "{\"text\": \"For Mila\"}"}, {"b", "b", false}});
  for (std::size_t size = 0; size < zip.size(); ++size) {
    EXPECT_FALSE(problem_of(std::string_view(zip).substr(0, size)).empty()) << size;
  }
  std::size_t noticed = 0;
  for (std::size_t at = 0; at < zip.size(); ++at) {
    for (const int value : {0x00, 0x01, 0x7f, 0x80, 0xff}) {
      std::string odd = zip;
      odd[at] = static_cast<char>(value);
      const ZipArchive read(odd);
      if (!read.problem().empty()) ++noticed;
      for (const ZipEntry& entry : read.entries()) noticed += !read.unpack(entry).problem.empty();
    }
  }
  EXPECT_GT(noticed, 200u);
}

}  // namespace
}  // namespace marketplug::amazon
