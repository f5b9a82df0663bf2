#pragma once
// The numbers on the wire, so that nothing is taken for what it is not: the host counts its calls,
// the worker what it asks and tells within them, and an answer has the number of what it answers.
// One thread.

#include <boost/json/object.hpp>
#include <cstdint>

namespace marketplug::isolation {

/// The number of a frame; 0: it has none.
std::int64_t serial_of(const boost::json::object& frame);

/// The host's book of one worker.
class Exchange {
 public:
  /// Numbers a call. What comes from now on must belong to it.
  void begin(boost::json::object& call);
  /// Throw std::invalid_argument, which says what is wrong: a frame of another call, one that comes
  /// twice or out of its turn, or one of another shape.
  void take_answer(const boost::json::object& frame) const;
  void take_question(const boost::json::object& frame);

 private:
  std::int64_t call_ = 0;
  std::int64_t asked_ = 0;
};

/// The worker's half: the number of a call goes back with its answer and with what is asked in it.
class CallNumbers {
 public:
  /// False: the call has no number.
  bool begin(const boost::json::object& call);
  void put_on_answer(boost::json::object& answer) const;
  void put_on_question(boost::json::object& question);
  /// Whether this answers the last question.
  bool is_answer(const boost::json::object& frame) const { return serial_of(frame) == asked_; }

 private:
  std::int64_t call_ = 0;
  std::int64_t asked_ = 0;
};

}  // namespace marketplug::isolation
