#include "host/services/http/inflate.hpp"

#include <zlib.h>

#include <array>
#include <new>

namespace marketplug::services::http {
namespace {

constexpr std::uint64_t kRatioFrom = 1u << 20;
constexpr std::uint64_t kRatio = 100;

}  // namespace

struct Inflater::Stream {
  Stream() {
    // 15 bits of window, gzip header only.
    if (inflateInit2(&z, 15 + 16) != Z_OK) throw std::bad_alloc();
  }
  ~Stream() { inflateEnd(&z); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  z_stream z{};
  bool started = false;
  bool ended = false;  ///< one gzip member is complete; another one may follow
  std::array<char, 65536> buffer{};
};

Inflater::Inflater(std::uint64_t most, Place place)
    : stream_(std::make_unique<Stream>()), most_(most), place_(std::move(place)) {}
Inflater::~Inflater() = default;
Inflater::Inflater(Inflater&&) noexcept = default;
Inflater& Inflater::operator=(Inflater&&) noexcept = default;

void Inflater::feed(std::string_view input, const Sink& sink) {
  auto& z = stream_->z;
  auto& buffer = stream_->buffer;
  in_ += input.size();
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
  z.avail_in = static_cast<uInt>(input.size());
  bool more = false;
  while (z.avail_in != 0 || more) {
    if (stream_->ended) {
      inflateReset(&z);
      stream_->ended = false;
    }
    stream_->started = true;
    z.next_out = reinterpret_cast<Bytef*>(buffer.data());
    z.avail_out = static_cast<uInt>(buffer.size());
    const int result = inflate(&z, Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
      throw remote(place_, "bad_encoding", "the answer is not the gzip it claims to be");
    }
    const auto size = buffer.size() - z.avail_out;
    out_ += size;
    if (out_ > most_ || (out_ > kRatioFrom && out_ > kRatio * in_)) {
      throw remote(place_, "too_large",
                   "the answer inflates to more than " +
                       std::to_string(out_ > most_ ? most_ : kRatio * in_) + " bytes");
    }
    stream_->ended = result == Z_STREAM_END;
    more = z.avail_out == 0 && !stream_->ended;
    if (size != 0) sink({buffer.data(), size});
  }
}

void Inflater::finish() const {
  if (stream_->started && stream_->ended) return;
  throw transient(place_, "truncated", "the compressed answer broke off");
}

}  // namespace marketplug::services::http
