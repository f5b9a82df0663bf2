#include <algorithm>
#include <utility>

#include "host/contacts/contacts.hpp"
#include "host/contacts/name_words.hpp"
#include "host/contacts/words.hpp"

namespace marketplug::contacts {
namespace {

constexpr std::size_t kMostWords = 9;

/// "v.", "v.d.": a particle cut short, in small letters.
bool is_short_particle(const Word& word) {
  return word.text.back() == '.' && word.text.front() == word.folded.front() &&
         listed(" v d vd vdr vh vt ", word.folded);
}

/// "J.", "J.P.", "Chr.", "F": letters that stand for a given name.
bool is_initial(const Word& word) {
  if (is_short_particle(word)) return false;
  const auto count = letters(word.text);
  if (count == 1) return word.folded.size() == 1;
  const auto dots = static_cast<std::size_t>(std::count(word.text.begin(), word.text.end(), '.'));
  const bool short_for = dots == 1 && listed(" chr th ph ch joh wm geo jos ", word.folded);
  return word.text.back() == '.' && (dots == count || short_for);
}

bool is_given(const Word& word) {
  if (is_initial(word)) return true;
  for (std::size_t from = 0; from <= word.folded.size();) {  // "Jean-Pierre" by its halves
    const auto to = std::min(word.folded.find('-', from), word.folded.size());
    if (!listed(kGiven, std::string_view(word.folded).substr(from, to - from))) return false;
    from = to + 1;
  }
  return true;
}

/// A word of a family or given name, with the particles before it.
struct Unit {
  std::size_t begin = 0, name = 0;  ///< particles from `begin`, the word itself at `name`
  bool particles() const { return begin != name; }
};

class NameReader {
 public:
  NameReader(Words words, Country country) : words_(std::move(words)), country_(country) {}

  NameParts read() {
    if (words_.empty() || words_.size() > kMostWords || !is_of_a_person()) return {};
    // Monsieur or an initial: both are usual there.
    if (country_ == Country::kBe && words_.front().folded == "m") return {};
    take_titles();
    take_suffixes();
    if (words_.empty()) return {};
    const auto comma = comma_at();
    const bool found = comma == 0 ? in_order() : comma != kNone && behind_comma(comma);
    if (!found) return {};
    parts_.split = true;
    return std::move(parts_);
  }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  Words::const_iterator iterator(std::size_t at) const {
    return words_.begin() + static_cast<std::ptrdiff_t>(at);
  }

  bool is_of_a_person() const {
    return std::none_of(words_.begin(), words_.end(), [](const Word& word) {
      const bool other_sign =
          word.text.find_first_of("0123456789/&@()+:\"#%*=!?_|[]{}$`") != std::string::npos;
      const bool dotted = word.text.find('.') != std::string::npos;
      return other_sign || letters(word.text) == 0 || is_pair(word) ||
             listed(kOrganisation, word.folded) || listed(kUnsettled, word.folded) ||
             (dotted && listed(kDottedOrganisation, word.folded));
    });
  }

  /// A capital alone is an initial, whatever the word means in small letters.
  static bool is_pair(const Word& word) {
    const bool initial = letters(word.text) == 1 && word.text.front() != word.folded.front();
    return !initial && listed(kAnd, word.folded);
  }

  bool is_title(const Word& word) const {
    const bool dotted = word.text.back() == '.';
    const auto& name = word.folded;
    if (listed(kHouseholds, name) || listed(kTitles, name)) return true;
    if (dotted && listed(kDottedTitles, name)) return true;
    if (!parts_.prefix.empty() && dotted && listed(kAfterDoctor, name)) return true;
    switch (country_) {
      case Country::kEs:
        return listed(kTitlesEs, name);
      case Country::kPl:
        return listed(kTitlesPl, name);
      case Country::kGb:
      case Country::kUs:
        return listed(kTitlesEnglish, name);
      case Country::kFr:
        return name == "m";
      default:
        return false;
    }
  }

  void take_titles() {
    std::size_t count = 0;
    while (count < words_.size() && (count == 0 || !words_[count].after_comma) &&
           is_title(words_[count])) {
      const auto& name = words_[count].folded;
      household_ = household_ || listed(kHouseholds, name);
      before_family_ = before_family_ || household_ || listed(kFamilyTitles, name);
      parts_.prefix = joined(words_, 0, ++count);
    }
    words_.erase(words_.begin(), iterator(count));
    if (!words_.empty()) words_.front().after_comma = false;
  }

  void take_suffixes() {
    auto end = words_.size();
    while (end > 2 && is_suffix(words_[end - 1])) --end;
    parts_.suffix = joined(words_, end, words_.size());
    words_.resize(end);
  }

  static bool is_suffix(const Word& word) {
    const bool number = listed(" ii iii iv ", word.folded);
    return listed(kSuffixes, word.folded) && (!number || in_capitals(word.text));
  }

  /// Where the only comma is; 0: there is none; kNone: more than one.
  std::size_t comma_at() const {
    std::size_t found = 0;
    for (std::size_t i = 1; i < words_.size(); ++i) {
      if (!words_[i].after_comma) continue;
      if (found != 0) return kNone;
      found = i;
    }
    return found;
  }

