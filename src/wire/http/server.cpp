#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "base/log.hpp"
#include "io/deadline.hpp"
#include "io/task_group.hpp"
#include "io/wake.hpp"
#include "wire/http.hpp"
#include "wire/http/connection.hpp"
#include "wire/protocol.hpp"
#include "wire/tls.hpp"

namespace disgrafs::wire {
namespace {

constexpr std::size_t refusals_max = 64;  ///< Connections beyond the limit that get a 503.
constexpr Duration accept_pause = std::chrono::milliseconds(100);

class Server final : public HttpServer {
 public:
    Server(HttpServerParts parts, HttpServerOptions options)
        : parts_(std::move(parts)),
          options_(options),
          clock_(*parts_.clock),
          watch_(std::make_shared<StreamWatch>(parts_.executor, clock_, tick(options))),
          changed_(parts_.executor),
          tasks_(parts_.executor),
          stopping_(parts_.executor) {
        DISGRAFS_ASSERT(parts_.random != nullptr && parts_.routes != nullptr, "parts are missing");
        tasks_.spawn("http times", watch_->run());
        tasks_.spawn("http pings", ping_websockets());
    }

    Task<void> serve(std::unique_ptr<Stream> stream, Bytes first) override {
        auto const count = places_.size() + opening_;
        if (count >= options_.connections_max + refusals_max) co_return Result<void>();
        auto const place = std::make_shared<Place>(parts_.executor);
        place->is_refused = is_stopping_ || count >= options_.connections_max;
        ++opening_;
        auto opened = co_await open(std::move(stream), std::move(first), place->must_be_secure);
        --opening_;
        if (!opened) co_return Result<void>();  // it went away, or speaks neither HTTP nor TLS
        place->connection.emplace(parts_of_connection(), *std::move(opened));
        places_.insert(place);
        place->tasks.spawn("http connection", run(*place));
        co_await wait_for_end(*place);
        places_.erase(place);
        changed_.notify();
        co_return Result<void>();
    }

    Task<void> accept_from(Listener& listener) override {
        listeners_.insert(&listener);
        auto const ended = co_await accept_all(listener);
        listeners_.erase(&listener);
        if (!ended && ended.error().code != Errc::cancelled) co_return ended;
        co_return Result<void>();
    }

    /// In a group of its own: it goes through even when who awaits it was cancelled.
    Task<void> stop(Duration grace) override {
        if (!is_stopping_) stopping_.spawn("http stop", stop_now(grace));
        is_stopping_ = true;
        co_return co_await stopping_.join();
    }

 private:
    struct Place {
        explicit Place(boost::asio::any_io_executor const& executor)
            : ended(executor), tasks(executor) {}
        std::optional<HttpConnection> connection;
        bool is_refused = false;      ///< One connection too many.
        bool must_be_secure = false;  ///< Plain HTTP from another machine, which TLS is for.
        bool has_ended = false;
        Wake ended;
        TaskGroup tasks;
    };

    static Duration tick(HttpServerOptions const& options) {
        constexpr Duration least = std::chrono::milliseconds(5);
        constexpr Duration most = std::chrono::seconds(1);
        auto const shortest =
            std::min({options.head_timeout, options.idle_timeout, options.body_timeout});
        return std::clamp(shortest / 4, least, most);
    }

    HttpConnection::Parts parts_of_connection() {
        HttpConnection::Parts parts;
        parts.server = parts_;
        parts.options = &options_;
        parts.is_stopping = &is_stopping_;
        parts.on_websocket = [this](std::shared_ptr<KeptWebSocket> const& socket) {
            websockets_.push_back(socket);
        };
        return parts;
    }

    /// Plain, or with TLS when the server has it and the client begins it.
    Task<std::shared_ptr<WatchedStream>> open(
        std::unique_ptr<Stream> stream, Bytes first, bool& must_be_secure
    ) {
        if (!parts_.tls) {
            co_return std::make_shared<WatchedStream>(std::move(stream), watch_, std::move(first));
        }
        if (first.empty()) {
            CO_TRY(first, co_await peek(*stream, clock_, options_.head_timeout));
        }
        bool const is_secure = protocol_of(first) == Protocol::tls;
        must_be_secure = !is_secure && !is_loopback(stream->peer());
        auto plain = std::make_unique<WatchedStream>(std::move(stream), watch_, std::move(first));
        if (is_secure) {
            auto opening = make_tls_stream(std::move(plain), parts_.tls, "");
            CO_TRY(stream, co_await within(clock_, options_.head_timeout, std::move(opening)));
        } else {
            stream = std::move(plain);
        }
        co_return std::make_shared<WatchedStream>(std::move(stream), watch_, nothing_read());
    }
    static Bytes nothing_read() { return {}; }

