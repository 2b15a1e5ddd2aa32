#pragma once

/// \file wire/http/connection.hpp  One connection of an HttpServer: request after request.
///
///     idle → head → handler → answer → drain → idle …      or → linger → closed
///
/// Requests that were sent ahead (pipelining) wait in the buffer; they are answered in order.

#include <functional>
#include <memory>
#include <string>

#include "io/clock.hpp"
#include "io/task_group.hpp"
#include "io/wake.hpp"
#include "wire/http.hpp"
#include "wire/http/body.hpp"
#include "wire/http/exchange.hpp"
#include "wire/watched_stream.hpp"

namespace disgrafs::wire {

class HttpConnection {
 public:
    struct Parts {
        HttpServerParts server;
        HttpServerOptions const* options = nullptr;
        bool const* is_stopping = nullptr;
        std::function<void(std::shared_ptr<KeptWebSocket>)> on_websocket;
    };
    HttpConnection(Parts parts, std::shared_ptr<WatchedStream> stream);

    /// Serve to the end.
    Task<void> run();
    /// Answer whatever comes with `status`, and end.
    Task<void> refuse(int status, std::string detail);
    /// End now if no request is under way; else after it (the server is stopping).
    void end_when_idle();
    void cut() { stream_->close(); }

 private:
    Task<bool> serve_one();
    Task<std::optional<HttpRequestHead>> read_head();
    Task<bool> handle(HttpRequestHead head);
    Task<void> answer(ServerExchange& exchange, HttpRoutes::Route const* route);
    Task<void> answer_without_route(ServerExchange& exchange, std::vector<std::string> allowed);
    Task<void> refuse_head(int status, std::string detail);
    Task<void> linger();
    [[nodiscard]] Context make_context(HttpRequest const* request);

    Parts parts_;
    Clock& clock_;
    HttpServerOptions const& options_;
    std::shared_ptr<WatchedStream> stream_;
    HttpInput input_;
    bool is_idle_ = false;
};

}  // namespace disgrafs::wire
