#include "host/isolation/exchange.hpp"

#include <fmt/format.h>

#include <boost/json/value.hpp>
#include <stdexcept>
#include <string_view>

namespace marketplug::isolation {
namespace {

using boost::json::object;

constexpr std::string_view kSerial = "serial";
constexpr std::string_view kWithin = "within";

std::int64_t number_at(const object& frame, std::string_view name) {
  const auto* number = frame.if_contains(name);
  const auto* whole = number == nullptr ? nullptr : number->if_int64();
  return whole == nullptr || *whole <= 0 ? 0 : *whole;
}

}  // namespace

std::int64_t serial_of(const object& frame) { return number_at(frame, kSerial); }

void Exchange::begin(object& call) { call[kSerial] = ++call_; }

void Exchange::take_answer(const object& frame) const {
  const auto serial = serial_of(frame);
  if (serial == 0) throw std::invalid_argument("an answer has no number");
  if (serial != call_) {
    throw std::invalid_argument(
        fmt::format("an answer is to call {}, call {} is under way", serial, call_));
  }
  if (frame.contains("value") == frame.contains("failure") || frame.size() != 2) {
    throw std::invalid_argument("an answer is neither a value nor a failure");
  }
}

void Exchange::take_question(const object& frame) {
  const auto within = number_at(frame, kWithin);
  if (within != call_) {
    throw std::invalid_argument(
        fmt::format("a question belongs to call {}, call {} is under way", within, call_));
  }
  const auto serial = serial_of(frame);
  if (serial != asked_ + 1) {
    throw std::invalid_argument(
        fmt::format("a question has number {}, {} is the next", serial, asked_ + 1));
  }
  asked_ = serial;
}

bool CallNumbers::begin(const object& call) {
  call_ = serial_of(call);
  return call_ != 0;
}

void CallNumbers::put_on_answer(object& answer) const { answer[kSerial] = call_; }

void CallNumbers::put_on_question(object& question) {
  question[kWithin] = call_;
  question[kSerial] = ++asked_;
}

}  // namespace marketplug::isolation
