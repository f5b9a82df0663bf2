#pragma once
// Bytes packed by zlib, in whichever wrapping. Pure function, any thread.

#include <zlib.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace amazon_sandbox {

/// `window_bits`: as deflateInit2 takes them; negative: RFC 1951 alone, plus 16: RFC 1952. The same
/// bytes for the same input. Throws std::runtime_error when zlib fails.
inline std::string deflated(std::string_view bytes, int level, int window_bits) {
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("zlib has no memory");
  }
  std::string packed(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int result = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  if (result != Z_STREAM_END) throw std::runtime_error("zlib could not pack");
  return packed;
}

}  // namespace amazon_sandbox
