#include "plugins/amazon/sandbox/server_run.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/NetSSL.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/Net/ServerSocket.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include "marketplug/model/time.hpp"
#include "plugins/amazon/sandbox/json_writer.hpp"
#include "plugins/amazon/sandbox/server_certificates.hpp"
#include "plugins/amazon/sandbox/server_listener.hpp"
#include "plugins/amazon/sandbox/simulator.hpp"

namespace amazon_sandbox {
namespace {

class SystemClock : public marketplug::Clock {
 public:
  marketplug::TimePoint now() const noexcept override {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
};

/// SIGTERM and SIGINT, blocked in every thread that starts after this.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
  }
  void wait() const {
    int received = 0;
    sigwait(&signals_, &received);
  }

 private:
  sigset_t signals_{};
};

Poco::Net::Context::Ptr tls_context(const CertificateFiles& files) {
  Poco::Net::Context::Params params;
  params.privateKeyFile = files.key.string();
  params.certificateFile = files.certificate.string();
  params.verificationMode = Poco::Net::Context::VERIFY_NONE;  // of clients
  params.cipherList = "HIGH:!aNULL:!eNULL";
  Poco::Net::Context::Ptr context =
      new Poco::Net::Context(Poco::Net::Context::TLS_SERVER_USE, params);
  context->requireMinimumProtocol(Poco::Net::Context::PROTO_TLSV1_2);
  return context;
}

/// One simulator per folder: two would take each other's ready.json and certificates away.
class FolderLock {
 public:
  explicit FolderLock(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    const auto path = (folder / "lock").string();
    file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file_ < 0) {
      throw std::runtime_error("cannot write " + path + ": " + std::strerror(errno) +
                               "; give a folder of your own with --data");
    }
    if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
      ::close(file_);
      throw std::runtime_error("another simulator runs with " + folder.string() +
                               "; stop it, or give another folder with --data");
    }
  }
  ~FolderLock() { ::close(file_); }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int file_ = -1;
};

/// Without SO_REUSEPORT, which would let two simulators share a port.
template <class Socket>
void listen_on_loopback(Socket& socket, std::uint16_t port) {
  try {
    socket.bind(Poco::Net::SocketAddress("127.0.0.1", port), true, false);
    socket.listen(256);
  } catch (const Poco::Exception& problem) {
    throw std::runtime_error("cannot listen on 127.0.0.1:" + std::to_string(port) + ": " +
                             problem.displayText() +
                             "; give another port, or 0 for any that is free");
  }
}

std::string describe(const ServeOptions& options, const CertificateFiles& files, unsigned port,
                     unsigned admin_port) {
  const Credentials credentials;
  const auto url = "https://localhost:" + std::to_string(port);
  std::string text;
  JsonWriter json(text);
  json.open_object();
  json.member("api", url);
  json.member("lwa", url + "/auth/o2/token");
  json.member("admin", "http://127.0.0.1:" + std::to_string(admin_port));
  json.member("ca_file", std::filesystem::absolute(files.ca).string());
  json.member("region", region_name(options.region));
  json.member("client_id", credentials.client_id);
  json.member("client_secret", credentials.client_secret);
  json.member("refresh_token", credentials.refresh_token);
  json.member("seller_id", credentials.seller_id);
  json.member("orders", static_cast<std::int64_t>(options.orders));
  json.member("pid", static_cast<std::int64_t>(::getpid()));
  json.close_object();
  return text;
}

/// Readers see the whole text or none.
void publish(const std::filesystem::path& path, const std::string& text) {
  const auto draft = path.string() + ".new";
  std::ofstream(draft) << text << '\n';
  std::error_code error;
  std::filesystem::rename(draft, path, error);
  if (error) throw std::runtime_error("cannot write " + path.string() + ": " + error.message());
}

void prepare(Simulator& simulator, const ServeOptions& options) {
  simulator.configure(options.settings);
  SeedPlan plan;
  plan.count = options.orders;
  plan.marketplaces = options.marketplaces;
  plan.span = options.span;
  plan.late_min = options.settings.visible_after_min;
  plan.late_max = options.settings.visible_after_max;
  plan.within = options.within;
  if (!options.until.empty()) {
    const auto until = marketplug::parse_time(options.until);
    if (!until) {
      throw std::invalid_argument("--until \"" + options.until +
                                  "\" is not a time such as 2026-11-23T10:00:00Z");
    }
    plan.until = *until;
  }
  simulator.seed_orders(plan);
}

}  // namespace

int serve(const ServeOptions& options) {
  const StopSignals signals;
  const FolderLock lock(options.data);
  const SystemClock clock;
  Simulator simulator(clock, options.seed, options.region);
  prepare(simulator, options);
  const auto files = prepare_certificates(options.data);
  Poco::Net::initializeSSL();
  {
    Poco::Net::SecureServerSocket api_socket(tls_context(files));
    listen_on_loopback(api_socket, options.port);
    Poco::Net::ServerSocket admin_socket;
    listen_on_loopback(admin_socket, options.admin_port);
    Listener api(
        api_socket, [&](const Request& request) { return simulator.handle(request); },
        options.gzip);
    Listener admin(
        admin_socket, [&](const Request& request) { return simulator.handle_admin(request); },
        false);
    const auto text = describe(options, files, api.port(), admin.port());
    const auto ready = options.data / "ready.json";
    publish(ready, text);
    if (!options.ready_file.empty()) publish(options.ready_file, text);
    std::cout << text << std::endl;
    signals.wait();
    std::error_code ignored;
    std::filesystem::remove(ready, ignored);
    if (!options.ready_file.empty()) std::filesystem::remove(options.ready_file, ignored);
    admin.stop();
    api.stop();
  }
  Poco::Net::uninitializeSSL();
  return 0;
}

}  // namespace amazon_sandbox
