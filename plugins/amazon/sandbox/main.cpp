// amazon-sandbox: `serve` runs the simulator, the other commands talk to one that runs.

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cstdio>
#include <iostream>

#include "plugins/amazon/sandbox/server_commands.hpp"
#include "plugins/amazon/sandbox/server_options.hpp"
#include "plugins/amazon/sandbox/server_returns.hpp"

namespace {

namespace json = boost::json;
using amazon_sandbox::add_where;
using amazon_sandbox::put;
using amazon_sandbox::Where;

/// What add-order and change-order take.
struct OrderTexts {
  Where where;
  std::string id, ago, visible, marketplace, status, fulfilled_by, seller, merge, set, reason, by;
  std::string request;
  std::uint64_t count = 1, seed = 0;
  bool backwards = false, hidden = false;
};

json::value parse_option(const std::string& option, const std::string& text) {
  boost::system::error_code error;
  auto value = json::parse(text, error);
  if (error) throw CLI::ValidationError(option, "is no JSON: " + error.message());
  return value;
}

void add_add_order(CLI::App& app, OrderTexts& texts) {
  auto& command = *app.add_subcommand("add-order", "add orders to a simulator that runs");
  add_where(command, texts.where);
  command.add_option("--ago", texts.ago, "so long before now: 3m");
  command.add_option("--visible-after", texts.visible, "searches find it so much later");
  command.add_option("--marketplace", texts.marketplace, "NL, DE, ...");
  command.add_option("--status", texts.status, "UNSHIPPED, PENDING, SHIPPED, ...");
  command.add_option("--fulfilled-by", texts.fulfilled_by, "MERCHANT or AMAZON");
  command.add_option("--count", texts.count, "how many");
  auto* seed = command.add_option("--seed", texts.seed, "of the order's content");
  command.add_option("--seller", texts.seller, "seller id; default: the first");
  command.add_flag("--hidden", texts.hidden, "no search finds it, but getOrder and reports do");
  command.callback([&texts, seed] {
    json::object body{{"count", texts.count}};
    put(body, "ago", texts.ago);
    put(body, "visible_after", texts.visible);
    put(body, "marketplace", texts.marketplace);
    put(body, "status", texts.status);
    put(body, "fulfilled_by", texts.fulfilled_by);
    put(body, "seller", texts.seller);
    if (texts.hidden) body["hidden"] = true;
    if (seed->count() != 0) body["seed"] = texts.seed;
    const auto answer =
        json::parse(texts.where.client().call("POST", "/orders", json::serialize(body)));
    for (const auto& id : answer.at("orders").as_array()) {
      std::cout << std::string_view(id.as_string()) << '\n';
    }
  });
}

void add_change_order(CLI::App& app, OrderTexts& texts) {
  auto& command = *app.add_subcommand("change-order", "change an order; prints it");
  add_where(command, texts.where);
  command.add_option("id", texts.id, "order id")->required();
  command.add_option("--status", texts.status, "SHIPPED, CANCELLED, ...");
  command.add_option("--cancelled-by", texts.by, "BUYER, MERCHANT or AMAZON");
  command.add_option("--reason", texts.reason, "why it was cancelled");
  command.add_option("--cancel-request", texts.request, "the buyer asks to cancel, because ...");
  command.add_option("--merge", texts.merge, "JSON merge patch over the order as it is shown");
  command.add_option("--set", texts.set, R"(JSON pointers: {"/orderItems/0/product/title":"x"})");
  command.add_option("--ago", texts.ago, "so long before now: 3m");
  command.add_option("--visible-after", texts.visible, "searches find it so much later");
  command.add_flag("--backwards", texts.backwards, "its time may go back");
  command.callback([&texts] {
    json::object body;
    put(body, "status", texts.status);
    put(body, "cancelled_by", texts.by);
    put(body, "cancel_reason", texts.reason);
    put(body, "cancel_request", texts.request);
    put(body, "ago", texts.ago);
    put(body, "visible_after", texts.visible);
    if (texts.backwards) body["backwards"] = true;
    if (!texts.merge.empty()) body["merge"] = parse_option("--merge", texts.merge);
    if (!texts.set.empty()) body["set"] = parse_option("--set", texts.set);
    std::cout << texts.where.client().call("PATCH", "/orders/" + texts.id, json::serialize(body))
              << '\n';
  });
}

void add_orders(CLI::App& app, OrderTexts& texts) {
  auto& command = *app.add_subcommand("orders", "list the newest orders, or show one as JSON");
  add_where(command, texts.where);
  command.add_option("id", texts.id, "order id");
  command.add_option("--count", texts.count, "how many");
  command.callback([&texts] {
    const auto client = texts.where.client();
    if (!texts.id.empty()) {
      std::cout << client.call("GET", "/orders/" + texts.id) << '\n';
      return;
    }
    const auto answer =
        json::parse(client.call("GET", "/orders?limit=" + std::to_string(texts.count)));
    for (const auto& order : answer.at("orders").as_array()) {
      for (const auto* name : {"id", "marketplace", "status", "fulfilled_by", "updated"}) {
        std::cout << std::string_view(order.at(name).as_string()) << "  ";
      }
      std::cout << '\n';
    }
  });
}

struct FaultTexts {
  Where where;
  std::string operation = "*", kind, body, delay;
  int status = 0;
  std::uint64_t next = 0, every = 0;
  bool clear = false;
};

void add_fault(CLI::App& app, FaultTexts& texts) {
  auto& command = *app.add_subcommand("fault", "make requests fail");
  add_where(command, texts.where);
  command.add_option(
      "kind", texts.kind,
      "status, delay, reset, truncated, malformed, wrong_content_type, "
      "expired_token, invalid_utf8, repeated_order, repeated_token, same_page, short_page");
  command.add_option("--operation", texts.operation,
                     "searchOrders, getOrder, token, ...; * is all");
  command.add_option("--status", texts.status, "with status: 429, 500, 503, ...");
  command.add_option("--body", texts.body, "with status: instead of Amazon's words");
  command.add_option("--delay", texts.delay, "with delay: 5s");
  command.add_option("--next", texts.next, "only the next so many requests");
  command.add_option("--every", texts.every, "every so manieth request");
  command.add_flag("--clear", texts.clear, "end all faults");
  command.callback([&texts] {
    const auto client = texts.where.client();
    if (texts.clear) client.call("DELETE", "/faults");
    if (texts.kind.empty()) {
      if (!texts.clear) throw CLI::RequiredError("kind or --clear");
      return;
    }
    json::object body{{"operation", texts.operation}, {"kind", texts.kind}};
    put(body, "body", texts.body);
    put(body, "delay", texts.delay);
    if (texts.status != 0) body["status"] = texts.status;
    if (texts.next != 0) body["next"] = texts.next;
    if (texts.every != 0) body["every"] = texts.every;
    client.call("POST", "/faults", json::serialize(body));
  });
}

void add_stats(CLI::App& app, Where& where, bool& reset) {
  auto& command = *app.add_subcommand("stats", "what was asked and what was given");
  add_where(command, where);
  command.add_flag("--reset", reset, "start counting anew, fill the quotas, end all faults");
  command.callback([&where, &reset] {
    const auto client = where.client();
    const auto statistics = json::parse(client.call("GET", "/statistics"));
    std::printf("%-30s %10s %10s %12s %14s\n", "operation", "requests", "throttled", "orders",
                "bytes");
    for (const auto& [name, entry] : statistics.as_object()) {
      const auto number = [&counts = entry](const char* member) {
        return static_cast<unsigned long long>(counts.at(member).to_number<std::uint64_t>());
      };
      std::printf("%-30s %10llu %10llu %12llu %14llu\n", std::string(name).c_str(),
                  number("requests"), number("throttled"), number("orders"), number("bytes"));
    }
    if (reset) client.call("POST", "/reset");
  });
}

void add_settle(CLI::App& app, Where& where) {
  auto& command = *app.add_subcommand("settle", "searches show everything from now on");
  add_where(command, where);
  command.callback([&where] { std::cout << where.client().call("POST", "/settle") << '\n'; });
}

void add_set(CLI::App& app, Where& where, std::string& settings) {
  auto& command = *app.add_subcommand("set", "change settings of a simulator that runs");
  add_where(command, where);
  command.add_option("settings", settings, R"(JSON, such as {"quota_factor":"off"}; see README)")
      ->required();
  command.callback([&where, &settings] { where.client().call("PATCH", "/settings", settings); });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("A simulator of Amazon's Selling Partner API for tests and demonstrations");
  app.require_subcommand(1);
  amazon_sandbox::ServeCommand serve(app);
  amazon_sandbox::ReturnCommands returns(app);
  OrderTexts added, changed, listed;
  FaultTexts fault;
  Where stats_where, set_where, settle_where;
  std::string settings;
  bool reset = false;
  listed.count = 20;
  add_add_order(app, added);
  add_change_order(app, changed);
  add_orders(app, listed);
  add_fault(app, fault);
  add_stats(app, stats_where, reset);
  add_settle(app, settle_where);
  add_set(app, set_where, settings);
  try {
    app.parse(argc, argv);
    return 0;
  } catch (const CLI::RuntimeError& done) {
    return done.get_exit_code();
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? 0 : 2;
  } catch (const std::exception& problem) {
    std::cerr << "amazon-sandbox: " << problem.what() << '\n';
    return 1;
  }
}
