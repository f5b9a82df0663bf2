#pragma once
// Applications, sellers, what was authorised, and the tokens of Login with Amazon.
// Any thread: every function locks. Tokens are drawn from a seed and last as long as this object.

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "plugins/amazon/sandbox/draw.hpp"
#include "plugins/amazon/sandbox/order.hpp"

namespace amazon_sandbox {

/// Developer roles as the simulator distinguishes them.
namespace role {
inline constexpr std::string_view kInventory = "inventory-and-order-tracking";
inline constexpr std::string_view kDelivery = "direct-to-consumer-delivery";
inline constexpr std::string_view kTaxInvoicing = "tax-invoicing";
inline constexpr std::string_view kTaxRemittance = "tax-remittance";
}  // namespace role

/// What the Sellers API says of an account in a marketplace.
struct Participation {
  bool participating = true, suspended_listings = false;
};

struct SellerSpec {
  std::string id;  ///< merchant token
  std::string store_name;
  Region region = Region::kEurope;
  std::vector<const Marketplace*> marketplaces;
  std::set<std::string, std::less<>> roles;
  std::map<const Marketplace*, Participation> participations;  ///< where it is not the usual one
};

/// Who calls, according to an access token. `seller_id` is empty for a grantless token.
struct Caller {
  std::string client_id, seller_id, scope;
};
enum class TokenProblem : std::uint8_t { kInvalid, kExpired, kRevoked };

/// An error of Login with Amazon: status, code and description.
struct LwaProblem {
  int status = 400;
  std::string_view error, description;
};
struct LwaTokens {
  std::string access_token, refresh_token;  ///< refresh_token is empty for client_credentials
};
using LwaResult = std::variant<LwaTokens, LwaProblem>;

class Accounts {
 public:
  static constexpr std::chrono::seconds kTokenLife{3600};
  static constexpr std::chrono::minutes kCodeLife{5};

  explicit Accounts(std::uint64_t seed) : draw_(mix(seed ^ 0x746f6b656e)) {}

  void add_application(const std::string& client_id, const std::string& secret);
  void add_seller(const SellerSpec& seller);
  /// nullopt: no such seller.
  std::optional<SellerSpec> seller(std::string_view id) const;
  std::vector<std::string> seller_ids() const;
  /// These throw std::out_of_range for an unknown client or seller.
  void set_roles(std::string_view seller_id, std::set<std::string, std::less<>> roles);
  /// Throws std::invalid_argument for a marketplace that is not the seller's.
  void set_participation(std::string_view seller_id, const Marketplace& marketplace,
                         Participation participation);
  /// Lets the application act for the seller with a refresh token of the given text.
  void authorize(std::string_view client_id, std::string_view seller_id,
                 const std::string& refresh_token);
  /// What the consent page would hand out: a code for one exchange within five minutes.
  std::string issue_code(std::string_view client_id, std::string_view seller_id, TimePoint now);
  /// Ends every authorisation of the seller; tokens that exist stop working.
  void revoke(std::string_view seller_id);
  /// The secrets before stay valid until the given time.
  void rotate_secret(std::string_view client_id, const std::string& secret, TimePoint old_until);
  void rotate_refresh_tokens(bool on);

  LwaResult refresh(std::string_view client_id, std::string_view secret, std::string_view token,
                    TimePoint now);
  LwaResult exchange(std::string_view client_id, std::string_view secret, std::string_view code,
                     TimePoint now);
  LwaResult grantless(std::string_view client_id, std::string_view secret, std::string_view scope,
                      TimePoint now);

  std::variant<Caller, TokenProblem> check(std::string_view access_token, TimePoint now) const;
  /// As if its hour were over.
  void expire(std::string_view access_token);

 private:
  struct Secret {
    std::string text;
    TimePoint until;
  };
  struct Grant {
    std::string client_id, seller_id;
    bool revoked = false;
    TimePoint until = TimePoint::max();  ///< of an authorisation code
  };
  struct Access {
    Caller caller;
    TimePoint until;
    bool revoked = false;
  };
  std::optional<LwaProblem> check_client(std::string_view client_id, std::string_view secret,
                                         TimePoint now) const;
  std::string issue_access(Caller caller, TimePoint now);
  SellerSpec& known_seller(std::string_view id);
  void require_client(std::string_view client_id) const;

  mutable std::mutex mutex_;
  Draw draw_;
  bool rotate_refresh_tokens_ = false;
  std::map<std::string, std::vector<Secret>, std::less<>> applications_;
  std::map<std::string, SellerSpec, std::less<>> sellers_;
  std::map<std::string, Grant, std::less<>> refresh_tokens_, codes_;
  std::map<std::string, Access, std::less<>> access_tokens_;
};

}  // namespace amazon_sandbox
