#pragma once
// Report documents as bytes: character sets, gzip, XML. Any thread; results belong to the caller.

#include <cstdint>
#include <string>
#include <string_view>

#include "plugins/amazon/sandbox/report_types.hpp"

namespace amazon_sandbox {

/// UTF-8 text in the character set; what it lacks becomes '?', in XML a character reference.
std::string encode_text(std::string_view utf8, Charset charset, bool xml);

/// RFC 1952; the same bytes for the same text. Throws std::runtime_error when zlib fails.
std::string gzip(std::string_view bytes);

/// With &, <, > and quotes escaped and control characters left out.
std::string xml_text(std::string_view text);

/// An amount as the XML reports write it: "59.9", "0.0", "1200.0".
std::string plain_decimal(std::int64_t minor, int decimals);

}  // namespace amazon_sandbox
