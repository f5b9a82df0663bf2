// Steps that a person waits for: one order by id, and the connector's own check.
#include <fmt/core.h>

#include <array>
#include <optional>
#include <string>

#include "host/json/fit_text.hpp"
#include "host/sync/step.hpp"
#include "host/sync/step_runner.hpp"

namespace marketplug::sync {
namespace {

constexpr std::string_view kCheckJob = "check";
constexpr std::size_t kLongestShown = 100;

Failure person_failure(Failure::Kind kind, std::string_view code, std::string message,
                       std::string remedy) {
  Failure failure;
  failure.kind = kind;
  failure.code = code;
  failure.message = std::move(message);
  failure.remedy = std::move(remedy);
  return failure;
}

Failure failure_of_page(std::string_view id, const PreparedPage& page) {
  for (const auto& item : page.items) {
    if (item.row) continue;
    return person_failure(
        Failure::Kind::kRemote, "parked",
        fmt::format("The order {} could not be read and is parked: {}", id, item.parked->message),
        item.parked->remedy);
  }
  return person_failure(Failure::Kind::kRemote, "unknown_order",
                        fmt::format("The marketplace does not know the order {}.", id),
                        "Check the id and the shop.");
}

}  // namespace

std::optional<std::string> other_id(std::string_view asked, const Page<Order>& page) {
  for (const auto& order : page.items) {
    if (order.id != asked) return order.id;
  }
  for (const auto& item : page.parked) {
    if (!item.id.empty() && item.id != asked) return item.id;
  }
  return std::nullopt;
}

Failure other_order(const std::string& plugin, std::string_view asked, std::string_view given) {
  return person_failure(Failure::Kind::kRemote, "other_order",
                        fmt::format("The plugin {} gave the order {} where {} was asked for; "
                                    "nothing was stored.",
                                    plugin, json::fit_text(given, kLongestShown), asked),
                        "This is a defect of the plugin: report it to its author.");
}

ImportCounts StepRunner::import_one(
    Step& step, const StepInput& input, PreparedPage& prepared, const StagedState& staged,
    const std::function<void(store::ShopTransaction&, const ImportCounts&)>& finish) const {
  const OpenParked open = open_parked(parts_.store, input.shop.id, prepared);
  ImportOptions options;
  options.park_any_refusal = true;
  options.settle_parked = true;
  return import_setting_aside(prepared, [&] {
    const auto transaction = step.begin();
    const ImportCounts imported = import_page(*transaction, prepared, open, options);
    put_staged_state(*transaction, staged);
    finish(*transaction, imported);
    return imported;
  });
}

Result<store::UpsertOutcome> StepRunner::fetch_order(ShopWork& work, const StepInput& input,
                                                     std::string_view id) const {
  Step step(*this, work, input, kOrderJob);
  try {
    step.mark();
    const auto clear_mark = [&] { step.commit(*step.begin()); };
    if (auto connected = step.connect(); !connected) {
      clear_mark();
      return connected.failure();
    }
    auto page = step.fetch_one(id);
    const StagedState staged = step.take_staged_state();
    if (!page) {
      clear_mark();
      return page.failure();
    }
    if (const auto other = other_id(id, page.value())) {
      clear_mark();
      return other_order(step.plugin(), id, *other);
    }
    PreparedPage prepared =
        prepare_page(std::move(page.value()), step.connector().rules, parts_.clock.now());
    const ImportCounts counts = import_one(step, input, prepared, staged,
                                           [&](store::ShopTransaction& transaction,
                                               const ImportCounts&) { step.commit(transaction); });
    StepReport report;
    report.counts = counts;
    count(input, report);
    if (counts.last) return *counts.last;
    return failure_of_page(id, prepared);
  } catch (const store::StoreError& error) {
    const bool fenced = error.kind() == store::StoreError::Kind::kFenced;
    step.abandon_mark(fenced);
    Failure failure = failure_of(error);
    if (fenced) failure.code = "not_owned";
    return failure;
  } catch (const std::exception& error) {
    step.abandon_mark(false);
    return person_failure(Failure::Kind::kInternal, "host_exception",
                          fmt::format("Fetching the order {} failed: {}", id, error.what()),
                          "This is a defect of Marketplug: report it with the log lines.");
  }
}

Result<std::vector<Finding>> StepRunner::check(ShopWork& work, const StepInput& input) const {
  Step step(*this, work, input, kCheckJob);
  bool marked = false;
  try {
    // A person who looks for the fault must not be stopped by a full disk.
    step.mark();
    marked = true;
  } catch (const store::StoreError& error) {
    const std::array<LogField, 1> fields{{{"shop", input.shop.id}}};
    parts_.log.write(Log::Level::kWarning, "check.unmarked", error.what(), fields);
  }
  const auto finish = [&]() noexcept {
    if (!marked) return;
    try {
      step.commit(*step.begin());
    } catch (const store::StoreError& error) {
      step.abandon_mark(error.kind() == store::StoreError::Kind::kFenced);
    } catch (...) {
      step.abandon_mark(false);
    }
  };
  if (auto connected = step.connect(); !connected) {
    finish();
    return connected.failure();
  }
  auto findings = step.check();
  step.take_staged_state();
  finish();
  return findings;
}

}  // namespace marketplug::sync
