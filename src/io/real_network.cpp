#include <cerrno>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include "io/clock.hpp"
#include "io/deadline.hpp"
#include "io/network.hpp"
#include "io/task.hpp"
#include "io/wait_list.hpp"

namespace disgrafs {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

Address address_of(tcp::endpoint const& endpoint) {
    return {.host = endpoint.address().to_string(), .port = endpoint.port()};
}

class RealStream final : public Stream {
 public:
    RealStream(tcp::socket socket, Address peer)
        : socket_(std::move(socket)), peer_(std::move(peer)) {
        error_code ignored;  // a connection that is gone says so at its first read
        socket_.set_option(tcp::no_delay(true), ignored);
    }

    executor_type get_executor() override { return socket_.get_executor(); }
    [[nodiscard]] Address peer() const override { return peer_; }

    void close() override {
        error_code ignored;
        socket_.close(ignored);
    }
    void shutdown_send() override {
        error_code ignored;
        socket_.shutdown(tcp::socket::shutdown_send, ignored);
    }

 private:
    void start_read(asio::mutable_buffer into, Done done) override {
        auto bound = asio::bind_cancellation_slot(read_signal_.slot(), std::move(done));
        socket_.async_read_some(into, std::move(bound));
    }
    void start_write(Gather const& parts, Done done) override {
        auto bound = asio::bind_cancellation_slot(write_signal_.slot(), std::move(done));
        socket_.async_write_some(parts, std::move(bound));
    }
    void cancel_read() override { read_signal_.emit(asio::cancellation_type::terminal); }
    void cancel_write() override { write_signal_.emit(asio::cancellation_type::terminal); }

    tcp::socket socket_;
    Address peer_;
    asio::cancellation_signal read_signal_;
    asio::cancellation_signal write_signal_;
};

/// The peer gave up between its call and our answer; the next one is not concerned.
bool is_of_one_peer(error_code const& error) {
    switch (error.value()) {
        case ECONNABORTED:
        case EPROTO:
        case EHOSTDOWN:
        case EHOSTUNREACH:
        case ENETDOWN:
        case ENETUNREACH:
        case ENOPROTOOPT:
        case ETIMEDOUT:
            return true;
        default:
            return false;
    }
}

bool is_shortage(error_code const& error) {
    auto const number = error.value();
    return number == EMFILE || number == ENFILE || number == ENOBUFS || number == ENOMEM;
}

class RealListener final : public Listener {
 public:
    explicit RealListener(tcp::acceptor acceptor) : acceptor_(std::move(acceptor)) {
        error_code ignored;
        address_ = address_of(acceptor_.local_endpoint(ignored));
    }

    Task<std::unique_ptr<Stream>> accept() override {
        while (true) {
            CO_TRY_OK(co_await refuse_if_cancelled("accept"));
            tcp::endpoint peer;
            auto [error, socket] = co_await acceptor_.async_accept(peer, answer);
            if (!error) {
                co_return std::make_unique<RealStream>(std::move(socket), address_of(peer));
            }
            if (is_shortage(error)) co_return fail(Errc::exhausted, "accept: {}", error.message());
            if (is_of_one_peer(error)) continue;
            if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) {
                co_return fail(Errc::cancelled, "accept: closed");
            }
            co_return fail(Errc::io, "accept: {}", error.message());
        }
    }

    [[nodiscard]] Address address() const override { return address_; }

    void close() override {
        error_code ignored;
        acceptor_.close(ignored);
    }

 private:
    tcp::acceptor acceptor_;
    Address address_;
};

Result<std::unique_ptr<Listener>> listen_failure(Address const& at, error_code const& error) {
    auto code = Errc::io;
    if (error == asio::error::address_in_use) code = Errc::conflict;
    if (error.value() == EADDRNOTAVAIL || error.value() == EAFNOSUPPORT) code = Errc::invalid;
    if (error == asio::error::access_denied) code = Errc::denied;
    return fail(code, "listen at {}: {}", at.text(), error.message());
}

class RealNetwork final : public Network {
 public:
    explicit RealNetwork(asio::any_io_executor executor) : executor_(std::move(executor)) {}

    Task<std::unique_ptr<Stream>> connect(Address to, Duration timeout) override {
        auto result = co_await within(*clock_, timeout, connect_now(to));
        if (result) co_return std::move(result);
        auto const& error = result.error();
        co_return fail(error.code, "connect to {}: {}", to.text(), error.message);
    }

    Result<std::unique_ptr<Listener>> listen(Address at) override {
        error_code error;
        auto const ip = asio::ip::make_address(at.host, error);
        if (error) return fail(Errc::invalid, "listen at {}: no IP address", at.text());
        tcp::endpoint const endpoint(ip, at.port);
        tcp::acceptor acceptor(executor_);
        acceptor.open(endpoint.protocol(), error);
        if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
        if (!error) acceptor.bind(endpoint, error);
        if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
        if (error) return listen_failure(at, error);
        return std::make_unique<RealListener>(std::move(acceptor));
    }

 private:
    Task<std::unique_ptr<Stream>> connect_now(Address to) {
        CO_TRY(auto const endpoints, co_await resolve(to));
        tcp::socket socket(executor_);
        auto const [error, endpoint] = co_await asio::async_connect(socket, endpoints, answer);
        if (error) co_return refusal(error);
        co_return std::make_unique<RealStream>(std::move(socket), address_of(endpoint));
    }

    Task<std::vector<tcp::endpoint>> resolve(Address to) {
        std::vector<tcp::endpoint> endpoints;
        error_code no_ip;
        auto const ip = asio::ip::make_address(to.host, no_ip);
        if (!no_ip) {
            endpoints.emplace_back(ip, to.port);
            co_return endpoints;
        }
        tcp::resolver resolver(executor_);
        auto const port = std::to_string(to.port);
        auto const [error, found] = co_await resolver.async_resolve(to.host, port, answer);
        if (error) co_return refusal(error);
        for (auto const& entry : found) endpoints.push_back(entry.endpoint());
        co_return endpoints;
    }

    static std::unexpected<Error> refusal(error_code const& error) {
        bool const is_stop = error == asio::error::operation_aborted;
        return fail(is_stop ? Errc::cancelled : Errc::unavailable, "{}", error.message());
    }

    asio::any_io_executor executor_;
    std::unique_ptr<Clock> clock_ = make_real_clock();
};

}  // namespace

std::unique_ptr<Network> make_real_network(asio::any_io_executor executor) {
    return std::make_unique<RealNetwork>(std::move(executor));
}

}  // namespace disgrafs
