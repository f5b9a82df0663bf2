#include "src/backlog_place.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "src/json.hpp"

namespace marketplug::amazon {
namespace {

using BacklogState = BacklogPlace::State;

constexpr std::uint64_t kMostFetched = 1'000'000;
constexpr std::array<std::pair<BacklogState, std::string_view>, 4> kBacklogStates = {
    {{BacklogState::kLeft, "left"},
     {BacklogState::kAsked, "asked"},
     {BacklogState::kOpen, "open"},
     {BacklogState::kOthers, "others"}}};

}  // namespace

void BacklogPlace::append_to(std::string& json) const {
  if (state == State::kNone) return;
  std::string_view name;
  for (const auto& [each, word] : kBacklogStates) {
    if (each == state) name = word;
  }
  json.append(",\"backlog\":{\"state\":\"").append(name).append("\"");
  if (state != State::kLeft) {
    append_member(json, "from", from);
    append_member(json, "until", until);
    if (searched) append_member(json, "searched", std::uint64_t{1});
    if (fetched != 0) append_member(json, "fetched", std::uint64_t{fetched});
    if (done != 0) append_member(json, "done", std::uint64_t{done});
    if (size != 0) append_member(json, "ids", std::uint64_t{size});
    report.append_to(json);
  }
  json += '}';
}

std::optional<BacklogPlace> BacklogPlace::parse(const boost::json::value& root) {
  BacklogPlace place;
  const boost::json::value* backlog = member(root, "backlog");
  if (backlog == nullptr) return place;
  const std::string_view name = text_member(*backlog, "state");
  for (const auto& [each, word] : kBacklogStates) {
    if (name == word) place.state = each;
  }
  if (place.state == State::kNone) return std::nullopt;
  if (place.state == State::kLeft) return place;
  const auto from = time_member(*backlog, "from"), until = time_member(*backlog, "until");
  const auto searched = count_member(*backlog, "searched", 1);
  const auto fetched = count_member(*backlog, "fetched", kMostFetched);
  const auto done = count_member(*backlog, "done", kMostFetched);
  const auto size = count_member(*backlog, "ids", kMostFetched);
  auto report = ReportPlace::parse(*backlog);
  if (!from || !until || *from >= *until || !searched || !fetched || !done || !size || !report ||
      (place.filling() && report->report.empty())) {
    return std::nullopt;
  }
  place.from = *from;
  place.until = *until;
  place.searched = *searched == 1;
  place.fetched = static_cast<std::uint32_t>(*fetched);
  place.done = static_cast<std::uint32_t>(*done);
  place.size = static_cast<std::uint32_t>(*size);
  place.report = std::move(*report);
  return place;
}

}  // namespace marketplug::amazon
