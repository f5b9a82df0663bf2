#pragma once
// A transaction on a connection: rolled back unless it was committed. One thread, shorter-lived
// than its connection.

#include "host/store/db/connection.hpp"

namespace marketplug::store::db {

class Transaction {
 public:
  explicit Transaction(Connection& connection) : connection_(&connection) { connection.begin(); }
  ~Transaction() { roll_back(); }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  /// Throws StoreError where it did not get through; then nothing of it is in the store.
  void commit() {
    connection_->commit();
    connection_ = nullptr;
  }
  void roll_back() noexcept {
    if (connection_ != nullptr) connection_->roll_back();
    connection_ = nullptr;
  }

 private:
  Connection* connection_;
};

}  // namespace marketplug::store::db
