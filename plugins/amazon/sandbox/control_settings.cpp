// The control interface: settings.

#include <boost/json/value.hpp>

#include "plugins/amazon/sandbox/control_impl.hpp"
#include "plugins/amazon/sandbox/errors.hpp"

namespace amazon_sandbox {
namespace {

std::optional<MissingRole> missing_role_by_name(std::string_view name) {
  if (name == "omit") return MissingRole::kOmit;
  if (name == "403") return MissingRole::kForbidden;
  if (name == "400") return MissingRole::kBadRequest;
  return std::nullopt;
}

void read_quota_factor(ControlFields& fields, Settings& settings) {
  const auto* factor = fields.take("quota_factor");
  if (factor == nullptr) return;
  if (factor->is_string() && factor->get_string() == "off") {
    settings.quota_factor.reset();
  } else if (factor->is_number()) {
    settings.quota_factor = factor->to_number<double>();
  } else {
    ControlFields::refuse("quota_factor", "must be a number or \"off\"");
  }
}

/// {"searchOrders": {"rate": 0.1, "burst": 5}}: all plans that differ from the published ones.
void read_quotas(ControlFields& fields, Settings& settings) {
  const auto* quotas = fields.take("quotas");
  if (quotas == nullptr) return;
  constexpr std::string_view kForm =
      "must be like {\"searchOrders\": {\"rate\": 0.1, \"burst\": 5}}";
  if (!quotas->is_object()) ControlFields::refuse("quotas", kForm);
  settings.quotas.clear();
  for (const auto& [name, plan] : quotas->get_object()) {
    const auto* object = plan.if_object();
    const auto* rate = object == nullptr ? nullptr : object->if_contains("rate");
    const auto* burst = object == nullptr ? nullptr : object->if_contains("burst");
    if (rate == nullptr || burst == nullptr || object->size() != 2 || !rate->is_number() ||
        !burst->is_int64()) {
      ControlFields::refuse("quotas", kForm);
    }
    settings.quotas[std::string(name)] = {rate->to_number<double>(),
                                          static_cast<int>(burst->get_int64())};
  }
}

void read_visibility(ControlFields& fields, Settings& settings) {
  if (const auto range = fields.range("visible_after")) {
    settings.visible_after_min = range->first;
    settings.visible_after_max = range->second;
  }
  if (const auto delay = fields.duration("visible_after_min")) settings.visible_after_min = *delay;
  if (const auto delay = fields.duration("visible_after_max")) settings.visible_after_max = *delay;
  if (const auto on = fields.boolean("beyond_overlap")) settings.beyond_overlap = *on;
  if (const auto on = fields.boolean("stale_reads")) settings.stale_reads = *on;
  if (const auto on = fields.boolean("get_order_late")) settings.get_order_late = *on;
  if (const auto order = fields.choice("page_order", page_order_by_name)) {
    settings.page_order = *order;
  }
  if (const auto share = fields.number("repeat")) {
    settings.repeat_per_mille = static_cast<unsigned>(std::min<std::uint64_t>(*share, 1000));
  }
}

void read_reports(ControlFields& fields, ReportSettings& settings) {
  if (const auto duration = fields.duration("report_duration")) settings.duration = *duration;
  if (const auto on = fields.boolean("report_empty_cancelled")) settings.empty_cancelled = *on;
  if (const auto next = fields.number("report_fatal_next")) settings.fatal_next = *next;
  if (const auto on = fields.boolean("report_fatal_document")) settings.fatal_document = *on;
  if (const auto next = fields.number("report_stuck_next")) settings.stuck_next = *next;
  if (const auto on = fields.boolean("report_gzip")) settings.gzip = *on;
  if (const auto charset = fields.choice("report_charset", charset_by_name)) {
    settings.charset = *charset;
  }
  if (const auto language = fields.choice("report_header_language", header_language_by_name)) {
    settings.header_language = *language;
  }
  if (const auto on = fields.boolean("report_fba_daily")) settings.fba_daily = *on;
  if (const auto host = fields.text("report_document_host")) settings.document_host = *host;
}

void read_served_region(ControlFields& fields, Settings& settings) {
  const auto name = fields.text("served_region");
  if (!name) return;
  settings.served_region = region_by_name(*name);
  if (!settings.served_region && *name != "any") {
    ControlFields::refuse("served_region", "must be NA, EU, FE or any");
  }
}

}  // namespace

Response change_settings(Control& control) {
  auto& fields = control.fields;
  auto settings = control.simulator.settings();
  read_quota_factor(fields, settings);
  read_quotas(fields, settings);
  read_visibility(fields, settings);
  read_served_region(fields, settings);
  read_reports(fields, settings.reports);
  if (const auto on = fields.boolean("pending_details")) settings.pending_details = *on;
  if (const auto way = fields.choice("missing_role", missing_role_by_name)) {
    settings.missing_role = *way;
  }
  if (const auto on = fields.boolean("rotate_refresh_tokens")) settings.rotate_refresh_tokens = *on;
  fields.done();
  control.simulator.configure(settings);
  return json_response(200, "{}");
}

}  // namespace amazon_sandbox
