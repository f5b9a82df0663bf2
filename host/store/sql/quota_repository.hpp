#pragma once
// Fill levels of quota buckets, kept over restarts. Any thread; owned by SqlStore.

#include "host/store/sql/context.hpp"
#include "host/store/store.hpp"

namespace marketplug::store::sql {

class QuotaRepository final : public QuotaLevels {
 public:
  explicit QuotaRepository(const Context& context) : context_(context) {}
  std::vector<QuotaLevel> load() override;
  void save(std::span<const QuotaLevel> levels) override;

 private:
  Context context_;
};

}  // namespace marketplug::store::sql
