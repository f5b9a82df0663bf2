#pragma once
// The host as a variant lets the template's connector see it: a transport that gets an access token
// and misbehaves, and a quota that grants too much. One thread for each shop.

#include <marketplug/host.hpp>
#include <memory>

namespace variant {

class OwnHost final : public marketplug::Host {
 public:
  explicit OwnHost(Host& host);
  ~OwnHost() override;
  void* query(std::string_view id) noexcept override;

 private:
  struct Parts;
  Host& host_;
  std::unique_ptr<Parts> parts_;
};

}  // namespace variant
