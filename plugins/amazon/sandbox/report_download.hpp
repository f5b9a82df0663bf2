#pragma once
// Report documents behind presigned URLs, as the object store S3 serves them: no access token, five
// minutes, errors in XML. Any thread.

#include <string>
#include <string_view>

#include "plugins/amazon/sandbox/request.hpp"
#include "plugins/amazon/sandbox/world.hpp"

namespace amazon_sandbox {

/// A URL of the document on the host that the request was sent to. `unpacked`: the download says
/// Content-Encoding: gzip, so that clients unpack it by themselves.
std::string presigned_url(const World& world, const Request& request, std::string_view document_key,
                          bool unpacked, TimePoint now);

/// Needs no lock of the caller's.
Response download_document(const World& world, const Request& request, const Target& target,
                           std::string_view document_key, TimePoint now);

/// An error as the object store words it; the body is what an injected fault sends.
Response download_fault(int status);

}  // namespace amazon_sandbox
