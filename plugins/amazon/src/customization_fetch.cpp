#include "src/customization_fetch.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <utility>

#include "src/answers.hpp"
#include "src/attribute_text.hpp"
#include "src/customization.hpp"
#include "src/text.hpp"
#include "src/zip_archive.hpp"

namespace marketplug::amazon {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view kArchiveOperation = "downloadCustomization";
/// No fetch begins later in a step, and none lasts longer: the page must be given in time.
constexpr seconds kRound{20}, kOneArchive{15}, kSpare{20};
constexpr int kRedirects = 3;
constexpr std::size_t kKnown = 200, kKnownBytes = 16384;  // lines, and of one line
/// Of an order's properties: the host takes orders of 4 MiB, and escapes may make six of one byte.
constexpr std::size_t kOrderBytes = 512u << 10;
constexpr std::array<minutes, kArchiveTries - 1> kPauses = {minutes(10), minutes(60), hours(6),
                                                            hours(24)};

/// The step's context with a nearer deadline.
class ShortContext final : public StepContext {
 public:
  ShortContext(StepContext& whole, TimePoint deadline)
      : whole_(whole), deadline_(std::min(deadline, whole.deadline())) {}
  TimePoint deadline() const noexcept override { return deadline_; }
  bool stop_requested() const noexcept override { return whole_.stop_requested(); }
  bool keep_raw() const noexcept override { return whole_.keep_raw(); }

 private:
  StepContext& whole_;
  TimePoint deadline_;
};

template <class Number>
bool take_number(std::string_view& text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with(' ')) text.remove_prefix(1);
  return true;
}

/// Where a redirect leads; empty: nowhere that may be asked.
std::string redirected(const std::string& from, std::string_view location) {
  if (!location.starts_with('/') || location.starts_with("//")) {
    return is_https_address(location) ? std::string(location) : std::string();
  }
  const std::string whole = from.substr(0, from.find('/', 8)).append(location);
  return is_https_address(whole) ? whole : std::string();
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// What another download may mend: the archive was cut or spoilt on its way, or is not made yet.
bool may_pass(std::string_view problem) { return problem == kZipNone || problem == kZipDamaged; }

std::size_t bytes_of(const std::vector<LineProperty>& properties) {
  std::size_t bytes = 0;
  for (const LineProperty& one : properties) bytes += one.name.size() + one.value.size();
  return bytes;
}

/// Also where the clock was set back by more than the longest pause.
bool is_due(TimePoint next, TimePoint now) { return next <= now || next > now + kPauses.back(); }

}  // namespace

void Customizations::begin(const StepContext& ctx) {
  const TimePoint now = services_.clock.now();
  until_ = std::min(now + kRound, ctx.deadline() - kSpare);
  left_ = kArchivesInStep;
  changed_ = false;
  waiting_.clear();
  if (services_.state == nullptr) return;
  const std::string kept = services_.state->get(kWaitingCustomizations).value_or("");
  std::string_view text = kept;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::size_t blank = line.find(' ');
    Waiting entry;
    std::int64_t next = 0;
    if (blank == std::string_view::npos) continue;
    entry.id = line.substr(0, blank);
    line.remove_prefix(blank + 1);
    if (!take_number(line, entry.tries) || !take_number(line, next) || !line.empty()) continue;
    entry.next = TimePoint{milliseconds{next}};
    waiting_.push_back(std::move(entry));
  }
}

void Customizations::end() {
  if (services_.state == nullptr || !changed_) return;
  if (waiting_.empty()) return services_.state->erase(kWaitingCustomizations);
  std::string text;
  for (const Waiting& entry : waiting_) {
    text.append(entry.id).append(" ").append(std::to_string(entry.tries)).append(" ");
    text.append(std::to_string(entry.next.time_since_epoch().count())).append("\n");
  }
  services_.state->put(kWaitingCustomizations, text);
}

std::vector<std::string> Customizations::due(std::size_t most) const {
  const TimePoint now = services_.clock.now();
  std::vector<const Waiting*> ready;
  for (const Waiting& entry : waiting_) {
    if (is_due(entry.next, now)) ready.push_back(&entry);
  }
  std::stable_sort(ready.begin(), ready.end(),
                   [](const Waiting* a, const Waiting* b) { return a->next < b->next; });
  std::vector<std::string> ids;
  for (const Waiting* entry : ready) {
    if (ids.size() < most) ids.push_back(entry->id);
  }
  return ids;
}

bool Customizations::may_fetch() const { return left_ > 0 && services_.clock.now() < until_; }

Customizations::Waiting* Customizations::find(std::string_view order_id) {
  const auto found = std::find_if(waiting_.begin(), waiting_.end(),
                                  [&](const Waiting& entry) { return entry.id == order_id; });
  return found == waiting_.end() ? nullptr : &*found;
}

void Customizations::postpone(std::string_view order_id) {
  if (Waiting* entry = find(order_id)) wait(order_id, Fate::kPostponed, entry);
}

void Customizations::forget(std::string_view order_id) {
  const auto gone =
      std::erase_if(waiting_, [&](const Waiting& entry) { return entry.id == order_id; });
  changed_ = changed_ || gone != 0;
}

