/// \file wire/wire_bench.cpp  Frames and HTTP over loopback, beside what TCP itself gives.
///
///     ./dev bench wire        (or wire_bench --benchmark_filter=…)
///
/// The server runs on a thread of its own with its own loop, as another process would. Raw* are the
/// ceilings of the same run: blocking sockets, one thread per end, no protocol at all. CPU time is
/// that of the client's thread; what counts is the real time.

#include <array>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include <arpa/inet.h>
#include <benchmark/benchmark.h>
#include <boost/asio/post.hpp>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.hpp"
#include "base/log.hpp"
#include "io/loop.hpp"
#include "io/pool.hpp"
#include "io/task_group.hpp"
#include "io/wake.hpp"
#include "wire/certificate.hpp"
#include "wire/http.hpp"
#include "wire/shard_client.hpp"
#include "wire/shard_server.hpp"
#include "wire/testing/shards.hpp"
#include "wire/tls.hpp"

namespace disgrafs::wire {
namespace {

constexpr std::size_t mebibyte = 1U << 20U;
constexpr std::size_t small = 4U << 10U;
constexpr std::size_t large = 4U << 20U;

/// Bytes and calls of the whole run, from those of one iteration.
void count(benchmark::State& state, std::size_t bytes, std::size_t calls = 0) {
    auto const times = [&](std::size_t each) {
        return static_cast<std::int64_t>(each) * static_cast<std::int64_t>(state.iterations());
    };
    if (bytes != 0) state.SetBytesProcessed(times(bytes));
    if (calls != 0) state.SetItemsProcessed(times(calls));
}

// The ceiling: two blocking sockets.

struct RawPair {
    RawPair() {
        int const listener = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof(at);
        auto* const address = reinterpret_cast<sockaddr*>(&at);
        ::bind(listener, address, size);
        ::listen(listener, 1);
        ::getsockname(listener, address, &size);
        here = ::socket(AF_INET, SOCK_STREAM, 0);
        ::connect(here, address, size);
        there = ::accept(listener, nullptr, nullptr);
        ::close(listener);
        int const on = 1;
        for (int const end : {here, there}) {
            ::setsockopt(end, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        }
    }
    ~RawPair() {
        ::close(here);
        ::close(there);
    }
    int here = -1;
    int there = -1;
};

bool read_exactly(int from, char* into, std::size_t size) {
    while (size != 0) {
        auto const got = ::read(from, into, size);
        if (got <= 0) return false;
        into += got;
        size -= static_cast<std::size_t>(got);
    }
    return true;
}

void write_exactly(int to, char const* data, std::size_t size) {
    while (size != 0) {
        auto const sent = ::write(to, data, size);
        DISGRAFS_ASSERT(sent > 0, "write: {}", sent);
        data += sent;
        size -= static_cast<std::size_t>(sent);
    }
}

void raw_stream(benchmark::State& state) {
    RawPair pair;
    Pool pool("bench", 1);
    pool.post([&pair] {
        std::string into(mebibyte, ' ');
        while (read_exactly(pair.there, into.data(), into.size())) {
        }
    });
    std::string const data(mebibyte, 'x');
    for (auto _ : state) write_exactly(pair.here, data.data(), data.size());
    ::shutdown(pair.here, SHUT_WR);
    count(state, mebibyte);
}
BENCHMARK(raw_stream)->UseRealTime();

/// 4 KiB there, 100 bytes back; `range` requests are sent before the first answer is read.
void raw_calls(benchmark::State& state) {
    RawPair pair;
    Pool pool("bench", 1);
    constexpr std::size_t answer_bytes = 100;
    pool.post([&pair] {
        std::string into(small, ' ');
        std::string const out(answer_bytes, 'y');
        while (read_exactly(pair.there, into.data(), into.size())) {
            write_exactly(pair.there, out.data(), out.size());
        }
    });
    auto const window = static_cast<std::size_t>(state.range(0));
    std::string const request(small, 'x');
    std::string answer_text(answer_bytes, ' ');
    for (auto _ : state) {
        for (std::size_t i = 0; i < window; ++i) {
            write_exactly(pair.here, request.data(), request.size());
        }
        for (std::size_t i = 0; i < window; ++i) {
            read_exactly(pair.here, answer_text.data(), answer_text.size());
        }
    }
    ::shutdown(pair.here, SHUT_WR);
    count(state, 0, window);
}
BENCHMARK(raw_calls)->Arg(1)->Arg(64)->UseRealTime();

// Servers on a loop of their own.

/// A shard service without a disk: takes and gives bytes.
class NoDisk final : public ShardService {
 public:
    Task<Receipt> put(Context, PutShard request) override {
        Receipt receipt;
        receipt.shard = request.place.id;
        receipt.size_bytes = static_cast<std::uint32_t>(request.payload.size());
        co_return receipt;
    }
    Task<ShardRange> get(Context, GetShard request) override {
        if (range_.payload.size() != request.size_bytes) {
            range_.payload.resize(request.size_bytes);
            range_.blocks = erasure::block_checksums(range_.payload);
        }
        co_return range_;
    }
    Task<void> remove(Context, Ticket, ShardId) override { co_return Result<void>(); }
    Task<ShardList> list(Context, ListShards) override { co_return ShardList(); }

