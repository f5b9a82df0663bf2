// A worker whose answers are in order but for those to fetch_order, where the id says what is wrong
// with them. Its process number stands on standard error.
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "host/isolation/base64.hpp"
#include "host/isolation/channel.hpp"
#include "host/isolation/exchange.hpp"
#include "host/isolation/wire.hpp"
#include "host/isolation/worker_program.hpp"
#include "host/loading/abi_check.hpp"
#include "host/loading/inspection.hpp"

namespace marketplug::isolation {
namespace {

using boost::json::object;

std::string abi_text(const AbiInfo& abi) {
  return encode_base64({reinterpret_cast<const char*>(&abi), sizeof(abi)});
}

std::string framed(std::string_view text) {
  std::string bytes;
  for (const int shift : {24, 16, 8, 0}) {
    bytes += static_cast<char>(text.size() >> shift & 0xff);
  }
  return bytes.append(text);
}
std::string framed(const object& frame) { return framed(boost::json::serialize(frame)); }

object page_told(std::string_view what) {
  Page<Order> page;
  page.next.value = what;
  return wire::page(page);
}

object answer_to(std::int64_t call, std::string_view what) {
  return {{"serial", call}, {"value", page_told(what)}};
}

object question(std::int64_t call, std::int64_t serial) {
  return {{"ask", "now"}, {"within", call}, {"serial", serial}};
}

/// All that goes back for one fault, in one piece: it is there at once.
std::string faulty(std::string_view fault, std::int64_t call) {
  object answer = answer_to(call, fault);
  if (fault == "doubled") return framed(answer) + framed(answer);
  if (fault == "beforehand") return framed(answer) + framed(answer_to(call + 1, fault));
  if (fault == "asks_afterwards") return framed(answer) + framed(question(call, 1));
  if (fault == "stale") return framed(answer_to(call - 1, fault));
  if (fault == "early") return framed(answer_to(call + 1, fault));
  if (fault == "no_json") return framed("{\"value\": ");
  if (fault == "no_object") return framed("[]");
  if (fault == "no_frame") return {"\xff\xff\xff\xff", 4};
  if (fault == "no_number") answer.erase("serial");
  if (fault == "number_is_text") answer["serial"] = std::to_string(call);
  if (fault == "both") answer["failure"] = object{};
  if (fault == "neither") answer.erase("value");
  if (fault == "more") answer["more"] = 1;
  if (fault == "no_page") answer["value"] = 7;
  if (fault == "no_failure") answer = {{"serial", call}, {"failure", 7}};
  if (fault == "asks_for_another_call") return framed(question(call - 1, 1)) + framed(answer);
  if (fault == "asks_twice") {
    return framed(question(call, 1)) + framed(question(call, 1)) + framed(answer);
  }
  if (fault == "asks_out_of_turn") return framed(question(call, 2)) + framed(answer);
  return framed(answer);
}

object value_of(const object& call) {
  if (call.at("call") == "load") {
    const auto file = loading::inspect(wire::text_at(call, "path"), {}).file;
    return {{"abi", abi_text(file.abi)}, {"schema", "{}"}};
  }
  return {{"capabilities", boost::json::array{"order-source/1"}}};
}

void send_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(kWorkerSocket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) ::_exit(0);
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

int serve_oddly() {
  Channel channel(kWorkerSocket);
  const std::string line = fmt::format("pid {}\n", ::getpid());
  if (::write(STDERR_FILENO, line.data(), line.size()) < 0) return 1;
  send_all(framed({{"protocol", wire::kProtocol}, {"abi", abi_text(loading::host_abi())}}));
  std::string text;
  while (channel.receive(text, std::chrono::hours{1}) == Channel::Got::kFrame) {
    const auto call = wire::parse(text).value();
    const auto* name = call.if_contains("call");
    if (name == nullptr) continue;  // an answer of the host
    const auto serial = serial_of(call);
    if (*name == "load" || *name == "create") {
      send_all(framed({{"serial", serial}, {"value", value_of(call)}}));
    } else {
      send_all(faulty(wire::text_at(call, "id"), serial));
    }
  }
  return 0;
}

}  // namespace
}  // namespace marketplug::isolation

int main() { ::_exit(marketplug::isolation::serve_oddly()); }
