#include "host/api/socket_server.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <system_error>
#include <thread>
#include <utility>

#include "host/api/socket_session.hpp"

namespace marketplug::api {
namespace {

using boost::asio::local::stream_protocol;
constexpr std::chrono::milliseconds kAfterAcceptError{200};

OperationError cannot_listen(const std::string& path, const std::string& cause) {
  return {500, "socket", fmt::format("{}: cannot listen on this socket: {}", path, cause),
          "Make its folder writable for the user of marketplug."};
}

void remove_stale(const std::string& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return;
  if (!S_ISSOCK(found.st_mode)) {
    throw OperationError(500, "socket",
                         fmt::format("{}: this is not a socket, so it is left alone", path),
                         "Move it away.");
  }
  if (::unlink(path.c_str()) != 0) {
    throw cannot_listen(path, std::generic_category().message(errno));
  }
}

}  // namespace

struct SocketServer::Impl {
  Impl(ServerOptions given_options, ServerParts given_parts)
      : options(std::move(given_options)),
        parts(std::move(given_parts)),
        pool(options.max_calls),
        acceptor(context),
        retry(context) {}

  void listen() {
    remove_stale(options.path);
    boost::system::error_code error;
    const auto check = [&] {
      if (error) throw cannot_listen(options.path, error.message());
    };
    acceptor.open(stream_protocol(), error);
    check();
    acceptor.bind(stream_protocol::endpoint(options.path), error);
    check();
    if (::chmod(options.path.c_str(), S_IRUSR | S_IWUSR) != 0) {
      throw cannot_listen(options.path, std::generic_category().message(errno));
    }
    acceptor.listen(static_cast<int>(options.max_connections), error);
    check();
  }

  void accept() {
    acceptor.async_accept([this](boost::system::error_code error, stream_protocol::socket socket) {
      if (error == boost::asio::error::operation_aborted || !acceptor.is_open()) return;
      if (error) {
        const LogField fields[] = {{"cause", error.message()}};
        parts.log.write(Log::Level::kWarning, "socket.accept_failed",
                        "A client could not be accepted.", fields);
        retry.expires_after(kAfterAcceptError);
        retry.async_wait([this](boost::system::error_code cancelled) {
          if (!cancelled) accept();
        });
        return;
      }
      admit(std::move(socket));
      accept();
    });
  }

  void admit(stream_protocol::socket socket) {
    if (shared.sessions.size() >= options.max_connections) {
      parts.log.write(Log::Level::kWarning, "socket.full",
                      "A client was turned away: too many connections.", {});
      return;
    }
    const auto session = std::make_shared<detail::Session>(std::move(socket), shared);
    shared.sessions.insert(session);
    {
      const std::lock_guard lock(shared.mutex);
      ++shared.open;
    }
    session->start();
  }

  void serve() {
    thread = std::thread([this] {
      while (true) {
        try {
          context.run();
          return;
        } catch (const std::exception& error) {
          const LogField fields[] = {{"cause", error.what()}};
          parts.log.write(Log::Level::kError, "socket.failed", "A connection failed unexpectedly.",
                          fields);
        }
      }
    });
  }

  void close_sessions(bool all) {
    boost::asio::post(context, [this, all] {
      boost::system::error_code ignored;
      acceptor.close(ignored);
      retry.cancel();
      const auto sessions = shared.sessions;
      for (const auto& session : sessions) {
        if (all || !session->has_call()) session->close();
      }
      if (all) guard.reset();
    });
  }

  ServerOptions options;
  ServerParts parts;
  boost::asio::thread_pool pool;
  detail::Shared shared{options, parts, pool, {}, {}, {}, 0, 0, false};
  boost::asio::io_context context{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard{
      context.get_executor()};
  stream_protocol::acceptor acceptor;
  boost::asio::steady_timer retry;
  std::thread thread;
};

SocketServer::SocketServer(ServerOptions options, ServerParts parts)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(parts))) {
  impl_->listen();
  impl_->accept();
  impl_->serve();
}

SocketServer::~SocketServer() { stop(); }

void SocketServer::stop() {
  if (!impl_->thread.joinable()) return;
  ::unlink(impl_->options.path.c_str());
  {
    const std::lock_guard lock(impl_->shared.mutex);
    impl_->shared.stopping = true;
  }
  impl_->close_sessions(false);
  {
    std::unique_lock lock(impl_->shared.mutex);
    impl_->shared.changed.wait_for(lock, impl_->options.grace,
                                   [this] { return impl_->shared.open == 0; });
  }
  impl_->close_sessions(true);
  impl_->pool.join();
  impl_->thread.join();
}

}  // namespace marketplug::api
