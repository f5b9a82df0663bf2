#include "plugins/amazon/sandbox/server_certificates.hpp"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>

namespace amazon_sandbox {
namespace {

template <auto Free>
struct OpensslDelete {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, OpensslDelete<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, OpensslDelete<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, OpensslDelete<X509_EXTENSION_free>>;
using Memory = std::unique_ptr<BIO, OpensslDelete<BIO_free>>;

constexpr long kDay = 24 * 3600;
constexpr long kLife = 30 * kDay;

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("OpenSSL cannot ") + what);
}

void add_extension(X509& certificate, X509& issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  require(extension && X509_add_ext(&certificate, extension.get(), -1) == 1, "add an extension");
}

/// Without signature and extensions.
Certificate draft(EVP_PKEY& key, const char* name) {
  Certificate certificate(X509_new());
  require(certificate != nullptr, "make a certificate");
  auto* x509 = certificate.get();
  unsigned char serial[8] = {};
  require(RAND_bytes(serial, sizeof serial) == 1, "draw a serial number");
  std::uint64_t number = 0;
  std::memcpy(&number, serial, sizeof number);
  require(
      X509_set_version(x509, X509_VERSION_3) == 1 &&
          ASN1_INTEGER_set_uint64(X509_get_serialNumber(x509), (number >> 1) + 1) == 1 &&
          X509_gmtime_adj(X509_getm_notBefore(x509), -kDay) != nullptr &&
          X509_gmtime_adj(X509_getm_notAfter(x509), kLife) != nullptr &&
          X509_set_pubkey(x509, &key) == 1 &&
          X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_UTF8,
                                     reinterpret_cast<const unsigned char*>(name), -1, -1, 0) == 1,
      "fill a certificate");
  return certificate;
}

template <class Write>
std::string to_pem(Write write) {
  const Memory memory(BIO_new(BIO_s_mem()));
  require(memory && write(memory.get()) == 1, "write PEM");
  char* data = nullptr;
  const auto size = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

/// Complete or not at all: written beside, then renamed.
void write_file(const std::filesystem::path& path, const std::string& text, mode_t mode) {
  const auto draft_path = path.string() + ".new";
  ::unlink(draft_path.c_str());
  const int file = ::open(draft_path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  const bool written =
      file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const int problem = errno;
  if (file >= 0) ::close(file);
  if (!written || ::rename(draft_path.c_str(), path.c_str()) != 0) {
    throw std::runtime_error("cannot write " + path.string() + ": " +
                             std::strerror(written ? errno : problem));
  }
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Certificate read_certificate(const std::filesystem::path& path) {
  const auto text = read_file(path);
  const Memory memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  return Certificate(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr));
}

bool still_good(const CertificateFiles& files) {
  const auto ca = read_certificate(files.ca);
  const auto certificate = read_certificate(files.certificate);
  const auto text = read_file(files.key);
  const Memory memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  const Key key(PEM_read_bio_PrivateKey(memory.get(), nullptr, nullptr, nullptr));
  if (!ca || !certificate || !key) return false;
  std::time_t tomorrow = std::time(nullptr) + kDay;
  return X509_cmp_time(X509_get0_notAfter(certificate.get()), &tomorrow) > 0 &&
         X509_cmp_time(X509_get0_notAfter(ca.get()), &tomorrow) > 0 &&
         X509_check_private_key(certificate.get(), key.get()) == 1 &&
         X509_verify(certificate.get(), X509_get0_pubkey(ca.get())) == 1;
}

void make_certificates(const CertificateFiles& files) {
  const Key ca_key(EVP_EC_gen("P-256")), key(EVP_EC_gen("P-256"));
  require(ca_key && key, "make a key");
  const auto ca = draft(*ca_key, "amazon-sandbox, a simulator's own authority");
  require(X509_set_issuer_name(ca.get(), X509_get_subject_name(ca.get())) == 1, "name the issuer");
  add_extension(*ca, *ca, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add_extension(*ca, *ca, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(*ca, *ca, NID_subject_key_identifier, "hash");
  require(X509_sign(ca.get(), ca_key.get(), EVP_sha256()) > 0, "sign the authority");
  const auto certificate = draft(*key, "localhost");
  require(X509_set_issuer_name(certificate.get(), X509_get_subject_name(ca.get())) == 1,
          "name the issuer");
  add_extension(*certificate, *ca, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(*certificate, *ca, NID_key_usage, "critical,digitalSignature");
  add_extension(*certificate, *ca, NID_ext_key_usage, "serverAuth");
  add_extension(*certificate, *ca, NID_authority_key_identifier, "keyid");
  add_extension(*certificate, *ca, NID_subject_alt_name,
                "DNS:localhost,IP:127.0.0.1,IP:0:0:0:0:0:0:0:1");
  require(X509_sign(certificate.get(), ca_key.get(), EVP_sha256()) > 0, "sign the certificate");
  write_file(files.key, to_pem([&](BIO* out) {
               return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr,
                                               nullptr);
             }),
             0600);
  write_file(files.certificate,
             to_pem([&](BIO* out) { return PEM_write_bio_X509(out, certificate.get()); }), 0644);
  write_file(files.ca, to_pem([&](BIO* out) { return PEM_write_bio_X509(out, ca.get()); }), 0644);
}

}  // namespace

CertificateFiles prepare_certificates(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw std::runtime_error("cannot make the folder " + folder.string() + ": " + error.message());
  }
  const CertificateFiles files{folder / "ca.pem", folder / "server.pem", folder / "server.key"};
  if (!still_good(files)) make_certificates(files);
  return files;
}

}  // namespace amazon_sandbox
