// The half of a session that streams the lines of a call.
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/chunk_encode.hpp>
#include <boost/beast/http/write.hpp>
#include <utility>

#include "host/api/socket_session.hpp"

namespace marketplug::api::detail {

namespace http = boost::beast::http;

namespace {

/// An operation that is that far ahead of its client waits.
constexpr std::size_t kMostPending = 1u << 20;
constexpr std::string_view kSignOfLife = "{\"progress\":null}";

}  // namespace

void Session::listened_to() {
  const std::lock_guard lock(mutex_);
  if (gone_) throw CallerGone{};
}

void Session::push(int status, std::string line, bool last) {
  {
    std::unique_lock lock(mutex_);
    drained_.wait(lock, [this] { return gone_ || pending_ < kMostPending; });
    if (gone_) throw CallerGone{};
    line += '\n';
    pending_ += line.size();
  }
  boost::asio::post(stream_.get_executor(),
                    [self = shared_from_this(), status, text = std::move(line), last]() mutable {
                      self->queue(status, std::move(text), last);
                    });
}

void Session::queue(int status, std::string line, bool last) {
  if (closed_) return;
  if (!head_) {
    head_.emplace();
    head_->version(11);
    head_->result(static_cast<unsigned>(status));
    head_->set(http::field::content_type, "application/jsonl");
    head_->keep_alive(false);
    head_->chunked(true);
  }
  lines_.push_back(std::move(line));
  last_queued_ = last_queued_ || last;
  if (!busy_) write_next();
}

void Session::write_head() {
  head_out_.emplace(*head_);
  http::async_write_header(
      stream_, *head_out_,
      [self = shared_from_this()](boost::system::error_code error, std::size_t) {
        if (error) return self->close();
        self->head_sent_ = true;
        self->write_next();
      });
}

void Session::write_next() {
  busy_ = true;
  stream_.expires_after(shared_.options.write);
  if (!head_sent_) return write_head();
  if (lines_.empty()) {
    if (!last_queued_) {
      busy_ = false;
      return;
    }
    boost::asio::async_write(
        stream_, http::make_chunk_last(),
        [self = shared_from_this()](boost::system::error_code, std::size_t) { self->finish(); });
    return;
  }
  writing_.clear();
  for (const auto& line : lines_) writing_ += line;
  lines_.clear();
  boost::asio::async_write(
      stream_, http::make_chunk(boost::asio::const_buffer(writing_.data(), writing_.size())),
      [self = shared_from_this()](boost::system::error_code error, std::size_t) {
        if (error) return self->close();
        {
          const std::lock_guard lock(self->mutex_);
          self->pending_ -= self->writing_.size();
        }
        self->drained_.notify_all();
        self->write_next();
      });
}

void Session::beat() {
  heartbeat_.expires_after(shared_.options.heartbeat);
  heartbeat_.async_wait([self = shared_from_this()](boost::system::error_code error) {
    if (error || self->closed_ || self->last_queued_) return;
    if (!self->busy_) {
      std::string line(kSignOfLife);
      line += '\n';
      {
        const std::lock_guard lock(self->mutex_);
        self->pending_ += line.size();
      }
      self->queue(200, std::move(line), false);
    }
    self->beat();
  });
}

}  // namespace marketplug::api::detail
