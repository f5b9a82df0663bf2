#pragma once
// Fill levels of quota buckets, kept over restarts: saved with each step, and apart where that is
// too late. Any thread; owned by SqlStore.

#include <memory>
#include <mutex>

#include "host/store/sql/context.hpp"
#include "host/store/store.hpp"

namespace marketplug::store::sql {

class QuotaRepository final : public QuotaLevels {
 public:
  explicit QuotaRepository(const Context& context) : context_(context) {}
  std::vector<QuotaLevel> load() override;
  void save(const QuotaSource& source) override;
  void follow(std::weak_ptr<const QuotaSource> source) override;

  /// Writes what the followed source gives into the open transaction of `connection`. The caller
  /// calls the result, where there is one, once that is committed.
  std::function<void()> write_followed(db::Connection& connection);

 private:
  static void write(db::Connection& connection, const std::vector<QuotaLevel>& levels);

  Context context_;
  std::mutex mutex_;
  std::weak_ptr<const QuotaSource> followed_;
};

}  // namespace marketplug::store::sql