    static Task<void> run(Place& place) {
        auto& connection = *place.connection;
        if (place.is_refused) {
            co_await connection.refuse(503, "the server has too many connections");
        } else if (place.must_be_secure) {
            co_await connection.refuse(400, "use https: plain HTTP is only for the server itself");
        } else {
            co_await connection.run();
        }
        place.has_ended = true;
        place.ended.notify();
        co_return Result<void>();
    }

    /// A cancelled caller cuts its connection, and still waits for the end.
    static Task<void> wait_for_end(Place& place) {
        while (!place.has_ended) {
            if (co_await place.ended.wait()) continue;
            place.connection->cut();
            co_await place.tasks.stop();
        }
        co_return co_await place.tasks.join();
    }

    Task<void> accept_all(Listener& listener) {
        while (!is_stopping_) {
            auto stream = co_await listener.accept();
            if (stream) {
                tasks_.spawn("http serve", serve(*std::move(stream), {}));
            } else if (stream.error().code == Errc::exhausted) {
                LOG_WARN("no new connections for now", kv("error", stream.error()));
                CO_TRY_OK(co_await clock_.sleep(accept_pause));
            } else {
                co_return std::unexpected(stream.error());
            }
        }
        co_return Result<void>();
    }

    Task<void> stop_now(Duration grace) {
        for (auto* const listener : listeners_) listener->close();
        for (auto const& place : places_) place->connection->end_when_idle();
        for (auto const& socket : websockets_) tasks_.spawn("http goodbye", say_goodbye(socket));
        auto const ended = co_await within(clock_, grace, until_empty());
        if (!ended) LOG_INFO("connections are cut off", kv("count", places_.size()));
        auto const rest = std::vector(places_.begin(), places_.end());
        for (auto const& place : rest) {
            place->connection->cut();
            co_await place->tasks.stop();
            place->has_ended = true;
            place->ended.notify();
        }
        CO_TRY_OK(co_await until_empty());
        co_return co_await tasks_.stop();
    }

    Task<void> until_empty() {
        while (!places_.empty()) CO_TRY_OK(co_await changed_.wait());
        co_return Result<void>();
    }

    /// A browser that fell asleep says nothing; a ping shows whether it is still there.
    Task<void> ping_websockets() {
        auto const quiet = options_.idle_timeout / 3;
        while (true) {
            CO_TRY_OK(co_await clock_.sleep(quiet));
            std::erase_if(websockets_, [](auto const& socket) { return socket.expired(); });
            auto const now = clock_.steady();
            for (auto const& weak : websockets_) {
                auto const socket = weak.lock();
                auto const silence = now - socket->last_received();
                if (silence > options_.idle_timeout) {
                    socket->cut();
                } else if (silence >= quiet) {
                    tasks_.spawn("websocket ping", ping(socket));
                }
            }
        }
    }

    static Task<void> say_goodbye(std::weak_ptr<KeptWebSocket> weak) {
        constexpr std::uint16_t going_away = 1001;
        auto const socket = weak.lock();
        if (socket) co_await socket->close(going_away, "the server stops");
        co_return Result<void>();
    }

    static Task<void> ping(std::shared_ptr<KeptWebSocket> socket) {
        co_await socket->ping();
        co_return Result<void>();
    }

    HttpServerParts parts_;
    HttpServerOptions options_;
    Clock& clock_;
    std::shared_ptr<StreamWatch> watch_;
    Wake changed_;
    std::set<std::shared_ptr<Place>> places_;
    std::set<Listener*> listeners_;
    std::vector<std::weak_ptr<KeptWebSocket>> websockets_;
    std::size_t opening_ = 0;  ///< Connections that have not said what they speak.
    bool is_stopping_ = false;
    TaskGroup tasks_;
    TaskGroup stopping_;
};

}  // namespace

std::unique_ptr<HttpServer> make_http_server(HttpServerParts parts, HttpServerOptions options) {
    return std::make_unique<Server>(std::move(parts), options);
}

}  // namespace disgrafs::wire
