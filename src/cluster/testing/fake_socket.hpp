#pragma once

/// \file cluster/testing/fake_socket.hpp  Two ends of a WebSocket in one process.

#include <deque>
#include <memory>
#include <utility>

#include <boost/asio/any_io_executor.hpp>

#include "io/wake.hpp"
#include "wire/http.hpp"

namespace disgrafs::cluster {

class FakeSocket final : public wire::WebSocket {
 public:
    /// Two sockets; what one sends the other receives.
    static std::pair<std::unique_ptr<FakeSocket>, std::unique_ptr<FakeSocket>> pair(
        boost::asio::any_io_executor executor
    ) {
        auto const a = std::make_shared<Pipe>(executor);
        auto const b = std::make_shared<Pipe>(executor);
        return {std::make_unique<FakeSocket>(a, b), std::make_unique<FakeSocket>(b, a)};
    }
    struct Pipe {
        explicit Pipe(boost::asio::any_io_executor executor) : news(std::move(executor)) {}
        std::deque<Message> messages;
        bool is_closed = false;
        Wake news;
    };
    FakeSocket(std::shared_ptr<Pipe> in, std::shared_ptr<Pipe> out)
        : in_(std::move(in)), out_(std::move(out)) {}
    ~FakeSocket() override { cut(); }
    FakeSocket(FakeSocket const&) = delete;
    FakeSocket& operator=(FakeSocket const&) = delete;

    Task<Message> receive() override {
        auto const in = in_;
        while (in->messages.empty()) {
            if (in->is_closed) co_return fail(Errc::cancelled, "the socket is closed");
            CO_TRY_OK(co_await in->news.wait());
        }
        auto message = std::move(in->messages.front());
        in->messages.pop_front();
        co_return message;
    }
    Task<void> send_text(std::string text) override {
        if (out_->is_closed) co_return fail(Errc::cancelled, "the socket is closed");
        out_->messages.push_back({.is_text = true, .data = to_bytes(text)});
        out_->news.notify();
        co_return Result<void>();
    }
    Task<void> send_binary(Bytes data) override {
        if (out_->is_closed) co_return fail(Errc::cancelled, "the socket is closed");
        out_->messages.push_back({.is_text = false, .data = std::move(data)});
        out_->news.notify();
        co_return Result<void>();
    }
    Task<void> close(std::uint16_t code, std::string) override {
        if (close_code == 0) close_code = code;
        cut();
        co_return Result<void>();
    }
    /// The connection breaks.
    void cut() {
        for (auto const& pipe : {in_, out_}) {
            pipe->is_closed = true;
            pipe->news.notify();
        }
    }

    std::uint16_t close_code = 0;

 private:
    std::shared_ptr<Pipe> in_;
    std::shared_ptr<Pipe> out_;
};

}  // namespace disgrafs::cluster
