#include "plugins/amazon/sandbox/accounts.hpp"

#include <algorithm>
#include <stdexcept>

namespace amazon_sandbox {
namespace {

constexpr LwaProblem kBadClient{401, "invalid_client", "Client authentication failed"};
constexpr LwaProblem kBadRefreshToken{
    400, "invalid_grant",
    "The request has an invalid grant parameter : refresh_token. User may have revoked or didn't "
    "grant the permission."};
constexpr LwaProblem kBadCode{400, "invalid_grant",
                              "The request has an invalid grant parameter : code"};
constexpr LwaProblem kOtherClient{400, "unauthorized_client",
                                  "Not authorized for requested operation"};
constexpr LwaProblem kBadScope{400, "invalid_scope", "An unknown scope was requested"};

constexpr std::string_view kScopes[] = {"sellingpartnerapi::notifications",
                                        "sellingpartnerapi::client_credential:rotation"};

}  // namespace

SellerSpec& Accounts::known_seller(std::string_view id) {
  const auto found = sellers_.find(id);
  if (found == sellers_.end()) throw std::out_of_range("no seller " + std::string(id));
  return found->second;
}

void Accounts::require_client(std::string_view client_id) const {
  if (!applications_.contains(client_id)) {
    throw std::out_of_range("no application " + std::string(client_id));
  }
}

void Accounts::add_application(const std::string& client_id, const std::string& secret) {
  const std::lock_guard lock(mutex_);
  applications_[client_id] = {{secret, TimePoint::max()}};
}

void Accounts::add_seller(const SellerSpec& seller) {
  const std::lock_guard lock(mutex_);
  sellers_[seller.id] = seller;
}

std::optional<SellerSpec> Accounts::seller(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto found = sellers_.find(id);
  if (found == sellers_.end()) return std::nullopt;
  return found->second;
}

std::vector<std::string> Accounts::seller_ids() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> ids;
  for (const auto& [id, seller] : sellers_) ids.push_back(id);
  return ids;
}

void Accounts::set_roles(std::string_view seller_id, std::set<std::string, std::less<>> roles) {
  const std::lock_guard lock(mutex_);
  known_seller(seller_id).roles = std::move(roles);
}

void Accounts::set_participation(std::string_view seller_id, const Marketplace& marketplace,
                                 Participation participation) {
  const std::lock_guard lock(mutex_);
  auto& seller = known_seller(seller_id);
  if (std::find(seller.marketplaces.begin(), seller.marketplaces.end(), &marketplace) ==
      seller.marketplaces.end()) {
    throw std::invalid_argument("the seller does not sell in " + std::string(marketplace.code));
  }
  seller.participations[&marketplace] = participation;
}

void Accounts::authorize(std::string_view client_id, std::string_view seller_id,
                         const std::string& refresh_token) {
  const std::lock_guard lock(mutex_);
  require_client(client_id);
  known_seller(seller_id);
  refresh_tokens_[refresh_token] = {std::string(client_id), std::string(seller_id)};
}

std::string Accounts::issue_code(std::string_view client_id, std::string_view seller_id,
                                 TimePoint now) {
  const std::lock_guard lock(mutex_);
  require_client(client_id);
  known_seller(seller_id);
  auto code = "SIM" + draw_.letters(20);
  codes_[code] = {std::string(client_id), std::string(seller_id), false, now + kCodeLife};
  return code;
}

void Accounts::revoke(std::string_view seller_id) {
  const std::lock_guard lock(mutex_);
  known_seller(seller_id);
  for (auto* grants : {&refresh_tokens_, &codes_}) {
    for (auto& [token, grant] : *grants) {
      if (grant.seller_id == seller_id) grant.revoked = true;
    }
  }
  for (auto& [token, access] : access_tokens_) {
    if (access.caller.seller_id == seller_id) access.revoked = true;
  }
}

