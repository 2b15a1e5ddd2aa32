#include "wire/shard_server.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "io/deadline.hpp"
#include "io/task_group.hpp"
#include "wire/shard_session.hpp"

namespace disgrafs::wire {
namespace {

class FrameServer final : public ShardServer {
 public:
    FrameServer(ShardServerParts parts, ShardServerOptions options)
        : parts_(std::move(parts)),
          options_(options),
          total_room_(parts_.executor, options.bytes_total_max),
          changed_(parts_.executor),
          watch_(std::make_shared<StreamWatch>(parts_.executor, *parts_.clock, tick(options))),
          tasks_(parts_.executor),
          stopping_(parts_.executor) {
        tasks_.spawn("shard server times", watch_->run());
    }

    Task<void> serve(std::unique_ptr<Stream> stream, Bytes first) override {
        if (is_stopping_ || sessions_.size() - websockets_ >= options_.connections_max) {
            co_return fail(Errc::exhausted, "too many connections");
        }
        auto watched = std::make_unique<WatchedStream>(std::move(stream), watch_, std::move(first));
        auto link =
            make_stream_link(std::move(watched), options_.stall_timeout, options_.idle_timeout);
        co_return co_await run_session(std::move(link));
    }

    Task<void> serve_websocket(WebSocket& socket) override {
        if (is_stopping_ || websockets_ >= options_.websockets_max) {
            co_return co_await socket.close(1013, "too many connections; try again later");
        }
        ++websockets_;
        auto const ended = co_await run_session(make_websocket_link(socket, *parts_.clock));
        --websockets_;
        co_return ended;
    }

    /// In a group of its own: it goes through even when who awaits it was cancelled.
    Task<void> stop(Duration grace) override {
        if (!is_stopping_) stopping_.spawn("shard server stop", stop_now(grace));
        is_stopping_ = true;
        co_return co_await stopping_.join();
    }

 private:
    static Duration tick(ShardServerOptions const& options) {
        constexpr Duration least = std::chrono::milliseconds(5);
        constexpr Duration most = std::chrono::seconds(1);
        return std::clamp(options.stall_timeout / 4, least, most);
    }

    Task<void> run_session(std::unique_ptr<FrameLink> link) {
        ShardSession::Parts parts;
        parts.server = parts_;
        parts.total_room = &total_room_;
        parts.when_idle = [this] { changed_.notify(); };
        auto const session =
            std::make_shared<ShardSession>(std::move(parts), options_, std::move(link));
        sessions_.insert(session);
        auto const ended = co_await session->run();
        sessions_.erase(session);
        changed_.notify();
        if (!ended && ended.error().code != Errc::cancelled) {
            LOG_INFO("connection of frames ended", kv("error", ended.error()));
        }
        co_return Result<void>();
    }

    Task<void> stop_now(Duration grace) {
        for (auto const& session : sessions_) session->refuse();
        auto const idle = co_await within(*parts_.clock, grace, until_idle());
        if (!idle) LOG_WARN("shard requests are cut off", kv("connections", sessions_.size()));
        while (!sessions_.empty()) {
            auto const session = *sessions_.begin();
            co_await ShardSession::abort(session);
            while (sessions_.contains(session)) CO_TRY_OK(co_await changed_.wait());
        }
        co_return co_await tasks_.stop();
    }

    Task<void> until_idle() {
        auto const is_idle = [](auto const& session) { return session->is_idle(); };
        while (!std::ranges::all_of(sessions_, is_idle)) {
            CO_TRY_OK(co_await changed_.wait());
        }
        co_return Result<void>();
    }

    ShardServerParts parts_;
    ShardServerOptions options_;
    Semaphore total_room_;
    Wake changed_;
    std::shared_ptr<StreamWatch> watch_;
    std::set<std::shared_ptr<ShardSession>> sessions_;
    std::size_t websockets_ = 0;
    bool is_stopping_ = false;
    TaskGroup tasks_;
    TaskGroup stopping_;
};

}  // namespace

std::unique_ptr<ShardServer> make_shard_server(ShardServerParts parts, ShardServerOptions options) {
    return std::make_unique<FrameServer>(std::move(parts), options);
}

}  // namespace disgrafs::wire
