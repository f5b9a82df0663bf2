#pragma once
// gzip in pieces and in bounded memory: bombs, garbage and missing ends are told apart. One thread.

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "host/services/http/failures.hpp"

namespace marketplug::services::http {

class Inflater {
 public:
  using Sink = std::function<void(std::string_view)>;

  /// `most`: bytes after decompression.
  Inflater(std::uint64_t most, Place place);
  ~Inflater();
  Inflater(Inflater&&) noexcept;
  Inflater& operator=(Inflater&&) noexcept;

  /// Hands on at most 64 KiB at a time. Throws HttpError kRemote "too_large" (beyond `most`, or a
  /// hundred times its input once it is over 1 MiB) or "bad_encoding".
  void feed(std::string_view input, const Sink& sink);
  /// Throws HttpError kTransient "truncated" where the stream has no end.
  void finish() const;

 private:
  struct Stream;
  std::unique_ptr<Stream> stream_;
  std::uint64_t most_;
  Place place_;
  std::uint64_t in_ = 0, out_ = 0;
};

}  // namespace marketplug::services::http
