// The control interface: sellers, their authorisations, the application's secret.

#include <stdexcept>

#include "plugins/amazon/sandbox/control_impl.hpp"
#include "plugins/amazon/sandbox/errors.hpp"

namespace amazon_sandbox {
namespace {

std::set<std::string, std::less<>> role_set(const std::vector<std::string>& names) {
  for (const auto& name : names) {
    if (name != role::kInventory && name != role::kDelivery && name != role::kTaxInvoicing &&
        name != role::kTaxRemittance) {
      ControlFields::refuse("roles", "unknown role \"" + name + "\"");
    }
  }
  return {names.begin(), names.end()};
}

void set_participation(Control& control, const std::string& seller) {
  auto& fields = control.fields;
  const auto* marketplace = fields.marketplace("marketplace");
  Participation participation;
  participation.participating = fields.boolean("is_participating").value_or(true);
  participation.suspended_listings = fields.boolean("has_suspended_listings").value_or(false);
  fields.done();
  if (marketplace == nullptr) ControlFields::refuse("marketplace", "is missing");
  control.simulator.accounts().set_participation(seller, *marketplace, participation);
}

}  // namespace

Response add_seller(Control& control) {
  auto& fields = control.fields;
  SellerSpec seller;
  seller.id = fields.text("id").value_or("");
  seller.store_name = fields.text("store_name").value_or("Simulated Store");
  seller.region = fields.choice("region", region_by_name).value_or(Region::kEurope);
  seller.marketplaces =
      fields.marketplaces("marketplaces").value_or(std::vector<const Marketplace*>{});
  seller.roles = role_set(fields.texts("roles").value_or(
      std::vector<std::string>{std::string(role::kInventory), std::string(role::kDelivery),
                               std::string(role::kTaxInvoicing)}));
  const auto token = fields.text("refresh_token");
  fields.done();
  if (seller.marketplaces.empty()) ControlFields::refuse("marketplaces", "is missing or empty");
  control.simulator.add_seller(seller);
  if (token) {
    control.simulator.accounts().authorize(Credentials{}.client_id, seller.id, *token);
  }
  return json_response(201, "{}");
}

Response act_on_seller(Control& control) {
  auto& fields = control.fields;
  auto& accounts = control.simulator.accounts();
  const auto& seller = control.path[1];
  const auto& action = control.path[2];
  const auto client = Credentials{}.client_id;
  std::string body = "{}";
  if (action == "roles") {
    const auto roles = fields.texts("roles");
    fields.done();
    if (!roles) ControlFields::refuse("roles", "is missing");
    accounts.set_roles(seller, role_set(*roles));
  } else if (action == "revoke") {
    fields.done();
    accounts.revoke(seller);
  } else if (action == "authorize") {
    const auto token = fields.text("refresh_token");
    fields.done();
    if (!token || !token->starts_with("Atzr|")) {
      ControlFields::refuse("refresh_token", "must be a text that starts with Atzr|");
    }
    accounts.authorize(client, seller, *token);
  } else if (action == "code") {
    fields.done();
    body = R"({"code":")" + accounts.issue_code(client, seller, control.now) + "\"}";
  } else if (action == "participation") {
    set_participation(control, seller);
  } else {
    throw std::out_of_range("unknown action; use roles, revoke, authorize, code or participation");
  }
  return json_response(200, std::move(body));
}

Response rotate_secret(Control& control) {
  const auto secret = control.fields.text("client_secret");
  const auto old = control.fields.duration("old_valid").value_or(std::chrono::days(7));
  control.fields.done();
  if (!secret || secret->empty()) ControlFields::refuse("client_secret", "is missing");
  control.simulator.accounts().rotate_secret(Credentials{}.client_id, *secret, control.now + old);
  return json_response(200, "{}");
}

}  // namespace amazon_sandbox
