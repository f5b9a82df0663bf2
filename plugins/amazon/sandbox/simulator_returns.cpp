// Returns: what tests and the control interface may do about them.

#include <stdexcept>

#include "plugins/amazon/sandbox/page_token.hpp"
#include "plugins/amazon/sandbox/simulator_impl.hpp"

namespace amazon_sandbox {
namespace {

bool id_is_taken(const World& world, const std::string& rma_id, const ReturnBook& own) {
  for (const auto& [seller, book] : world.returns) {
    if (&book != &own && book.contains(rma_id)) return true;
  }
  return false;
}

}  // namespace

CustomerReturn Simulator::add_return(const NewReturn& given) {
  const std::unique_lock lock(impl_->world.mutex);
  auto& world = impl_->world;
  for (const auto& [seller, orders] : world.orders) {
    const auto index = orders->find(given.order_id);
    if (!index) continue;
    auto& book = world.returns[seller];
    if (!given.rma_id.empty() && id_is_taken(world, given.rma_id, book)) {
      throw std::invalid_argument("return " + given.rma_id + " is another seller's");
    }
    auto wanted = given;
    const auto now = world.clock.now();
    if (wanted.requested == TimePoint{}) wanted.requested = now;
    const auto order = orders->reported(*index);
    if (wanted.requested < order.created) {
      throw std::invalid_argument(
          "a return is not asked for before the order: give a smaller "
          "\"ago\"");
    }
    return book.add(wanted, order, keyed_hash(seller, world.seed));
  }
  throw std::out_of_range("no order " + given.order_id + "; GET /orders lists them");
}

void Simulator::change_return(std::string_view rma_id, const ReturnChange& change) {
  const std::unique_lock lock(impl_->world.mutex);
  for (auto& [seller, book] : impl_->world.returns) {
    if (book.contains(rma_id)) return book.change(rma_id, change);
  }
  throw std::out_of_range("no return " + std::string(rma_id) + "; GET /returns lists them");
}

std::vector<CustomerReturn> Simulator::returns(std::string_view seller_id) const {
  const std::shared_lock lock(impl_->world.mutex);
  impl_->store(seller_id);  // there is such a seller
  const auto found =
      impl_->world.returns.find(seller_id.empty() ? impl_->world.first_seller : seller_id);
  return found == impl_->world.returns.end() ? std::vector<CustomerReturn>{} : found->second.all();
}

}  // namespace amazon_sandbox
