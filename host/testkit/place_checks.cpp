// Group D, places in every source that gives pages: odd ones, and polls from the end of it.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "host/testkit/tour.hpp"

namespace marketplug::testkit {
namespace {

/// A poll that finds nothing: so many steps and requests are enough for any marketplace.
constexpr std::size_t kPollSteps = 20;
constexpr std::size_t kPollRequests = 40;

/// A source that the plugin may offer, and how it is read.
struct PagedSource {
  std::string_view capability, name;
  bool polled;  ///< asked again from where it ended; an audit begins anew with each window
  PageReader read;
};

template <AuditWindow::By by>
Reading read_audit_from(Shop& shop, Cursor from, std::size_t most) {
  return read_audit(shop, by, std::move(from), most);
}

const std::vector<PagedSource>& paged_sources() {
  static const std::vector<PagedSource> kAll{
      {OrderSource::kId, "orders", true,
       [](Shop& shop, Cursor from, std::size_t most) {
         need_orders(shop.trial.cases);
         return read_orders(shop, std::move(from), most);
       }},
      {OrderAudit::kId, "the audit by change", false, read_audit_from<AuditWindow::By::kChanged>},
      {OrderAudit::kId, "the audit by order time", false,
       read_audit_from<AuditWindow::By::kPlaced>},
      {ReturnSource::kId, "returns", true, [](Shop& shop, Cursor from, std::size_t most) {
         need_returns(shop.trial.cases);
         return read_returns(shop, std::move(from), most);
       }}};
  return kAll;
}

/// One that cannot be read fails the trial, and the others are judged all the same.
void judge_each_source(Trial& trial, bool polled_ones, void (*judge)(Trial&, const PagedSource&)) {
  for (const PagedSource& source : paged_sources()) {
    if (!trial.offers(source.capability) || (polled_ones && !source.polled)) continue;
    try {
      judge(trial, source);
    } catch (const CannotGoOn& why) {
      trial.fail(why.what());
    }
  }
}

/// Every number of four digits that may be a year, put far ahead.
std::string in_the_future(std::string text) {
  for (std::size_t i = 0; i + 4 <= text.size(); ++i) {
    if (text.compare(i, 2, "20") == 0) text.replace(i, 2, "29");
  }
  return text;
}

struct OddCursor {
  std::string name, text;
  bool near = false;  ///< may be taken for one of the source's own: then less is left to read
};

/// What the source never gave: nobody's, another plugin's, and its own damaged.
std::vector<OddCursor> odd_cursors(const Reading& reading, testing::SeededRandom random) {
  std::vector<OddCursor> odd{{"random bytes", ""},
                             {"a megabyte", std::string(1u << 20, 'x')},
                             {"an empty object", "{}"},
                             {"a number", "18446744073709551616"},
                             {"bytes of zero", std::string(8, '\0')},
                             {"another plugin", "other-market:2:bGFzdD05OTk5"}};
  for (int i = 0; i < 32; ++i) odd[0].text += static_cast<char>(random.next() & 0xff);
  std::vector<std::string> own;  // the first and the last: where it prepares, and where it ends
  for (const auto& step : reading.steps) {
    if (step.next.value.empty()) continue;
    if (own.size() == 2) own.pop_back();
    if (own.empty() || own.back() != step.next.value) own.push_back(step.next.value);
  }
  for (const std::string& real : own) {
    odd.push_back({"half of its own", real.substr(0, real.size() / 2)});
    odd.push_back({"its own with a changed byte", real, true});
    odd.back().text[random.next() % real.size()] ^= 0x15;
    odd.push_back({"its own twice", real + real, true});
  }
  if (!own.empty()) odd.push_back({"its own from the far future", in_the_future(own.back())});
  std::erase_if(odd, [&](const OddCursor& each) {
    return each.text.empty() || std::find(own.begin(), own.end(), each.text) != own.end();
  });
  return odd;
}

void judge_odd_cursors(Trial& trial, const PagedSource& source) {
  Shop first(trial);
  const auto reading = whole_of(first, source.name, source.read);
  const auto most = 3 * reading.steps.size() + kPollSteps;
  const auto again = source.read(first, {}, most);
  const auto left_out = missing(reading.all(), again.all());
  trial.expect(
      left_out.empty(),
      fmt::format("{}: an empty cursor after the end does not begin again: {} missing{}",
                  source.name, left_out, again.failure ? ": " + shown(*again.failure) : ""));
  for (const auto& odd : odd_cursors(reading, testing::SeededRandom(trial.subject.seed))) {
    Shop shop(trial);
    shop.http.status_of_unrecorded = 400;
    const auto got = source.read(shop, {odd.text}, most);
    const auto expect = [&](bool holds, const std::string& fault) {
      trial.expect(holds, fmt::format("{}: a cursor of {} {}", source.name, odd.name, fault));
    };
    if (got.failure) {
      expect(got.failure->kind != Failure::Kind::kInternal, "gives " + shown(*got.failure));
      continue;
    }
    expect(got.caught_up, "leads to pages without end");
    expect(odd.near || !got.caught_up || missing(reading.all(), got.all()).empty(),
           "is taken as if everything had been read");
  }
}

void d5_odd_cursors(Trial& trial) { judge_each_source(trial, false, judge_odd_cursors); }

void judge_quiet(Trial& trial, const PagedSource& source) {
  Shop shop(trial);
  const auto reading = whole_of(shop, source.name, source.read);
  Cursor at = reading.steps.back().next;
  for (int poll = 1; poll <= 3; ++poll) {
    shop.go_on_at(shop.clock.now() + std::chrono::minutes{5});
    const auto before = shop.http.sent.size();
    const auto again = source.read(shop, at, reading.steps.size() + kPollSteps);
    const auto expect = [&](bool holds, const std::string& fault) {
      return trial.expect(
          holds, fmt::format("{}: poll {} after everything was read {}", source.name, poll, fault));
    };
    if (!expect(!again.failure, again.failure ? "gives " + shown(*again.failure) : "")) return;
    expect(again.caught_up, "is never caught up");
    const auto requests = shop.http.sent.size() - before;
    expect(requests <= kPollRequests + 2 * reading.steps.size(),
           fmt::format("makes {} requests", requests));
    if (!again.steps.empty()) at = again.steps.back().next;
  }
  shop.expect_recorded(fmt::format("polling {} after everything was read", source.name));
}

void d10_quiet(Trial& trial) { judge_each_source(trial, true, judge_quiet); }

}  // namespace

std::vector<Check> place_checks() {
  using enum Level;
  return {
      {"D5", kRequired,
       "An odd cursor is refused or starts again, in orders, in an audit and in returns",
       Need::kPages, d5_odd_cursors, true},
      {"D10", kRequired, "When nothing is new, a poll of orders or returns ends soon",
       Need::kPolled, d10_quiet, true},
  };
}

}  // namespace marketplug::testkit
