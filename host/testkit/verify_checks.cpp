// Group V: verify after push. Reading back says what the marketplace shows, and sends nothing.
#include <fmt/format.h>

#include "host/testkit/tour.hpp"

namespace marketplug::testkit {
namespace {

std::string_view word_of(ItemVerdict::Kind kind) noexcept {
  switch (kind) {
    case ItemVerdict::Kind::kUnknown:
      return "kUnknown";
    case ItemVerdict::Kind::kApplied:
      return "kApplied";
    case ItemVerdict::Kind::kAbsent:
      return "kAbsent";
    case ItemVerdict::Kind::kDifferent:
      return "kDifferent";
  }
  return "an unknown verdict";
}

/// The good objects, read back in one of the four situations.
struct Situation {
  const char* name;
  bool pushed;  ///< pushed before
  ItemVerdict::Kind wanted;
};

/// f(shop, sink, verified, requests before) for each sink that has cases of the situation.
template <class F>
void read_back(Trial& trial, const Situation& situation, const F& f) {
  for (const Sink* sink : sinks_of(trial)) {
    const SinkCases& of = cases_of(trial, *sink);
    const auto found = of.verify.find(situation.name);
    if (found == of.verify.end()) {
      trial.fail(fmt::format("{}: /{}/verify has no \"{}\": record what reading back gives then",
                             trial.cases.file, sink->name(), situation.name));
      continue;
    }
    Shop shop(trial);
    const auto items = with_keys(of.good);
    if (situation.pushed) push_all(shop, *sink, items);
    shop.http.put_before(found->second);
    const auto before = shop.http.sent.size();
    const auto verified = verify_all(shop, *sink, items);
    shop.expect_recorded(fmt::format("reading {} back ({})", sink->name(), situation.name));
    f(shop, *sink, verified, before);
  }
}

void judge(Trial& trial, const Situation& situation) {
  read_back(
      trial, situation, [&](Shop& shop, const Sink& sink, const Verified& verified, std::size_t) {
        const auto items = with_keys(cases_of(shop.trial, sink).good);
        const bool unknown = situation.wanted == ItemVerdict::Kind::kUnknown;
        if (verified.failure) {
          trial.expect(unknown && verified.failure->kind != Failure::Kind::kInternal,
                       fmt::format("reading {} back ({}): {}", sink.name(), situation.name,
                                   shown(*verified.failure)));
          return;
        }
        trial.expect(verified.ended, fmt::format("reading {} back never ends", sink.name()));
        for (const auto& item : items) {
          const auto kind = verified.of(item.as_object().at("key").as_string());
          trial.expect(kind == situation.wanted,
                       fmt::format("reading {} back ({}): {} instead of {}", sink.name(),
                                   situation.name, word_of(kind), word_of(situation.wanted)));
        }
        for (const auto& verdict : verified.verdicts) {
          trial.expect(verdict.kind != ItemVerdict::Kind::kDifferent || !verdict.found.empty(),
                       fmt::format("reading {} back: a different one does not say what was found",
                                   sink.name()));
        }
      });
}

constexpr Situation kSituations[]{{"applied", true, ItemVerdict::Kind::kApplied},
                                  {"absent", false, ItemVerdict::Kind::kAbsent},
                                  {"different", true, ItemVerdict::Kind::kDifferent},
                                  {"unknown", true, ItemVerdict::Kind::kUnknown}};

void v1_applied(Trial& trial) { judge(trial, kSituations[0]); }
void v2_absent(Trial& trial) { judge(trial, kSituations[1]); }
void v3_different(Trial& trial) { judge(trial, kSituations[2]); }
void v4_unknown(Trial& trial) { judge(trial, kSituations[3]); }

void v5_sends_nothing(Trial& trial) {
  for (const Situation& situation : kSituations) {
    read_back(trial, situation,
              [&](Shop& shop, const Sink& sink, const Verified&, std::size_t before) {
                for (std::size_t i = before; i < shop.http.sent.size(); ++i) {
                  const auto* exchange = shop.http.sent[i].exchange;
                  trial.expect(
                      exchange == nullptr || exchange->effect.empty(),
                      fmt::format("reading {} back ({}) sends {}, which has an effect", sink.name(),
                                  situation.name, shop.http.sent[i].request.operation));
                }
              });
  }
}

}  // namespace

std::vector<Check> verify_checks() {
  using enum Level;
  return {
      {"V1", kRequired, "Verify after push: what is there is applied", Need::kSinks, v1_applied,
       true},
      {"V2", kRequired, "Verify: what is not there is absent", Need::kSinks, v2_absent, true},
      {"V3", kRequired, "Verify: another value is different, and is told", Need::kSinks,
       v3_different, true},
      {"V4", kRequired, "Verify: what the marketplace does not say is unknown", Need::kSinks,
       v4_unknown, true},
      {"V5", kRequired, "Verify sends nothing", Need::kSinks, v5_sends_nothing, true},
  };
}

}  // namespace marketplug::testkit
