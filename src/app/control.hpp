#pragma once

/// \file app/control.hpp  How `disgrafs member …` reaches the `disgrafs up` of a data folder.
///
/// A small HTTP server on a free loopback port; DIR/control.json (0600) says where it is and with
/// which secret. GET /members · POST /members/{id}/start · POST /members/{id}/stop.

#include <memory>
#include <string>

#include "app/data_folder.hpp"
#include "app/supervisor.hpp"
#include "io/clock.hpp"
#include "io/network.hpp"
#include "io/random.hpp"
#include "io/task.hpp"
#include "io/task_group.hpp"
#include "wire/http.hpp"

namespace disgrafs::app {

class Control {
 public:
    struct Parts {
        DataFolder* folder = nullptr;
        Supervisor* supervisor = nullptr;
        Network* network = nullptr;
        Clock* clock = nullptr;
        Random* random = nullptr;
        boost::asio::any_io_executor executor;
    };
    explicit Control(Parts parts);

    Result<void> start();
    Task<void> stop();

 private:
    Result<void> check_secret(wire::HttpExchange const& exchange) const;
    void add_routes();
    Task<void> list(wire::HttpExchange& exchange);
    Task<void> begin(wire::HttpExchange& exchange);
    Task<void> end(wire::HttpExchange& exchange);

    Parts parts_;
    std::string secret_;
    wire::HttpRoutes routes_;
    std::unique_ptr<wire::HttpServer> server_;
    std::unique_ptr<Listener> listener_;
    TaskGroup tasks_;
};

/// The client side: `action` is "start", "stop" or "list"; prints what came back.
/// Errors: not_found (no `up` runs on that folder), those of the other side.
Task<void> command_member(
    Network& network, Clock& clock, std::string folder, std::string action, std::string id
);

}  // namespace disgrafs::app
