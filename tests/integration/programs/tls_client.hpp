#pragma once
// One HTTPS exchange as bytes: what is sent is what a test wrote, what came is seen as it came.
// One thread per object.

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <signal.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace marketplug::testing {

class TlsClient {
 public:
  /// Connects to 127.0.0.1 and trusts the authority in `ca_file` only, for the name localhost.
  TlsClient(const std::string& port, const std::string& ca_file)
      : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free), bio_(nullptr, BIO_free_all) {
    ::signal(SIGPIPE, SIG_IGN);  // a peer that resets is what some tests are about
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    if (SSL_CTX_load_verify_locations(context_.get(), ca_file.c_str(), nullptr) != 1) {
      throw std::runtime_error("cannot read " + ca_file);
    }
    bio_.reset(BIO_new_ssl_connect(context_.get()));
    SSL* ssl = nullptr;
    BIO_get_ssl(bio_.get(), &ssl);
    SSL_set1_host(ssl, "localhost");
    BIO_set_conn_hostname(bio_.get(), ("127.0.0.1:" + port).c_str());
    if (BIO_do_connect(bio_.get()) != 1 || BIO_do_handshake(bio_.get()) != 1) {
      throw std::runtime_error("no TLS connection to port " + port);
    }
  }

  void send(const std::string& bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
      const int sent =
          BIO_write(bio_.get(), bytes.data() + at, static_cast<int>(bytes.size() - at));
      if (sent <= 0) return;  // the peer has closed: its answer says why
      at += static_cast<std::size_t>(sent);
    }
  }
  /// Everything until the peer closes or resets.
  std::string read_all() {
    std::string all;
    char buffer[16 * 1024];
    for (int got; (got = BIO_read(bio_.get(), buffer, sizeof buffer)) > 0;) {
      all.append(buffer, static_cast<std::size_t>(got));
    }
    return all;
  }

 private:
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
  std::unique_ptr<BIO, void (*)(BIO*)> bio_;
};

}  // namespace marketplug::testing
