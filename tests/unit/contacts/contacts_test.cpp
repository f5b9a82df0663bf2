#include "host/contacts/contacts.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "host/contacts/words.hpp"
#include "unit/contacts/address_cases.hpp"
#include "unit/contacts/name_cases.hpp"

namespace marketplug::contacts {
namespace {

std::string text_of(const NameParts& parts) {
  if (!parts.split) return "whole";
  return parts.prefix + "|" + parts.given + "|" + parts.infix + "|" + parts.family + "|" +
         parts.suffix;
}

std::string text_of(const AddressParts& parts) {
  if (!parts.split) return "whole";
  return (parts.kind == "street" ? "" : parts.kind + ":") + parts.street + "|" +
         parts.house_number + "|" + parts.extension + "|" + parts.additional;
}

/// The bytes of the text, sorted, without blanks and without the separators that may vanish.
std::string content(std::string text) {
  for (const std::string_view vanishes : {"\xC2\xA0", "\xE2\x80\x93"}) {
    for (auto at = text.find(vanishes); at != std::string::npos; at = text.find(vanishes)) {
      text.erase(at, vanishes.size());
    }
  }
  std::erase_if(text,
                [](char c) { return std::string_view(" \t,;-/").find(c) != std::string::npos; });
  std::sort(text.begin(), text.end());
  return text;
}

/// What of `from` the parts lack; "more" where they have what it lacks.
std::string missing(const std::string& from, const std::string& parts) {
  const auto whole = content(from), kept = content(parts);
  if (!std::includes(whole.begin(), whole.end(), kept.begin(), kept.end())) return "more";
  std::string lacking;
  std::set_difference(whole.begin(), whole.end(), kept.begin(), kept.end(),
                      std::back_inserter(lacking));
  return lacking;
}

/// Nothing may lack, but for one sign of a number where there is one ("nr.", "nº").
::testing::AssertionResult nothing_lost(const std::string& from, const AddressParts& parts) {
  const auto lacking =
      missing(from, parts.street + parts.house_number + parts.extension + parts.additional);
  for (const std::string sign :
       {"", "nr", "Nr", "nr.", "Nr.", "no", "no.", "No.", "nº", "n.", "Hausnummer"}) {
    if (lacking == content(sign)) return ::testing::AssertionSuccess();
  }
  return ::testing::AssertionFailure() << '"' << from << "\" lost \"" << lacking << '"';
}

TEST(SplitName, TakesEveryCaseApart) {
  for (const auto& each : testing::kNameCases) {
    const auto parts = split_name(each.name, each.country);
    EXPECT_EQ(text_of(parts), each.parts) << each.country << ": " << each.name;
  }
}

TEST(SplitAddress, TakesEveryCaseApart) {
  for (const auto& each : testing::kAddressCases) {
    const auto parts = split_address({each.line1, each.line2, each.line3}, each.country);
    EXPECT_EQ(text_of(parts), each.parts)
        << each.country << ": " << each.line1 << " / " << each.line2 << " / " << each.line3;
  }
}

TEST(Contacts, HaveAtLeastTwoHundredCases) {
  EXPECT_GE(testing::kNameCases.size() + testing::kAddressCases.size(), 200u);
}

constexpr const char* kCountries[] = {"NL", "DE", "BE", "FR", "GB", "IT", "ES", "PL", "SE", "US"};

std::vector<std::string> words_of_all_cases() {
  std::vector<std::string> words;
  const auto add = [&](std::string_view text) {
    for (std::size_t from = 0; from < text.size();) {
      const auto to = std::min(text.find(' ', from), text.size());
      if (to > from) words.emplace_back(text.substr(from, to - from));
      from = to + 1;
    }
  };
  for (const auto& each : testing::kNameCases) add(each.name);
  for (const auto& each : testing::kAddressCases) {
    for (const auto* line : {each.line1, each.line2, each.line3}) add(line);
  }
  return words;
}

/// Texts of one to six words of the cases, in any order, in every country.
class AnyWords {
 public:
  std::string line(std::size_t most) {
    std::string text;
    const auto count = random_() % (most + 1);
    for (std::size_t i = 0; i < count; ++i) {
      if (!text.empty()) text += random_() % 8 == 0 ? ", " : " ";
      text += words_[random_() % words_.size()];
    }
    return text;
  }
  const char* country() { return kCountries[random_() % std::size(kCountries)]; }