void Customizations::complete(Order& order, StepContext& ctx) {
  Waiting* before = find(order.id);
  const bool counts = before == nullptr || is_due(before->next, services_.clock.now());
  const bool room =
      services_.state != nullptr && (before != nullptr || waiting_.size() < kMostWaiting);
  const bool last = before != nullptr && counts && before->tries + 1 >= kArchiveTries;
  Fate worst = Fate::kRead;
  std::size_t bytes = 0;
  for (OrderLine& line : order.lines) {
    if (line.customization_url.empty()) continue;
    Outcome outcome = outcome_of(line, order.id + "/" + line.id, ctx);
    bytes += bytes_of(outcome.properties);
    if (bytes > kOrderBytes) outcome = {Fate::kFinal, std::string(kCustomTooMuch), {}};
    const bool waits =
        outcome.fate > Fate::kFinal && room && !(last && outcome.fate == Fate::kAgain);
    if (waits) worst = std::max(worst, outcome.fate);
    put(line, std::move(outcome), waits);
  }
  if (worst == Fate::kRead) return forget(order.id);
  if (counts) wait(order.id, worst, before);
}

Customizations::Outcome Customizations::outcome_of(const OrderLine& line, const std::string& key,
                                                   StepContext& ctx) {
  if (const auto known = known_.find(key); known != known_.end()) {
    return {Fate::kRead, {}, known->second};
  }
  if (!may_fetch() || ctx.stop_requested()) return {Fate::kNotTried, "not_tried", {}};
  Outcome outcome = fetch(line, ctx);
  if (outcome.fate == Fate::kRead) remember(key, outcome.properties);
  return outcome;
}

void Customizations::put(OrderLine& line, Outcome outcome, bool waits) const {
  if (outcome.fate == Fate::kRead) {
    line.properties = std::move(outcome.properties);
    add_text(line.attributes, "customization", "present");
    return;
  }
  add_text(line.attributes, "customization", waits ? "missing" : "unreadable");
  add_text(line.attributes, "customization_reason", outcome.problem);
  if (waits && outcome.fate == Fate::kNotTried) return;
  note(services_, waits ? Log::Level::kInfo : Log::Level::kWarning, "orders.customization",
       waits ? "The customization of an order line could not be read; it is tried again."
             : "The customization of an order line cannot be read; its address is kept.",
       {{"line", line.id}, {"reason", outcome.problem}});
}

void Customizations::wait(std::string_view order_id, Fate fate, Waiting* before) {
  Waiting& entry = before != nullptr ? *before : waiting_.emplace_back();
  entry.id = order_id;
  entry.next = services_.clock.now();
  if (fate == Fate::kPostponed) entry.next += kPauses.front();
  if (fate == Fate::kAgain) {
    entry.next += kPauses[std::min<std::size_t>(entry.tries, kPauses.size() - 1)];
    ++entry.tries;
  }
  changed_ = true;
}

Result<HttpResponse> Customizations::download(std::string url, StepContext& ctx) {
  ShortContext limited(ctx, services_.clock.now() + kOneArchive);
  for (int hop = 0;; ++hop) {
    HttpRequest request;
    request.method = "GET";
    request.url = url;
    request.operation = kArchiveOperation;
    request.repeatable = true;
    request.secret_url = true;
    auto answer = services_.http.send(request, limited);
    if (!answer || hop == kRedirects || !is_redirect(answer.value().status)) return answer;
    std::string next = redirected(url, answer.value().header("location"));
    if (next.empty()) return answer;
    url = std::move(next);
  }
}

Customizations::Outcome Customizations::failed_fetch(const Failure& failure) {
  const std::string code = failure.code.empty() ? "failed" : failure.code;
  if (code == kCodeTooLarge) return {Fate::kFinal, code, {}};
  // What keeps one archive away keeps the others away: they must not use up the step's time.
  if (failure.kind != Failure::Kind::kRemote) left_ = 0;
  const bool its_own =
      failure.kind == Failure::Kind::kRemote || failure.kind == Failure::Kind::kCancelled;
  return {its_own ? Fate::kAgain : Fate::kPostponed, code, {}};
}

Customizations::Outcome Customizations::fetch(const OrderLine& line, StepContext& ctx) {
  if (!is_https_address(line.customization_url)) return {Fate::kFinal, "bad_address", {}};
  --left_;
  const auto answer = download(line.customization_url, ctx);
  if (!answer && ctx.stop_requested()) return {Fate::kNotTried, "not_tried", {}};
  if (!answer) return failed_fetch(answer.failure());
  const int status = answer.value().status;
  if (status != 200) {
    const bool busy = status == 429 || status >= 500;
    if (busy) left_ = 0;
    return {busy ? Fate::kPostponed : Fate::kAgain, "status_" + std::to_string(status), {}};
  }
  Customization read = read_customization(answer.value().body, line.id);
  if (read.problem.empty()) return {Fate::kRead, {}, std::move(read.properties)};
  return {may_pass(read.problem) ? Fate::kAgain : Fate::kFinal, std::string(read.problem), {}};
}

void Customizations::remember(const std::string& key, const std::vector<LineProperty>& properties) {
  if (bytes_of(properties) > kKnownBytes) return;
  if (known_.insert_or_assign(key, properties).second) known_order_.push_back(key);
  if (known_order_.size() <= kKnown) return;
  known_.erase(known_order_.front());
  known_order_.pop_front();
}

}  // namespace marketplug::amazon