void Accounts::rotate_secret(std::string_view client_id, const std::string& secret,
                             TimePoint old_until) {
  const std::lock_guard lock(mutex_);
  require_client(client_id);
  auto& secrets = applications_.find(client_id)->second;
  for (auto& old : secrets) old.until = std::min(old.until, old_until);
  secrets.push_back({secret, TimePoint::max()});
}

void Accounts::rotate_refresh_tokens(bool on) {
  const std::lock_guard lock(mutex_);
  rotate_refresh_tokens_ = on;
}

std::optional<LwaProblem> Accounts::check_client(std::string_view client_id,
                                                 std::string_view secret, TimePoint now) const {
  const auto application = applications_.find(client_id);
  if (application == applications_.end()) return kBadClient;
  for (const auto& known : application->second) {
    if (known.text == secret && now < known.until) return std::nullopt;
  }
  return kBadClient;
}

std::string Accounts::issue_access(Caller caller, TimePoint now) {
  std::erase_if(access_tokens_, [&](const auto& entry) {
    return entry.second.until + std::chrono::hours(24) < now;
  });
  auto token = "Atza|" + draw_.letters(180);
  access_tokens_[token] = {std::move(caller), now + kTokenLife};
  return token;
}

LwaResult Accounts::refresh(std::string_view client_id, std::string_view secret,
                            std::string_view token, TimePoint now) {
  const std::lock_guard lock(mutex_);
  if (const auto problem = check_client(client_id, secret, now)) return *problem;
  const auto found = refresh_tokens_.find(token);
  if (found == refresh_tokens_.end()) return kBadRefreshToken;
  if (found->second.client_id != client_id) return kOtherClient;
  if (found->second.revoked) return kBadRefreshToken;
  const auto grant = found->second;
  LwaTokens tokens{issue_access({grant.client_id, grant.seller_id, {}}, now), std::string(token)};
  if (rotate_refresh_tokens_) {
    refresh_tokens_.erase(found);
    tokens.refresh_token = "Atzr|" + draw_.letters(120);
    refresh_tokens_[tokens.refresh_token] = grant;
  }
  return tokens;
}

LwaResult Accounts::exchange(std::string_view client_id, std::string_view secret,
                             std::string_view code, TimePoint now) {
  const std::lock_guard lock(mutex_);
  if (const auto problem = check_client(client_id, secret, now)) return *problem;
  const auto found = codes_.find(code);
  if (found == codes_.end()) return kBadCode;
  if (found->second.client_id != client_id) return kOtherClient;
  const auto grant = found->second;
  codes_.erase(found);
  if (grant.revoked || now >= grant.until) return kBadCode;
  LwaTokens tokens{issue_access({grant.client_id, grant.seller_id, {}}, now),
                   "Atzr|" + draw_.letters(120)};
  refresh_tokens_[tokens.refresh_token] = {grant.client_id, grant.seller_id};
  return tokens;
}

LwaResult Accounts::grantless(std::string_view client_id, std::string_view secret,
                              std::string_view scope, TimePoint now) {
  const std::lock_guard lock(mutex_);
  if (const auto problem = check_client(client_id, secret, now)) return *problem;
  if (std::find(std::begin(kScopes), std::end(kScopes), scope) == std::end(kScopes)) {
    return kBadScope;
  }
  return LwaTokens{issue_access({std::string(client_id), {}, std::string(scope)}, now), {}};
}

std::variant<Caller, TokenProblem> Accounts::check(std::string_view access_token,
                                                   TimePoint now) const {
  const std::lock_guard lock(mutex_);
  const auto found = access_tokens_.find(access_token);
  if (found == access_tokens_.end()) return TokenProblem::kInvalid;
  if (found->second.revoked) return TokenProblem::kRevoked;
  if (now >= found->second.until) return TokenProblem::kExpired;
  return found->second.caller;
}

void Accounts::expire(std::string_view access_token) {
  const std::lock_guard lock(mutex_);
  const auto found = access_tokens_.find(access_token);
  if (found != access_tokens_.end()) found->second.until = TimePoint::min();
}

}  // namespace amazon_sandbox
