#include "gateway/live.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "base/metrics.hpp"
#include "base/text.hpp"
#include "gateway/answers.hpp"
#include "io/deadline.hpp"
#include "io/task_group.hpp"

namespace disgrafs::gateway {

namespace json = boost::json;

namespace {

constexpr Duration patience = std::chrono::seconds(30);
constexpr std::size_t mailbox_max = 256;

Gauge& connection_gauge() {
    static auto& gauge_of_all =
        gauge("disgrafs_gateway_websocket_connections", "Open web sockets.");
    return gauge_of_all;
}

std::size_t count_workers(cluster::ClusterStatus const& status) {
    std::size_t count = 0;
    for (auto const& member : status.members) {
        if (member.role == wire::Role::worker && member.state == cluster::MemberState::up) ++count;
    }
    return count;
}

}  // namespace

struct Live::Connection {
    Connection(wire::WebSocket& to, files::User who, boost::asio::any_io_executor executor)
        : socket(to), user(std::move(who)), wake(std::move(executor)) {}

    wire::WebSocket& socket;
    files::User user;
    Wake wake;
    std::uint64_t cursor = 0;                    ///< Position in the ring.
    std::map<std::string, std::string> mailbox;  ///< Kind → the newest word.
    bool is_lagged = false;
    bool is_closed = false;
};

Live::Live(Services& services) : services_(services), since_(services.graph.image().revision()) {
    graph_ = services_.graph.listen([this](graph::Graph::Change const& change) { add(change); });
    cluster_ = services_.cluster.listen([this](cluster::ClusterEvent const& event) {
        using Kind = cluster::ClusterEvent::Kind;
        if (event.kind == Kind::member_changed) {
            json::object const out{{"type", "member"}, {"member", to_json(event.member)}};
            tell_all("member " + event.member.name, json::serialize(out));
        } else {
            json::object const out{{"type", "repair"}, {"repair", to_json(event.repair)}};
            tell_all("repair", json::serialize(out));
        }
    });
    queue_ = services_.queue.listen([this] {
        auto const workers = count_workers(services_.cluster.status());
        json::object const out{
            {"type", "analysis"}, {"analysis", to_json(services_.queue.status(), workers)}
        };
        tell_all("analysis", json::serialize(out));
    });
}

Live::~Live() = default;

void Live::add(graph::Graph::Change const& change) {
    auto records = records_of(change, services_.graph.image());
    if (records.empty()) return;
    for (auto& record : records) ring_.push_back(std::move(record));
    while (ring_.size() > records_max) {
        since_ = ring_.front().event;
        ring_.pop_front();
        ++first_;
    }
    for (auto* connection : connections_) connection->wake.notify();
}

void Live::tell_all(std::string const& key, std::string const& message) {
    for (auto* connection : connections_) {
        if (connection->mailbox.size() >= mailbox_max) continue;
        connection->mailbox[key] = message;
        connection->wake.notify();
    }
}

void Live::tell(UploadProgress const& progress) {
    json::object const out{
        {"type", "upload"},
        {"id", progress.id},
        {"path", progress.path},
        {"received", progress.received_bytes},
        {"size", progress.size_bytes},
        {"done", progress.is_done}
    };
    auto const message = json::serialize(out);
    for (auto* connection : connections_) {
        if (connection->user.id != progress.user) continue;
        if (connection->mailbox.size() >= mailbox_max) continue;
        connection->mailbox["upload " + progress.id] = message;
        connection->wake.notify();
    }
}

Task<void> Live::serve(
    wire::WebSocket& socket, files::User user, std::optional<std::uint64_t> after
) {
    Connection connection(socket, std::move(user), services_.executor);
    connection.cursor = first_ + ring_.size();
    if (after) {
        connection.is_lagged = *after < since_;
        while (connection.cursor > first_ && ring_[connection.cursor - 1 - first_].event > *after) {
            --connection.cursor;
        }
    }
    json::object const hello{
        {"type", "hello"},
        {"event", services_.graph.image().revision()},
        {"user", connection.user.name}
    };
    connections_.insert(&connection);
    connection_gauge().Set(static_cast<double>(connections_.size()));
    auto ended = co_await socket.send_text(json::serialize(hello));
    if (ended) {
        TaskGroup tasks(services_.executor);
        tasks.spawn("web socket reader", receive_loop(connection));
        ended = co_await send_loop(connection);
        (void)co_await tasks.stop();
    }
    connections_.erase(&connection);
    connection_gauge().Set(static_cast<double>(connections_.size()));
    co_return ended;
}

Task<void> Live::receive_loop(Connection& connection) {
    while (true) {
        // Clients have nothing to say here; reading serves pings and sees the end.
        auto const got = co_await connection.socket.receive();
        if (got) continue;
        connection.is_closed = true;
        connection.wake.notify();
        co_return Result<void>{};
    }
}

Task<void> Live::send_loop(Connection& connection) {
    while (!connection.is_closed) {
        CO_TRY_OK(co_await send_records(connection));
        auto mailbox = std::exchange(connection.mailbox, {});
        for (auto& [kind, message] : mailbox) {
            auto sending = connection.socket.send_text(std::move(message));
            CO_TRY_OK(co_await within(services_.clock, patience, std::move(sending)));
        }
        auto const is_behind = connection.cursor < first_ + ring_.size();
        if (is_behind || !connection.mailbox.empty() || connection.is_closed) continue;
        CO_TRY_OK(co_await connection.wake.wait());
    }
    co_return Result<void>{};
}

Task<void> Live::send_records(Connection& connection) {
    while (connection.cursor < first_ + ring_.size() || connection.is_lagged) {
        if (connection.is_lagged || connection.cursor < first_) {
            connection.is_lagged = false;
            connection.cursor = first_ + ring_.size();
            json::object const out{
                {"type", "lagged"}, {"event", services_.graph.image().revision()}
            };
            auto lagged = connection.socket.send_text(json::serialize(out));
            CO_TRY_OK(co_await within(services_.clock, patience, std::move(lagged)));
            continue;
        }
        auto const record = ring_[connection.cursor - first_];
        ++connection.cursor;
        CO_TRY(auto message, co_await message_of(connection, record));
        if (message.empty()) continue;
        auto sending = connection.socket.send_text(std::move(message));
        CO_TRY_OK(co_await within(services_.clock, patience, std::move(sending)));
    }
    co_return Result<void>{};
}

/// Empty when this user may not know.
Task<std::string> Live::message_of(Connection const& connection, LiveRecord const& record) {
    using Kind = LiveRecord::Kind;
    if (record.kind == Kind::deleted) co_return co_await deleted_message(connection, record);
    Context context;
    context.user = connection.user.id;
    auto const entry = co_await services_.files.entry(context, record.node);
    if (!entry) co_return std::string();
    auto const is_file = entry->kind == files::Kind::file;
    json::object out{{"event", record.event}, {"entry", to_json(*entry)}};
    switch (record.kind) {
        case Kind::created:
            out["type"] = is_file ? "file.created" : "folder.created";
            break;
        case Kind::moved: {
            auto const folder = services_.files.rights().path(record.old_folder);
            auto const knows = services_.files.rights().of(context.user, record.old_folder).read;
            out["type"] = "entry.moved";
            if (knows) out["from"] = (folder == "/" ? "" : folder) + "/" + record.old_name;
            break;
        }
        case Kind::tagged: {
            out["type"] = "file.tagged";
            out["id"] = fmt::format("{}", record.node.value);
            out["path"] = entry->path;
            out["file_tags"] = tags_of(services_.graph.image(), record.node);
            CO_TRY(out["similar"], co_await similar_to(services_, context, record.node));
            break;
        }
        case Kind::changed:
        case Kind::deleted: {
            auto const has_failed = is_file && entry->analysed == "failed";
            out["type"] = has_failed ? "file.failed" : "file.changed";
            if (has_failed) {
                auto const* node = services_.graph.image().node(record.node);
                out["id"] = fmt::format("{}", record.node.value);
                out["path"] = entry->path;
                if (node != nullptr) out["reason"] = (*node)["analysis_reason"].text();
            }
            break;
        }
    }
    co_return json::serialize(out);
}

Task<std::string> Live::deleted_message(Connection const& connection, LiveRecord const& record) {
    auto const& rights = services_.files.rights();
    auto const user = connection.user.id;
    if (!rights.of(user, record.old_folder).read && !rights.of(user, record.node).read) {
        co_return std::string();
    }
    auto const folder = rights.path(record.old_folder);
    auto const* node = services_.graph.image().node(record.node);
    auto const is_folder = node != nullptr && node->has_label(graph::label::folder);
    json::object const out{
        {"type", "entry.deleted"},
        {"event", record.event},
        {"id", fmt::format("{}", record.node.value)},
        {"path", (folder == "/" ? "" : folder) + "/" + record.old_name},
        {"kind", is_folder ? "folder" : "file"}
    };
    co_return json::serialize(out);
}

namespace {

Task<void> open_socket(Services& services, wire::HttpExchange& exchange, files::User const& user) {
    auto const text = text_query(exchange.request(), "after");
    std::optional<std::uint64_t> after;
    if (!text.empty()) {
        CO_TRY(after, parse_number(text));
    }
    CO_TRY(auto const socket, co_await exchange.accept_websocket());
    co_return co_await services.live->serve(*socket, user, after);
}

}  // namespace

void add_live_routes(RouteTable& table) { table.signed_in("GET", "/ws", "websocket", open_socket); }

}  // namespace disgrafs::gateway
