#pragma once

/// \file storage/testing/fake_index.hpp  As much of an index server as a storage node sees: join,
/// challenge, heartbeats, leases. For tests, on any network.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "io/network.hpp"
#include "io/random.hpp"
#include "io/task_group.hpp"
#include "wire/http.hpp"
#include "wire/member_proof.hpp"
#include "wire/member_service.hpp"

namespace disgrafs::storage {

struct FakeIndexParts {
    Clock* clock = nullptr;
    Random* random = nullptr;
    Network* network = nullptr;
    boost::asio::any_io_executor executor;
};

class FakeIndex {
 public:
    FakeIndex(FakeIndexParts parts, Address at) : tasks_(parts.executor) {
        auto const join_page = [this](wire::HttpExchange& exchange) { return join(exchange); };
        auto const member_page = [this](wire::HttpExchange& exchange) { return serve(exchange); };
        routes_.add("POST", "/cluster/v1/join", "join", join_page);
        routes_.add("GET", "/cluster/v1/member", "member", member_page);
        wire::HttpServerParts http;
        http.executor = parts.executor;
        http.clock = parts.clock;
        http.random = parts.random;
        http.routes = &routes_;
        server_ = wire::make_http_server(std::move(http));
        auto listening = parts.network->listen(std::move(at));
        EXPECT_TRUE(listening);
        listener_ = *std::move(listening);
        tasks_.spawn("fake index", server_->accept_from(*listener_));
        answer.id = MemberId{7};
        answer.name = "n1";
        answer.cluster_id = "c-1";
        answer.key.fill(std::byte{0x5A});
        answer.epoch = 3;
    }

    Task<void> stop() {
        listener_->close();
        auto const at_once = Duration(0);
        co_await server_->stop(at_once);
        co_return co_await tasks_.stop();
    }
    [[nodiscard]] std::string url() const { return "http://" + listener_->address().text(); }

    std::string token = "join me";
    wire::JoinAnswer answer;
    wire::Lease lease{.epoch = 3, .lease = std::chrono::seconds(10)};
    bool gives_leases = true;
    std::vector<wire::JoinRequest> joins;
    std::vector<wire::Heartbeat> heartbeats;
    int wrong_proofs = 0;

 private:
    Task<void> join(wire::HttpExchange& exchange) {
        CO_TRY(auto const body, co_await exchange.read_all(64U << 10U));
        CO_TRY(auto const request, wire::parse_join_request(body));
        joins.push_back(request);
        auto const proof = wire::rejoin_proof(answer.key, request.disk_id, request.address);
        bool const is_back = request.previous == answer.id && request.proof == proof;
        wire::HttpAnswer out;
        out.status = is_back || request.token == token ? 200 : 403;
        out.body = out.status == 200 ? wire::to_json(answer) : "{}";
        co_return co_await exchange.send(std::move(out));
    }

    Task<void> serve(wire::HttpExchange& exchange) {
        CO_TRY(auto const socket, co_await exchange.accept_websocket());
        std::string const nonce(64, '7');
        CO_TRY_OK(co_await socket->send_text(wire::challenge_json(nonce)));
        CO_TRY(auto const first, co_await socket->receive());
        CO_TRY(auto const proof, wire::parse_proof(as_text(first.data)));
        if (proof != wire::session_proof(answer.key, nonce)) {
            ++wrong_proofs;
            co_return co_await socket->close(1008, "wrong proof");
        }
        while (true) {
            CO_TRY(auto const message, co_await socket->receive());
            CO_TRY(auto const heartbeat, wire::parse_heartbeat(as_text(message.data)));
            heartbeats.push_back(heartbeat);
            if (gives_leases) CO_TRY_OK(co_await socket->send_text(wire::to_json(lease)));
        }
    }

    wire::HttpRoutes routes_;
    std::unique_ptr<wire::HttpServer> server_;
    std::unique_ptr<Listener> listener_;
    TaskGroup tasks_;
};

}  // namespace disgrafs::storage
