#pragma once
// A certificate authority and a server certificate for localhost, made when the simulator starts.
// The authority's key never leaves the process. Any thread, one at a time per folder.

#include <filesystem>

namespace amazon_sandbox {

struct CertificateFiles {
  std::filesystem::path ca;           ///< what clients trust
  std::filesystem::path certificate;  ///< the server's, for localhost, 127.0.0.1 and ::1
  std::filesystem::path key;          ///< the server's, mode 0600
};

/// Makes ca.pem, server.pem and server.key in the folder, or keeps those that are there when they
/// fit together and are valid for another day, so that a simulator started again is still trusted.
/// Throws std::runtime_error naming the file and the cause.
CertificateFiles prepare_certificates(const std::filesystem::path& folder);

}  // namespace amazon_sandbox
