#include "host/testkit/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "host/loading/inspection.hpp"
#include "host/loading/text.hpp"

namespace marketplug::testkit {
namespace {

using boost::json::object;

bool failed(const Ran& ran) { return ran.result.verdict == Verdict::kFailed; }
bool required(const Ran& ran) { return ran.check->level == Level::kRequired; }

template <class Test>
std::size_t count(const std::vector<Ran>& all, const Test& test) {
  return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), test));
}

/// Within --in-process a plugin's words come as they are: what is no clean text would be no JSON.
std::string clean(std::string_view text) {
  constexpr std::size_t kMost = 2000;
  return loading::is_clean_utf8(text) ? std::string(text) : loading::printable(text, kMost);
}

/// As XML 1.0 allows it.
std::string escaped(std::string_view text) {
  std::string made;
  for (const char c : clean(text)) {
    switch (c) {
      case '&':
        made += "&amp;";
        break;
      case '<':
        made += "&lt;";
        break;
      case '>':
        made += "&gt;";
        break;
      case '"':
        made += "&quot;";
        break;
      default:
        made += c;
    }
  }
  return made;
}

/// One a line, escaped.
std::string joined(const std::vector<std::string>& faults) {
  std::string text;
  for (const auto& fault : faults) text += (text.empty() ? "" : "\n") + escaped(fault);
  return text;
}

}  // namespace

std::string line_of(const Ran& ran) {
  const char* word = "passed ";
  if (ran.result.verdict == Verdict::kSkipped) word = "skipped";
  if (failed(ran)) word = required(ran) ? "FAILED " : "warning";
  std::string text = fmt::format("{:<4} {} {}", ran.check->id, word, ran.check->title);
  if (!ran.result.reason.empty()) text += "\n       " + ran.result.reason;
  for (const auto& fault : ran.result.faults) text += "\n     ! " + fault;
  return text + "\n";
}

bool conforms(const std::vector<Ran>& all) {
  return std::none_of(all.begin(), all.end(),
                      [](const Ran& ran) { return failed(ran) && required(ran); });
}

std::string summary_of(const std::vector<Ran>& all, const Subject& subject) {
  const auto bad = count(all, [](const Ran& ran) { return failed(ran) && required(ran); });
  const auto warned = count(all, [](const Ran& ran) { return failed(ran) && !required(ran); });
  const auto skipped =
      count(all, [](const Ran& ran) { return ran.result.verdict == Verdict::kSkipped; });
  return fmt::format("\n{} checks: {} passed, {} failed, {} warnings, {} skipped; seed {}\n{}\n",
                     all.size(), all.size() - bad - warned - skipped, bad, warned, skipped,
                     subject.seed,
                     bad == 0 ? "The plugin passes every required check that was run."
                              : "The plugin does not conform.");
}

std::string json_report(const std::vector<Ran>& all, const Subject& subject) {
  const auto file = loading::inspect(subject.plugin, {}).file;
  boost::json::array checks;
  for (const Ran& ran : all) {
    object one{{"id", ran.check->id},
               {"level", to_string(ran.check->level)},
               {"title", ran.check->title},
               {"result", to_string(ran.result.verdict)},
               {"milliseconds", ran.result.took.count()}};
    if (failed(ran)) {
      auto& faults = one["faults"].emplace_array();
      for (const auto& fault : ran.result.faults) faults.emplace_back(clean(fault));
    }
    if (!ran.result.reason.empty()) one["reason"] = clean(ran.result.reason);
    checks.emplace_back(std::move(one));
  }
  return boost::json::serialize(object{{"plugin", file.id()},
                                       {"version", file.version()},
                                       {"sha256", file.sha256},
                                       {"seed", subject.seed},
                                       {"conforms", conforms(all)},
                                       {"checks", std::move(checks)}}) +
         "\n";
}

std::string junit_report(const std::vector<Ran>& all, const Subject& subject) {
  const auto id = loading::inspect(subject.plugin, {}).file.id();
  std::string body;
  for (const Ran& ran : all) {
    body += fmt::format("  <testcase classname=\"{}\" name=\"{} {}\" time=\"{}.{:03}\">",
                        escaped(id), ran.check->id, escaped(ran.check->title),
                        ran.result.took.count() / 1000, ran.result.took.count() % 1000);
    const auto faults = joined(ran.result.faults);
    if (failed(ran) && required(ran)) body += "<failure>" + faults + "</failure>";
    if (failed(ran) && !required(ran)) body += "<system-out>" + faults + "</system-out>";
    if (ran.result.verdict == Verdict::kSkipped) {
      body += "<skipped message=\"" + escaped(ran.result.reason) + "\"/>";
    }
    body += "</testcase>\n";
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"marketplug-testkit {}\" "
      "tests=\"{}\" failures=\"{}\" skipped=\"{}\">\n{}</testsuite>\n",
      escaped(id), all.size(),
      count(all, [](const Ran& ran) { return failed(ran) && required(ran); }),
      count(all, [](const Ran& ran) { return ran.result.verdict == Verdict::kSkipped; }), body);
}

}  // namespace marketplug::testkit
