#pragma once
// Servers for the tests of the HTTPS client: a CA and certificates made on the spot, and a raw TLS
// server on a free loopback port whose every connection runs a script, however hostile. One thread
// per connection; the destructor ends and joins all of them.

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace marketplug::services::testing {

class TempFolder {
 public:
  TempFolder() {
    std::string pattern = std::filesystem::temp_directory_path() / "marketplug-services-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = pattern;
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  std::string file(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Cert = std::unique_ptr<X509, decltype(&X509_free)>;

struct Identity {
  Key key{nullptr, EVP_PKEY_free};
  Cert cert{nullptr, X509_free};
};

/// A private CA; its certificate lies in a file for HttpOptions::ca_files.
class TestCa {
 public:
  TestCa() : root_(make("Test CA", "", nullptr, -3600, 86400, true)) {
    auto* file = std::fopen(folder_.file("ca.pem").c_str(), "w");
    PEM_write_X509(file, root_.cert.get());
    std::fclose(file);
  }
  std::string file() const { return folder_.file("ca.pem"); }
  /// `names`: "DNS:localhost,IP:127.0.0.1"; times in seconds from now.
  Identity issue(const std::string& names, long from = -3600, long until = 86400,
                 const std::string& purpose = "") const {
    return make("server", names, &root_, from, until, false, purpose);
  }
  /// Of nobody but itself.
  static Identity self_signed(const std::string& names) {
    return make("server", names, nullptr, -3600, 86400, false);
  }

 private:
  static void extend(X509* cert, X509* issuer, int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, cert, nullptr, nullptr, 0);
    auto* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    X509_add_ext(cert, extension, -1);
    X509_EXTENSION_free(extension);
  }

  static Identity make(const std::string& name, const std::string& names, const Identity* issuer,
                       long from, long until, bool ca, const std::string& purpose = "") {
    static std::atomic<long> serial{1};
    Identity made;
    made.key.reset(EVP_EC_gen("P-256"));
    made.cert.reset(X509_new());
    auto* cert = made.cert.get();
    X509_set_version(cert, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), serial++);
    X509_gmtime_adj(X509_getm_notBefore(cert), from);
    X509_gmtime_adj(X509_getm_notAfter(cert), until);
    X509_set_pubkey(cert, made.key.get());
    const auto unique = name + " " + std::to_string(ASN1_INTEGER_get(X509_get_serialNumber(cert)));
    X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(unique.c_str()), -1, -1, 0);
    auto* by = issuer == nullptr ? cert : issuer->cert.get();
    X509_set_issuer_name(cert, X509_get_subject_name(by));
    extend(cert, by, NID_basic_constraints, ca ? "critical,CA:TRUE" : "CA:FALSE");
    if (ca) extend(cert, by, NID_key_usage, "critical,keyCertSign,cRLSign");
    if (!names.empty()) extend(cert, by, NID_subject_alt_name, names);
    if (!purpose.empty()) extend(cert, by, NID_ext_key_usage, purpose);
    X509_sign(cert, issuer == nullptr ? made.key.get() : issuer->key.get(), EVP_sha256());
    return made;
  }

  TempFolder folder_;
  Identity root_;
};

/// One accepted connection, as a script sees it.
class Peer {
 public:
  Peer(int fd, int number, std::function<void(int)> forget)
      : number_(number), fd_(fd), forget_(std::move(forget)) {}
  ~Peer() {
    if (ssl_ != nullptr) SSL_free(ssl_);
    forget_(fd_);
    ::close(fd_);
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  /// Counts connections of the server from 0.
  int number() const { return number_; }
  int fd() const { return fd_; }

  bool accept_tls(SSL_CTX* context) {
    ssl_ = SSL_new(context);
    SSL_set_fd(ssl_, fd_);
    const bool ok = SSL_accept(ssl_) == 1;
    ERR_clear_error();
    return ok;
  }

  /// Head and body of the next request; empty where the client closed.
  std::string read_request() {
    std::string text;
    std::size_t body = 0;
    for (;;) {
      const auto end = text.find("\r\n\r\n");
      if (end != std::string::npos) {
        const auto at = text.find("Content-Length: ");
        body = at < end ? std::stoul(text.substr(at + 16)) : 0;
        if (text.size() >= end + 4 + body) return text;
      }
      if (!read_some(text)) return {};
    }
  }
  /// Waits for more bytes of any kind; false at the end.
  bool read_some(std::string& into) {
    char buffer[16384];
    const int got = ssl_ != nullptr ? SSL_read(ssl_, buffer, sizeof buffer)
                                    : static_cast<int>(::recv(fd_, buffer, sizeof buffer, 0));
    ERR_clear_error();
    if (got <= 0) return false;
    into.append(buffer, static_cast<std::size_t>(got));
    return true;
  }
  bool write(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto got =
          ssl_ != nullptr ? SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()))
                          : static_cast<int>(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
      ERR_clear_error();
      if (got <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(got));
    }
    return true;
  }
  void close_notify() { SSL_shutdown(ssl_); }
  /// So that the client gets a reset instead of an orderly end.
  void reset() {
    const linger now{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  }
  /// Stands still until the client hangs up (or for so long).
  void wait_for_hangup(int milliseconds = 20000) {
    pollfd state{fd_, POLLRDHUP, 0};
    ::poll(&state, 1, milliseconds);
  }
  bool hung_up() {
    pollfd state{fd_, POLLRDHUP, 0};
    return ::poll(&state, 1, 0) > 0;
  }

 private:
  int number_;
  int fd_;
  std::function<void(int)> forget_;
  SSL* ssl_ = nullptr;
};

class TestServer {
 public:
  using Script = std::function<void(Peer&)>;

  /// TLS with that identity; up to that version, or only in it where it is an old one.
  TestServer(const Identity& identity, Script script, int max_version = 0)
      : context_(SSL_CTX_new(TLS_server_method()), SSL_CTX_free), script_(std::move(script)) {
    SSL_CTX_use_certificate(context_.get(), identity.cert.get());
    SSL_CTX_use_PrivateKey(context_.get(), identity.key.get());
    if (max_version != 0) {
      SSL_CTX_set_cipher_list(context_.get(), "ALL:@SECLEVEL=0");
      SSL_CTX_set_min_proto_version(context_.get(), std::min(max_version, TLS1_2_VERSION));
      SSL_CTX_set_max_proto_version(context_.get(), max_version);
    }
    start();
  }
  /// Without TLS: proxies, and servers that never say a word.
  explicit TestServer(Script script) : context_(nullptr, SSL_CTX_free), script_(std::move(script)) {
    start();
  }
  ~TestServer() {
    stopping_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    ::close(listener_);
    {
      const std::lock_guard lock(mutex_);
      for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
    }
    for (auto& connection : connections_) connection.join();
  }
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  std::string port() const { return std::to_string(port_); }
  std::string url(const std::string& path, const std::string& host = "localhost") const {
    return "https://" + host + ":" + port() + path;
  }
  int accepted() const { return accepted_; }
  /// Whether a client that has only this version gets through the handshake.
  bool speaks(int version) const {
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(
        SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    SSL_CTX_set_cipher_list(context.get(), "ALL:@SECLEVEL=0");
    SSL_CTX_set_min_proto_version(context.get(), version);
    SSL_CTX_set_max_proto_version(context.get(), version);
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> bio(BIO_new_ssl_connect(context.get()),
                                                            BIO_free_all);
    BIO_set_conn_hostname(bio.get(), ("127.0.0.1:" + port()).c_str());
    const bool spoken = BIO_do_connect(bio.get()) == 1 && BIO_do_handshake(bio.get()) == 1;
    ERR_clear_error();
    return spoken;
  }

 private:
  void start() {
    std::signal(SIGPIPE, SIG_IGN);
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      throw std::runtime_error("no loopback port");
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }

  void accept_all() {
    for (;;) {
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0 || stopping_) {
        if (fd >= 0) ::close(fd);
        return;
      }
      const int number = accepted_++;
      {
        const std::lock_guard lock(mutex_);
        open_.insert(fd);
      }
      connections_.emplace_back([this, fd, number] { serve(fd, number); });
    }
  }

  void serve(int fd, int number) {
    const auto forget = [this](int closing) {
      const std::lock_guard lock(mutex_);
      open_.erase(closing);
    };
    Peer peer(fd, number, forget);
    if (context_ && !peer.accept_tls(context_.get())) return;
    script_(peer);
  }

  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  Script script_;
  int listener_ = -1;
  unsigned port_ = 0;
  std::atomic<int> accepted_{0};
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::set<int> open_;
  std::vector<std::thread> connections_;  ///< the acceptor's until that is joined
  std::thread acceptor_;
};

/// "HTTP/1.1 200 OK" with a length, ready to be sent.
inline std::string answer(std::string_view body, std::string_view headers = "",
                          std::string_view status = "200 OK") {
  return "HTTP/1.1 " + std::string(status) + "\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n" + std::string(headers) + "\r\n" + std::string(body);
}

/// Answers every request of a connection the same way.
inline TestServer::Script always(std::string bytes) {
  return [bytes = std::move(bytes)](Peer& peer) {
    while (!peer.read_request().empty()) peer.write(bytes);
  };
}

}  // namespace marketplug::services::testing
