#pragma once
// A database that is open: leases of its connections. Any thread; whoever holds a Lease uses its
// connection alone until the lease ends. The database outlives its leases.

#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "host/store/db/connection.hpp"
#include "host/store/db/transaction.hpp"

namespace marketplug::store::db {

class Lease {
 public:
  Lease(Connection& connection, std::function<void()> give_back)
      : connection_(&connection), give_back_(std::move(give_back)) {}
  ~Lease() {
    if (give_back_) give_back_();
  }
  Lease(Lease&& other) noexcept
      : connection_(other.connection_), give_back_(std::exchange(other.give_back_, nullptr)) {}
  Lease& operator=(Lease&&) = delete;

  Connection& connection() const noexcept { return *connection_; }

 private:
  Connection* connection_;
  std::function<void()> give_back_;
};

/// Of a check that may take long. Both may be empty and are called from any thread.
struct CheckHooks {
  std::function<void(std::string_view)>
      notice;                     ///< hears how far it is, and what a person should know
  std::function<bool()> stopped;  ///< true ends it
};

class Database {
 public:
  virtual ~Database() = default;
  /// Waits for a connection that can only read. A thread takes one at a time.
  virtual Lease reader() = 0;
  /// Waits its turn, first come first served. StoreError kOther where this thread is writing
  /// already: waiting for itself would never end.
  virtual Lease writer() = 0;
  /// Whether no other process can have this database open.
  virtual bool exclusive() const noexcept = 0;
  /// Reads everything and gives what is damaged; empty: sound. Throws StoreError kStopped.
  virtual std::vector<std::string> check(const CheckHooks& hooks) = 0;
  /// Makes what was erased leave the disk too. False: readers are in the way, ask again later.
  virtual bool forget_erased() = 0;
  /// Where it is, for messages.
  virtual const std::string& place() const noexcept = 0;
};

/// Runs `work(connection)` in a transaction of its own on the writer.
template <class Work>
auto write(Database& database, Work&& work) {
  Lease lease = database.writer();
  Transaction transaction(lease.connection());
  if constexpr (std::is_void_v<std::invoke_result_t<Work, Connection&>>) {
    work(lease.connection());
    transaction.commit();
  } else {
    auto result = work(lease.connection());
    transaction.commit();
    return result;
  }
}

}  // namespace marketplug::store::db