  bool is_infix(const Word& word) const {
    if (country_ != Country::kNl && country_ != Country::kDe) return false;
    if (word.text.back() == '.') return is_short_particle(word);
    return listed(country_ == Country::kNl ? kInfixNl : kInfixDe, word.folded);
  }
  bool is_particle(const Word& word) const {
    return is_infix(word) || (word.text.back() != '.' && listed(kParticles, word.folded));
  }

  /// The words of [begin, end), each with its particles; empty where a particle has no word.
  std::vector<Unit> units_of(std::size_t begin, std::size_t end) const {
    std::vector<Unit> units;
    for (auto at = begin; at < end; ++at) {
      Unit unit{at, at};
      while (unit.name < end && is_particle(words_[unit.name])) ++unit.name;
      if (unit.name == end) return {};
      at = unit.name;
      units.push_back(unit);
    }
    return units;
  }

  bool is_given_unit(const Unit& unit) const {
    const auto& word = words_[unit.name];
    if (!unit.particles()) return is_given(word);
    if (country_ != Country::kEs || unit.name != unit.begin + 1) return false;
    const auto& particle = words_[unit.begin].folded;
    return (particle == "del" && listed(kGivenAfterDel, word.folded)) ||
           (particle == "de" && listed(kGivenAfterDe, word.folded));
  }

  /// The family name from `unit` to `end`: its particles are the infix where the country has one.
  bool set_family(const Unit& unit, std::size_t end) {
    if (is_initial(words_[end - 1])) return false;
    const auto infix_until = std::find_if(iterator(unit.begin), iterator(unit.name),
                                          [this](const Word& word) { return !is_infix(word); });
    const bool infix = infix_until == iterator(unit.name);
    const auto begin = infix ? unit.name : unit.begin;
    parts_.infix = joined(words_, unit.begin, begin);
    parts_.family = joined(words_, begin, end);
    return true;
  }

  /// Without a given name: after a title, or as a household.
  bool only_family() {
    const auto units = units_of(0, words_.size());
    return before_family_ && units.size() == 1 && set_family(units.front(), words_.size());
  }

  /// How many units from the first on are given names. The first one may be any word, unless it
  /// stands before a name that is known: it may be a title then.
  std::size_t given_units(const std::vector<Unit>& units) const {
    std::size_t given = 1;
    bool known = false;
    for (; given + 1 < units.size() && is_given_unit(units[given]); ++given) {
      known = known || !is_initial(words_[units[given].name]);
    }
    return known && !is_given(words_[units.front().name]) ? 0 : given;
  }

  bool is_spanish_pair(const std::vector<Unit>& units, std::size_t given) const {
    return country_ == Country::kEs && given > 0 && units.size() - given == 2 &&
           (units[given].particles() || !listed(kEitherEs, words_[units[given].name].folded));
  }

  bool in_order() {
    const auto units = units_of(0, words_.size());
    if (units.empty()) return false;
    if (household_ || units.size() == 1) return only_family();
    if (units.front().particles()) return false;
    if (is_turned()) return by_capitals();
    const auto given = given_units(units);
    const auto family = units.size() - given;
    if (family != 1 && !is_spanish_pair(units, given)) return false;
    // "Rossi Mario": the family name may have been written first. "María José": there may be none.
    const auto& last = units.back();
    if (!last.particles() && is_given(words_[last.name])) return false;
    parts_.given = joined(words_, 0, units[given].begin);
    return set_family(units[given], words_.size());
  }

  /// Capitals tell the family name, here before the given one.
  bool is_turned() const {
    return in_capitals(words_.front().text) && letters(words_.front().text) > 2 &&
           !in_capitals(words_.back().text);
  }

  /// "DUPONT Jean": usual in France, Belgium and Italy only.
  bool by_capitals() {
    const bool usual =
        country_ == Country::kFr || country_ == Country::kBe || country_ == Country::kIt;
    const auto first = std::find_if(words_.begin(), words_.end(),
                                    [](const Word& word) { return !in_capitals(word.text); });
    const auto at = static_cast<std::size_t>(first - words_.begin());
    if (!usual || !std::all_of(first, words_.end(), is_given)) return false;
    parts_.family = joined(words_, 0, at);
    parts_.given = joined(words_, at, words_.size());
    return true;
  }

  /// "Berg, Jan van der".
  bool behind_comma(std::size_t comma) {
    auto end = words_.size();
    while (end > comma && is_particle(words_[end - 1])) --end;
    const bool names = end > comma && std::all_of(iterator(comma), iterator(end), is_given);
    const auto units = units_of(0, comma);
    const bool two = units.size() == 2 && country_ == Country::kEs;
    if (!names || household_ || (units.size() != 1 && !two)) return false;
    if (!set_family(units.front(), comma)) return false;
    parts_.given = joined(words_, comma, end);
    return end == words_.size() || set_infix_behind(end, units.front());
  }

  bool set_infix_behind(std::size_t begin, const Unit& family) {
    const bool infix = std::all_of(iterator(begin), iterator(words_.size()),
                                   [this](const Word& word) { return is_infix(word); });
    if (!infix || family.particles()) return false;
    parts_.infix = joined(words_, begin, words_.size());
    return true;
  }

  Words words_;
  Country country_;
  NameParts parts_;
  bool before_family_ = false, household_ = false;
};

}  // namespace

NameParts split_name(std::string_view name, std::string_view country) {
  const auto known = country_of(country);
  auto words = known ? words_of(name) : std::nullopt;
  return words ? NameReader(std::move(*words), *known).read() : NameParts();
}

}  // namespace marketplug::contacts
