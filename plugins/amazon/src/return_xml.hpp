#pragma once
// Amazon's XML report of returns, read as a stream: memory is bounded by one return. No document
// type, no entities but XML's own five, no network. One thread at a time.

#include <cstdint>
#include <functional>
#include <string>

#include "marketplug/result.hpp"
#include "marketplug/services/documents.hpp"
#include "src/return_record.hpp"

namespace marketplug::amazon {

/// Hands the returns of the document to `take`, in order, without the first `skip`, `most` of them
/// at most. True: there are more. Failures: the host's; kRemote, code "report_xml": it is not
/// well-formed, has a document type, is no report of returns or one return is larger than 1 MiB.
/// What was handed over before is good all the same.
Result<bool> read_return_xml(Documents& documents, const DocumentInfo& document, std::uint64_t skip,
                             std::size_t most,
                             const std::function<void(const ReturnRecord&)>& take);

}  // namespace marketplug::amazon
