#include "plugins/amazon/sandbox/server_returns.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>
#include <iostream>

namespace amazon_sandbox {
namespace {

/// What becomes of a return, when it is made or later.
void add_progress(CLI::App& command, ReturnTexts& texts) {
  command.add_option("--status", texts.status, "Approved, Completed, ...");
  command.add_option("--resolution", texts.resolution, "StandardRefund, Replacement, ...");
  command.add_option("--carrier", texts.carrier, "that brings it back");
  command.add_option("--tracking", texts.tracking, "number of that parcel");
  command.add_option("--refunded", texts.refunded, "amount that was refunded: 12.34");
  command.add_option("--delivered-ago", texts.delivered_ago, "it came back so long before now");
}

void put_progress(boost::json::object& body, const ReturnTexts& texts) {
  put(body, "status", texts.status);
  put(body, "resolution", texts.resolution);
  put(body, "carrier", texts.carrier);
  put(body, "tracking_number", texts.tracking);
  put(body, "refunded_amount", texts.refunded);
  put(body, "delivered_ago", texts.delivered_ago);
}

}  // namespace

ReturnCommands::ReturnCommands(CLI::App& app) {
  add_add_return(app);
  add_change_return(app);
  add_returns(app);
}

void ReturnCommands::add_add_return(CLI::App& app) {
  auto& command = *app.add_subcommand("add-return", "a buyer sends units of an order line back");
  add_where(command, added_.where);
  command.add_option("order", added_.order, "order id")->required();
  command.add_option("--item", added_.item, "order item id; default: the first with units left");
  command.add_option("--sku", added_.sku, "instead of --item");
  command.add_option("--quantity", added_.quantity, "units");
  command.add_option("--ago", added_.ago, "asked for so long before now: 2d");
  command.add_option("--rma", added_.rma, "id of the return; lines of an order may share it");
  command.add_option("--merchant-rma", added_.merchant_rma, "the merchant's id");
  command.add_option("--reason", added_.reason, "reason code: CR-DEFECTIVE, UNWANTED_ITEM, ...");
  command.add_option("--comment", added_.comment, "of the buyer");
  command.add_option("--disposition", added_.disposition, "of Amazon's: SELLABLE, ...");
  add_progress(command, added_);
  command.callback([this] {
    boost::json::object body{{"order", added_.order}, {"quantity", added_.quantity}};
    put(body, "item", added_.item);
    put(body, "sku", added_.sku);
    put(body, "ago", added_.ago);
    put(body, "rma_id", added_.rma);
    put(body, "merchant_rma_id", added_.merchant_rma);
    put(body, "reason", added_.reason);
    put(body, "comment", added_.comment);
    put(body, "disposition", added_.disposition);
    put_progress(body, added_);
    std::cout << added_.where.client().call("POST", "/returns", boost::json::serialize(body))
              << '\n';
  });
}

void ReturnCommands::add_change_return(CLI::App& app) {
  auto& command = *app.add_subcommand("change-return", "what became of a return");
  add_where(command, changed_.where);
  command.add_option("rma", changed_.rma, "id of the return")->required();
  add_progress(command, changed_);
  command.callback([this] {
    boost::json::object body;
    put_progress(body, changed_);
    changed_.where.client().call("PATCH", "/returns/" + changed_.rma, boost::json::serialize(body));
  });
}

void ReturnCommands::add_returns(CLI::App& app) {
  auto& command = *app.add_subcommand("returns", "list the returns as JSON");
  add_where(command, listed_.where);
  command.add_option("--seller", listed_.seller, "seller id; default: the first");
  command.callback([this] {
    std::cout << listed_.where.client().call("GET", "/returns?seller=" + listed_.seller) << '\n';
  });
}

}  // namespace amazon_sandbox