 private:
  std::vector<std::string> words_ = words_of_all_cases();
  std::mt19937 random_{20261126};
};

TEST(SplitName, LosesNothingWhateverTheWords) {
  AnyWords any;
  int split = 0;
  for (int i = 0; i < 100000; ++i) {
    const auto name = any.line(5);
    const std::string country = any.country();
    const auto parts = split_name(name, country);
    if (!parts.split) {
      ASSERT_EQ(parts, NameParts()) << name;
      continue;
    }
    ++split;
    ASSERT_FALSE(parts.family.empty()) << name;
    ASSERT_EQ(missing(name, parts.prefix + parts.given + parts.infix + parts.family + parts.suffix),
              "")
        << country << ": " << name << " -> " << text_of(parts);
  }
  EXPECT_GT(split, 1000);
}

TEST(SplitAddress, LosesNothingWhateverTheWords) {
  AnyWords any;
  int split = 0;
  for (int i = 0; i < 100000; ++i) {
    const auto line1 = any.line(4), line2 = any.line(2), line3 = any.line(1);
    const std::string country = any.country();
    const auto parts = split_address({line1, line2, line3}, country);
    if (!parts.split) {
      ASSERT_EQ(parts, AddressParts()) << line1 << " / " << line2 << " / " << line3;
      continue;
    }
    ++split;
    ASSERT_FALSE(parts.street.empty() || parts.house_number.empty()) << line1 << " / " << line2;
    ASSERT_TRUE(nothing_lost(line1 + " " + line2 + " " + line3, parts))
        << country << " -> " << text_of(parts);
  }
  EXPECT_GT(split, 1000);
}

TEST(SplitAddress, LosesNothingOfTheCases) {
  for (const auto& each : testing::kAddressCases) {
    const auto parts = split_address({each.line1, each.line2, each.line3}, each.country);
    if (!parts.split) continue;
    const std::string text = std::string(each.line1) + " " + each.line2 + " " + each.line3;
    EXPECT_TRUE(nothing_lost(text, parts)) << each.country << ": " << text;
  }
}

TEST(Contacts, TakeAnyBytes) {
  std::mt19937 random{7};
  for (int i = 0; i < 20000; ++i) {
    std::string text(random() % 24, ' ');
    for (auto& c : text) c = static_cast<char>(random() % 256);
    for (const auto* country : kCountries) {
      split_name(text, country);
      split_address({text, text, ""}, country);
    }
  }
}

TEST(Words, FoldWithoutCaseAccentsAndDots) {
  EXPECT_EQ(fold("Straße"), "strasse");
  EXPECT_EQ(fold("DOTT.SSA"), "dottssa");
  EXPECT_EQ(fold("ŁÓDŹ"), "lodz");
  EXPECT_EQ(fold("Ærø œuvre ĳ Þór"), "aero oeuvre ij thor");
  EXPECT_EQ(fold("O’Hara"), "o'hara");
  EXPECT_EQ(fold("e\xCC\x81tage"), "etage");
  EXPECT_EQ(fold("3º"), "3º");
}

TEST(Words, AListHasWholeWordsOnly) {
  EXPECT_TRUE(listed(" de der ", "de"));
  EXPECT_TRUE(listed(" de der ", "der"));
  EXPECT_FALSE(listed(" de der ", "d"));
  EXPECT_FALSE(listed(" de der ", "er"));
  EXPECT_FALSE(listed(" de der ", ""));
}

}  // namespace
}  // namespace marketplug::contacts
