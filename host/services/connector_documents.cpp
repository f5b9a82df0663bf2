#include "host/services/connector_documents.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "host/services/http/inflate.hpp"

namespace marketplug::services {
namespace {

constexpr std::size_t kPiece = 64u << 10;
constexpr std::uint64_t kLargestRead = 1u << 20;
constexpr std::chrono::seconds kLongestLife{30 * 24 * 3600};

Failure failure_of(Failure::Kind kind, std::string code, std::string message) {
  Failure failure;
  failure.kind = kind;
  failure.code = std::move(code);
  failure.message = std::move(message);
  return failure;
}

/// Bytes on their way into the vault: inflated, counted, in pieces of 64 KiB. What was not finished
/// is erased again.
class Arrival {
 public:
  Arrival(store::StoredDocument document, store::DocumentVault& vault, const DownloadLimits& limits,
          const http::Place& place)
      : document_(std::move(document)), vault_(vault), limits_(limits), place_(place) {
    if (limits_.gunzip) inflater_.emplace(limits_.max_inflated, place_);
  }

  ~Arrival() {
    if (!begun_ || finished_) return;
    try {
      vault_.erase(document_.handle);
    } catch (const std::exception&) {
      // The vault's purge takes what was never finished.
    }
  }
  Arrival(const Arrival&) = delete;
  Arrival& operator=(const Arrival&) = delete;

  void take(std::string_view bytes) {
    if (!inflater_) return keep(bytes);
    inflater_->feed(bytes, [this](std::string_view piece) { keep(piece); });
  }

  store::StoredDocument finish(std::string_view content_type) {
    if (inflater_) inflater_->finish();
    begin();
    if (!pending_.empty()) vault_.append(document_.handle, pending_);
    auto stored = vault_.finish(document_.handle, content_type);
    finished_ = true;
    return stored;
  }

 private:
  void begin() {
    if (begun_) return;
    begun_ = true;
    vault_.begin(document_);
  }

  void keep(std::string_view bytes) {
    size_ += bytes.size();
    if (size_ > limits_.max_inflated) {
      throw http::remote(
          place_, "too_large",
          "the document is larger than " + std::to_string(limits_.max_inflated) + " bytes");
    }
    pending_ += bytes;
    while (pending_.size() >= kPiece) {
      begin();
      vault_.append(document_.handle, std::string_view(pending_).substr(0, kPiece));
      pending_.erase(0, kPiece);
    }
  }

  store::StoredDocument document_;
  store::DocumentVault& vault_;
  const DownloadLimits& limits_;
  const http::Place& place_;
  std::optional<http::Inflater> inflater_;
  std::string pending_;
  std::uint64_t size_ = 0;
  bool begun_ = false, finished_ = false;
};

DocumentInfo info_of(const store::StoredDocument& document) {
  return {document.handle, document.size, document.content_type, document.expires_at};
}

Failure gone() {
  return failure_of(Failure::Kind::kRemote, "document_gone",
                    "the downloaded document is no longer kept; it has to be downloaded again");
}

Failure store_failed(const store::StoreError& error) {
  return failure_of(Failure::Kind::kTransient, "store", error.what());
}

}  // namespace

ConnectorHttp::ConnectorHttp(HttpScope scope, HttpTransport& transport, store::DocumentVault& vault,
                             const Clock& clock, Random& random)
    : scope_(std::move(scope)),
      transport_(transport),
      vault_(vault),
      clock_(clock),
      random_(random) {}

Result<HttpResponse> ConnectorHttp::send(const HttpRequest& request, StepContext& ctx) {
  return transport_.send(request, scope_, ctx);
}

std::string ConnectorHttp::fresh_handle() {
  std::string handle = "doc-";
  for (int word = 0; word < 2; ++word) {
    const auto bits = random_.next();
    for (int shift = 60; shift >= 0; shift -= 4) handle += "0123456789abcdef"[(bits >> shift) & 15];
  }
  return handle;
}

Result<DocumentInfo> ConnectorHttp::download(const HttpRequest& request,
                                             const DownloadLimits& limits, StepContext& ctx) {
  const http::Place place{request.operation, request.secret_url ? "a signed address" : ""};
  const auto lifetime = std::clamp(limits.lifetime, std::chrono::seconds{1}, kLongestLife);
  try {
    Arrival arrival({fresh_handle(), scope_.shop, {}, 0, clock_.now() + lifetime}, vault_, limits,
                    place);
    // The status is known only after the body: a decoding error of an error page waits for it.
    std::optional<Failure> undecodable;
    const auto sink = [&](std::string_view bytes) {
      if (undecodable) return;
      try {
        arrival.take(bytes);
      } catch (const http::HttpError& error) {
        if (error.failure.code != "bad_encoding") throw;
        undecodable = error.failure;
      }
    };
    const auto response = transport_.stream(request, scope_, limits.max_bytes, sink, ctx);
    if (!response) return response.failure();
    if (response.value().status != 200) {
      const auto status = std::to_string(response.value().status);
      return failure_of(Failure::Kind::kRemote, "status_" + status,
                        place.text() + ": the download was answered with status " + status);
    }
    if (undecodable) return std::move(*undecodable);
    return info_of(arrival.finish(response.value().header("content-type")));
  } catch (const http::HttpError& error) {
    return error.failure;
  } catch (const store::StoreError& error) {
    return store_failed(error);
  }
}

ConnectorDocuments::ConnectorDocuments(std::string shop, store::DocumentVault& vault,
                                       const Clock& clock)
    : shop_(std::move(shop)), vault_(vault), clock_(clock) {}

Result<DocumentInfo> ConnectorDocuments::info(std::string_view handle) {
  try {
    const auto found = vault_.find(shop_, handle);
    if (!found || found->expires_at <= clock_.now()) return gone();
    return info_of(*found);
  } catch (const store::StoreError& error) {
    return store_failed(error);
  }
}

Result<std::string> ConnectorDocuments::read(std::string_view handle, std::uint64_t offset,
                                             std::uint64_t max_bytes) {
  const auto known = info(handle);
  if (!known) return known.failure();
  if (offset >= known.value().size) return std::string();
  try {
    return vault_.read(handle, offset, std::min(max_bytes, kLargestRead));
  } catch (const store::StoreError& error) {
    return store_failed(error);
  }
}

void ConnectorDocuments::drop(std::string_view handle) {
  if (vault_.find(shop_, handle)) vault_.erase(handle);
}

}  // namespace marketplug::services
