#include "src/report_run.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "src/answers.hpp"

namespace marketplug::amazon {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// Reports are ready after a minute or after an hour: the longer, the rarer the looks.
constexpr seconds kFirstReportLook{30};
constexpr minutes kRarestLook{10};
/// Until then Amazon's machines need not all know a new report.
constexpr minutes kSettling{5};
constexpr hours kStuckAfter{6};
/// Amazon refuses the same report type that is asked for again at once.
constexpr minutes kRestAfterFailure{15};
constexpr hours kOneMoreAfter{24};

Failure came_to_nothing(std::string_view code, const ReportSpec& spec, const ReportPlace& place,
                        std::string_view what) {
  Failure failure = failed(Failure::Kind::kRemote, code,
                           "Amazon's report " + std::string(spec.type) + " " + std::string(what) +
                               ", also when it was asked for again.",
                           "Marketplug asks once a day for a new one. If it stays, tell Amazon's "
                           "developer support the report id in the log.");
  failure.detail = "report id " + place.report;
  return failure;
}

}  // namespace

milliseconds ReportRun::age_of(const ReportPlace& place) const {
  const milliseconds age = services_.clock.now() - place.asked_at.value_or(TimePoint{});
  if (age < milliseconds(0)) return -age > kStuckAfter ? kStuckAfter : milliseconds(0);
  return age;
}

ReportStep ReportRun::wait(const ReportPlace& place) const {
  ReportStep step;
  step.look_again_at = services_.clock.now() +
                       std::clamp<milliseconds>(age_of(place) / 2, kFirstReportLook, kRarestLook);
  return step;
}

Result<ReportStep> ReportRun::advance(const ReportSpec& spec, ReportPlace& place,
                                      QuotaPriority priority, StepContext& ctx) {
  if (services_.documents == nullptr) {
    return failed(Failure::Kind::kConfig, "no_documents",
                  "This host keeps no documents, and Amazon's reports need that.",
                  "Use a version of Marketplug that offers host.documents/1.");
  }
  if (place.report.empty()) return ask(spec, place, priority, ctx);
  if (!place.document.empty()) {
    auto document = services_.documents->info(place.document);
    if (document && document.value().size == place.size) {
      ReportStep step;
      step.news = ReportStep::News::kReady;
      step.document = std::move(document.value());
      return step;
    }
    if (!document && document.failure().code != "document_gone") return document.failure();
    place.document.clear();
  }
  return look(spec, place, priority, ctx);
}

Result<ReportStep> ReportRun::ask(const ReportSpec& spec, ReportPlace& place,
                                  QuotaPriority priority, StepContext& ctx) {
  auto id = client_.create(spec, priority, ctx);
  if (!id) return id.failure();
  place.report = std::move(id.value());
  place.asked_at = services_.clock.now();
  note(services_, Log::Level::kInfo, "report.asked", "A report was asked for.",
       {{"type", spec.type}, {"report", place.report}});
  return wait(place);
}

Result<ReportStep> ReportRun::look(const ReportSpec& spec, ReportPlace& place,
                                   QuotaPriority priority, StepContext& ctx) {
  const auto found = client_.status(place.report, priority, ctx);
  if (!found) {
    const std::string& code = found.failure().code;
    if (code == kCodeNotFound && age_of(place) < kSettling) return wait(place);
    // A bad request alone says nothing: whole regions were known to refuse good ones for hours.
    if (code == kCodeNotFound || (code == kCodeBadRequest && age_of(place) >= kStuckAfter)) {
      return give_up(place,
                     came_to_nothing("report_unknown", spec, place, "is not known to Amazon"));
    }
    return found.failure();
  }
  const ReportStatus& status = found.value();
  switch (status.state) {
    case ReportStatus::State::kDone:
      return take(spec, place, status.document_id, priority, ctx);
    case ReportStatus::State::kNoData:
      return no_data(place);
    case ReportStatus::State::kFatal:
      return give_up(place, came_to_nothing("report_fatal", spec, place, "ended FATAL"));
    case ReportStatus::State::kUnknown:
      note(services_, Log::Level::kWarning, "report.unknown_status",
           "Amazon tells a status of a report that this version does not know; it counts as not "
           "ready.",
           {{"type", spec.type}, {"report", place.report}, {"status", status.word}});
      break;
    case ReportStatus::State::kWaiting:
      break;
  }
  if (age_of(place) < kStuckAfter) return wait(place);
  return give_up(place,
                 came_to_nothing("report_stuck", spec, place, "is not ready after six hours"));
}

ReportStep ReportRun::no_data(ReportPlace& place) const {
  ReportStep step;
  if (place.cancelled + 1 >= cancelled_) {
    step.news = ReportStep::News::kNoData;
    return step;
  }
  ReportPlace again;
  again.tries = place.tries;
  again.cancelled = place.cancelled + 1;
  place = again;
  step.look_again_at = services_.clock.now() + kFirstReportLook;
  return step;
}

Result<ReportStep> ReportRun::take(const ReportSpec& spec, ReportPlace& place,
                                   std::string_view document_id, QuotaPriority priority,
                                   StepContext& ctx) {
  if (document_id.empty()) {
    return give_up(place,
                   came_to_nothing("report_empty", spec, place, "is done and has no document"));
  }
  auto document = client_.download(document_id, priority, ctx);
  if (!document) {
    // Of something so large a new one is no smaller.
    if (document.failure().code == kCodeTooLarge) return document.failure();
    return unusable(spec, place, document.failure());
  }
  // A document of another size is another one: what was read of the first says nothing.
  if (place.size != 0 && place.size != document.value().size) place.offset = 0;
  ReportStep step;
  step.news = ReportStep::News::kReady;
  step.document = std::move(document.value());
  place.document = step.document.handle;
  place.size = step.document.size;
  return step;
}

Result<ReportStep> ReportRun::unusable(const ReportSpec& spec, ReportPlace& place,
                                       const Failure& failure) {
  if (failure.kind != Failure::Kind::kRemote || place.report.empty() ||
      age_of(place) < kStuckAfter) {
    return failure;
  }
  note(services_, Log::Level::kWarning, "report.unusable",
       "A report could not be used for hours; a new one is asked for.",
       {{"type", spec.type}, {"report", place.report}, {"code", failure.code}});
  return give_up(place, failure);
}

Result<ReportStep> ReportRun::give_up(ReportPlace& place, Failure failure) {
  const bool last = place.tries + 1 >= most_;
  // A failure moves no cursor: the report is looked at again each time, and a day later replaced.
  if (last && age_of(place) < kOneMoreAfter) return failure;
  note(services_, Log::Level::kWarning, "report.again",
       "A report came to nothing; a new one is asked for.",
       {{"code", failure.code}, {"report", place.report}});
  drop(place);
  const std::uint32_t tries = last ? place.tries : place.tries + 1;
  place = ReportPlace();
  place.tries = tries;
  ReportStep step;
  step.look_again_at = services_.clock.now() + kRestAfterFailure;
  return step;
}

void ReportRun::drop(const ReportPlace& place) const {
  if (services_.documents != nullptr && !place.document.empty()) {
    services_.documents->drop(place.document);
  }
}

}  // namespace marketplug::amazon