 private:
    ShardRange range_;
};

Task<void> take_body(HttpExchange& exchange) {
    std::size_t size = 0;
    while (true) {
        CO_TRY(auto const piece, co_await exchange.read_body(mebibyte));
        if (piece.empty()) break;
        size += piece.size();
    }
    HttpAnswer answer;
    answer.body = std::to_string(size);
    co_return co_await exchange.send(std::move(answer));
}

Task<void> give_body(HttpExchange& exchange) {
    constexpr std::size_t size = 256 * mebibyte;
    CO_TRY_OK(co_await exchange.begin(HttpAnswer(), size));
    for (std::size_t sent = 0; sent < size; sent += mebibyte) {
        Bytes piece(mebibyte);
        CO_TRY_OK(co_await exchange.write(std::move(piece)));
    }
    co_return co_await exchange.end();
}

Task<void> say_hello(HttpExchange& exchange) {
    HttpAnswer answer;
    answer.body = std::string(100, 'h');
    co_return co_await exchange.send(std::move(answer));
}

class Servers {
 public:
    Servers() : certificate_(*make_certificate({"127.0.0.1"}, Timestamp{1'790'000'000'000'000})) {
        start_log(LogLevel::error, "bench");
        pool_.post([this] {
            auto const ended = run_loop([this](auto executor) { return serve(*this, executor); });
            DISGRAFS_ASSERT(ended, "{}", ended.error().message);
        });
        ready_.get_future().wait();
    }
    ~Servers() {
        boost::asio::post(executor_, [this] { stop_->notify(); });
    }
    Servers(Servers const&) = delete;
    Servers& operator=(Servers const&) = delete;

    [[nodiscard]] Address const& shards() const { return shards_; }
    [[nodiscard]] std::string url(char const* scheme, char const* path) const {
        return scheme + web_.text() + path;
    }
    [[nodiscard]] std::shared_ptr<TlsContext const> trust() const {
        TlsTrust trust;
        trust.fingerprint = *fingerprint_of(certificate_.chain_pem);
        return *TlsContext::for_client(trust);
    }

 private:
    static Task<void> accept_frames(Listener& listener, ShardServer& server, TaskGroup& tasks) {
        while (true) {
            CO_TRY(auto stream, co_await listener.accept());
            tasks.spawn("bench frames", server.serve(std::move(stream), {}));
        }
    }

    static Task<void> serve(Servers& self, boost::asio::any_io_executor executor) {
        auto const network = make_real_network(executor);
        auto const clock = make_real_clock();
        auto const random = make_seeded_random(1);
        Address const any{.host = "127.0.0.1", .port = 0};
        CO_TRY(auto const shard_listener, network->listen(any));
        CO_TRY(auto const web_listener, network->listen(any));
        NoDisk no_disk;
        ShardServerParts shard_parts;
        shard_parts.executor = executor;
        shard_parts.clock = clock.get();
        shard_parts.service = &no_disk;
        auto const shard_server = make_shard_server(shard_parts);
        HttpRoutes routes;
        routes.add("PUT", "/take", "take", take_body);
        routes.add("GET", "/give", "give", give_body);
        routes.add("GET", "/hello", "hello", say_hello);
        HttpServerParts web_parts;
        web_parts.executor = executor;
        web_parts.clock = clock.get();
        web_parts.random = random.get();
        web_parts.routes = &routes;
        CO_TRY(web_parts.tls, TlsContext::for_server(self.certificate_));
        auto const web_server = make_http_server(web_parts);
        TaskGroup tasks(executor);
        tasks.spawn("bench accept", accept_frames(*shard_listener, *shard_server, tasks));
        tasks.spawn("bench accept", web_server->accept_from(*web_listener));
        Wake stop(executor);
        self.executor_ = executor;
        self.stop_ = &stop;
        self.shards_ = shard_listener->address();
        self.web_ = web_listener->address();
        self.ready_.set_value();
        CO_TRY_OK(co_await stop.wait());
        CO_TRY_OK(co_await shard_server->stop(std::chrono::seconds(1)));
        CO_TRY_OK(co_await web_server->stop(std::chrono::seconds(1)));
        co_return co_await tasks.stop();
    }

    Certificate certificate_;
    std::promise<void> ready_;
    boost::asio::any_io_executor executor_;
    Wake* stop_ = nullptr;
    Address shards_;
    Address web_;
    Pool pool_{"bench", 1};
};

/// What a client's work has, and how often it is to be done.
struct Client {
    boost::asio::any_io_executor executor;
    Network& network;
    Clock& clock;
    benchmark::State& state;
    Servers& servers;
};

void run_client(benchmark::State& state, Task<void> (*work)(Client&)) {
    Servers servers;
    auto const body = [](benchmark::State& its_state,
                         Servers& its_servers,
                         Task<void> (*its_work)(Client&),
                         boost::asio::any_io_executor executor) -> Task<void> {
        auto const network = make_real_network(executor);
        auto const clock = make_real_clock();
        Client client{executor, *network, *clock, its_state, its_servers};
        co_return co_await its_work(client);
    };
    auto const ended = run_loop([&](boost::asio::any_io_executor executor) {
        return body(state, servers, work, std::move(executor));
    });
    DISGRAFS_ASSERT(ended, "{}", ended.error().message);
}

// Frames.

Task<void> put_again(ShardService& service, PutShard const& request, std::size_t& left) {
    while (left != 0) {
        --left;
        auto copy = request;
        CO_TRY_OK(co_await service.put(nobody(), std::move(copy)));
    }
    co_return Result<void>();
}

Task<void> get_again(ShardService& service, std::size_t size, std::size_t& left) {
    while (left != 0) {
        --left;
        auto request = test_get(1);
        request.size_bytes = static_cast<std::uint32_t>(size);
        CO_TRY_OK(co_await service.get(nobody(), std::move(request)));
    }
    co_return Result<void>();
}

/// `window` callers on one connection; a batch of calls per iteration.
template <bool is_put, std::size_t size, std::size_t window, std::size_t batch>
Task<void> frames(Client& client) {
    TaskGroup connection(client.executor);
    {
        ShardClientParts parts;
        parts.network = &client.network;
        parts.clock = &client.clock;
        parts.tasks = &connection;
        ShardClientOptions options;
        options.peer = "n1";
        auto const service = make_shard_client(parts, client.servers.shards(), options);
        auto const request = test_put(1, size);
        for (auto _ : client.state) {
            TaskGroup callers(client.executor);
            std::size_t left = batch;
            for (std::size_t i = 0; i < window; ++i) {
                if constexpr (is_put) {
                    callers.spawn("bench put", put_again(*service, request, left));
                } else {
                    callers.spawn("bench get", get_again(*service, size, left));
                }
            }
            CO_TRY_OK(co_await callers.join());
        }
    }
    count(client.state, batch * size, batch);
    co_return co_await connection.stop();
}

template <bool is_put, std::size_t size, std::size_t window, std::size_t batch>
void frames_bench(benchmark::State& state) {
    run_client(state, frames<is_put, size, window, batch>);
}
BENCHMARK(frames_bench<true, small, 1, 100>)->Name("frames_put/4KiB/1_caller")->UseRealTime();
BENCHMARK(frames_bench<true, small, 64, 1000>)->Name("frames_put/4KiB/64_callers")->UseRealTime();
BENCHMARK(frames_bench<false, small, 64, 1000>)->Name("frames_get/4KiB/64_callers")->UseRealTime();
BENCHMARK(frames_bench<true, large, 4, 16>)->Name("frames_put/4MiB/4_callers")->UseRealTime();
BENCHMARK(frames_bench<false, large, 4, 16>)->Name("frames_get/4MiB/4_callers")->UseRealTime();

// HTTP.

constexpr std::size_t body_bytes = 256 * mebibyte;

Task<Bytes> next_piece(std::shared_ptr<std::size_t> left) {
    Bytes piece(std::min(*left, mebibyte));
    *left -= piece.size();
    co_return piece;
}
Task<void> drop_piece(Bytes) { co_return Result<void>(); }

Task<void> upload(Client& client, std::string url) {
    auto const http = make_http_client(client.network, client.clock, client.servers.trust());
    for (auto _ : client.state) {
        auto const left = std::make_shared<std::size_t>(body_bytes);
        HttpCall call;
        call.method = "PUT";
        call.url = url;
        call.body_source = [left] { return next_piece(left); };
        call.body_length = body_bytes;
        CO_TRY(auto const answer, co_await http->call(std::move(call)));
        DISGRAFS_ASSERT(answer.body == std::to_string(body_bytes), "{}", answer.body);
    }
    count(client.state, body_bytes);
    co_return Result<void>();
}

Task<void> download(Client& client, std::string url) {
    auto const http = make_http_client(client.network, client.clock, client.servers.trust());
    for (auto _ : client.state) {
        HttpCall call;
        call.url = url;
        call.body_sink = drop_piece;
        CO_TRY(auto const answer, co_await http->call(std::move(call)));
        DISGRAFS_ASSERT(answer.status == 200, "{}", answer.status);
    }
    count(client.state, body_bytes);
    co_return Result<void>();
}

Task<void> hello_again(HttpClient& http, std::string url, std::size_t& left) {
    while (left != 0) {
        --left;
        HttpCall call;
        call.url = url;
        CO_TRY(auto const answer, co_await http.call(std::move(call)));
    }
    co_return Result<void>();
}

Task<void> small_calls(Client& client) {
    constexpr std::size_t batch = 1000;
    auto const http = make_http_client(client.network, client.clock);
    auto const url = client.servers.url("http://", "/hello");
    for (auto _ : client.state) {
        TaskGroup callers(client.executor);
        std::size_t left = batch;
        for (int i = 0; i < 16; ++i) callers.spawn("bench", hello_again(*http, url, left));
        CO_TRY_OK(co_await callers.join());
    }
    count(client.state, 0, batch);
    co_return Result<void>();
}

void http_small(benchmark::State& state) { run_client(state, small_calls); }
void http_upload(benchmark::State& state) {
    run_client(state, [](Client& client) {
        return upload(client, client.servers.url("http://", "/take"));
    });
}
void http_download(benchmark::State& state) {
    run_client(state, [](Client& client) {
        return download(client, client.servers.url("http://", "/give"));
    });
}
void https_upload(benchmark::State& state) {
    run_client(state, [](Client& client) {
        return upload(client, client.servers.url("https://", "/take"));
    });
}
void https_download(benchmark::State& state) {
    run_client(state, [](Client& client) {
        return download(client, client.servers.url("https://", "/give"));
    });
}
BENCHMARK(http_small)->Name("http_get/100B/16_connections")->UseRealTime();
BENCHMARK(http_upload)->Name("http_put/256MiB")->UseRealTime();
BENCHMARK(http_download)->Name("http_get/256MiB")->UseRealTime();
BENCHMARK(https_upload)->Name("https_put/256MiB")->UseRealTime();
BENCHMARK(https_download)->Name("https_get/256MiB")->UseRealTime();

}  // namespace
}  // namespace disgrafs::wire
